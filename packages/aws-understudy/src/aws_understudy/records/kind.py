"""What a service that only keeps records knows about one kind of record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_understudy.core.service import AwsRequest

Values = dict[str, Any]


def nothing_more(_values: Values, _request: AwsRequest) -> Values:
    """A kind whose records hold what they were created with, and no more."""
    return {}


@dataclass(frozen=True, kw_only=True)
class RecordKind:
    """One noun of an API and the operations on it, such as ``DataSet``."""

    noun: str
    identity: tuple[str, ...]
    """The input members that name a record, as ``("DomainId", "UserProfileName")``."""
    arn: str
    """The ARN with ``{region}``, ``{account}`` and the identity's members to fill in."""
    arn_member: str = "Arn"
    list_operation: str
    list_member: str
    """The member of the list operation's answer that holds the summaries."""
    nested: bool = True
    """Whether a description is wrapped in a member named after the noun."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """Input members of the list operation, and the record's member that must equal each."""
    on_create: Callable[[Values, AwsRequest], Values] = nothing_more
    """What a new record has that its creator did not say: states, generated ids."""
    update_names: Mapping[str, str] = field(default_factory=dict)
    """Input members of the update operation that the record calls otherwise."""
    unchanged: frozenset[str] = frozenset()
    """Input members that are kept out of the record: credentials, instructions."""
    views: tuple[str, ...] = ()
    """Further operations that show a part of the record, as ``DescribeDataSetPermissions``."""
    parent: str | None = None
    """The noun that must exist first and that cannot be deleted before, as a domain."""
    not_found: str = "ResourceNotFoundException"
    exists: str = "ResourceExistsException"

    @property
    def operations(self) -> dict[str, str]:
        """Each operation on this kind and what it does."""
        return {
            f"Create{self.noun}": "create",
            f"Describe{self.noun}": "describe",
            f"Update{self.noun}": "update",
            f"Delete{self.noun}": "delete",
            self.list_operation: "list",
            **dict.fromkeys(self.views, "view"),
        }
