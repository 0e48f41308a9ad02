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

# What the emulator runs, by kind. Trino's documentation lists them all.
RUN = frozenset(
    """
    abs acos asin atan atan2 cbrt ceil ceiling cos cosh degrees e exp floor infinity is_finite
    is_infinite is_nan ln log log10 log2 mod nan pi pow power radians rand random round sign sin
    sinh sqrt tan tanh truncate bit_count bitwise_and bitwise_or bitwise_xor
    bitwise_not greatest least
    all_match any_match none_match any_value approx_distinct approx_percentile arbitrary array_agg
    array_distinct array_except array_intersect array_join array_max array_min array_position
    array_remove array_sort array_union arrays_overlap avg bool_and bool_or cardinality contains
    corr count count_if covar_pop covar_samp every filter flatten geometric_mean histogram kurtosis
    map_agg map_union max max_by min min_by regr_intercept regr_slope skewness stddev
    stddev_pop stddev_samp sum var_pop var_samp variance listagg
    element_at map map_concat map_entries map_filter map_from_entries map_keys map_values reduce
    repeat reverse sequence slice transform zip zip_with transform_keys transform_values row
    chr codepoint concat concat_ws ends_with format hamming_distance length levenshtein_distance
    lower lpad ltrim md5 position regexp_count regexp_extract regexp_extract_all regexp_like
    regexp_replace regexp_split replace rpad rtrim sha1 sha256 split split_part split_to_map
    starts_with strpos substr substring translate trim upper to_base64 from_base64 to_hex from_hex
    to_utf8 from_utf8
    json_array_length json_extract json_extract_scalar json_format json_parse
    json_size
    at_timezone current_timezone date date_add date_diff date_format date_parse date_trunc day
    day_of_month day_of_week day_of_year dow doy extract format_datetime from_iso8601_date
    from_iso8601_timestamp from_unixtime hour last_day_of_month millisecond minute month now
    parse_datetime quarter second to_iso8601 to_unixtime week week_of_year with_timezone year
    year_of_week yow current_date current_time current_timestamp localtime localtimestamp
    cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank
    row_number grouping
    cast try_cast coalesce nullif if try uuid
    url_decode url_encode url_extract_host url_extract_path url_extract_protocol url_extract_query
    """.split()  # noqa: SIM905 - a table of words reads better than 200 quoted strings
)

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
    *(exp.StrPosition, exp.Substring, exp.Trim, exp.CurrentDate, exp.CurrentTime),
    *(exp.CurrentTimestamp, exp.Localtime, exp.Localtimestamp, exp.ParseJSON),
)
_WORDS_OF_ATHENA = (exp.CurrentUser, exp.CurrentCatalog)


def check_functions(*, sql: str, tree: exp.Expr) -> None:
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
        _check_name(token=token, where=position(sql, start))
    for node in tree.find_all(exp.Func):
        if isinstance(node, _WORDS_OF_ATHENA):
            raise not_supported(f"{place(sql, node)}: {node.sql(dialect='trino')}")
        if node.meta.get("start", -1) not in names and not isinstance(node, _NO_CALLS):
            raise QueryError("SYNTAX_ERROR", f"{place(sql, node)}: mismatched input")


def _check_name(*, token: Token, where: str) -> None:
    name = token.text.lower()
    quoted = token.token_type is TokenType.IDENTIFIER
    if name in RUN and not (quoted and name in _FORMS):
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
