"""Why a query ends without its rows."""

from __future__ import annotations

from aws_understudy.lake.errors import LakeError, PartitionValueError, UnsupportedError


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


def failing(name: str, message: str) -> Exception:
    """Make the exception by which a function of Python fails a query in the engine.

    The engine keeps its text alone, so the name stands in it between marks.
    """
    return ValueError(f"\x01{name}\x02{message}\x03")


def not_supported(what: str) -> QueryError:
    """Refuse what Athena can do and the emulator cannot."""
    return QueryError("NOT_SUPPORTED", f"{what} is not run by the emulator (Athena may run it).")


def of_lake(error: LakeError) -> QueryError:
    """Give the lake's error the name that Athena gives."""
    if isinstance(error, UnsupportedError):
        return not_supported(str(error))
    if isinstance(error, PartitionValueError):
        return QueryError("HIVE_INVALID_PARTITION_VALUE", str(error))
    return QueryError("HIVE_INVALID_METADATA", str(error))
