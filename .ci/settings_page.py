"""Prints docs/settings.md: every key of a configuration, a data set and a dashboard.

What a key means is the docstring below it in the model; what it allows and its default are the
model's own.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from pydantic_core import PydanticUndefined

from config.dashboard_file import DashboardFile, View, Visual
from config.dataset import Column, Dataset, Prediction, Rename
from config.sections.ml import Pipeline
from config.sections.section import Section
from config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

HEAD = """# Settings

Every key, its type, its default and what it is for, as the models in `config/` have them
(`make settings` writes this page). A key that is not here is refused, with its file and its name.
"""
KINDS: Final = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "`true`, `false`",
    "array": "list",
}
"""TOML's words for the types of JSON schema."""
FOLLOWS: Final = {"name", "home"}
"""Keys of a data set and of a pipeline that follow from the file or from the table's head."""


def docstrings(model: type[Section]) -> dict[str, str]:
    """The text below each field of a model."""
    (definition,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - what getsource of a class gives
    texts = {}
    for field, text in zip(definition.body, definition.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            texts[field.target.id] = " ".join(str(text.value.value).split())
    return texts


def allowed(schema: dict[str, Any]) -> str:
    """What a key takes, in the words of TOML."""
    if "anyOf" in schema:
        parts = [allowed(part) for part in schema["anyOf"] if part.get("type") != "null"]
        return " or ".join(parts)
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    kind = KINDS.get(schema.get("type", ""), "table")
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is not None:
        kind += f", from {low}" if "minimum" in schema else f", above {low}"
    if high is not None:
        kind += f" to {high}"
    return kind


def default(field: FieldInfo) -> str:
    """The default of a key, as TOML has it."""
    if field.is_required():
        return "**needed**"
    value = field.get_default(call_default_factory=True)
    if value is None or value is PydanticUndefined or isinstance(value, Section):
        return ""
    return f"`{json.dumps(value)}`" if not isinstance(value, tuple) or value else ""


def rows(model: type[Section], prefix: str, *, leave_out: set[str]) -> Iterator[str]:
    """A line of the table for each key of a model."""
    texts, properties = docstrings(model), model.model_json_schema()["properties"]
    for name, field in model.model_fields.items():
        key = field.alias or name
        if name in leave_out or _is_section(field):
            continue
        text = re.sub(r"``([^`]*)``", r"`\1`", texts.get(name, "")).replace("|", "\\|")
        yield f"| `{prefix}{key}` | {allowed(properties[key])} | {default(field)} | {text} |"


def _is_section(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, Section)


def table(title: str, model: type[Section], prefix: str = "", *, leave_out: set[str]) -> str:
    """A part of the page: a heading, what the model is, its keys."""
    summary = (inspect.getdoc(model) or "").splitlines()[0]
    head = f"\n## {title}\n{summary}\n\n| key | takes | default | |\n|---|---|---|---|\n"
    return head + "\n".join(rows(model, prefix, leave_out=leave_out)) + "\n"


def page() -> str:
    """The whole page."""
    parts = [HEAD, table("A configuration: `config/NAME.toml`", Settings, leave_out=set())]
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            parts.append(table(f"`[{name}]`", field.annotation, leave_out=set()))
    parts += [
        table("`[pipelines.NAME]`", Pipeline, leave_out=FOLLOWS),
        table("A data set: `datasets/NAME.toml`", Dataset, leave_out=FOLLOWS),
        table("`[columns]` of a data set, `NAME = { … }`", Column, leave_out=set()),
        table("`[[renames]]` of a data set", Rename, leave_out=set()),
        table("`[prediction]` of a data set", Prediction, leave_out=set()),
        table("A dashboard: `dashboards/NAME.toml`", DashboardFile, leave_out=set()),
        table("`[views.NAME]` of a dashboard", View, leave_out=set()),
        table("`[[visuals]]` of a dashboard", Visual, leave_out=set()),
    ]
    return "".join(parts)


if __name__ == "__main__":
    print(page(), end="")
