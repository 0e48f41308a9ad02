"""Data sets and pipelines of a configuration: what fits together, and what is refused."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from config import ConfigError, load
from config.loader import load_dataset
from config.sections.ml import RETIRED_FAMILIES
from tests.conftest import ROOT, SHIPPED

if TYPE_CHECKING:
    from pathlib import Path

    from config.learning import Learning

HEAD = """name = "capstone-mine"
region = "us-east-1"
data = "disposable"
{lists}

[tags]
project = "capstone"
"""
COLUMNS = """
id = { type = "whole", role = "key" }
sold = { type = "date", role = "time" }
rooms = { type = "whole", role = "number" }
kind = { type = "text", role = "category" }
price = { type = "fraction", role = "target" }
"""


def dataset(folder: Path, name: str, *, head: str = "", columns: str = COLUMNS) -> None:
    path = folder / "datasets" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'title = "{name}"\n{head}\n[columns]{columns}', encoding="utf-8")


def settings_file(folder: Path, *names: str, pipelines: str = "", tables: str = "") -> str:
    lists = f"datasets = {[f'datasets/{name}.toml' for name in names]}"
    lists += "" if pipelines else "\npipelines = {}"
    path = folder / "mine.toml"
    path.write_text(HEAD.format(lists=lists) + pipelines + tables, encoding="utf-8")
    return str(path)


def refusal(folder: Path, *names: str, pipelines: str = "", tables: str = "") -> str:
    with pytest.raises(ConfigError) as error:
        load(settings_file(folder, *names, pipelines=pipelines, tables=tables))
    return str(error.value)


def learning(
    folder: Path, pipeline: str = "", *, more: str = "", columns: str = COLUMNS
) -> Learning:
    dataset(folder, "houses", columns=columns + more)
    table = f'\n[pipelines.price]\ndataset = "houses"\n{pipeline}'
    (only,) = load(settings_file(folder, "houses", pipelines=table)).learnings
    return only


def test_several_data_sets_have_a_folder_and_a_table_each(tmp_path: Path) -> None:
    dataset(tmp_path, "houses")
    dataset(tmp_path, "trips", head='prefix = "in/town-trips/"')

    settings = load(settings_file(tmp_path, "houses", "trips"))

    assert [each.folder for each in settings.datasets] == ["raw/houses/", "in/town-trips/"]
    assert [settings.table_name(each) for each in settings.datasets] == ["houses", "town_trips"]
    assert settings.database_name == "capstone_mine"


def test_a_data_set_listed_twice_is_refused(tmp_path: Path) -> None:
    dataset(tmp_path, "houses")

    assert "houses is listed twice" in refusal(tmp_path, "houses", "houses")


@pytest.mark.parametrize("outer", ["raw/", "raw/houses/"])
def test_a_prefix_inside_another_is_refused(tmp_path: Path, outer: str) -> None:
    dataset(tmp_path, "houses", head='prefix = "raw/houses/"')
    dataset(tmp_path, "trips", head=f'prefix = "{outer}"')

    assert "the crawler would mix their files" in refusal(tmp_path, "houses", "trips")


def test_two_folders_of_one_name_are_refused(tmp_path: Path) -> None:
    dataset(tmp_path, "houses", head='prefix = "a/data/"')
    dataset(tmp_path, "trips", head='prefix = "b/data/"')

    assert "would both become the table 'data'" in refusal(tmp_path, "houses", "trips")


def test_a_prefix_of_the_settings_wins_over_that_of_the_data_set(tmp_path: Path) -> None:
    dataset(tmp_path, "houses", head='prefix = "raw/houses/"')
    tables = '\n[storage]\nprefixes = { houses = "in/homes/" }\n'

    (only,) = load(settings_file(tmp_path, "houses", tables=tables)).datasets

    assert only.folder == "in/homes/"


def test_a_prefix_for_a_data_set_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    dataset(tmp_path, "houses")
    tables = '\n[storage]\nprefixes = { homes = "in/homes/" }\n'

    assert "homes is none of the data sets: houses" in refusal(tmp_path, "houses", tables=tables)


@pytest.mark.parametrize("key", ["datasets", "pipelines"])
def test_nothing_is_left_out_by_accident(tmp_path: Path, key: str) -> None:
    dataset(tmp_path, "houses")
    path = tmp_path / "mine.toml"
    lists = {"datasets": 'datasets = ["datasets/houses.toml"]', "pipelines": "pipelines = {}"}
    path.write_text(HEAD.format(lists=next(v for k, v in lists.items() if k != key)))

    with pytest.raises(ConfigError, match=f"{key}: missing, and has no default; .* on purpose"):
        load(str(path))


def test_a_platform_without_data_sets_has_no_sql_on_purpose_only(tmp_path: Path) -> None:
    assert 'set query.kind = "off" if that is on purpose' in refusal(tmp_path)

    assert load(settings_file(tmp_path, tables='\n[query]\nkind = "off"\n')).datasets == ()


def test_an_unknown_data_set_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD.format(lists='datasets = ["cod"]\npipelines = {}'))

    with pytest.raises(ConfigError, match=r"'cod' is neither a file of datasets/ \(catch\)"):
        load(str(path))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("\na = { type = 'text', role = 'number' }", "role 'number' takes fraction, whole"),
        ("\na = { type = 'real', role = 'number' }", "columns.a.type: 'real' is not allowed"),
        ("\nA = { type = 'whole', role = 'number' }", "columns.A"),
        ("\na = { type = 'text', role = 'key', above = 1 }", "are for numbers, not for 'text'"),
        (COLUMNS + "b = { type = 'whole', role = 'target' }", "price, b all have the role"),
        ("\na.type = 'whole'\na.type = 'text'", "not valid TOML"),
        ("\na = { type = 'whole', role = 'number', wide = 1 }", "columns.a.wide: unknown key"),
    ],
)
def test_a_column_that_cannot_be_is_refused(tmp_path: Path, columns: str, expected: str) -> None:
    dataset(tmp_path, "houses", columns=columns)

    assert expected in refusal(tmp_path, "houses")


@pytest.mark.parametrize("key", ["partitions", "prediction.ratio_to", "prediction.by"])
def test_a_name_that_is_no_column_is_refused(tmp_path: Path, key: str) -> None:
    value = '["size"]' if key == "partitions" else '"size"'
    dataset(tmp_path, "houses", head=f"{key} = {value}")

    assert f"{key} names 'size', which is no column; there are id" in refusal(tmp_path, "houses")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            'prediction.ratio_to = "kind"',
            "names 'kind', whose role is 'category'; it must be a number",
        ),
        ('prediction.by = "rooms"', "names 'rooms', whose role is 'number'; it must be a category"),
    ],
)
def test_a_ratio_is_to_a_number_by_a_category(tmp_path: Path, head: str, expected: str) -> None:
    dataset(tmp_path, "houses", head=head)

    assert expected in refusal(tmp_path, "houses")


def test_a_data_set_of_2000_columns_loads(tmp_path: Path) -> None:
    columns = "".join(f"\nc{n} = {{ type = 'whole', role = 'number' }}" for n in range(2000))
    dataset(tmp_path, "wide", columns=columns)

    assert len(load_dataset(tmp_path / "datasets" / "wide.toml").columns) == 2000


def test_a_pipeline_learns_every_number_and_category_but_no_key_and_no_date(tmp_path: Path) -> None:
    schema = learning(tmp_path).schema()

    assert schema["features"] == ["rooms", "kind"]
    assert (schema["target"], schema["answer"]) == ("price", "predicted_price")
    assert (schema["time"], schema["key"]) == ("sold", ["id"])
    assert set(schema["columns"]) == {"id", "sold", "rooms", "kind", "price"}
    assert (schema["task"], schema["metric"]) == ("regression", "mae")
    assert schema["baseline"] == {"kind": "median"}


def test_a_text_is_classified(tmp_path: Path) -> None:
    only = learning(tmp_path, 'target = "kind"')

    assert (only.task, only.metric, only.baseline) == ("classification", "error_rate", "majority")
    assert only.schema()["features"] == ["rooms"]
    assert only.answer_columns == {
        "rooms": "bigint",
        "sagemakeroutput": "struct<predicted_kind:string,probability:double>",
    }


@pytest.mark.parametrize(
    ("pipeline", "expected"),
    [
        ('target = "size"', "pipelines.price.target: 'size' is no column of datasets/houses.toml"),
        ('target = "kind"\ntask = "regression"', "\"regression\" needs a number, but 'kind'"),
        ('baseline = "majority"', "pipelines.price.baseline: 'majority' is not for regression"),
        ('metric = "log_loss"', "allowed is mae, rmse, weighted_ape"),
        ('scale = "log_ratio"', "needs prediction.ratio_to in datasets/houses.toml"),
        ('target = "kind"\nscale = "log"', "'log' is not for classification"),
        ("max_error_ratio = 1.5", "pipelines.price.max_error_ratio: 1.5 is not allowed"),
        ('colour = "red"', "pipelines.price.colour: unknown key"),
    ],
)
def test_a_pipeline_that_does_not_fit_its_data_set_is_refused(
    tmp_path: Path, pipeline: str, expected: str
) -> None:
    with pytest.raises(ConfigError) as error:
        learning(tmp_path, pipeline)

    assert expected in str(error.value)


def test_a_pipeline_without_a_target_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"pipelines\.price\.target: missing, and no column of"):
        learning(tmp_path, columns=COLUMNS.replace('"target"', '"number"'))


def test_a_pipeline_over_a_data_set_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    dataset(tmp_path, "houses")
    pipelines = '\n[pipelines.price]\ndataset = "homes"\n'

    reason = refusal(tmp_path, "houses", pipelines=pipelines)
    assert (
        "pipelines.price.dataset: 'homes' is none of the data sets: datasets lists houses" in reason
    )


@pytest.mark.parametrize("instance", ["ml.g5.xlarge", "ml.p4d.24xlarge", "ml.c6gd.large"])
def test_a_customers_key_is_refused_for_machines_with_disks_of_their_own(
    tmp_path: Path, instance: str
) -> None:
    dataset(tmp_path, "houses")
    pipelines = f'\n[pipelines.price]\ndataset = "houses"\ninstance_type = "{instance}"\n'
    tables = '\n[storage]\nencryption = "kms"\n'

    reason = refusal(tmp_path, "houses", pipelines=pipelines, tables=tables)

    assert f"pipelines.price.instance_type: '{instance}' has disks of its own" in reason


def test_no_two_shipped_configurations_take_the_same_name_in_an_account() -> None:
    settings = [load(name) for name in SHIPPED]
    names = [
        name
        for each in settings
        for name in (
            each.name,
            each.workgroup_name,
            each.database_name,
            each.catalog.glue_role_name,
        )
        if name is not None
    ]

    shared = {name for name in names if names.count(name) > 1}
    assert shared <= {each.name for each in settings}  # a workgroup bears its platform's name


def test_the_review_finds_every_family_of_instances_that_the_settings_refuse() -> None:
    folder = ROOT / "packages" / "stackverdict" / "src" / "stackverdict" / "tables"
    table = tomllib.loads((folder / "lifecycle.toml").read_text(encoding="utf-8"))
    patterns = [
        entry["match"]
        for entries in table.values()
        if isinstance(entries, list)
        for entry in entries
        if "match" in entry
    ]

    assert RETIRED_FAMILIES
    for family in RETIRED_FAMILIES:
        assert any(re.search(pattern, f"ml.{family}.xlarge") for pattern in patterns), family
