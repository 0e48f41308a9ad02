"""Reaches the emulator's services from within a stack operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_region

if TYPE_CHECKING:
    from aws_understudy.core.service import Context


class Loopback:
    """Hands out clients that a stack's handlers use to reach the services, in its region."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @property
    def region(self) -> str:
        """The region of the stack being worked on."""
        region: str = get_region()
        return region

    def client(self, service: str) -> Any:
        """A client of the service in the region of the stack being worked on."""
        return self.context.client(service, region=self.region)
