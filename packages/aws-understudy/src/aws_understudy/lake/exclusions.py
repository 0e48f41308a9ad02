"""Glue's exclude patterns: globs relative to the include path."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOKENS = re.compile(r"\*\*|\*|\?|\\.|\[(?:[^\]]+)\]|\{[^}]*\}|.", re.DOTALL)


def excluded(relative_key: str, patterns: Iterable[str]) -> bool:
    """Whether any pattern matches the key below the include path."""
    return any(_compiled(p).fullmatch(relative_key) for p in patterns)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_translated(token) for token in _TOKENS.findall(pattern)))


def _translated(token: str) -> str:
    """Translate one glob token: ``*`` stays in a folder, ``**`` crosses, ``{a,b}`` is either."""
    fixed = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    if token in fixed:
        return fixed[token]
    if token.startswith("[") and len(token) > 1:
        inside = token[1:-1].replace("\\", "\\\\")
        return f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside}]"
    if token.startswith("{") and len(token) > 1:
        choices = (_compiled(choice).pattern for choice in token[1:-1].split(","))
        return f"(?:{'|'.join(choices)})"
    return re.escape(token[-1])
