"""Find resources by the names that templates write in plain text, in ARNs and event patterns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from stackverdict.intrinsics import text, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stackverdict.model import Resource

_SHORT = 3  # a name of fewer letters matches by accident
_KIND = re.compile(r"[a-z][a-z-]*", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{[^}]*\}")
_ARN_PARTS = 6
_ALIKE = 0.5  # "model-package" is in ModelPackageGroup's ARNs, "model" is not

Names = dict[str, list["Resource"]]


def named(shown: Mapping[str, Resource]) -> Names:
    """Return the drawn resources by their physical names, where the templates give them."""
    resources_by_name: Names = {}
    for resource in shown.values():
        for name in {*_own_names(resource)}:
            resources_by_name.setdefault(name, []).append(resource)
    return resources_by_name


def in_arn(arn: str, names: Names) -> Iterator[Resource]:
    """Yield the resources that an ARN names: of its service, and of its kind if it says one."""
    parts = _VARIABLE.sub("_", arn).split(":", maxsplit=_ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return
    segments = re.split(r"[:/]", parts[-1])
    for segment in segments:
        for resource in names.get(segment.rstrip("*"), []):
            if resource.type.lower().split("::")[1:2] == [parts[2]] and _fits(segments, resource):
                yield resource


def in_properties(resource: Resource, names: Names) -> Iterator[Resource]:
    """Yield the resources that properties name, as a crawler does with its `DatabaseName`."""
    for place, value in walk(resource.properties):
        if isinstance(value, str) and value in names:
            yield from _of_kind(place.rpartition("/")[2], value, names, but=resource.key)


def in_pattern(pattern: Any, names: Names, key: str = "") -> Iterator[Resource]:
    """Yield the resources whose events a pattern matches, by name or by ARN."""
    if isinstance(pattern, dict) and not _is_intrinsic(pattern):
        for inner, value in pattern.items():
            yield from in_pattern(value, names, str(inner))
    elif isinstance(pattern, list):
        for value in pattern:
            yield from in_pattern(value, names, key)
    else:
        written = text(pattern)
        yield from in_arn(written, names)
        yield from _of_kind(key, written, names)


def _own_names(resource: Resource) -> Iterator[str]:
    last = resource.type.rpartition("::")[2]
    values = [
        value
        for key, value in resource.properties.items()
        if key.endswith("Name") and last.endswith(key.removesuffix("Name"))
    ]
    inner = resource.properties.get("DatabaseInput")
    values.append(inner.get("Name") if isinstance(inner, dict) else None)
    for value in values:
        if isinstance(value, str) and len(value) > _SHORT:
            yield value


def _of_kind(key: str, name: str, names: Names, *, but: str = "") -> Iterator[Resource]:
    kind = key.removesuffix("Name").replace(" ", "")
    if key in {"Key", "Value"} or not kind:
        return
    for resource in names.get(name, []):
        if resource.key != but and resource.type.lower().endswith(kind.lower()):
            yield resource


def _fits(segments: list[str], resource: Resource) -> bool:
    kind = segments[0].replace("-", "").lower()
    last = resource.type.rpartition("::")[2].lower()
    if len(segments) == 1 or not _KIND.fullmatch(segments[0]) or resource.type == "AWS::S3::Bucket":
        return True
    alike = min(len(kind), len(last)) / max(len(kind), len(last))
    return (kind in last or last in kind) and alike > _ALIKE


def _is_intrinsic(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref"))
