"""Refuses what the parser takes and Trino's grammar does not: it would fail on Athena."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import Dialect, TokenType

from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.sql.functions import position
from aws_understudy.services.athena.sql.written_types import foreign_type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlglot.tokenizer_core import Token

# Operators and literals that Trino has; of other dialects none is taken.
_SIGNS = {
    *("(", ")", "[", "]", ",", ".", ";", "?", "+", "-", "*", "/", "%", "||", "->"),
    *("=", "<>", "!=", "<", "<=", ">", ">="),
}
_LITERALS = {
    TokenType.HEX_STRING,
    TokenType.IDENTIFIER,
    TokenType.NUMBER,
    TokenType.STRING,
    TokenType.UNICODE_STRING,
}
_WORD = re.compile(r"[a-z_][a-z0-9_]*(\s+[a-z]+)*", re.IGNORECASE)
# Words that are operators or joins in other dialects.
_FOREIGN = {
    TokenType.ANTI,
    TokenType.ASOF,
    TokenType.DIV,
    TokenType.ILIKE,
    TokenType.PIVOT,
    TokenType.RLIKE,
    TokenType.SEMI,
    TokenType.UNPIVOT,
}
_ENDS_VALUE = {
    TokenType.IDENTIFIER,
    TokenType.NUMBER,
    TokenType.R_BRACKET,
    TokenType.R_PAREN,
    TokenType.STRING,
    TokenType.VAR,
}
_INDEXED = {
    TokenType.ARRAY,
    TokenType.IDENTIFIER,
    TokenType.R_BRACKET,
    TokenType.R_PAREN,
    TokenType.VAR,
}
_STAR_EXTRAS = {"except", "exclude", "replace", "rename"}
_AFTER_GROUP_BY_ALL = {
    TokenType.HAVING,
    TokenType.LIMIT,
    TokenType.ORDER_BY,
    TokenType.R_PAREN,
}


def check_grammar(sql: str) -> None:
    """Look at each token beside its neighbours.

    Raises:
        QueryError: SYNTAX_ERROR, at the first token that Trino would not take.
    """
    tokens = Dialect.get_or_raise("trino").tokenize(sql)
    typed = foreign_type(tokens)
    for index, token in enumerate(tokens):
        decimal_hex = _kind(tokens, index) is TokenType.HEX_STRING and sql[token.start] == "0"
        if index == typed or decimal_hex or any(rule(tokens, index) for rule in _RULES):
            where = position(sql, token.start)
            raise QueryError("SYNTAX_ERROR", f"{where}: mismatched input '{token.text}'")


def _kind(tokens: Sequence[Token], index: int) -> TokenType | None:
    return tokens[index].token_type if 0 <= index < len(tokens) else None


def _foreign(tokens: Sequence[Token], index: int) -> bool:
    kind, text = tokens[index].token_type, tokens[index].text
    known = kind in _LITERALS or text in _SIGNS or _WORD.fullmatch(text)
    return not known or kind in _FOREIGN or (kind not in _LITERALS and text.lower() == "struct")


def _number_in_a_word(tokens: Sequence[Token], index: int) -> bool:
    if _kind(tokens, index - 1) is not TokenType.NUMBER or not _WORD.fullmatch(tokens[index].text):
        return False
    return tokens[index].start == tokens[index - 1].end + 1


def _null_after_a_value(tokens: Sequence[Token], index: int) -> bool:
    postfix = _kind(tokens, index) in {TokenType.ISNULL, TokenType.NOTNULL}
    return postfix and _kind(tokens, index - 1) in _ENDS_VALUE


def _open_list(tokens: Sequence[Token], index: int) -> bool:
    closes = _kind(tokens, index) in {TokenType.R_PAREN, TokenType.R_BRACKET}
    return closes and _kind(tokens, index - 1) is TokenType.COMMA


def _order_by_all(tokens: Sequence[Token], index: int) -> bool:
    ordered = _kind(tokens, index - 1) is TokenType.ORDER_BY
    return ordered and _kind(tokens, index) is TokenType.ALL


def _from_first(tokens: Sequence[Token], index: int) -> bool:
    from_ = _kind(tokens, index) is TokenType.FROM
    return from_ and _kind(tokens, index - 1) in {None, TokenType.COMMA}


def _two_strings(tokens: Sequence[Token], index: int) -> bool:
    string = TokenType.STRING
    return _kind(tokens, index) is string and _kind(tokens, index - 1) is string


def _distinct_on(tokens: Sequence[Token], index: int) -> bool:
    on = _kind(tokens, index) is TokenType.ON
    return on and _kind(tokens, index - 1) is TokenType.DISTINCT


def _star_extra(tokens: Sequence[Token], index: int) -> bool:
    star = _kind(tokens, index - 1) is TokenType.STAR
    extra = tokens[index].text.lower() in _STAR_EXTRAS
    return star and extra and _kind(tokens, index + 1) is TokenType.L_PAREN


def _bare_array(tokens: Sequence[Token], index: int) -> bool:
    bracket = _kind(tokens, index) is TokenType.L_BRACKET
    return bracket and _kind(tokens, index - 1) not in _INDEXED


def _unquoted_interval(tokens: Sequence[Token], index: int) -> bool:
    number = _kind(tokens, index) is TokenType.NUMBER
    return number and _kind(tokens, index - 1) is TokenType.INTERVAL


def _open_alias(tokens: Sequence[Token], index: int) -> bool:
    return _kind(tokens, index) is TokenType.ALIAS and index == len(tokens) - 1


def _group_by_all(tokens: Sequence[Token], index: int) -> bool:
    grouped = _kind(tokens, index - 1) is TokenType.GROUP_BY
    alone = index == len(tokens) - 1 or _kind(tokens, index + 1) in _AFTER_GROUP_BY_ALL
    return grouped and _kind(tokens, index) is TokenType.ALL and alone


def _offset_last(tokens: Sequence[Token], index: int) -> bool:
    """Whether OFFSET follows LIMIT: in Trino it stands before."""
    limited = _kind(tokens, index - 2) in {TokenType.LIMIT, TokenType.FETCH}
    return limited and _kind(tokens, index) is TokenType.OFFSET


_RULES: tuple[Callable[[Sequence[Token], int], bool], ...] = (
    _foreign,
    _number_in_a_word,
    _null_after_a_value,
    _open_list,
    _order_by_all,
    _from_first,
    _two_strings,
    _distinct_on,
    _star_extra,
    _bare_array,
    _unquoted_interval,
    _open_alias,
    _group_by_all,
    _offset_last,
)
