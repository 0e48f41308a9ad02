"""What a person has to know instead of a traceback."""

from __future__ import annotations


class DeliveryError(Exception):
    """A request, a package or a state of the account that is refused, with the reason."""
