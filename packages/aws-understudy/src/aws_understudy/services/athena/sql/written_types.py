"""Finds where a query writes types, and refuses those that Trino does not have."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot import Dialect, TokenType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlglot.tokenizer_core import Token

_NAMES = frozenset(
    """
    boolean tinyint smallint int integer bigint real double decimal dec numeric varchar char
    varbinary json date time timestamp interval array map row uuid ipaddress
    """.split()  # noqa: SIM905 - a table of words reads better than quoted strings
)
_PARTS = frozenset(
    "precision with without time zone year month day hour minute second to".split()  # noqa: SIM905
)
_PARAMETRIC = frozenset({"decimal", "dec", "numeric", "varchar", "char", "timestamp", "time"})
_NESTED = frozenset({"array", "map", "row"})


def in_types(tokens: Sequence[Token]) -> set[int]:
    """Give the indices of the tokens between AS and the closing parenthesis of each CAST."""
    indices: set[int] = set()
    opened: list[tuple[bool, int | None]] = []
    """Of each open parenthesis: whether it is a CAST's, and where its type begins."""
    for index, token in enumerate(tokens):
        if token.token_type is TokenType.L_PAREN:
            opened.append((index > 0 and _casts(tokens[index - 1]), None))
        elif token.token_type is TokenType.ALIAS and opened and opened[-1][0]:
            opened[-1] = (True, index + 1)
        elif token.token_type is TokenType.R_PAREN and opened:
            begin = opened.pop()[1]
            indices |= set(range(begin, index)) if begin is not None else set()
    return indices


def foreign_type(tokens: Sequence[Token]) -> int | None:
    """Give the index of the first type's name that Trino does not have."""
    inside = in_types(tokens)
    for index in sorted(inside):
        token = tokens[index]
        named = _word(token) and not _field(tokens, index, inside)
        if (named and token.text.lower() not in _NAMES | _PARTS) or _sized_wrongly(tokens, index):
            return index
    return next(_foreign_literals(tokens), None)


def _casts(token: Token) -> bool:
    return _word(token) and token.text.lower() in {"cast", "try_cast"}


def _word(token: Token) -> bool:
    kinds = {TokenType.IDENTIFIER, TokenType.STRING}
    return token.token_type not in kinds and token.text[:1].isalpha()


def _field(tokens: Sequence[Token], index: int, inside: set[int]) -> bool:
    """Whether a word is the name of a row's field: the field's type follows it."""
    begins = tokens[index - 1].token_type in {TokenType.L_PAREN, TokenType.COMMA}
    return begins and index + 1 in inside and _word(tokens[index + 1])


def _sized_wrongly(tokens: Sequence[Token], index: int) -> bool:
    opens = tokens[index].token_type is TokenType.L_PAREN
    return opens and tokens[index - 1].text.lower() not in _PARAMETRIC | _NESTED


def _foreign_literals(tokens: Sequence[Token]) -> Iterator[int]:
    """Find ``type 'text'`` with a type's name that Trino does not have."""
    types = Dialect.get_or_raise("trino").parser_class.TYPE_TOKENS
    for index, (token, following) in enumerate(pairwise(tokens)):
        literal = following.token_type is TokenType.STRING and token.token_type in types
        if literal and _word(token) and token.text.lower() not in _NAMES:
            yield index
