"""No import leads back to where it came from: no module, no folder, no service."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from understudy_support.sources import import_graph, modules

if TYPE_CHECKING:
    from collections.abc import Mapping


def test_no_import_goes_round_in_a_circle() -> None:
    graph = import_graph()

    order = list(TopologicalSorter(graph).static_order())

    assert len(order) == len(graph) > 150
    assert order.index("core.service") < order.index("composition") < order.index("process")


def child(module: str, folder: str) -> str:
    """The folder or module directly in a folder that a module belongs to, or nothing."""
    inside = f"{module}.".removeprefix(f"{folder}." if folder else "")
    return "" if folder and inside == f"{module}." else inside.partition(".")[0]


def children(graph: Mapping[str, set[str]], folder: str) -> dict[str, set[str]]:
    """Each folder and module directly in a folder to the others there that it imports."""
    uses: dict[str, set[str]] = {}
    for module, names in graph.items():
        own = child(module, folder)
        uses.setdefault(own, set()).update({child(name, folder) for name in names} - {own, ""})
    uses.pop("", None)
    return uses


def circle_in(graph: Mapping[str, set[str]]) -> str:
    """A circle of imports in words; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " imports ".join(reversed(error.args[1]))
    return ""


def test_two_rooms_that_need_each_other_are_a_circle() -> None:
    rooms = {
        "room.low.tools": set(),
        "room.low.work": {"room.high"},
        "room.high": {"room.low.tools"},
    }

    assert circle_in(rooms) == ""
    assert circle_in(children(rooms, "room")) == "low imports high imports low"


def test_what_lies_in_a_folder_imports_in_no_circle() -> None:
    folders = {module.rpartition(".")[0] for module in modules()}
    graph = import_graph()
    rooms = {folder: children(graph, folder) for folder in folders}

    assert {"containers", "serving", "service"} <= rooms["services.sagemaker"].keys()
    assert len(rooms) > 15
    assert [circle for uses in rooms.values() if (circle := circle_in(uses))] == []
