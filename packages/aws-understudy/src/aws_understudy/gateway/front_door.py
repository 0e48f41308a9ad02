"""Decides by a request's first lines whether it may come in at all.

Whoever drives the emulator can run code in a Lambda function, as the user who started it. The
signature of each request keeps strangers out; this door keeps web pages from even trying.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN_HOSTS = ("127.0.0.1", "localhost")
MOST_HEADER_BYTES = 32 * 1024
"""The query and all headers together; S3 takes 8 KB of headers."""
_AWS_DOMAIN = ".amazonaws.com"
_OWN_SITES = frozenset({"none", "same-origin"})
_BODILESS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, kw_only=True)
class FrontDoor:
    """What a browser, a rebound name or a stranger would send is refused before it is read."""

    allowed_origins: frozenset[str] = frozenset()
    """Web pages' origins, such as ``http://127.0.0.1:5173``, that the command line named."""

    def refusal(self, *, method: str, query: str, headers: Mapping[str, str]) -> str | None:
        """Why a request is not let in, or None where it is."""
        return (
            _size_refusal(query, headers)
            or self._page_refusal(headers)
            or _host_refusal(headers.get("host", ""))
            or _query_refusal(method, query)
        )

    def cors_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """What lets a page read the answer, if the command line named its origin; else nothing."""
        origin = headers.get("origin", "")
        if origin not in self.allowed_origins:
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "GET, HEAD, POST, PUT, DELETE, PATCH",
            "access-control-allow-headers": headers.get("access-control-request-headers", ""),
            "access-control-expose-headers": "*",
            "vary": "Origin",
        }

    def _page_refusal(self, headers: Mapping[str, str]) -> str | None:
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        if origin in self.allowed_origins:
            return None
        if origin is not None:
            return f"it comes from the web page {origin}; --allow-origin names those that may"
        if site not in _OWN_SITES:
            return f"it comes from a web page (Sec-Fetch-Site is {site})"
        return None


def _size_refusal(query: str, headers: Mapping[str, str]) -> str | None:
    size = len(query) + sum(len(name) + len(value) for name, value in headers.items())
    if size > MOST_HEADER_BYTES:
        return f"its query and headers have {size} bytes; at most {MOST_HEADER_BYTES} are read"
    return None


def _host_refusal(host: str) -> str | None:
    """A page that had its own name resolved to this machine still gives that name as ``Host``."""
    name = host.rsplit(":", 1)[0].lower()
    # Clients behind a proxy, and S3's virtual-host style, name AWS itself; no page can.
    if name in OWN_HOSTS or name.endswith(_AWS_DOMAIN):
        return None
    return (
        f"it asks for the host {name!r}; served are {', '.join(OWN_HOSTS)}. A client that puts "
        "the bucket before the host needs path style, or the endpoint http://127.0.0.1:<port>"
    )


def _query_refusal(method: str, query: str) -> str | None:
    """An image or a link can send a GET, and no SDK sends a query-protocol operation as one."""
    if method in _BODILESS and "Action" in parse_qs(query, keep_blank_values=True):
        return "an operation of the query protocol must be sent by POST"
    return None
