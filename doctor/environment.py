"""The environment of what ``make setup`` installs with: certificates, proxy and index for all.

pip, uv and Node each ask other variables and files which certificates to trust, and where to
install from. What one of them is told, all of them get here; what the user has set for one of them
stays.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doctor.machine import Machine

SYSTEM_BUNDLES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine
)
"""Files of Linux systems with every certificate that the system trusts, a company's included."""
BUNDLE_VARIABLES: Final = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def install_environment(machine: Machine) -> dict[str, str]:
    """The machine's environment, completed."""
    environ = dict(machine.environ)
    for name, value in _additions(machine).items():
        if value and not environ.get(name):
            environ[name] = value
    return environ


def trusted_bundle(machine: Machine) -> str:
    """The file of certificates that somebody has named; empty where nobody has."""
    given = [machine.environ.get(name, "") for name in BUNDLE_VARIABLES]
    given.append(machine.pip_options.get("cert", ""))
    return next((file for file in given if file and Path(file).is_file()), "")


def _additions(machine: Machine) -> Mapping[str, str]:
    named = trusted_bundle(machine)
    bundle = named or _system_bundle()
    return {
        # uv has certificates of its own unless it is told to use the system's
        # (https://docs.astral.sh/uv/concepts/authentication/certificates).
        "UV_SYSTEM_CERTS": "" if machine.environ.get("UV_NATIVE_TLS") else "true",
        "SSL_CERT_FILE": named,
        # pip knows the system's store by itself since 24.2 only.
        "PIP_CERT": bundle,
        "NODE_EXTRA_CA_CERTS": bundle,
        "NODE_USE_SYSTEM_CA": "1",
        **_index(machine),
        **_proxy(machine),
    }


def _index(machine: Machine) -> Mapping[str, str]:
    """Pip's index for uv, which reads none of pip's files, unless uv is told one."""
    told = any(machine.environ.get(name) for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"))
    if told or machine.configures_uv:
        return {}
    options = machine.pip_options
    return {
        "UV_DEFAULT_INDEX": options.get("index-url", ""),
        "UV_INSECURE_HOST": options.get("trusted-host", ""),
    }


def _proxy(machine: Machine) -> Mapping[str, str]:
    """Pip's proxy for all, unless a variable names one."""
    proxy = machine.pip_options.get("proxy", "")
    if any(machine.environ.get(name) for name in ("https_proxy", "HTTPS_PROXY", "ALL_PROXY")):
        return {}
    return {"HTTPS_PROXY": proxy, "HTTP_PROXY": proxy}


def _system_bundle() -> str:
    if sys.platform != "linux":
        return ""
    return next((file for file in SYSTEM_BUNDLES if Path(file).is_file()), "")
