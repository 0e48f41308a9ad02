"""Whether an index answers, by the proxy and the certificates that an installation would use."""

from __future__ import annotations

import base64
import socket
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit, urlunsplit

from doctor.environment import install_environment
from doctor.finding import Finding, good, stop, warning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doctor.machine import Machine

SECONDS: Final = 15.0
REFUSED: Final = (401, 403)
BROKEN: Final = 500
OFFLINE: Final = (
    "see to the network; behind a proxy set HTTPS_PROXY=http://HOST:PORT; with a mirror of your "
    "own set {setting}"
)
UNTRUSTED: Final = (
    "a proxy that reads along has a certificate of its own: add it to the system's store, or name "
    "the file of certificates in SSL_CERT_FILE"
)


def reach(machine: Machine, address: str, *, subject: str, page: str, setting: str) -> Finding:
    """Ask an index for one page; any answer of its own is good.

    Args:
        machine: whose proxy and certificates are used.
        address: the index.
        subject: what it is called.
        page: what to ask for, below the address.
        setting: how to name another one.
    """
    shown = _without_password(address)
    if urlsplit(address).scheme == "file":
        return _folder(address, subject=subject, setting=setting)
    try:
        status = _status(f"{address.rstrip('/')}/{page}", install_environment(machine))
    except ssl.SSLCertVerificationError as error:
        seen = f"{shown} shows a certificate that nobody here trusts ({error.verify_message})"
        return stop(subject, seen, UNTRUSTED)
    except (OSError, ValueError) as error:
        return stop(
            subject, f"{shown} cannot be reached ({error})", OFFLINE.format(setting=setting)
        )
    if status in REFUSED:
        remedy = f"put name and password into the address ({setting}) or into ~/.netrc"
        return warning(subject, f"{shown} answers {status}: it wants to know who asks", remedy)
    if status >= BROKEN:
        return stop(subject, f"{shown} answers {status}", "it is broken for now; try again later")
    return good(subject, f"{shown} answers")


def _status(url: str, environ: Mapping[str, str]) -> int:
    """The HTTP status of a page.

    Raises:
        OSError: no answer; a certificate that is not trusted is a SSLCertVerificationError.
    """
    request = urllib.request.Request(_without_user(url), method="HEAD")  # noqa: S310 - http or https
    if user := _user(url):
        request.add_header("Authorization", f"Basic {base64.b64encode(user).decode()}")
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler(_proxies(url, environ)),
        urllib.request.HTTPSHandler(context=_context(environ)),
    )
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except urllib.error.URLError as error:
        if isinstance(error.reason, socket.gaierror):
            raise OSError(f"{urlsplit(url).hostname} has no address here: no network?") from None
        if isinstance(error.reason, OSError):
            raise error.reason from None
        raise


def _context(environ: Mapping[str, str]) -> ssl.SSLContext:
    bundle = environ.get("SSL_CERT_FILE") or environ.get("PIP_CERT")
    context = ssl.create_default_context(cafile=bundle or None)
    if environ.get("SSL_CERT_DIR"):
        context.load_verify_locations(capath=environ["SSL_CERT_DIR"])
    return context


def _proxies(url: str, environ: Mapping[str, str]) -> dict[str, str]:
    host = urlsplit(url).hostname or ""
    spared = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    names = {name.strip().lstrip(".") for name in spared.split(",") if name.strip()}
    if "*" in names or any(host == name or host.endswith(f".{name}") for name in names):
        return {}
    proxies: dict[str, str] = {}
    for scheme in ("http", "https"):
        for name in (f"{scheme}_proxy", f"{scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY"):
            if environ.get(name):
                proxies.setdefault(scheme, environ[name])
    return proxies


def _folder(address: str, *, subject: str, setting: str) -> Finding:
    folder = Path(unquote(urlsplit(address).path))
    if folder.is_dir():
        return good(subject, f"{folder} is there")
    return stop(subject, f"{folder} is no folder", f"correct {setting}")


def _user(url: str) -> bytes:
    parts = urlsplit(url)
    if parts.username is None:
        return b""
    return f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()


def _without_user(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"***@{host}" if "@" in parts.netloc else host))
