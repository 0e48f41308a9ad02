"""Settings files: what is refused, and how the refusal reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config import ConfigError, load
from tests.conftest import ROOT, SHIPPED

if TYPE_CHECKING:
    from pathlib import Path

OTHER = '[pipelines.other]\ndataset = "catch"\n'
DEV = (ROOT / "config" / "dev.toml").read_text(encoding="utf-8")


def refusal(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load(str(path))
    return str(error.value).replace(f"{path}: ", "")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_configurations_load(name: str) -> None:
    assert load(name).name == f"capstone-{name}"


def test_a_path_loads_like_a_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(DEV, encoding="utf-8")

    assert load(str(path)) == load("dev")


def test_an_unknown_configuration_names_those_that_exist() -> None:
    with pytest.raises(ConfigError, match=r"'staging' is neither .* \(academy, dev, prod\)"):
        load("staging")


@pytest.mark.parametrize(
    "name", ["", "$(x)", "a\nb.toml", "--help", "a\0b.toml", "\udcff.toml", "x" * 5000 + ".toml"]
)
def test_a_name_that_no_file_could_have_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=r"^CONFIG='"):
        load(name)


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, 'colour = "red"\n' + DEV) == (
        "colour: unknown key; remove it or check its spelling"
    )


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    text = DEV.replace('region = "us-east-1"\n', "")

    assert refusal(tmp_path, text) == "region: missing, and has no default"


def test_broken_toml_gives_the_place(tmp_path: Path) -> None:
    assert "line 1" in refusal(tmp_path, "name = \n")


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = DEV.replace('"disposable"', '"maybe"').replace('"us-east-1"', '"Paris"')

    problems = refusal(tmp_path, text).splitlines()

    assert len(problems) == 2
    assert "'maybe' is not allowed: Input should be 'disposable' or 'keep'" in problems[1]


@pytest.mark.parametrize(
    ("addition", "expected"),
    [
        ("[query]\nbytes_scanned_cutoff_mb = 5", "query.bytes_scanned_cutoff_mb: 5 is not allowed"),
        ("[operations]\nlog_retention_days = 8", "operations.log_retention_days: 8 is not allowed"),
        (
            OTHER + "serverless_memory_mb = 1500",
            "pipelines.other.serverless_memory_mb: 1500",
        ),
        (
            OTHER + 'instance_type = "ml.p3.2xlarge"',
            "'p3' is retired: closed on 2025-12-20",
        ),
        (
            OTHER + 'instance_type = "m5.large"',
            "pipelines.other.instance_type: 'm5.large'",
        ),
        ("[delivery]\ngithub_owner_id = 12", "delivery: github_owner_id and github_repository_id"),
        ('[delivery]\ndefault_branch = "-D"', "delivery.default_branch: '-D' is not allowed"),
        ('[network]\ncidr = "10.0.0.0/8"', "network.cidr: '10.0.0.0/8' is not allowed"),
    ],
)
def test_an_illegal_value_is_refused_with_its_key(
    tmp_path: Path, addition: str, expected: str
) -> None:
    assert expected in refusal(tmp_path, f"{DEV}\n{addition}\n")


def test_kept_data_cannot_be_destroyed(tmp_path: Path) -> None:
    text = DEV.replace('data = "disposable"', 'data = "keep"\ndestroy_source_data = true')

    assert 'destroy_source_data = true contradicts data = "keep"' in refusal(tmp_path, text)


def test_files_at_the_root_need_a_bucket_name_for_the_table(tmp_path: Path) -> None:
    text = f'{DEV}\n[storage]\nprefixes = {{ catch = "" }}\n'

    assert "storage.source_bucket_name must be given" in refusal(tmp_path, text)


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load("dev").name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(("config", "table"), [("dev", "catch"), ("academy", "data_source_48151")])
def test_the_table_is_named_as_a_crawler_names_it(config: str, table: str) -> None:
    settings = load(config)

    assert [settings.table_name(dataset) for dataset in settings.datasets] == [table]


def test_columns_are_renamed_in_the_files_that_the_pattern_matches() -> None:
    (dataset,) = load("dev").datasets

    assert dataset.renames_for("SAU-EEZ-242.csv") == {
        "fish_name": "common_name",
        "country": "fishing_entity",
    }
    assert dataset.renames_for("SAU-HighSeas-71.csv") == {}


def test_text_that_is_not_utf8_is_refused_as_such(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes('name = "café"'.encode("latin-1"))

    with pytest.raises(ConfigError, match=r"mine\.toml: not UTF-8 text"):
        load(str(path))
