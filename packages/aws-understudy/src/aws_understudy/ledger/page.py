"""The ledgers as a page, and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from aws_understudy.core.operations import passing_model
from aws_understudy.ledger.members import member_paths, role_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aws_understudy.core.fidelity import Fidelity
    from aws_understudy.ledger.entries import Entry, ServiceLedger

_HEAD = """# What is true here, operation by operation

Written by `python -m aws_understudy.fidelity_page`; a test sees that it is current.

An operation that is not on this page is refused, and so is a member of a request that is not named
beside its operation. **Acts**: acted on, or checked, as AWS does. **Kept**: kept and shown again.
**Only**: other values are refused. **Taken**: without an effect that a caller could miss. A path
stands for all that lies below it, and passes through lists and maps.
"""


def as_json(ledgers: Iterable[ServiceLedger]) -> dict[str, Any]:
    """Each operation by service and name."""
    return {
        ledger.service: {
            name: {
                "acts": list(entry.acts),
                "kept": list(entry.kept),
                "idle": dict(entry.idle),
                "only": {path: list(values) for path, values in entry.only.items()},
                "refused": dict(entry.refused),
                "note": entry.note,
            }
            for name, entry in ledger.entries.items()
        }
        for ledger in ledgers
    }


def as_page(ledgers: Sequence[ServiceLedger], types: Sequence[Fidelity]) -> str:
    """All of it in Markdown."""
    ordered = sorted(ledgers, key=lambda ledger: ledger.service)
    figures = {ledger.service: figures_of(ledger) for ledger in ordered}
    parts = [_HEAD, _figures(figures), _types(types), *map(_service, ordered)]
    return "\n".join(parts)


def figures_of(ledger: ServiceLedger) -> Counter[str]:
    """How many operations are answered, and how many of their members have which role."""
    model = passing_model(ledger.service)
    figures = Counter({"operations": len(ledger.entries)})
    for name, entry in ledger.entries.items():
        shape = model.operation_model(name).input_shape
        figures.update(role_of(entry, path) for path in set(member_paths(shape)))
    return figures


def _figures(figures: Mapping[str, Counter[str]]) -> str:
    columns = ("operations", "acts", "kept", "idle", "refused")
    total: Counter[str] = sum(figures.values(), Counter())
    rows = [*figures.items(), ("**all**", total)]
    return "\n".join(
        [
            "## Figures",
            "| service | operations | members that act | kept | taken | refused |",
            "|---|---|---|---|---|---|",
            *(
                f"| {name} | {' | '.join(str(counts[column]) for column in columns)} |"
                for name, counts in rows
            ),
            "",
        ]
    )


def _types(types: Sequence[Fidelity]) -> str:
    rows = [f"| `{entry.type}` | {entry.level} | {entry.note} |" for entry in types]
    head = ["## Resource types of CloudFormation", "| type | level | note |", "|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def _service(ledger: ServiceLedger) -> str:
    rows = [_row(entry) for _, entry in sorted(ledger.entries.items())]
    head = [
        f"## {ledger.service}",
        "| operation | acts | kept | only, taken, refused because |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def _row(entry: Entry) -> str:
    only = (f"only `{path}` = {', '.join(map(_word, v))}" for path, v in entry.only.items())
    taken = (f"taken `{path}`: {reason}" for path, reason in entry.idle.items())
    refused = (f"no `{path}`: {reason}" for path, reason in entry.refused.items())
    rest = [entry.note] if entry.note else []
    words = "<br>".join([*rest, *only, *taken, *refused])
    return f"| {entry.operation} | {_code(entry.acts)} | {_code(entry.kept)} | {words} |"


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _code(paths: Iterable[str]) -> str:
    return ", ".join(f"`{path}`" for path in paths)
