"""The picture for a README: one card a stack, readable at a glance, the same everywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from stackverdict.cli import main
from stackverdict.errors import InputError
from stackverdict.flows.arrows import flows_of
from stackverdict.node import VARIABLE, Node
from stackverdict.picture.cards import cards, short
from stackverdict.picture.svg import write_picture

if TYPE_CHECKING:
    from pathlib import Path

    from stackverdict.subject import Subject
    from tests.conftest import Write

SVG = "{http://www.w3.org/2000/svg}"


def source(subject: Subject) -> str:
    flows = flows_of(subject.assembly, subject.references, subject.statements, subject.shown)
    return cards(subject.assembly, subject.shown, flows)


def drawn(subject: Subject, file: Path, node: Node) -> ET.Element:
    flows = flows_of(subject.assembly, subject.references, subject.statements, subject.shown)
    write_picture(subject, flows, file=file, title="a & b", node=node)
    return ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - our own text


def rule(target: str) -> dict[str, Any]:
    arn = {"Fn::GetAtt": [target, "Arn"]}
    return {"Type": "AWS::Events::Rule", "Properties": {"Targets": [{"Id": "t", "Arn": arn}]}}


FUNCTION = {"Type": "AWS::Lambda::Function"}


def test_what_feeds_stands_above_what_is_fed(template: Write) -> None:
    text = source(template(Fed=FUNCTION, Feeding=rule("Fed")))

    assert text.index("<b>Feeding</b>") < text.index("\u2193") < text.index("<b>Fed</b>")


def test_what_takes_no_part_in_the_flow_stands_back_as_plain_text(template: Write) -> None:
    text = source(template(Aside={"Type": "AWS::SNS::Topic"}, Fed=FUNCTION, Feeding=rule("Fed")))

    assert "<b>Aside</b>" not in text
    assert text.index("<b>Fed</b>") < text.index("Aside")


def test_many_of_a_type_are_one_line(template: Write) -> None:
    queries = {f"Q{number}": {"Type": "AWS::Athena::NamedQuery"} for number in range(9)}

    assert "9 \u00d7 Athena named query" in source(template(**queries))


def test_a_long_card_says_how_much_it_leaves_out(template: Write) -> None:
    kinds = {f"R{number}": {"Type": f"AWS::Some::Thing{number}"} for number in range(10)}

    assert "and 3 more" in source(template(**kinds))


def test_the_file_is_an_svg_with_a_name_and_its_own_ground(
    template: Write, tmp_path: Path, node: Node
) -> None:
    svg = drawn(template(Fed=FUNCTION, Feeding=rule("Fed")), tmp_path / "new" / "a.svg", node)

    assert svg.findtext(f"{SVG}title") == "The stacks of a & b and how data flows through them"
    ground = svg.find(f"{SVG}rect")
    assert ground is not None
    assert ground.get("fill") == "#ffffff"
    assert svg.get("width") == re.split(r"[ .]", svg.get("viewBox", ""))[4]


@pytest.mark.parametrize("name", ['a"b', "a\\", "<b>&", "a\nb", "{x|y}", "\u00e9\u4e2d"])
def test_a_strange_name_does_not_break_the_file(
    template: Write, tmp_path: Path, node: Node, name: str
) -> None:
    subject = template(**{name: {"Type": "Kind without colons"}, "Other": FUNCTION})

    svg = drawn(subject, tmp_path / "a.svg", node)

    assert "Other" in {(text.text or "").strip() for text in svg.iter(f"{SVG}text")}


@pytest.mark.usefixtures("without_lint")
def test_the_command_writes_the_file(
    tmp_path: Path, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(node.node_modules))
    (tmp_path / "in").mkdir()
    functions = "\n".join(f"  F{n}: {{Type: 'AWS::Lambda::Function'}}" for n in range(70))
    (tmp_path / "in" / "a.yaml").write_text(f"Resources:\n{functions}\n", encoding="utf-8")
    out = tmp_path / "a.svg"

    assert main([str(tmp_path / "in"), "--out", str(tmp_path), "--picture", str(out)]) == 0
    assert "70 \u00d7 Lambda function" in out.read_text(encoding="utf-8").replace(
        "&#215;", "\u00d7"
    )


def test_without_its_package_the_file_is_refused(template: Write, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="run `stackverdict setup`"):
        drawn(template(Fed=FUNCTION), tmp_path / "a.svg", Node(tmp_path))


def test_a_name_is_told_by_its_last_telling_part(template: Write) -> None:
    subject = template(A=FUNCTION)
    (resource,) = subject.assembly.resources()

    assert short(resource) == "A"


def test_a_file_that_cannot_be_written_is_refused(
    template: Write, tmp_path: Path, node: Node
) -> None:
    with pytest.raises(InputError, match="cannot be written: Is a directory"):
        drawn(template(Fed=FUNCTION), tmp_path, node)
