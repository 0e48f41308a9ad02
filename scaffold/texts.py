"""Writes the texts of a data set's files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scaffold.guess import is_classified

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaffold.guess import Guess
    from scaffold.look import Looked
    from scaffold.questions import Question

LONGEST_PLATFORM: Final = 25
"""The characters of a configuration's name; the model of the settings has the same limit."""
LONGEST_PIPELINE: Final = 30


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that is written, before it is text."""

    look: Looked
    guesses: Sequence[Guess]
    questions: Sequence[Question]
    expectations: Mapping[str, Sequence[str]]
    """By the question's name, what its answer has to be."""

    @property
    def name(self) -> str:
        """The data set's name."""
        return self.look.name

    @property
    def target(self) -> Guess | None:
        """The column to predict."""
        return next((guess for guess in self.guesses if guess.role == "target"), None)

    @property
    def views(self) -> list[Question]:
        """The questions that are views."""
        return [question for question in self.questions if question.kind == "view"]


def files_of(plan: Plan, *, listed: str) -> dict[str, str]:
    """Every file to write, by its path, with its text.

    Args:
        plan: What to write.
        listed: How the configuration lists the data set: its name, or the path of its file.
    """
    name = plan.name
    files = {f"datasets/{name}.toml": dataset_text(plan)}
    for question in plan.questions:
        place = f"queries/{name}"
        files[f"{place}/{question.name}.sql"] = query_text(plan, question)
        files[f"{place}/reference/{question.name}.sql"] = question.reference(f"{name}_files")
    if plan.views:
        files[f"dashboards/{name}.toml"] = dashboard_text(plan)
    files[f"config/{name}.toml"] = config_text(plan, listed=listed)
    return files


def dataset_text(plan: Plan) -> str:
    """``datasets/NAME.toml``."""
    look = plan.look
    lines = [
        f"# What `make new` made of {look.rows:,} rows; it is yours, correct what is wrong.",
        "# docs/my-data.md explains each line.",
        f"title = {quoted(_title(plan.name))}",
    ]
    if look.partitions:
        lines.append(f"partitions = [{', '.join(map(quoted, look.partitions))}]")
    lines += ["", "[columns]", *(_column(guess) for guess in plan.guesses)]
    if look.renames:
        lines += ["", "[[renames]]", "[renames.columns]"]
        lines += [f"{quoted(old)} = {quoted(new)}" for old, new in look.renames.items()]
    if plan.target is not None:
        task = "classification" if is_classified(plan.target.column) else "regression"
        lines += ["", "[prediction]", f"task = {quoted(task)}"]
    return "\n".join(lines) + "\n"


def _column(guess: Guess) -> str:
    column = guess.column
    parts = [f"type = {quoted(column.type)}", f"role = {quoted(guess.role)}"]
    if column.files != "every":
        parts.append(f"files = {quoted(column.files)}")
    if guess.role in {"target", "time"}:
        parts.append("required = true")
    return f"{column.name} = {{ {', '.join(parts)} }}"


def query_text(plan: Plan, question: Question) -> str:
    """``queries/NAME/QUESTION.sql``."""
    expected = "".join(f"-- expect: {text}\n" for text in plan.expectations[question.name])
    return (
        f"-- name: {question.name}\n-- kind: {question.kind}\n"
        f"-- description: {question.description}\n{expected}{question.statement}"
    )


def dashboard_text(plan: Plan) -> str:
    """``dashboards/NAME.toml``."""
    lines = [f"title = {quoted(_title(plan.name))}"]
    for view in plan.views:
        lines += ["", f"[views.{view.name}.columns]"]
        lines += [f"{name} = {quoted(kind)}" for name, kind in (view.types or {}).items()]
    for view in plan.views:
        category, value = list(view.expressions)[:2]
        lines += [
            "",
            "[[visuals]]",
            f"kind = {quoted('line' if view.over_time else 'bar')}",
            f"title = {quoted(view.description.rstrip('.'))}",
            f"view = {quoted(view.name)}",
            f"category = {quoted(category)}",
            f"value = {quoted(value)}",
        ]
    return "\n".join(lines) + "\n"


def config_text(plan: Plan, *, listed: str) -> str:
    """``config/NAME.toml``."""
    name = plan.name
    platform = f"capstone-{name.replace('_', '-')}"[:LONGEST_PLATFORM].rstrip("-")
    lines = [
        "# The default settings, for files of your own.",
        f"name = {quoted(platform)}",
        'region = "us-east-1"',
        'data = "disposable"',
        f"datasets = [{quoted(listed)}]",
    ]
    if plan.target is None:
        lines.append("pipelines = {} # nothing is predicted; make new TARGET=column writes one")
    lines += ["", "[tags]", f"project = {quoted(name)}"]
    if plan.target is not None:
        pipeline = f"{name}_{plan.target.column.name}"[:LONGEST_PIPELINE].rstrip("_")
        lines += ["", f"[pipelines.{pipeline}]", f"dataset = {quoted(name)}"]
    lines += ["", "[catalog]", f"database_name = {quoted(name)}"]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A string of TOML; JSON escapes all that TOML wants escaped, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _title(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()
