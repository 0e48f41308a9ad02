"""A stack that a configuration may ask for, and what it is built over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from stacks.platform_stack import PlatformStack

if TYPE_CHECKING:
    from constructs import Construct

    from config import Settings
    from stacks.catalog import CatalogStack
    from stacks.network import NetworkStack
    from stacks.query import QueryStack
    from stacks.storage import StorageStack


@dataclass(frozen=True, kw_only=True)
class Foundation:
    """What the app always composes, for the stacks that a configuration adds to it."""

    settings: Settings
    network: NetworkStack
    storage: StorageStack
    catalog: CatalogStack
    query: QueryStack


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

    @classmethod
    def wanted(cls, settings: Settings) -> bool:
        """Whether the settings ask for it."""
        raise NotImplementedError
