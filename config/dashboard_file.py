"""The dashboard of a data set: ``dashboards/NAME.toml``, its views and what is drawn of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, ValidationError, model_validator

from config.dataset import ColumnName, Type
from config.errors import read_toml, refusal
from config.sections.section import Section

if TYPE_CHECKING:
    from config.dataset import Dataset


class View(Section):
    """A view that QuickSight reads."""

    columns: dict[ColumnName, Type] = Field(min_length=1)


class Visual(Section):
    """One picture of a view."""

    kind: Literal["bar", "line", "table"]
    title: str = Field(min_length=1)
    view: str
    category: str
    """The column along the axis."""
    value: str
    """The column that is drawn; its sum, where a category has more than one row."""
    group: str | None = None
    """The column whose values are told apart by colour."""


class DashboardFile(Section):
    """What a person sees of a data set."""

    title: str = Field(min_length=1)
    views: dict[ColumnName, View] = Field(min_length=1)
    visuals: tuple[Visual, ...] = ()

    @model_validator(mode="after")
    def _refuse_unknown_names(self) -> Self:
        for visual in self.visuals:
            view = self.views.get(visual.view)
            if view is None:
                raise ValueError(
                    f"the visual {visual.title!r} draws the view {visual.view!r}, which is not "
                    f"declared; there are {', '.join(self.views)}"
                )
            for column in (visual.category, visual.value, visual.group):
                if column is not None and column not in view.columns:
                    raise ValueError(
                        f"the visual {visual.title!r} draws the column {column!r}, which the view "
                        f"{visual.view!r} does not have; it has {', '.join(view.columns)}"
                    )
        return self


def read_dashboard(dataset: Dataset) -> DashboardFile | None:
    """The dashboard of a data set, or None where it has no file.

    Raises:
        ConfigError: with every problem of the file, one a line.
    """
    path = dataset.home / "dashboards" / f"{dataset.name}.toml"
    if not path.is_file():
        return None
    try:
        return DashboardFile.model_validate(read_toml(path))
    except ValidationError as error:
        raise refusal(path, error) from None
