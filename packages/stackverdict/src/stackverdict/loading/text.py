"""Parse one template's text, YAML or JSON, and tell the line on which each resource stands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]  # PyYAML carries no types

from stackverdict.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

MAX_DEPTH = 150  # real templates nest far less; a cycle of YAML aliases nests forever
MAX_NODES = 2_000_000  # a template of 1 MB, CloudFormation's limit, has a tenth of it
_WHOLE_TAGS = {"Ref", "Condition"}
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]\n:]')


class _CloudFormationYaml(yaml.CSafeLoader):  # type: ignore[misc]  # untyped base
    """YAML as CloudFormation reads it: short-form intrinsics, and dates stay text."""


_CloudFormationYaml.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in _WHOLE_TAGS else f"Fn::{suffix}": value}


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    keys: set[str] = set()
    for key, _ in node.value:
        if isinstance(key.value, str) and key.value in keys and key.value != "<<":
            line, column = key.start_mark.line + 1, key.start_mark.column + 1
            raise _DuplicateKeyError(key.value, line, column)
        keys.add(key.value if isinstance(key.value, str) else "")
    loader.flatten_mapping(node)
    return dict(loader.construct_pairs(node, deep=True))


_CloudFormationYaml.add_multi_constructor("!", _short_form)
_CloudFormationYaml.add_constructor("tag:yaml.org,2002:map", _mapping)


class _DuplicateKeyError(Exception):
    def __init__(self, key: str, line: int, column: int) -> None:
        self.key, self.line, self.column = key, line, column
        super().__init__(key)


def parse(path: Path) -> tuple[Any, dict[str, int]]:
    """Return the file's document and, per logical id, the line of the resource.

    Raises InputError with the line and column when the text is not YAML or JSON, when a key is
    written twice in YAML, or when it nests without end.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(file=str(path), reason=f"cannot be read: {error}") from error
    document, lines = _json(path, text) if text.lstrip()[:1] in {"{", "["} else _yaml(path, text)
    _refuse_endless(path, document)
    return document, lines


def _json(path: Path, text: str) -> tuple[Any, dict[str, int]]:
    try:
        return json.loads(text), _json_lines(text)
    except json.JSONDecodeError as error:
        try:  # a YAML flow mapping also starts with a brace
            return _yaml(path, text)
        except InputError:
            place = f"line {error.lineno}, column {error.colno}"
            raise InputError(file=str(path), place=place, reason=error.msg) from error
    except RecursionError as error:
        raise InputError(file=str(path), reason=f"nests deeper than {MAX_DEPTH} levels") from error


def _yaml(path: Path, text: str) -> tuple[Any, dict[str, int]]:
    loader = _CloudFormationYaml(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, {}
        return loader.construct_document(node), _yaml_lines(node)
    except _DuplicateKeyError as error:
        place = f"line {error.line}, column {error.column}"
        reason = f"key {error.key!r} is written twice; CloudFormation accepts one"
        raise InputError(file=str(path), place=place, reason=reason) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = error.problem or str(error)
        raise InputError(file=str(path), place=place, reason=reason) from error
    except (yaml.YAMLError, RecursionError, TypeError, ValueError) as error:
        raise InputError(file=str(path), reason=f"is not YAML: {error}") from error
    finally:
        loader.dispose()


def _yaml_lines(node: Any) -> dict[str, int]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    for key, value in node.value:
        if key.value == "Resources" and isinstance(value, yaml.MappingNode):
            return {str(entry.value): entry.start_mark.line + 1 for entry, _ in value.value}
    return {}


def _json_lines(text: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    depth, line, last, section = 0, 1, "", ""
    for match in _TOKEN.finditer(text):
        mark = match.group()
        if mark == "\n":
            line += 1
        elif mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
        elif mark != ":":
            last = mark[1:-1]
        elif depth == 1:
            section = last
        elif depth == 2 and section == "Resources":  # noqa: PLR2004 - the level of logical ids
            lines[last] = line
    return lines


def _refuse_endless(path: Path, document: Any) -> None:
    waiting, nodes = [(document, 0)], 0
    while waiting:
        value, depth = waiting.pop()
        nodes += 1
        if depth > MAX_DEPTH:
            raise InputError(file=str(path), reason=f"nests deeper than {MAX_DEPTH} levels")
        if nodes > MAX_NODES:
            raise InputError(file=str(path), reason=f"holds more than {MAX_NODES:,} values")
        if isinstance(value, (dict, list)):
            children = value.values() if isinstance(value, dict) else value
            waiting.extend((child, depth + 1) for child in children)
