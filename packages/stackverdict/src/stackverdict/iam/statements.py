"""Find every policy statement of an assembly, whatever resource type carries it."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stackverdict.intrinsics import as_list, text, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackverdict.model import Assembly, Resource
    from stackverdict.references import References

_ATTACHED = ("Roles", "Users", "Groups", "RoleName", "UserName", "GroupName")
_IDENTITIES = {"AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement, and whom it is about.

    `kind` is "identity" (what the holder may do), "trust" (who may become the role) or "resource"
    (who may use the carrier). `holder` is the role, or the carrier of a resource policy.
    `account` is the stack's own account where it is fixed.

    With NotAction or NotResource, actions or resources are `*`, and `excepted` lists the rest.
    """

    kind: str
    holder: str
    carrier: Resource
    place: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[str, ...]
    condition: Any
    raw: Any
    excepted: tuple[str, ...] = ()
    account: str = ""

    @property
    def where(self) -> str:
        """Say where the statement is written."""
        return f"{self.carrier.key}/{self.place}"


def statements_of(assembly: Assembly, references: References) -> list[Statement]:
    """Return the statements of all stacks, in the templates' order."""
    return [
        dataclasses.replace(statement, account=stack.account)
        for stack in assembly.stacks
        for resource in stack.resources.values()
        for statement in _of_resource(resource, references)
    ]


def _of_resource(resource: Resource, references: References) -> Iterator[Statement]:
    if resource.type == "AWS::Lambda::Permission":
        yield _permission(resource, references)
        return
    for place, value in walk(resource.properties):
        document = _document(value)
        if document is None:
            continue
        for index, raw in enumerate(as_list(document.get("Statement"))):
            if isinstance(raw, dict) and "Effect" in raw:
                kind, holders = _holders(resource, place, references)
                for holder in holders:
                    yield _statement(
                        kind=kind,
                        holder=holder,
                        carrier=resource,
                        place=f"{place}/Statement/{index}",
                        raw=raw,
                        references=references,
                    )


def _document(value: Any) -> dict[str, Any] | None:
    if isinstance(value, str) and value.lstrip().startswith("{") and '"Statement"' in value:
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return value if isinstance(value, dict) and "Statement" in value else None


def _holders(resource: Resource, place: str, references: References) -> tuple[str, list[str]]:
    if "AssumeRolePolicyDocument" in place:
        return "trust", [resource.key]
    if resource.type in _IDENTITIES:
        return "identity", [resource.key]
    if resource.type.startswith("AWS::IAM::"):
        attached = [value for name in _ATTACHED for value in as_list(resource.properties.get(name))]
        holders = []
        for reference in attached:
            identities = references.of(reference, resource.stack)
            holders += [identity.key for identity in identities] or [text(reference)]
        return "identity", holders or [resource.key]
    subject = {
        name: value
        for name, value in resource.properties.items()
        if resource.type.endswith("Policy") and _document(value) is None
    }
    return "resource", [owner.key for owner in references.of(subject, resource.stack)][:1] or [
        resource.key
    ]


def _statement(
    *, kind: str, holder: str, carrier: Resource, place: str, raw: Any, references: References
) -> Statement:
    def shown(value: Any) -> tuple[str, ...]:
        return tuple(references.display(item, carrier.stack) for item in as_list(value))

    return Statement(
        kind=kind,
        holder=holder,
        carrier=carrier,
        place=place,
        effect=text(raw.get("Effect")),
        actions=shown(raw.get("Action", "*" if "NotAction" in raw else None)),
        resources=shown(raw.get("Resource", "*" if "NotResource" in raw else None)),
        principals=tuple(
            references.display(principal, carrier.stack)
            for principal in _principals(raw.get("Principal", raw.get("NotPrincipal")))
        ),
        condition=raw.get("Condition"),
        raw=raw,
        excepted=tuple(
            f"except {pattern}"
            for name in ("NotAction", "NotResource", "NotPrincipal")
            for pattern in shown(raw.get(name))
        ),
    )


def _principals(value: Any) -> Iterator[str]:
    for item in as_list(value):
        if isinstance(item, dict) and not any(
            key.startswith("Fn::") or key == "Ref" for key in item
        ):
            for kind, names in item.items():
                for name in as_list(names):
                    yield f"{kind}: {text(name)}"
        else:
            yield text(item)


def _permission(resource: Resource, references: References) -> Statement:
    properties = resource.properties
    function = references.first(properties.get("FunctionName"), resource.stack)
    scoped = {
        name: properties[name]
        for name in ("SourceArn", "SourceAccount", "PrincipalOrgID", "FunctionUrlAuthType")
        if name in properties
    }
    return Statement(
        kind="resource",
        holder=function.key if function else text(properties.get("FunctionName")),
        carrier=resource,
        place="",
        effect="Allow",
        actions=(text(properties.get("Action")),),
        resources=(references.display(properties.get("FunctionName"), resource.stack),),
        principals=(text(properties.get("Principal")),),
        condition=scoped or None,
        raw=dict(properties),
    )
