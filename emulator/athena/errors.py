"""Why a query ends without its rows."""

from __future__ import annotations


class QueryError(Exception):
    """A failed query, with the error name that Athena (Trino) gives: ``TABLE_NOT_FOUND`` etc."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name

    @property
    def category(self) -> int:
        """AthenaError's ErrorCategory: 1 is system, 2 is user, 3 is other."""
        return 1 if self.name == "GENERIC_INTERNAL_ERROR" else 2


class QueryCancelled(Exception):  # noqa: N818 - somebody or a limit asked for it
    """The query was stopped; the message is its StateChangeReason."""


def not_supported(what: str) -> QueryError:
    """Refuse what Athena can do and the emulator cannot."""
    return QueryError("NOT_SUPPORTED", f"{what} is not run by the emulator (Athena may run it).")
