"""A stack that a configuration may ask for, and what it is built over."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, cast

from stacks.platform_stack import PlatformStack

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import Construct

    from config import Settings
    from stacks.catalog import CatalogStack
    from stacks.network import NetworkStack
    from stacks.query import QueryStack
    from stacks.storage import StorageStack


@dataclass(frozen=True, kw_only=True)
class Sql:
    """The two stacks that a platform has if it is asked by SQL."""

    catalog: CatalogStack
    query: QueryStack


@dataclass(frozen=True, kw_only=True)
class Foundation:
    """What the app composes first, for the stacks that a configuration adds to it."""

    settings: Settings
    network: NetworkStack
    storage: StorageStack
    sql: Sql | None


class OptionalStack(PlatformStack):
    """A stack that is composed only where the settings want it."""

    NAME: ClassVar[str]
    DESCRIPTION: ClassVar[str]

    def __init__(self, scope: Construct, id_: str, *, foundation: Foundation) -> None:
        super().__init__(
            scope,
            id_,
            settings=foundation.settings,
            name=self.NAME,
            description=self.DESCRIPTION,
        )


@dataclass(frozen=True, kw_only=True)
class Option:
    """How the app finds an optional stack, without importing one that is off."""

    id: str
    """The construct id."""
    module: str
    """A module of ``stacks/``; it assigns its class to ``STACK``."""
    wanted: Callable[[Settings], bool]

    def stack(self) -> type[OptionalStack]:
        """The class, imported now."""
        return cast("type[OptionalStack]", import_module(f"stacks.{self.module}").STACK)
