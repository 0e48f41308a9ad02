"""What is completed in the environment, and what of the user's own stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doctor import environment
from doctor.environment import install_environment
from doctor.machine import read_pip_options

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from doctor.machine import Machine

    Make = Callable[..., Machine]

MIRROR = "https://mirror.example/simple"


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The system's file of certificates."""
    file = tmp_path / "system.pem"
    file.touch()
    monkeypatch.setattr(environment, "SYSTEM_BUNDLES", ("/absent.pem", str(file)))
    monkeypatch.setattr("sys.platform", "linux")
    return str(file)


def test_all_programs_trust_what_the_system_trusts(machine: Make, bundle: str) -> None:
    environ = install_environment(machine())

    assert environ["UV_SYSTEM_CERTS"] == "true"
    assert environ["PIP_CERT"] == environ["NODE_EXTRA_CA_CERTS"] == bundle
    assert "SSL_CERT_FILE" not in environ


def test_a_file_that_somebody_named_wins_over_the_systems(
    machine: Make, bundle: str, tmp_path: Path
) -> None:
    named = tmp_path / "company.pem"
    named.touch()

    environ = install_environment(machine({"REQUESTS_CA_BUNDLE": str(named)}))

    assert bundle != str(named)
    assert {environ[name] for name in ("SSL_CERT_FILE", "PIP_CERT", "NODE_EXTRA_CA_CERTS")} == {
        str(named)
    }


def test_what_the_user_has_set_for_one_program_stays(machine: Make, bundle: str) -> None:
    given = {"UV_SYSTEM_CERTS": "false", "NODE_EXTRA_CA_CERTS": "/own.pem", "PIP_CERT": bundle}

    environ = install_environment(machine(given))

    assert {name: environ[name] for name in given} == given


def test_a_file_that_is_not_there_is_not_handed_on(machine: Make, bundle: str) -> None:
    environ = install_environment(machine(cert="/absent/company.pem"))

    assert environ["PIP_CERT"] == bundle
    assert "SSL_CERT_FILE" not in environ


def test_pips_index_becomes_uvs(machine: Make) -> None:
    environ = install_environment(machine(index_url=MIRROR, trusted_host="mirror.example"))

    assert environ["UV_DEFAULT_INDEX"] == MIRROR
    assert environ["UV_INSECURE_HOST"] == "mirror.example"


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
def test_an_index_that_uv_is_told_stays_its_own(machine: Make, variable: str) -> None:
    told = machine({variable: "https://own.example"}, index_url=MIRROR)

    environ = install_environment(told)

    assert environ[variable] == told.python_index == "https://own.example"
    assert MIRROR not in environ.values()


def test_a_file_of_uvs_own_says_which_index_it_takes(machine: Make) -> None:
    configured = machine(index_url=MIRROR)
    (configured.home / ".config" / "uv").mkdir(parents=True)
    (configured.home / ".config" / "uv" / "uv.toml").touch()

    assert "UV_DEFAULT_INDEX" not in install_environment(configured)


def test_a_proxy_in_the_environment_wins_over_pips(machine: Make) -> None:
    proxied = machine({"https_proxy": "http://one:1"}, proxy="http://two:2")

    assert "HTTPS_PROXY" not in install_environment(proxied)
    assert install_environment(machine(proxy="http://two:2"))["HTTPS_PROXY"] == "http://two:2"


def test_pips_options_are_read_with_their_precedence() -> None:
    lines = [
        ":env:.index-url='https://variable.example'",
        "global.cert='/company.pem'",
        "global.index-url='https://everywhere.example'",
        "install.index-url='https://install.example'",
        "install.trusted-host='a\\nb'",
    ]

    assert read_pip_options(lines) == {
        "cert": "/company.pem",
        "index-url": "https://variable.example",
        "trusted-host": "a\nb",
    }


def test_npms_registry_is_its_variable_or_the_users_file(machine: Make) -> None:
    plain, told = machine(), machine({"npm_config_registry": "https://told.example"})

    assert plain.npm_registry == "https://registry.npmjs.org"
    (plain.home / ".npmrc").write_text("audit=false\nregistry = https://file.example\n")
    assert plain.npm_registry == "https://file.example"
    assert told.npm_registry == "https://told.example"
