"""The one error this package raises for input that a person can mend."""

from __future__ import annotations


class InputError(Exception):
    """An input file is missing or invalid; says which, where and why."""

    def __init__(self, *, file: str, reason: str, place: str = "") -> None:
        self.file = file
        self.place = place
        self.reason = reason
        where = f"{file}, {place}" if place else file
        super().__init__(f"{where}: {reason}")
