"""The page stands alone, escapes what it shows, and every link in it leads somewhere."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stackverdict.assess import review
from stackverdict.cli import main
from stackverdict.engines import cfn_lint
from stackverdict.engines.result import Result
from stackverdict.render.json_text import as_data
from stackverdict.render.markdown import LIMIT, write_markdown
from stackverdict.render.page import write_page

if TYPE_CHECKING:
    from stackverdict.node import Node
    from stackverdict.report import Report

TEMPLATES = Path(__file__).parent / "templates"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def report(node: Node) -> Report:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cfn_lint, "run", lambda *_, **__: Result(engine="cfn-lint"))
        return review(
            TEMPLATES / "everything.yaml", title="everything", node_modules=node.node_modules
        )


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return write_page(report)


class Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def values(self, name: str) -> list[str]:
        return [attrs[name] for _, attrs in self.found if name in attrs]


def test_every_link_inside_the_page_leads_to_a_place_in_it(page: str) -> None:
    elements = Elements(page)
    targets = {link[1:] for link in elements.values("href") if link.startswith("#")}
    targets |= {link[1:] for link in elements.values("xlink:href") if link.startswith("#")}
    assert len(targets) > 50
    assert targets <= set(elements.values("id"))


def test_ids_are_distinct(page: str) -> None:
    ids = Elements(page).values("id")
    assert sorted(ids) == sorted(set(ids))


def test_the_page_asks_the_network_for_nothing(page: str) -> None:
    elements = Elements(page)
    assert not [
        attrs for tag, attrs in elements.found if tag in {"script", "img"} and "src" in attrs
    ]
    assert {link for link in elements.values("href") if not link.startswith("#")} == {"data:,"}
    assert "default-src 'none'" in page


def test_the_sections_are_landmarks_with_names(page: str) -> None:
    elements = Elements(page)
    sections = [attrs for tag, attrs in elements.found if tag == "section"]
    assert [attrs.get("id") for attrs in sections if attrs.get("id")] == [
        *("picture", "access", "exposure", "data", "cost", "limits"),
        *("findings", "accepted", "inventory", "notes"),
    ]
    assert all(attrs.get("aria-labelledby") in elements.values("id") for attrs in sections)
    assert {"main", "nav", "header"} <= {tag for tag, _ in elements.found}


@pytest.mark.usefixtures("without_lint")
def test_text_of_a_template_is_never_markup(tmp_path: Path) -> None:
    resource = {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Value": "changeme", "Description": EVIL},
        "Metadata": {"aws:cdk:path": f"App/{EVIL}/Resource"},
    }
    path = tmp_path / "evil.json"
    path.write_text(json.dumps({"Resources": {EVIL: resource}}))
    report = review(path, title=EVIL)
    assert EVIL not in write_page(report)
    assert EVIL not in write_markdown(dataclasses.replace(report, title="evil"))


def test_the_verdict_names_what_the_internet_reaches(report: Report) -> None:
    verdict = as_data(report)["verdict"]
    assert verdict["state"] == "stop"
    assert "The internet reaches everything/Bucket" in {
        reason["words"] for reason in verdict["reasons"]
    }


@pytest.mark.usefixtures("without_lint")
def test_a_calm_assembly_may_be_approved(tmp_path: Path) -> None:
    (tmp_path / "calm.yaml").write_text(
        "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n"
        "  Budget: {Type: 'AWS::Budgets::Budget', Properties: {Budget: "
        "{BudgetType: COST, TimeUnit: MONTHLY, BudgetLimit: {Amount: 5, Unit: USD}}}}\n"
    )
    verdict = as_data(review(tmp_path))["verdict"]
    assert (verdict["state"], verdict["words"]) == ("go", "Nothing stands in the way")


@pytest.mark.parametrize("absence", ["missing", "skipped"])
def test_a_tool_that_did_not_run_is_a_point_to_look_at(report: Report, absence: str) -> None:
    engine = Result(engine="cfn-lint", **{absence: "it is not there"})  # type: ignore[arg-type]  # a text
    verdict = dataclasses.replace(report, engines=[engine], breaches=[]).verdict
    assert verdict.state == "look"
    assert "cfn-lint did not run: it is not there" in {reason.words for reason in verdict.reasons}


def test_what_was_not_understood_is_on_the_page(page: str) -> None:
    assert "AWS::Serverless-2016-10-31" in page.partition('id="notes"')[2]


@pytest.mark.usefixtures("without_lint")
def test_the_json_is_the_same_each_time() -> None:
    first, second = (as_data(review(TEMPLATES / "everything.yaml")) for _ in range(2))
    assert first == second


def test_markdown_stays_below_what_a_comment_may_have(report: Report) -> None:
    assert len(write_markdown(report)) < LIMIT


def run(*arguments: str) -> int:
    return main(list(arguments))


@pytest.mark.usefixtures("without_lint")
def test_the_command_writes_three_files(tmp_path: Path) -> None:
    assert run(str(TEMPLATES / "budget" / "pass.yaml"), "--out", str(tmp_path / "out")) == 0
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert names == {"index.html", "review.md", "review.json"}


@pytest.mark.slow
def test_the_gate_ends_with_one_when_it_is_shut(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("gate", str(TEMPLATES / "tls-only-bucket" / "fail.yaml")) == 1
    printed = capsys.readouterr()
    assert "the bucket answers requests without TLS [tls-only-bucket, review]" in printed.out
    assert "gate: " in printed.err


@pytest.mark.usefixtures("without_lint")
def test_bad_input_ends_with_two_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.yaml").write_text("Resources: {A: {Type: 3}}")
    assert run(str(tmp_path / "bad.yaml")) == 2
    message = capsys.readouterr().err
    assert re.fullmatch(r"stackverdict: .*bad\.yaml, Resources/A, line 1: a resource .*\n", message)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_the_script_runs_in_a_browser_and_a_deep_link_shows_its_row(
    page: str, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    row: Any = re.search(r'<tr id="(f-[0-9a-f]+)"', page)
    process = subprocess.run(
        [
            str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path}/profile", "--dump-dom",
            f"file://{tmp_path}/index.html#{row[1]}",
        ],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    elements = Elements(process.stdout)
    labels = [attrs.get("aria-label", "") for tag, attrs in elements.found if tag == "svg"]
    assert any("Architecture" in label for label in labels)
    assert not [attrs for tag, attrs in elements.found if tag == "tr" and "hidden" in attrs]


@pytest.mark.usefixtures("without_lint")
def test_an_image_without_a_browser_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    template, image = str(TEMPLATES / "budget" / "pass.yaml"), tmp_path / "page.png"
    assert run(template, "--out", str(tmp_path / "out"), "--image", str(image)) == 2
    assert "an image needs a browser" in capsys.readouterr().err
    assert not image.exists()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
@pytest.mark.usefixtures("without_lint")
def test_an_image_of_the_page_is_a_png(tmp_path: Path) -> None:
    template, image = str(TEMPLATES / "budget" / "pass.yaml"), tmp_path / "page.png"
    assert run(template, "--out", str(tmp_path / "out"), "--image", str(image)) == 0
    assert image.read_bytes().startswith(b"\x89PNG")
