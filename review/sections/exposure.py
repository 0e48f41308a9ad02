"""What the internet can reach, what it could be let to, and what says that nobody may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.iam.marks import foreign_accounts, is_public
from review.sections.reachable import CHECKS, Reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from review.iam.statements import Statement
    from review.model import Assembly, Resource

_ORDER = ("open", "asks", "route", "unknown", "closed")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One resource seen from outside.

    `reach`: "open" (no credentials asked), "asks" (reachable, credentials asked), "route" (a way
    to or from the internet exists), "unknown" (a value decides at deployment), "closed".
    """

    stack: str
    name: str
    logical_id: str
    type: str
    reach: str
    what: str
    line: int
    path: str


def rows_of(assembly: Assembly, statements: Iterable[Statement]) -> list[Row]:
    """Return what is exposed, the worst first, then what is explicitly closed."""
    found = list(_checked(assembly))
    resources = {one.key: one for one in assembly.resources()}
    for statement in statements:
        subject = resources.get(statement.holder, statement.carrier)
        allowed = ", ".join(statement.actions)
        if is_public(statement):
            found.append(_row(subject, Reach("open", f"a policy lets anyone do {allowed}")))
        elif foreign_accounts(statement) and statement.effect == "Allow":
            accounts = ", ".join(foreign_accounts(statement))
            found.append(_row(subject, Reach("asks", f"account {accounts} may do {allowed}")))
    return sorted(found, key=lambda row: (_ORDER.index(row.reach), row.stack, row.name))


def _checked(assembly: Assembly) -> Iterator[Row]:
    for resource in assembly.resources():
        check = CHECKS.get(resource.type)
        for reach in check(resource.properties) if check else ():
            yield _row(resource, reach)


def _row(resource: Resource, reach: Reach) -> Row:
    return Row(
        stack=resource.stack,
        name=resource.name,
        logical_id=resource.logical_id,
        type=resource.type,
        reach=reach.state,
        what=reach.what,
        line=resource.line,
        path=resource.path,
    )
