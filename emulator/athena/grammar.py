"""Refuses what the parser takes and Trino's grammar does not: it would fail on Athena."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import Dialect, TokenType

from emulator.athena.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlglot.tokenizer_core import Token

# Operators and words of other dialects.
_FOREIGN = {
    TokenType.AMP,
    TokenType.ANTI,
    TokenType.ASOF,
    TokenType.CARET,
    TokenType.DCOLON,
    TokenType.DIV,
    TokenType.ILIKE,
    TokenType.L_BRACE,
    TokenType.NULLSAFE_EQ,
    TokenType.PARAMETER,
    TokenType.PIPE,
    TokenType.PIVOT,
    TokenType.RLIKE,
    TokenType.SEMI,
    TokenType.UNPIVOT,
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
    for index, token in enumerate(tokens):
        if any(rule(tokens, index) for rule in _RULES):
            place = f"line {sql[: token.start].count(chr(10)) + 1}:"
            place += str(token.start - sql[: token.start].rfind(chr(10)))
            raise QueryError("SYNTAX_ERROR", f"{place}: mismatched input '{token.text}'")


def _kind(tokens: Sequence[Token], index: int) -> TokenType | None:
    return tokens[index].token_type if 0 <= index < len(tokens) else None


def _foreign(tokens: Sequence[Token], index: int) -> bool:
    return _kind(tokens, index) in _FOREIGN or tokens[index].text.lower() in {"==", "struct"}


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


def _string_type(tokens: Sequence[Token], index: int) -> bool:
    named = tokens[index].text.lower() in {"string", "text", "int64", "float64"}
    if not named or _kind(tokens, index - 1) is not TokenType.ALIAS:
        return False
    depth = 0
    for at in range(index - 1, 0, -1):
        kind = _kind(tokens, at)
        depth += (kind is TokenType.R_PAREN) - (kind is TokenType.L_PAREN)
        if depth < 0:
            return tokens[at - 1].text.lower() in {"cast", "try_cast"}
    return False


def _open_alias(tokens: Sequence[Token], index: int) -> bool:
    return _kind(tokens, index) is TokenType.ALIAS and index == len(tokens) - 1


def _group_by_all(tokens: Sequence[Token], index: int) -> bool:
    grouped = _kind(tokens, index - 1) is TokenType.GROUP_BY
    alone = index == len(tokens) - 1 or _kind(tokens, index + 1) in _AFTER_GROUP_BY_ALL
    return grouped and _kind(tokens, index) is TokenType.ALL and alone


_RULES: tuple[Callable[[Sequence[Token], int], bool], ...] = (
    _foreign,
    _from_first,
    _two_strings,
    _distinct_on,
    _star_extra,
    _bare_array,
    _unquoted_interval,
    _string_type,
    _open_alias,
    _group_by_all,
)
