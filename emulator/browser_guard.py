"""Keeps web pages out: a browser on this machine must not be made to drive the emulator.

Whoever can reach the emulator can run code in a Lambda function, as the user who started it.
Programs on this machine may do so anyway; a page from the web, open in a browser, may not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN_NAMES = ("127.0.0.1", "localhost")


def refusal(headers: Mapping[str, str]) -> str | None:
    """Why a request looks like one of a web page, or None where it does not.

    Browsers add ``Origin`` to what a page sends to another site; a page that had its own host
    name resolved to this machine still gives that name as ``Host``.
    """
    if "origin" in headers:
        return f"it comes from the web page {headers['origin']}"
    host = headers.get("host", "").rsplit(":", 1)[0].lower()
    if host in _OWN_NAMES or host.endswith(".localhost"):
        return None
    return f"it asks for the host {host!r}; only {', '.join(_OWN_NAMES)} are served"
