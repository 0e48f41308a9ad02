"""Read a cloud assembly, a folder of templates or one template into an Assembly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stackverdict.errors import InputError
from stackverdict.loading.metadata import ConstructFacts, read_metadata
from stackverdict.loading.template import is_template, load_template
from stackverdict.loading.text import parse
from stackverdict.model import Assembly, Stack

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_SUFFIXES = {".json", ".yaml", ".yml", ".template"}
_SKIPPED_FOLDERS = {"node_modules", ".git", ".venv"}


def load_assembly(root: Path) -> Assembly:
    """Read whatever `root` is. Raises InputError: nothing there, no template, a broken file."""
    if not root.exists():
        hint = "is not there; synthesize first, or name a folder of templates"
        raise InputError(file=str(root), reason=hint)
    notes: list[str] = []
    if root.is_file():
        stack = load_template(
            root, root=root.parent, name=root.stem, facts=ConstructFacts(), notes=notes
        )
        notes += _fetched_later(stack)
        return Assembly(root=root.parent, stacks=(stack,), notes=tuple(notes))
    if (root / "manifest.json").is_file():
        stacks, validation = _cloud_assembly(root, root, notes), _validation(root, notes)
    else:
        stacks, validation = _folder(root, notes), {}
    if not stacks:
        raise InputError(file=str(root), reason="holds no CloudFormation template")
    return Assembly(
        root=root, stacks=tuple(_distinct(stacks)), notes=tuple(notes), validation=validation
    )


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError(file=str(path), place=place, reason=error.msg) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(file=str(path), reason=f"cannot be read: {error}") from error


def _cloud_assembly(root: Path, top: Path, notes: list[str]) -> list[Stack]:
    file = root / "manifest.json"
    manifest = _mapping(_read_json(file), file, "the manifest")
    stacks: list[Stack] = []
    for name, value in _mapping(manifest.get("artifacts"), file, "artifacts").items():
        place = f"artifacts/{name}"
        artifact = _mapping(value, file, place)
        properties = _mapping(artifact.get("properties") or {}, file, f"{place}/properties")
        if artifact.get("type") == "cdk:cloud-assembly":
            folder = _inside(root, properties.get("directoryName"), f"{place}/directoryName")
            stacks += _cloud_assembly(folder, top, notes)
        elif artifact.get("type") == "aws:cloudformation:stack":
            stacks += _stack_of((root, top), name, artifact, notes)
    return stacks


def _mapping(value: Any, file: Path, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(file=str(file), place=place, reason="is missing or no mapping")
    return value


def _inside(root: Path, name: Any, place: str) -> Path:
    """Return the path of what a manifest names: it lies below the manifest's own folder."""
    path = root / name if isinstance(name, str) and name else root
    if path.resolve() == root.resolve() or root.resolve() not in path.resolve().parents:
        reason = f"{name!r} is nothing inside of the assembly"
        raise InputError(file=str(root / "manifest.json"), place=place, reason=reason)
    return path


def _stack_of(
    folders: tuple[Path, Path], name: str, artifact: dict[str, Any], notes: list[str]
) -> list[Stack]:
    root, top = folders
    file, place = root / "manifest.json", f"artifacts/{name}"
    properties = artifact.get("properties") or {}
    metadata = dict(_mapping(artifact.get("metadata") or {}, file, f"{place}/metadata"))
    if extra := artifact.get("additionalMetadataFile"):
        path = _inside(root, extra, f"{place}/additionalMetadataFile")
        metadata |= _mapping(_read_json(path), path, "the metadata")
    title = str(artifact.get("displayName") or name)
    facts = read_metadata(metadata, stack=title)
    stack = load_template(
        _inside(root, properties.get("templateFile"), f"{place}/templateFile"),
        root=top,
        name=title,
        facts=facts,
        notes=notes,
        environment=str(artifact.get("environment", "")),
        termination_protection=bool(properties.get("terminationProtection", False)),
    )
    return [stack, *_nested(folders, stack, facts, notes)]


def _nested(
    folders: tuple[Path, Path], parent: Stack, facts: ConstructFacts, notes: list[str]
) -> list[Stack]:
    root, top = folders
    stacks: list[Stack] = []
    for resource in parent.resources.values():
        if resource.type != "AWS::CloudFormation::Stack":
            continue
        metadata = resource.body.get("Metadata")
        asset = metadata.get("aws:asset:path") if isinstance(metadata, dict) else None
        file = root / str(asset)
        if not asset or not file.is_file() or top.resolve() not in file.resolve().parents:
            notes.append(f"{resource.key}: the nested stack's template is fetched at deployment")
            continue
        child_facts = ConstructFacts(
            paths=facts.paths, code=facts.code, acknowledgements=facts.acknowledgements
        )
        child = load_template(
            file,
            root=top,
            name=resource.key,
            facts=child_facts,
            notes=notes,
            parent=parent.name,
        )
        stacks += [child, *_nested(folders, child, facts, notes)]
    return stacks


def _folder(root: Path, notes: list[str]) -> list[Stack]:
    stacks: list[Stack] = []
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.suffix not in _SUFFIXES or _SKIPPED_FOLDERS & set(inside.parts):
            continue
        document, _ = parse(path)
        if not is_template(document):
            notes.append(f"{inside}: no CloudFormation template; not read")
            continue
        name = str(inside.with_suffix("")).removesuffix(".template")
        stacks.append(
            load_template(path, root=root, name=name, facts=ConstructFacts(), notes=notes)
        )
    read = {path.resolve() for path in (root / stack.file for stack in stacks)}
    for stack in stacks:
        notes += _fetched_later(stack, folder=(root / stack.file).parent, read=read)
    return stacks


def _fetched_later(
    stack: Stack, *, folder: Path | None = None, read: Collection[Path] = ()
) -> list[str]:
    """Note the nested stacks of a hand-written template whose own template was not read."""
    return [
        f"{resource.key}: the nested stack's template is fetched at deployment"
        for resource in stack.resources.values()
        if resource.type == "AWS::CloudFormation::Stack"
        and not (
            folder and (folder / str(resource.properties.get("TemplateURL"))).resolve() in read
        )
    ]


def _validation(root: Path, notes: list[str]) -> dict[str, Any]:
    path = root / "validation-report.json"
    if not path.is_file():
        notes.append("validation-report.json is absent: findings of synth-time plugins are unknown")
        return {}
    report = _read_json(path)
    return report if isinstance(report, dict) else {}


def _distinct(stacks: list[Stack]) -> list[Stack]:
    by_name: dict[str, Stack] = {}
    for stack in stacks:
        if stack.name in by_name:
            raise InputError(
                file=stack.file,
                reason=f"a second stack is named {stack.name!r}; names are distinct",
            )
        by_name[stack.name] = stack
    return list(by_name.values())
