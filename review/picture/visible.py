"""Choose what a picture shows: the resources that do something, and who comes from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.picture.families import is_helper, is_plumbing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.iam.statements import Statement
    from review.model import Assembly, Resource
    from review.references import References


def visible(
    assembly: Assembly, references: References, statements: Sequence[Statement]
) -> dict[str, Resource]:
    """Return the resources to draw, by key.

    A role that no drawn resource acts with stands for somebody outside: it is drawn too.
    """
    shown = {one.key: one for one in assembly.resources() if not is_plumbing(one.type, one.path)}
    used = actors(shown, references)
    resources = {one.key: one for one in assembly.resources()}
    for statement in statements:
        holder = resources.get(statement.holder)
        acting = statement.kind == "identity" and statement.holder not in used
        if holder and acting and not is_helper(holder.path):
            shown[holder.key] = holder
    return shown


def actors(shown: dict[str, Resource], references: References) -> dict[str, list[Resource]]:
    """Return, by a role's key, the drawn resources that act with it."""
    found: dict[str, list[Resource]] = {}
    for resource in shown.values():
        # a role in a function's environment is passed on, not acted with
        acting = {k: v for k, v in resource.properties.items() if k != "Environment"}
        for one in references.of(acting, resource.stack):
            if one.type == "AWS::IAM::Role":
                found.setdefault(one.key, []).append(resource)
    return found
