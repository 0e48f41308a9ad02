"""URLs and their parts."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, quote_plus, unquote, unquote_plus, urlsplit

from aws_understudy.services.athena.errors import failing


def _parts(url: str) -> SplitResult | None:
    try:
        parts_of_url = urlsplit(url)
        _ = parts_of_url.port
    except ValueError:
        return None
    return None if any(c.isspace() for c in url) else parts_of_url


def part(name: str) -> Any:
    """Make url_extract_host and so on; what is no URL has NULL for its parts."""

    def extract(url: str) -> Any:
        parts_of_url = _parts(url)
        if parts_of_url is None:
            return None
        if name == "host":
            return parts_of_url.netloc.rpartition("@")[2].partition(":")[0] or None
        if name == "port":
            return parts_of_url.port
        held = {
            "protocol": parts_of_url.scheme,
            "query": parts_of_url.query,
            "fragment": parts_of_url.fragment,
        }
        return unquote(parts_of_url.path) if name == "path" else unquote(held[name])

    return extract


def parameter(url: str, name: str) -> str | None:
    """Give a parameter of the query."""
    parts_of_url = _parts(url)
    for piece in parts_of_url.query.split("&") if parts_of_url else []:
        key, _, value = piece.partition("=")
        if unquote(key) == name:
            return unquote(value)
    return None


def encode(value: str) -> str:
    """Encode as a form does."""
    return quote_plus(value, safe="*-._").replace("~", "%7E")


def decode(value: str) -> str:
    """Decode what a form encoded."""
    if "%" in value and any(len(p) < 2 for p in value.split("%")[1:]):  # noqa: PLR2004 - two digits
        raise failing("INVALID_FUNCTION_ARGUMENT", f"Not a valid URL-encoded text: {value}")
    return unquote_plus(value)
