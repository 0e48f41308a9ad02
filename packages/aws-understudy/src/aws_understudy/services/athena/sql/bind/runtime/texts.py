"""Functions of texts, by code points."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from aws_understudy.services.athena.errors import failing

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SOUNDS = {
    c: d for d, letters in enumerate(["bfpv", "cgjkqsxz", "dt", "l", "mn", "r"], 1) for c in letters
}


def _invalid(message: str) -> Exception:
    return failing("INVALID_FUNCTION_ARGUMENT", message)


def substr(value: Any, start: int, length: int | None = None) -> Any:
    """Take characters from a place counted from 1, or from the end where it is negative."""
    begin = start - 1 if start > 0 else len(value) + start
    if not start or not 0 <= begin < len(value) or (length is not None and length <= 0):
        return value[:0]
    return value[begin:] if length is None else value[begin : begin + length]


def pad(side: str) -> Any:
    """Make lpad or rpad, of texts or bytes."""

    def padded(value: Any, size: int, filler: Any) -> Any:
        if size < 0:
            raise _invalid(f"Target length must be in the range [0..2147483647], but was {size}")
        if not filler:
            raise _invalid("Padding string must not be empty")
        missing = size - len(value)
        if missing <= 0:
            return value[:size]
        fill = (filler * (missing // len(filler) + 1))[:missing]
        return fill + value if side == "left" else value + fill

    return padded


def split(value: str, delimiter: str, limit: int | None = None) -> list[str]:
    """Split at a delimiter, into at most ``limit`` parts."""
    if not delimiter:
        raise _invalid("The delimiter may not be the empty string")
    if limit is not None and limit <= 0:
        raise _invalid("Limit must be positive")
    return value.split(delimiter, -1 if limit is None else limit - 1)


def split_part(value: str, delimiter: str, index: int) -> str | None:
    """Take the n-th part, counted from 1; NULL beyond the last."""
    if index <= 0:
        raise _invalid("Index must be greater than zero")
    parts = list(value) if not delimiter else value.split(delimiter)
    return parts[index - 1] if index <= len(parts) else None


def split_to_map(value: str, entry: str, pair: str) -> dict[str, str]:
    """Make a map of ``a=1,b=2``; a key twice is an error."""
    entries: dict[str, str] = {}
    for key, held in _pairs(value, entry, pair):
        if key in entries:
            raise _invalid(f"Duplicate keys ({key}) are not allowed")
        entries[key] = held
    return entries


def split_to_multimap(value: str, entry: str, pair: str) -> dict[str, list[str]]:
    """Make a map of ``a=1,a=2`` that holds all values of a key."""
    entries: dict[str, list[str]] = {}
    for key, held in _pairs(value, entry, pair):
        entries.setdefault(key, []).append(held)
    return entries


def _pairs(value: str, entry: str, pair: str) -> list[list[str]]:
    if not entry or not pair or entry == pair:
        raise _invalid("entryDelimiter and keyValueDelimiter must be different and not be empty")
    pieces = [piece.split(pair, 1) for piece in value.split(entry) if piece]
    for piece in pieces:
        if len(piece) < 2:  # noqa: PLR2004 - key and value
            message = (
                f"Key-value delimiter must appear exactly once in each entry. Bad input: {piece[0]}"
            )
            raise _invalid(message)
    return pieces


def strpos(value: str, part: str, instance: int = 1) -> int:
    """Give where the n-th occurrence begins, counted from 1; 0 where there is none."""
    if not instance:
        raise _invalid("'instance' must not be a positive or negative number.")
    place = -1 if instance > 0 else len(value) + 1
    for _ in range(abs(instance)):
        forward = instance > 0
        place = (
            value.find(part, place + 1) if forward else value.rfind(part, 0, place + len(part) - 1)
        )
        if place < 0:
            return 0
    return place + 1


def translate(value: str, source: str, target: str) -> str:
    """Replace characters one by one; those without a partner are left out."""
    table: dict[int, str | None] = {}
    for at, char in enumerate(source):
        table.setdefault(ord(char), target[at] if at < len(target) else None)
    return value.translate(table)


def levenshtein(left: str, right: str) -> int:
    """Count the insertions, deletions and replacements between two texts."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]


def hamming(left: str, right: str) -> int:
    """Count the places at which two texts of one length differ."""
    if len(left) != len(right):
        raise _invalid("The input strings to hamming_distance function must have the same length")
    return sum(a != b for a, b in zip(left, right, strict=True))


def normal_form(form: str) -> Any:
    """Make normalize of one form."""
    return lambda value: unicodedata.normalize(form, value)  # type: ignore[arg-type] # checked by its caller


def char(code: int) -> str:
    """Give the character of a code point."""
    if not 0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - Unicode's bounds
        raise _invalid(f"Not a valid Unicode code point: {code}")
    return chr(code)


def code_point(value: str) -> int:
    """Give the code point of a single character."""
    if len(value) != 1:
        raise _invalid("Input string must be a single character string")
    return ord(value)


def luhn(value: str) -> bool:
    """Check the last digit of a number by Luhn's formula."""
    if not value.isdigit():
        raise _invalid("Input must contain only digits")
    digits = [int(c) for c in reversed(value)]
    doubled = [sum(divmod(2 * d, 10)) for d in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def soundex(value: str) -> str:
    """Give the phonetic code of a word."""
    letters = [c for c in value.lower() if c.isascii() and c.isalpha()]
    if not letters:
        return ""
    code, last = letters[0].upper(), _SOUNDS.get(letters[0], 0)
    for letter in letters[1:]:
        sound = _SOUNDS.get(letter, 0)
        if sound and sound != last:
            code += str(sound)
        if letter not in "hw":
            last = sound
    return code[:4].ljust(4, "0")


def to_base(value: int, radix: int) -> str:
    """Write a number in a base."""
    if not 2 <= radix <= 36:  # noqa: PLR2004 - the digits and letters
        raise _invalid("Radix must be between 2 and 36")
    digits, rest = "", abs(value)
    while rest:
        rest, digit = divmod(rest, radix)
        digits = _DIGITS[digit] + digits
    return ("-" if value < 0 else "") + (digits or "0")


def from_base(value: str, radix: int) -> int:
    """Read a number in a base."""
    if not 2 <= radix <= 36:  # noqa: PLR2004 - the digits and letters
        raise _invalid("Radix must be between 2 and 36")
    try:
        number = int(value, radix) if value.strip() == value and "_" not in value else None
    except ValueError:
        number = None
    if number is None or not -(2**63) <= number < 2**63:
        raise _invalid(f'Not a valid base-{radix} number: "{value}"')
    return number


def format_number(value: float) -> str:
    """Write a number with its unit: ``1.23K``."""
    number, unit = Decimal(str(value)), 0
    while abs(number) >= 1000 and unit < 5:  # noqa: PLR2004 - K, M, B, T, Q
        number, unit = number / 1000, unit + 1
    if abs(number) >= 100 or number == int(number):  # noqa: PLR2004 - three digits are shown
        shown = f"{number:.0f}"
    else:
        shown = f"{number:.1f}" if abs(number) >= 10 else f"{number:.2f}"  # noqa: PLR2004 - ditto
    return shown + ["", "K", "M", "B", "T", "Q"][unit]
