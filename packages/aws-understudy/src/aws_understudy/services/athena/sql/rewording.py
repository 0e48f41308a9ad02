"""Rewords what Trino's grammar has and the parser reads otherwise, before it is parsed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import Dialect, TokenType
from sqlglot.errors import TokenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlglot.tokenizer_core import Token

_EXPONENT = re.compile(r"[\d.]+[eE][+-]?\d+(?=[+-])")
_NUMBER = re.compile(r"[+-]?\d*\.?\d*")
_QUANTIFIERS = {"all", "any", "some"}

Edit = tuple[int, int, str]
"""Where a part of the text begins and ends, and what stands in its place."""


def plain_grammar(sql: str) -> str:
    """Part ``1e0+x``, give ``DECIMAL '1.50'`` its size, and make ``ALL (VALUES 1)`` a SELECT."""
    try:
        tokens = Dialect.get_or_raise("trino").tokenize(sql)
    except TokenError:
        return sql  # the parser says where
    for begin, end, replacement in sorted(_edits(tokens), reverse=True):
        sql = sql[:begin] + replacement + sql[end:]
    return sql


def _edits(tokens: Sequence[Token]) -> Iterator[Edit]:
    for place, token in enumerate(tokens):
        exponent = _EXPONENT.match(token.text) if token.token_type is TokenType.NUMBER else None
        if exponent:
            yield token.start + exponent.end(), token.start + exponent.end(), " "
        following = tokens[place + 1 : place + 3]
        if following and following[0].token_type is TokenType.STRING:
            yield from _literal(token, following[0])
        words = [t.text.lower() for t in following]
        if token.text.lower() in _QUANTIFIERS and words == ["(", "values"]:
            closing = _closing(tokens, place + 1)
            yield following[0].end + 1, following[0].end + 1, "SELECT * FROM ("
            yield closing.start, closing.start, ")"


def _literal(word: Token, value: Token) -> Iterator[Edit]:
    name = word.text.lower()
    if word.token_type is TokenType.IDENTIFIER:
        return
    if name in {"decimal", "dec", "numeric"} and _NUMBER.fullmatch(value.text):
        digits = value.text if "." in value.text else f"{value.text}."
        yield word.start, value.end + 1, f"({digits})"
    elif name == "char":
        quoted = value.text.replace("'", "''")
        size = max(1, len(value.text))
        yield word.start, value.end + 1, f"CAST('{quoted}' AS CHAR({size}))"


def _closing(tokens: Sequence[Token], opening: int) -> Token:
    depth = 0
    for token in tokens[opening:]:
        depth += (token.token_type is TokenType.L_PAREN) - (token.token_type is TokenType.R_PAREN)
        if not depth:
            return token
    return tokens[-1]
