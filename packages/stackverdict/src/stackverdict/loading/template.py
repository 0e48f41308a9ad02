"""Turn one parsed template into a Stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackverdict.errors import InputError
from stackverdict.intrinsics import as_list
from stackverdict.loading.foreach import expand
from stackverdict.loading.text import parse
from stackverdict.model import Acknowledgement, Resource, Stack

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stackverdict.loading.metadata import ConstructFacts

_KNOWN_TRANSFORM = "AWS::LanguageExtensions"
_METADATA_KEY = "review"


def is_template(document: Any) -> bool:
    """Tell whether a parsed file is meant as a CloudFormation template."""
    return isinstance(document, dict) and (
        "AWSTemplateFormatVersion" in document
        or (
            isinstance(document.get("Resources"), dict)
            and any(isinstance(v, dict) and "Type" in v for v in document["Resources"].values())
        )
    )


def load_template(
    path: Path,
    *,
    root: Path,
    name: str,
    facts: ConstructFacts,
    notes: list[str],
    environment: str = "",
    parent: str = "",
    termination_protection: bool | None = None,
) -> Stack:
    """Read a template file below `root` into a Stack; raises InputError when it is no template."""
    document, lines = parse(path)
    if not isinstance(document, dict):
        reason = f"a template is a mapping, this is {type(document).__name__}"
        raise InputError(file=str(path), reason=reason)
    template = expand(document, notes, stack=name)
    notes.extend(
        f"{name}: what the transform {transform} makes of the template is not seen here"
        for transform in as_list(document.get("Transform"))
        if transform != _KNOWN_TRANSFORM
    )
    resources = _resources(path, template, name=name, lines=lines, facts=facts, notes=notes)
    notes.extend(_modules(resources))
    account, region = _environment(environment)
    return Stack(
        name=name,
        file=str(path.relative_to(root)),
        template=template,
        resources=resources,
        size=path.stat().st_size,
        account=account,
        region=region,
        parent=parent,
        termination_protection=termination_protection,
        acknowledgements=(*facts.acknowledgements, *_written(resources)),
    )


def _resources(
    path: Path,
    template: Mapping[str, Any],
    *,
    name: str,
    lines: Mapping[str, int],
    facts: ConstructFacts,
    notes: list[str],
) -> dict[str, Resource]:
    section = template.get("Resources")
    if not isinstance(section, dict):
        raise InputError(
            file=str(path),
            place="Resources",
            reason="is missing or no mapping; a template needs it",
        )
    resources: dict[str, Resource] = {}
    for raw_id, body in section.items():
        logical_id = str(raw_id)
        place = f"Resources/{logical_id}, line {lines.get(logical_id, 0)}"
        if logical_id == "Fn::Transform":
            notes.append(f"{name}: a macro (Fn::Transform) adds resources that are not seen here")
            continue
        if not isinstance(body, dict) or not isinstance(body.get("Type"), str):
            raise InputError(file=str(path), place=place, reason="a resource needs a Type (text)")
        properties = body.get("Properties", {})
        if not isinstance(properties, dict):
            raise InputError(file=str(path), place=place, reason="Properties must be a mapping")
        metadata = body.get("Metadata")
        construct = metadata.get("aws:cdk:path", "") if isinstance(metadata, dict) else ""
        resources[logical_id] = Resource(
            stack=name,
            logical_id=logical_id,
            type=body["Type"],
            body=body,
            path=str(facts.paths.get(logical_id) or construct),
            line=lines.get(logical_id, 0),
            code=facts.code.get(logical_id, ""),
        )
    return resources


def _modules(resources: Mapping[str, Resource]) -> list[str]:
    return [
        f"{resource.key}: what the module {resource.type} holds is not seen here"
        for resource in resources.values()
        if resource.type.endswith("::MODULE")
    ]


def _environment(text: str) -> tuple[str, str]:
    account, _, region = text.removeprefix("aws://").partition("/")
    return (
        "" if account == "unknown-account" else account,
        "" if region == "unknown-region" else region,
    )


def _written(resources: Mapping[str, Resource]) -> tuple[Acknowledgement, ...]:
    """Read acknowledgements from `Metadata: {review: [{rule, reason}]}`, for hand-written files."""
    return tuple(
        Acknowledgement(
            rule=str(entry["rule"]),
            reason=str(entry["reason"]),
            path=resource.path or resource.logical_id,
            stack=resource.stack,
            logical_id=resource.logical_id,
        )
        for resource in resources.values()
        for entry in _entries(resource)
        if isinstance(entry, dict) and entry.get("rule") and entry.get("reason")
    )


def _entries(resource: Resource) -> list[Any]:
    metadata = resource.body.get("Metadata")
    entries = metadata.get(_METADATA_KEY) if isinstance(metadata, dict) else None
    return entries if isinstance(entries, list) else []
