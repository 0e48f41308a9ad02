"""Writes what the engine does with a timestamp with time zone: a moment in UTC and its zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_understudy.services.athena.sql.bind.core import once
from aws_understudy.services.athena.trino_types import VARCHAR, timestamp
from aws_understudy.services.athena.zones import to_local

if TYPE_CHECKING:
    from aws_understudy.services.athena.sql.bind.core import Bound, Context


def local(value: Bound, context: Context) -> str:
    """Write the wall clock's time of a bound timestamp with time zone."""
    kind = timestamp(6)
    name = context.helper(to_local, [kind, VARCHAR], kind)

    def write(held: str) -> str:
        moment, zone = f"({held}).t", f"({held}).z"
        return f"CASE WHEN {zone} = 'UTC' THEN {moment} ELSE {name}({moment}, {zone}) END"

    return once(value.sql, context, write)


def zoned(moment: str, zone: str) -> str:
    """Write a timestamp with time zone from the engine's SQL of its two parts."""
    return f"CASE WHEN {moment} IS NOT NULL THEN struct_pack(t := {moment}, z := {zone}) END"
