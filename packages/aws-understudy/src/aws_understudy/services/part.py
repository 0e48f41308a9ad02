"""What a service brings: the one thing that the composition asks of its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from aws_understudy.cloudformation.api_type import ApiType
    from aws_understudy.cloudformation.completed_type import CompletedType
    from aws_understudy.core.fidelity import Fidelity
    from aws_understudy.core.service import Context, Service
    from aws_understudy.sandbox.sandboxes import Sandboxes


def _none(_context: Context, _sandboxes: Sandboxes) -> Sequence[Service]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """One service of AWS, as far as it is here."""

    fidelity: tuple[Fidelity, ...]
    """Every resource type of it that may be deployed."""
    ledgers: tuple[Path, ...]
    """The files that list its operations that are answered, with what is done with each member."""
    types: tuple[ApiType | CompletedType, ...] = ()
    """Those that ministack lacks, or of which it drops properties."""
    make: Callable[[Context, Sandboxes], Sequence[Service]] = _none
    """Makes what answers its API before the back ends do, in the order in which it is asked."""
