"""Changes one member of a request that works, and sees whether that makes a difference."""

from __future__ import annotations

import json
import random
import re
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Clients = Callable[[str], Any]

SEED = 20201201
"""So that a failure comes again."""


@dataclass(frozen=True, kw_only=True)
class Probe:
    """An operation that makes something, and the calls that show what was made."""

    service: str
    operation: str
    base: dict[str, Any]
    """What it takes at least; ``{n}`` in a text stands for a name of its own."""
    shows: dict[str, dict[str, Any]]
    """The calls, and their parameters; ``{n}`` again, and ``<Member>`` of the making's answer."""
    values: dict[str, Any] = field(default_factory=dict)
    """Members whose values are more than their shape says."""
    elsewhere: frozenset[str] = frozenset()
    """Members that make a difference only where the name is taken already."""


def generated(shape: Any, rng: random.Random) -> Any:
    """A value that fits a shape."""
    kind = shape.type_name
    if kind == "structure":
        names = shape.required_members or list(shape.members)[:1]
        return {name: generated(shape.members[name], rng) for name in names}
    if kind == "list":
        return [generated(shape.member, rng)]
    if kind == "map":
        return {generated(shape.key, rng): generated(shape.value, rng)}
    return _scalar(shape, rng)


def _scalar(shape: Any, rng: random.Random) -> Any:
    kind, metadata = shape.type_name, shape.metadata
    if kind in {"integer", "long", "float", "double"}:
        return int(max(metadata.get("min", 1), 1)) + rng.randrange(3)
    if metadata.get("enum"):
        return rng.choice(metadata["enum"])
    others = {"boolean": True, "timestamp": datetime(2030, 1, 1, tzinfo=UTC)}
    word = "".join(rng.choices(string.ascii_lowercase, k=max(metadata.get("min", 12), 12)))
    return others.get(kind, word)


def scalars(value: Any) -> Iterator[str]:
    """Every scalar in a value, as text."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield str(name)
            yield from scalars(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from scalars(item)
    else:
        yield str(value.decode() if isinstance(value, bytes) else value)


def leaves(value: Any) -> Iterator[str]:
    """Every scalar in a value but the names of members."""
    if isinstance(value, dict):
        value = [item for name, item in value.items() if name != "ResourceType"]
    if isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield str(value)


def made(client: Any, probe: Probe, number: int, changes: dict[str, Any]) -> dict[str, Any]:
    """Make one thing; the answers that show it.

    Raises:
        ClientError: it is refused.
    """
    name = f"probe{number}"
    base = _filled(probe.base, name, {})
    answer = getattr(client, xform_name(probe.operation))(**{**base, **changes})
    shown = {}
    for operation, parameters in probe.shows.items():
        try:
            reply = getattr(client, xform_name(operation))(**_filled(parameters, name, answer))
        except ClientError as error:
            reply = {"error": str(error)}
        reply.pop("ResponseMetadata", None)
        shown[operation] = {key: item for key, item in reply.items() if key != "Body"}
    return json.loads(json.dumps(shown, default=str).replace(name, "NAME"))  # type: ignore[no-any-return] # an object


def _filled(value: Any, name: str, answer: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, name, answer) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, name, answer) for item in value]
    if not isinstance(value, str):
        return value

    def of_answer(reference: re.Match[str]) -> str:
        place: Any = answer
        for part in reference[1].split("."):
            place = place[part]
        return str(place)

    return re.sub("<([^>]+)>", of_answer, value.replace("{n}", name))


@dataclass(frozen=True, kw_only=True)
class Plain:
    """What is shown where nothing is changed, but for what differs each time."""

    stable: dict[str, Any]
    paths: frozenset[str]

    @classmethod
    def of(cls, first: Any, second: Any) -> Plain:
        """Two makings without a change."""
        one_way, other_way = dict(_flat(first)), dict(_flat(second))
        stable = {path: v for path, v in one_way.items() if other_way.get(path) == v}
        return cls(stable=stable, paths=frozenset({*one_way, *other_way}))

    def differs(self, shown: Any) -> bool:
        """Whether a making with a change is shown otherwise."""
        flat = dict(_flat(shown))
        return bool(set(flat) - self.paths) or any(
            flat.get(path) != value for path, value in self.stable.items()
        )


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for name, item in pairs:
            yield from _flat(item, f"{path}.{name}")
    else:
        yield path, value


def verdict(
    client: Any, probe: Probe, member: str, shape: Any, *, number: int, plain: Plain
) -> str:
    """What a change of one member led to: ``shown``, ``changed``, ``refused`` or ``nothing``."""
    rng = random.Random(f"{SEED}{probe.operation}{member}")  # noqa: S311 - no secret
    value = probe.values.get(member, generated(shape, rng))
    try:
        shown = made(client, probe, number, {member: value})
    except (ClientError, BotoCoreError):
        return "refused"
    have = {text.lower() for text in scalars(shown)}
    changed = plain.differs(shown)
    if changed and all(text.lower() in have for text in leaves(value)):
        return "shown"
    return "changed" if changed else "nothing"
