"""Regular expressions of Java, run by Python's."""

from __future__ import annotations

import re
from functools import lru_cache

from aws_understudy.services.athena.errors import failing

_CLASSES = {
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Upper": "A-Z",
    "Lower": "a-z",
    "Punct": r"!-/:-@\[-`{-~",
    "Space": r" \t\n\x0b\f\r",
    "XDigit": "0-9a-fA-F",
    "Blank": r" \t",
    "ASCII": r"\x00-\x7f",
    "Cntrl": r"\x00-\x1f\x7f",
    "Graph": r"!-~",
    "Print": r" -~",
}
_PIECES = re.compile(
    r"\\Q(?P<quoted>.*?)(?:\\E|$)|\\(?P<property>[pP])\{(?:Is)?(?P<class>\w+)\}"
    r"|\\(?P<ends>[zZhR])|\(\?<(?P<group>[A-Za-z]\w*)>|\(\?(?P<flags>[imsx]+)\)|(?P<other>\\.|.)",
    re.DOTALL,
)
_ENDS = {"z": r"\Z", "Z": r"(?=\n?\Z)", "h": r"[ \t\xa0]", "R": r"(?:\r\n|[\n\r])"}


@lru_cache(maxsize=500)
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of Java.

    Raises:
        Exception: INVALID_FUNCTION_ARGUMENT for a wrong one, NOT_SUPPORTED for what only Java has.
    """
    state = {"open": 0, "class": 0}
    translated = "".join(_piece(match, state) for match in _PIECES.finditer(pattern))
    try:
        return re.compile(translated + ")" * state["open"])
    except re.error as error:
        raise failing("INVALID_FUNCTION_ARGUMENT", f"{error}: {pattern}") from error


def _piece(match: re.Match[str], state: dict[str, int]) -> str:
    if match["quoted"] is not None:
        return re.escape(match["quoted"])
    if match["class"]:
        return _class(match, state)
    if match["ends"]:
        return _ENDS[match["ends"]]
    if match["group"]:
        return f"(?P<{match['group']}>"
    if match["flags"]:
        state["open"] += 1
        return f"(?{match['flags']}:"
    other = match["other"]
    state["class"] += (other == "[") - (other == "]" and state["class"] > 0)
    if state["class"] > 1 or (state["class"] and match.string[match.start() :].startswith("&&")):
        raise failing("NOT_SUPPORTED", f"A set within a set of the pattern {match.string}")
    return other


def _class(match: re.Match[str], state: dict[str, int]) -> str:
    inner = _CLASSES.get(match["class"])
    if inner is None or (match["property"] == "P" and state["class"]):
        raise failing("NOT_SUPPORTED", f"The class {match[0]} of a regular expression")
    if state["class"]:
        return inner
    return f"[{'^' if match['property'] == 'P' else ''}{inner}]"


def like(value: str, pattern: str) -> bool:
    """Whether the pattern is anywhere in the text."""
    return compiled(pattern).search(value) is not None


def count(value: str, pattern: str) -> int:
    """Count the places."""
    return sum(1 for _ in compiled(pattern).finditer(value))


def extract(value: str, pattern: str, group: int = 0) -> str | None:
    """Give the first place's text, or that of a group in it."""
    expression = _grouped(pattern, group)
    match = expression.search(value)
    return match[group] if match else None


def extract_all(value: str, pattern: str, group: int = 0) -> list[str | None]:
    """Give every place's text, or that of a group in it."""
    return [match[group] for match in _grouped(pattern, group).finditer(value)]


def _grouped(pattern: str, group: int) -> re.Pattern[str]:
    expression = compiled(pattern)
    if not 0 <= group <= expression.groups:
        message = f"Pattern has {expression.groups} groups. Cannot access group {group}"
        raise failing("INVALID_FUNCTION_ARGUMENT", message)
    return expression


def position(value: str, pattern: str, start: int = 1, occurrence: int = 1) -> int:
    """Give where the n-th place from ``start`` begins, counted from 1; -1 where there is none."""
    if start < 1 or occurrence < 1:
        message = "start position and occurrence cannot be smaller than 1"
        raise failing("INVALID_FUNCTION_ARGUMENT", message)
    for number, match in enumerate(compiled(pattern).finditer(value, start - 1), start=1):
        if number == occurrence:
            return match.start() + 1
    return -1


def replace(value: str, pattern: str, replacement: str = "") -> str:
    """Replace every place; ``$1`` and ``${name}`` stand for groups."""
    expression = compiled(pattern)

    def made(match: re.Match[str]) -> str:
        return _replaced(replacement, match)

    return expression.sub(made, value)


def _replaced(replacement: str, match: re.Match[str]) -> str:
    parts, place = [], 0
    while place < len(replacement):
        char = replacement[place]
        if char == "\\" and place + 1 < len(replacement):
            parts.append(replacement[place + 1])
            place += 2
        elif char == "$":
            shown, place = _group(replacement, place, match)
            parts.append(shown)
        else:
            parts.append(char)
            place += 1
    return "".join(parts)


def _group(replacement: str, place: int, match: re.Match[str]) -> tuple[str, int]:
    named = re.compile(r"\$\{(\w+)\}").match(replacement, place)
    if named and named[1] in match.re.groupindex:
        return match[named[1]] or "", named.end()
    digits = re.compile(r"\$(\d+)").match(replacement, place)
    if digits is None:
        raise failing("INVALID_FUNCTION_ARGUMENT", f"Illegal replacement sequence: {replacement}")
    shown = digits[1]
    while len(shown) > 1 and int(shown) > match.re.groups:
        shown = shown[:-1]
    if int(shown) > match.re.groups:
        message = f"Illegal replacement sequence: unknown group {{ {shown} }}"
        raise failing("INVALID_FUNCTION_ARGUMENT", message)
    return match[int(shown)] or "", place + 1 + len(shown)


def split(value: str, pattern: str) -> list[str]:
    """Split at every place."""
    parts, place = [], 0
    for match in compiled(pattern).finditer(value):
        parts.append(value[place : match.start()])
        place = match.end()
    return [*parts, value[place:]]
