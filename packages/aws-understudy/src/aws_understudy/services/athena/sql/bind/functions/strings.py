"""Functions of texts, regular expressions, binary values, URLs and JSON."""

from __future__ import annotations

from typing import Any

from aws_understudy.services.athena import regular
from aws_understudy.services.athena.sql.bind.runtime import (
    binaries,
    gathered,
    json_functions,
    texts,
    urls,
)

_BIG, _SMALL = ">q", ">i"
_JSON = "json"
TEXTS: dict[str, list[tuple[str, Any]]] = {
    "chr": [("bigint -> varchar", texts.char)],
    "codepoint": [("varchar -> integer", texts.code_point)],
    "concat_ws": [
        ("varchar, varchar... -> varchar", "concat_ws({all})"),
        ("varchar, array(varchar) -> varchar", lambda sep, values: gathered.joined(values, sep)),
    ],
    "hamming_distance": [("varchar, varchar -> bigint", texts.hamming)],
    "length": [("varchar -> bigint", "length({0})"), ("varbinary -> bigint", "octet_length({0})")],
    "levenshtein_distance": [("varchar, varchar -> bigint", texts.levenshtein)],
    "lower": [("X -> X", ("lower", lambda v: "".join(c.lower()[:1] for c in v)))],
    "upper": [
        ("X -> X", ("upper", lambda v: "".join(c.upper() if len(c.upper()) == 1 else c for c in v)))
    ],
    "lpad": [
        ("varchar, bigint, varchar -> varchar", texts.pad("left")),
        ("varbinary, bigint, varbinary -> varbinary", texts.pad("left")),
    ],
    "rpad": [
        ("varchar, bigint, varchar -> varchar", texts.pad("right")),
        ("varbinary, bigint, varbinary -> varbinary", texts.pad("right")),
    ],
    "ltrim": [
        ("varchar -> varchar", "ltrim({0}, E' \\t\\n\\r\\f\\x0b')"),
        ("varchar, varchar -> varchar", "ltrim({0}, {1})"),
    ],
    "rtrim": [
        ("varchar -> varchar", "rtrim({0}, E' \\t\\n\\r\\f\\x0b')"),
        ("varchar, varchar -> varchar", "rtrim({0}, {1})"),
    ],
    "trim": [
        ("varchar -> varchar", "trim({0}, E' \\t\\n\\r\\f\\x0b')"),
        ("varchar, varchar -> varchar", "trim({0}, {1})"),
    ],
    "luhn_check": [("varchar -> boolean", texts.luhn)],
    "replace": [
        ("varchar, varchar -> varchar", lambda s, search: s.replace(search, "") if search else s),
        ("varchar, varchar, varchar -> varchar", lambda s, search, by: s.replace(search, by)),
    ],
    "reverse": [
        ("varchar -> varchar", "reverse({0})"),
        ("array(T) -> array(T)", "list_reverse({0})"),
        ("varbinary -> varbinary", lambda value: value[::-1]),
    ],
    "soundex": [("varchar -> varchar", texts.soundex)],
    "split": [
        ("varchar, varchar -> array(varchar)", texts.split),
        ("varchar, varchar, bigint -> array(varchar)", texts.split),
    ],
    "split_part": [("varchar, varchar, bigint -> varchar", texts.split_part)],
    "split_to_map": [("varchar, varchar, varchar -> map(varchar,varchar)", texts.split_to_map)],
    "split_to_multimap": [
        ("varchar, varchar, varchar -> map(varchar,array(varchar))", texts.split_to_multimap)
    ],
    "starts_with": [("varchar, varchar -> boolean", "starts_with({0}, {1})")],
    "ends_with": [("varchar, varchar -> boolean", "suffix({0}, {1})")],
    "strpos": [
        ("varchar, varchar -> bigint", "CAST(strpos({0}, {1}) AS BIGINT)"),
        ("varchar, varchar, bigint -> bigint", texts.strpos),
    ],
    "substr": [
        ("varchar, bigint -> varchar", texts.substr),
        ("varchar, bigint, bigint -> varchar", texts.substr),
        ("varbinary, bigint -> varbinary", texts.substr),
        ("varbinary, bigint, bigint -> varbinary", texts.substr),
    ],
    "translate": [("varchar, varchar, varchar -> varchar", texts.translate)],
    "to_utf8": [("varchar -> varbinary", "encode({0})")],
    "from_utf8": [
        ("varbinary -> varchar", binaries.from_utf8),
        ("varbinary, varchar -> varchar", binaries.from_utf8),
    ],
    "uuid": [("-> uuid", "CAST(gen_random_uuid() AS VARCHAR)")],
}
TEXTS["substring"] = TEXTS["substr"]
PATTERNS: dict[str, list[tuple[str, Any]]] = {
    "regexp_count": [("varchar, varchar -> bigint", regular.count)],
    "regexp_extract": [
        ("varchar, varchar -> varchar", regular.extract),
        ("varchar, varchar, bigint -> varchar", regular.extract),
    ],
    "regexp_extract_all": [
        ("varchar, varchar -> array(varchar)", regular.extract_all),
        ("varchar, varchar, bigint -> array(varchar)", regular.extract_all),
    ],
    "regexp_like": [("varchar, varchar -> boolean", regular.like)],
    "regexp_position": [
        ("varchar, varchar -> integer", regular.position),
        ("varchar, varchar, bigint -> integer", regular.position),
        ("varchar, varchar, bigint, bigint -> integer", regular.position),
    ],
    "regexp_replace": [
        ("varchar, varchar -> varchar", regular.replace),
        ("varchar, varchar, varchar -> varchar", regular.replace),
    ],
    "regexp_split": [("varchar, varchar -> array(varchar)", regular.split)],
}
BINARIES: dict[str, list[tuple[str, Any]]] = {
    "to_base64": [("varbinary -> varchar", binaries.encoder("base64"))],
    "to_base64url": [("varbinary -> varchar", binaries.encoder("base64url"))],
    "to_base32": [("varbinary -> varchar", binaries.encoder("base32"))],
    "to_hex": [("varbinary -> varchar", lambda value: value.hex().upper())],
    **{
        f"from_{name}": [
            ("varchar -> varbinary", binaries.decoder(name)),
            ("varbinary -> varbinary", binaries.decoder(name)),
        ]
        for name in ("base64", "base64url", "base32", "hex")
    },
    **{
        name: [("varbinary -> varbinary", binaries.digest(name))]
        for name in ("md5", "sha1", "sha256", "sha512")
    },
    **{
        f"hmac_{name}": [("varbinary, varbinary -> varbinary", binaries.keyed(name))]
        for name in ("md5", "sha1", "sha256", "sha512")
    },
    "crc32": [("varbinary -> bigint", binaries.crc32)],
    "to_big_endian_64": [("bigint -> varbinary", binaries.packer(_BIG))],
    "to_big_endian_32": [("integer -> varbinary", binaries.packer(_SMALL))],
    "from_big_endian_64": [("varbinary -> bigint", binaries.unpacker(_BIG))],
    "from_big_endian_32": [("varbinary -> integer", binaries.unpacker(_SMALL))],
    "to_ieee754_64": [("double -> varbinary", binaries.packer(">d"))],
    "to_ieee754_32": [("real -> varbinary", binaries.packer(">f"))],
    "from_ieee754_64": [("varbinary -> double", binaries.unpacker(">d"))],
    "from_ieee754_32": [("varbinary -> real", binaries.unpacker(">f"))],
}
URLS: dict[str, list[tuple[str, Any]]] = {
    **{
        f"url_extract_{name}": [("varchar -> varchar", urls.part(name))]
        for name in ("protocol", "host", "path", "query", "fragment")
    },
    "url_extract_port": [("varchar -> bigint", urls.part("port"))],
    "url_extract_parameter": [("varchar, varchar -> varchar", urls.parameter)],
    "url_encode": [("varchar -> varchar", urls.encode)],
    "url_decode": [("varchar -> varchar", urls.decode)],
}


def _both(result: str, function: Any, rest: str = "") -> list[tuple[str, Any]]:
    """Take JSON, or a text that holds it."""
    return [(f"{kind}{rest} -> {result}", function) for kind in ("varchar", _JSON)]


JSONS: dict[str, list[tuple[str, Any]]] = {
    "json_parse": [("varchar -> json", json_functions.parse)],
    "json_format": [("json -> varchar", "{0}")],
    "json_extract": _both("json", json_functions.extract, ", varchar"),
    "json_extract_scalar": _both("varchar", json_functions.extract_scalar, ", varchar"),
    "json_size": _both("bigint", json_functions.size, ", varchar"),
    "json_array_length": _both("bigint", json_functions.array_length),
    "json_array_get": _both("json", json_functions.array_get, ", bigint"),
    "json_array_contains": [
        form
        for kind in ("varchar", "bigint", "double", "boolean")
        for form in _both("boolean", json_functions.array_contains, f", {kind}")
    ],
    "is_json_scalar": _both("boolean", json_functions.is_scalar),
}
TABLE = {**TEXTS, **PATTERNS, **BINARIES, **URLS, **JSONS}
