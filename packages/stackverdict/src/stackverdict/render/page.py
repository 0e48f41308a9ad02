"""Write the page: one HTML file that needs nothing else.

The templates escape whatever they are given. What is marked as markup is this package's own: the
style, the script, a possible line break, and the SVG that Graphviz makes of escaped labels.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from stackverdict.anchors import anchor, resource_anchor
from stackverdict.render import views
from stackverdict.resource_types import title
from stackverdict.tables import table

if TYPE_CHECKING:
    from stackverdict.report import Report

_TEMPLATES = Path(__file__).with_name("templates")
_NAV = (
    ("picture", "Picture"),
    ("changes", "What changed"),
    ("access", "Who may do what"),
    ("exposure", "Exposure"),
    ("data", "Data"),
    ("cost", "Cost"),
    ("limits", "Lifecycle and limits"),
    ("findings", "Findings"),
    ("accepted", "Acknowledgements"),
    ("inventory", "Inventory"),
)


def write_page(report: Report) -> str:
    """Return the page's HTML."""
    page = _environment().get_template("page.html.j2")
    return page.render(
        report=report,
        verdict=report.verdict,
        nav=[entry for entry in _NAV if entry[0] != "changes" or report.changes is not None],
        style=_own("page.css"),
        script=_own("page.js"),
        figures=views.figures(report),
        pictures=_pictures(report),
        flows=views.flow_lines(report),
        access=views.access_view(report),
        changes=views.changes_view(report.changes),
        exposure=views.exposure_view(report),
        data=views.data_view(report),
        cost=views.cost_view(report),
        prices=table("prices"),
        limits=views.limits_view(report),
        findings=views.findings_view(report),
        files={stack.name: stack.file for stack in report.assembly.stacks},
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(anchor=anchor, resource_anchor=resource_anchor)
    environment.filters.update(breakable=_breakable, short=views.short, type_title=title)
    return environment


def _own(name: str) -> Markup:
    """Return a file of this package: it holds no text of a template."""
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


def _breakable(value: str) -> Markup:
    """Let a line break after the slashes of a path; `join` escapes every part."""
    return Markup("/<wbr>").join(value.split("/"))


def _pictures(report: Report) -> dict[str, Any]:
    """Return the drawings by name; Graphviz escaped the labels in them."""
    pictures = report.pictures
    drawn = {"Everything": pictures.overview, **(pictures.stacks or {})}
    return {name: Markup(svg) for name, svg in drawn.items()}  # noqa: S704 - see above
