"""Whatever a template, a tool or an option says is text in the page, never markup."""

from __future__ import annotations

import dataclasses
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stackverdict.assess import review
from stackverdict.changes.compare import Changes
from stackverdict.changes.resources import Change
from stackverdict.engines import cfn_lint
from stackverdict.engines.result import Result
from stackverdict.flows.arrows import Flow
from stackverdict.model import Assembly
from stackverdict.picture.svg import Pictures
from stackverdict.render.markdown import write_markdown
from stackverdict.render.page import write_page

if TYPE_CHECKING:
    from stackverdict.node import Node
    from stackverdict.report import Report

TEMPLATES = Path(__file__).parent / "templates"
HARMLESS = "plain"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</script></style></title></svg><base href=//evil.example>",
    "&lt;script&gt; &amp; &#x3c;b&#x3e;",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "<!-- ]]>",
)
# What the report chooses from a list of its own, and the parts of the input that are not shown.
CHOSEN = {"basis", "reach", "weight", "state", "severity", "kind", "level", "action", "effect"}
UNSEEN = {"template", "options", "validation", "root", "pictures", "flows"}


class Structure(HTMLParser):
    """The elements of a page with the names of their attributes, and the links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name.endswith(("href", "src"))]
        if tag != "wbr":  # a text with slashes may break after them
            self.elements.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def saying(value: Any, text: str, name: str = "") -> Any:
    """The same value with another text at the end of each of its texts."""
    if name in CHOSEN or name in UNSEEN or value == "":
        return value
    if name == "body":
        return {**value, "Condition": text}
    if isinstance(value, str):
        return value + text
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            field.name: saying(getattr(value, field.name), text, field.name)
            for field in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **fields)
    if isinstance(value, dict):
        return {key + text: saying(item, text) for key, item in value.items()}
    many = isinstance(value, (list, tuple))
    return type(value)(saying(item, text, name) for item in value) if many else value


def changes_saying(text: str, missing: str) -> Changes:
    change = Change(
        stack=text,
        name=text,
        logical_id=text,
        type=text,
        action="replaced",
        properties=((text, text, text * 40, text),),
        because=(text,),
        data="lost",
        minor=False,
    )
    return Changes(
        base=text,
        resources=(change, dataclasses.replace(change, minor=True)),
        rights_added=(text,),
        rights_removed=(text,),
        exposed=(text,),
        closed=(text,),
        cost_lines=(text,),
        missing=missing,
    )


def report_saying(report: Report, text: str, *, missing: bool) -> Report:
    """The report as it were if everybody said the text wherever they may."""
    changed: Report = saying(report, text)
    first, second, *_ = changed.assembly.resources()
    flows = [Flow(first.key, second.key, "reads")]
    accepted = [dataclasses.replace(changed.findings[0], reason=text, acknowledged_at=text)]
    pictures = Pictures(missing=text) if missing else changed.pictures
    return dataclasses.replace(
        changed,
        sections=dataclasses.replace(changed.sections, flows=flows),
        findings=[*changed.findings, *accepted],
        engines=[
            Result(engine=text),
            Result(engine="a", missing=text),
            Result(engine="b", skipped=text),
        ],
        breaches=[text],
        changes=changes_saying(text, missing=text if missing else ""),
        pictures=pictures,
    )


@pytest.fixture(scope="module")
def report(node: Node) -> Report:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cfn_lint, "run", lambda *_, **__: Result(engine="cfn-lint"))
        return review(TEMPLATES, node_modules=node.node_modules)


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("text", HOSTILE)
def test_the_elements_of_the_page_do_not_depend_on_what_is_said(
    report: Report, text: str, *, missing: bool
) -> None:
    plain = Structure(write_page(report_saying(report, HARMLESS, missing=missing)))
    hostile = Structure(write_page(report_saying(report, text, missing=missing)))

    assert len(plain.elements) > 1000
    assert hostile.elements == plain.elements
    assert {link for link in hostile.links if not link.startswith("#")} == {"data:,"}
    shown = "".join(hostile.texts)
    sections = report.sections
    places = len(sections.access) + len(sections.data) + len(sections.cost) + len(report.findings)
    assert shown.count(text) > places > 50


ALLOWED = {"svg", "g", "a", "polygon", "path", "ellipse", "polyline", "text", "title"}


@pytest.mark.usefixtures("without_lint")
@pytest.mark.parametrize("text", HOSTILE)
def test_a_drawing_holds_shapes_and_links_inside_the_page_alone(
    tmp_path: Path, node: Node, text: str
) -> None:
    def resource(target: str) -> dict[str, Any]:
        properties = {"Description": text, "Target": {"Ref": target}}
        metadata = {"aws:cdk:path": f"App/{text}{target}/Resource"}
        return {"Type": f"AWS::S3::{text}", "Properties": properties, "Metadata": metadata}

    for name in ("one", "two"):
        body = {"Resources": {f"A{text}": resource(f"B{text}"), f"B{text}": resource(f"A{text}")}}
        (tmp_path / f"{name}.json").write_text(json.dumps(body))

    drawn = review(tmp_path, title=text, node_modules=node.node_modules).pictures

    assert drawn.missing == ""
    pictures = [Structure(svg) for svg in (drawn.overview, *(drawn.stacks or {}).values())]
    assert len(pictures) == 3
    for picture in pictures:
        assert {tag.removeprefix("/") for tag, _ in picture.elements} <= ALLOWED
        names = {name for _, attributes in picture.elements for name in attributes}
        assert not {name for name in names if name.startswith("on")}
        assert picture.links
        assert all(re.fullmatch("#r-[0-9a-f]{8}", link) for link in picture.links)


def test_a_comment_holds_no_tag_table_or_mention_of_anybody(report: Report) -> None:
    text = "<img src=x> | @somebody"
    lines = write_markdown(report_saying(report, text, missing=False)).splitlines()

    written = [line for line in lines if "somebody" in line]
    assert len(written) > 20
    assert not [line for line in written if "<img" in line or "@somebody" in line]
    rows = [line for line in written if line.startswith("| ")]
    assert rows
    assert not [line for line in rows if re.search(r"(?<!\\)\|(?! |$)", line)]


def test_every_text_of_an_assembly_is_tried() -> None:
    fields = {field.name for field in dataclasses.fields(Assembly)}
    assert fields - UNSEEN == {"stacks", "notes"}
