"""Refuses functions that Athena does not have, so that a query that runs here also runs there."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot import Dialect, TokenType, exp

from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.sql.written_types import in_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlglot.tokenizer_core import Token

_ONLY_ATHENA = frozenset(
    """
    typeof width_bucket json_array_contains multimap_agg
    approx_most_frequent approx_set array_first array_histogram array_last beta_cdf
    bitwise_and_agg bitwise_left_shift bitwise_or_agg bitwise_right_shift
    bitwise_right_shift_arithmetic char2hexint checksum classify collect color combinations
    contains_sequence cosine_distance cosine_similarity crc32 current_groups date_zone
    empty_approx_set features format_number from_base from_base32 from_base64url from_big_endian_32
    from_big_endian_64 from_ieee754_32 from_ieee754_64 from_iso8601_timestamp_nanos
    from_unixtime_nanos hash_counts hmac_md5 hmac_sha1 hmac_sha256 hmac_sha512
    human_readable_seconds index intersection_cardinality inverse_beta_cdf inverse_normal_cdf
    is_json_scalar jaccard_index json_array json_array_get json_exists json_object json_query
    json_value luhn_check make_set_digest map_zip_with merge merge_set_digest
    multimap_from_entries murmur3 ngrams normal_cdf normalize numeric_histogram parse_data_size
    parse_duration qdigest_agg reduce_agg regexp_position render rgb sha512 shuffle soundex
    split_to_multimap spooky_hash_v2_32 spooky_hash_v2_64 tdigest_agg timezone_hour
    timezone_minute to_base to_base32 to_base64url to_big_endian_32 to_big_endian_64 to_char
    to_date to_ieee754_32 to_ieee754_64 to_milliseconds to_timestamp trim_array
    url_extract_fragment url_extract_parameter url_extract_port value_at_quantile
    values_at_quantiles version wilson_interval_lower wilson_interval_upper word_stem xxhash64
    great_circle_distance to_geometry to_spherical_geography
    """.split()  # noqa: SIM905 - ditto
)

# Words of the grammar that a parenthesis may follow.
_WORDS = frozenset(
    """
    select from where having on using and or not in exists any all some by over partition
    within values as with then when else case between like escape union except intersect distinct
    unnest lateral table limit offset sets cube rollup interval order group is end
    join explain rows range materialized match_recognize bernoulli system
    """.split()  # noqa: SIM905 - ditto
)

# Forms of the grammar that look like calls; in quotes they are names that nobody has.
_FORMS = frozenset({"cast", "try_cast", "coalesce", "nullif", "extract", "grouping", "if", "try"})

# What the parser makes of other things than ``name(...)``: operators, forms, words.
_NO_CALLS = (
    *(exp.And, exp.Or, exp.Case, exp.If, exp.Cast, exp.TryCast, exp.Array, exp.Exists, exp.Unnest),
    *(exp.ArgMax, exp.ArgMin, exp.Ceil, exp.Floor, exp.Chr, exp.Extract, exp.GroupConcat),
    *(exp.StrPosition, exp.Substring, exp.Trim, exp.CurrentDate, exp.CurrentTime, exp.Normalize),
    *(exp.CurrentTimestamp, exp.Localtime, exp.Localtimestamp, exp.Normalize, exp.ParseJSON),
)
_WORDS_OF_ATHENA = (exp.CurrentUser, exp.CurrentCatalog)


def check_functions(*, sql: str, tree: exp.Expr, run: frozenset[str]) -> None:
    """Check every call: only the table of functions makes it legal, never a name in the query.

    Names are read in the text, because the parser renames what it knows (``max_by`` to
    ``ArgMax``); what a name stands for is its place in the tree.

    Raises:
        QueryError: FUNCTION_NOT_FOUND, or NOT_SUPPORTED for what Athena has and the emulator not;
            SYNTAX_ERROR for an operator of another dialect.
    """
    called = {n.meta["start"] for n in tree.find_all(exp.Func) if "start" in n.meta}
    names = dict(_calls(sql, called=called, defined=_definitions(tree)))
    for start, token in sorted(names.items()):
        _check_name(token=token, where=position(sql, start), run=run)
    for node in tree.find_all(exp.Func):
        if isinstance(node, _WORDS_OF_ATHENA):
            raise not_supported(f"{place(sql, node)}: {node.sql(dialect='trino')}")
        if node.meta.get("start", -1) not in names and not isinstance(node, _NO_CALLS):
            raise QueryError("SYNTAX_ERROR", f"{place(sql, node)}: mismatched input")


def _check_name(*, token: Token, where: str, run: frozenset[str]) -> None:
    name = token.text.lower()
    quoted = token.token_type is TokenType.IDENTIFIER
    if name in run and not (quoted and name in _FORMS):
        return
    if name in _ONLY_ATHENA or name.startswith("st_"):
        raise not_supported(f"{where}: The function {name}")
    raise QueryError("FUNCTION_NOT_FOUND", f"{where}: Function '{name}' not registered")


def position(sql: str, start: int) -> str:
    """Say where a character is, as Trino does: ``line 2:5``."""
    before = sql[:start]
    return f"line {before.count(chr(10)) + 1}:{start - before.rfind(chr(10))}"


def place(sql: str, node: exp.Expr) -> str:
    """Say where a node of the tree begins, by the first of its parts that has a place."""
    starts = [n.meta["start"] for n in node.walk() if "start" in n.meta]
    return position(sql, min(starts, default=0))


def _definitions(tree: exp.Expr) -> set[int]:
    """Give the places of names that a list of columns follows: ``WITH name (a)``, ``AS x (a)``."""
    names = [alias.this for alias in tree.find_all(exp.TableAlias) if alias.columns]
    return {name.meta["start"] for name in names if name is not None and "start" in name.meta}


def _calls(sql: str, *, called: set[int], defined: set[int]) -> Iterator[tuple[int, Token]]:
    tokens: Sequence[Token] = Dialect.get_or_raise("trino").tokenize(sql)
    types = in_types(tokens)
    for index, (token, following) in enumerate(pairwise(tokens)):
        if following.token_type is not TokenType.L_PAREN or not _names(token):
            continue
        word = token.token_type is not TokenType.IDENTIFIER and token.text.lower() in _WORDS
        if token.start in called or not (word or token.start in defined or index in types):
            yield token.start, token


def _names(token: Token) -> bool:
    """Whether a token can name a function: a quoted name, or one word (not ``GROUPING SETS``)."""
    if token.token_type is TokenType.IDENTIFIER:
        return True
    bare = token.token_type is not TokenType.STRING
    return bare and token.text.isidentifier()
