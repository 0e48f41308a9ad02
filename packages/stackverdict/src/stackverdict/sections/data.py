"""Every resource that holds data: how it is kept, and what deleting the stack does to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stackverdict.intrinsics import text
from stackverdict.tables import first, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stackverdict.iam.statements import Statement
    from stackverdict.model import Assembly, Resource
    from stackverdict.references import References

_OFF = {"false", "disabled", "suspended", "0", "none", "inactive"}
_AUTO_DELETE = {"Custom::S3AutoDeleteObjects": "objects", "Custom::ECRAutoDeleteImages": "images"}
_KEPT = {"Retain", "RetainExceptOnCreate"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One stateful resource. `fate` is what `destroy` does to its data."""

    stack: str
    name: str
    logical_id: str
    type: str
    holds: str
    encryption: str
    tls: str
    versioning: str
    retention: str
    backup: str
    deletion: str
    replacement: str
    fate: str
    weight: str
    line: int


def is_stateful(type_name: str, *, light: bool = True) -> bool:
    """Tell whether deleting a resource of the type loses something; `light` counts small things."""
    entry = table("stateful").get(type_name)
    return entry is not None and (light or not entry.get("light", False))


def rows_of(
    assembly: Assembly, references: References, statements: Iterable[Statement]
) -> list[Row]:
    """Return a row for every stateful resource, those with most to lose first."""
    emptied = _emptied(assembly, references)
    tls = tls_only(statements)
    rows = [
        _row(resource, table("stateful")[resource.type], emptied, tls)
        for resource in assembly.resources()
        if is_stateful(resource.type)
    ]
    return sorted(rows, key=lambda row: (row.weight != "heavy", row.stack, row.name))


def _row(resource: Resource, entry: Mapping[str, Any], emptied: set[str], tls: set[str]) -> Row:
    properties = resource.properties
    deletion = policy(resource, "DeletionPolicy")
    return Row(
        stack=resource.stack,
        name=resource.name,
        logical_id=resource.logical_id,
        type=resource.type,
        holds=entry["holds"],
        encryption=_encryption(properties, entry),
        tls=_tls(resource, tls),
        versioning=_state(first(properties, entry.get("versioning", []))),
        retention=_state(first(properties, entry.get("retention", []))),
        backup=_state(
            first(properties, entry.get("backup", [])), entry.get("backed_up_by_default", "")
        ),
        deletion=deletion,
        replacement=policy(resource, "UpdateReplacePolicy"),
        fate=fate(resource, emptied=resource.key in emptied),
        weight="light" if entry.get("light") else "heavy",
        line=resource.line,
    )


def policy(resource: Resource, kind: str) -> str:
    """Return a DeletionPolicy or UpdateReplacePolicy, CloudFormation's default when absent."""
    if written := resource.body.get(kind):
        return text(written)
    default = table("stateful").get(resource.type, {}).get("deletion", "Delete")
    if kind == "UpdateReplacePolicy":
        default = "Delete"
    return f"{default} (by default)"


def fate(resource: Resource, *, emptied: bool) -> str:
    """Say what deleting the stack does to the data of a resource."""
    deletion = policy(resource, "DeletionPolicy").partition(" ")[0]
    entry = table("stateful").get(resource.type, {})
    if deletion in _KEPT:
        return "stays"
    if deletion == "Snapshot":
        return "deleted, a snapshot stays"
    if deletion != "Delete":
        return "depends on a value"
    if _state(first(resource.properties, entry.get("protection", []))).startswith("on"):
        return "deletion is refused"
    if entry.get("blocks_delete") and not emptied and not _recursive(resource):
        return "deletion fails unless it is empty"
    return f"deleted, {entry['left_behind']}" if "left_behind" in entry else "deleted"


def _recursive(resource: Resource) -> bool:
    properties = resource.properties
    flags = (properties.get("RecursiveDeleteOption"), properties.get("EmptyOnDelete"))
    return any(text(flag) == "true" for flag in flags)


def _emptied(assembly: Assembly, references: References) -> set[str]:
    emptied: set[str] = set()
    for resource in assembly.resources(*_AUTO_DELETE):
        emptied |= {
            target.key
            for target in references.of(resource.properties, resource.stack)
            if target.type in {"AWS::S3::Bucket", "AWS::ECR::Repository"}
        }
    return emptied


def tls_only(statements: Iterable[Statement]) -> set[str]:
    """Return the keys of resources whose own policy refuses requests without TLS."""
    return {
        statement.holder
        for statement in statements
        if statement.kind == "resource"
        and statement.effect == "Deny"
        and _refuses_plain(statement.condition)
    }


def _refuses_plain(condition: Any) -> bool:
    bools = condition.get("Bool") if isinstance(condition, dict) else None
    return isinstance(bools, dict) and text(bools.get("aws:SecureTransport")).lower() == "false"


def _tls(resource: Resource, tls: set[str]) -> str:
    if resource.key in tls:
        return "required"
    return "not required" if resource.type == "AWS::S3::Bucket" else "-"


def _encryption(properties: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    key = first(properties, entry.get("key", []))
    if key is not None:
        return f"key {text(key)}"
    setting = first(properties, entry.get("encryption", []))
    shown = text(setting)
    if "KMS" in shown.upper() or "aws:kms" in shown:
        return "a KMS key"
    if setting is not None and shown.lower() not in _OFF:
        return "on"
    default = entry.get("encrypted_by_default", "")
    return f"{default} (by default)" if default else "off"


def _state(value: Any, default: str = "") -> str:
    if value is None:
        return f"{default} (by default)" if default else "-"
    shown = text(value)
    if shown.lower() in _OFF:
        return "off"
    if isinstance(value, (dict, list)):
        return "on"
    return f"on ({shown})" if shown.lower() not in {"true", "enabled"} else "on"
