"""Write the report as Markdown, short enough to be a comment on a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from stackverdict.changes.compare import Changes
    from stackverdict.changes.resources import Change
    from stackverdict.findings import Finding
    from stackverdict.report import Report

_SIGNS = {"bad": "\u274c", "warn": "\u26a0\ufe0f", "good": "\u2705"}
_STATES = {"stop": "\u274c", "look": "\u26a0\ufe0f", "go": "\u2705"}
_MOST = 25  # rows of a table; the page holds all
_SHOWN = 3  # places of one rule
LIMIT = 60_000  # GitHub refuses a comment of more than 65,536 characters


def write_markdown(report: Report) -> str:
    """Return the Markdown, cut at LIMIT with a word that says so."""
    lines = [*_head(report)]
    if report.changes:
        lines += _changes(report.changes)
    lines += [*_findings(report), *_facts(report)]
    text = "\n".join(lines) + "\n"
    if len(text) > LIMIT:
        text = text[:LIMIT] + "\n\n*Cut here: the page holds the rest.*\n"
    return text


def _head(report: Report) -> Iterator[str]:
    verdict = report.verdict
    yield f"## {_STATES[verdict.state]} {_plain(report.title)}: {verdict.words}"
    yield ""
    for reason in verdict.reasons:
        yield f"- {_SIGNS[reason.tone]} {_plain(reason.words)}"
    yield ""


def _changes(changes: Changes) -> Iterator[str]:
    yield "### What changed"
    yield ""
    if changes.missing:
        yield f"Resources were not compared: {_plain(changes.missing)}"
        return
    real = [change for change in changes.resources if not change.minor]
    if real:
        yield from _table(("Change", "Resource", "Type", "Why"), map(_change, real))
    else:
        yield "No resource changed."
    folded = len(changes.resources) - len(real)
    if folded:
        yield f"\n{folded} more changed by tags or assets only."
    yield from _bullets("New rights", changes.rights_added)
    yield from _bullets("Rights gone", changes.rights_removed)
    yield from _bullets("Newly exposed", changes.exposed)
    yield from _bullets("No longer exposed", changes.closed)
    before, after = changes.dollars_before, changes.dollars_after
    if changes.cost_lines:
        yield from _bullets(f"Idle cost: ${before:,.2f} becomes ${after:,.2f}", changes.cost_lines)
    else:
        yield f"\nIdle cost: ${after:,.2f} a month, as before."
    yield ""


def _change(change: Change) -> tuple[str, ...]:
    action = f"**{change.action}**" if change.action not in {"updated", "added"} else change.action
    because = f"forced by {', '.join(change.because)}" if change.because else ""
    names = dict.fromkeys(place.partition("/")[0] for place, *_ in change.properties)
    properties = ", ".join(names)
    data = (
        f"**data {change.data}**"
        if change.data == "lost"
        else change.data and f"data {change.data}"
    )
    why = "; ".join(part for part in (data, because or properties) if part)
    return action, f"{change.stack}/{change.name}", change.type, why


def _findings(report: Report) -> Iterator[str]:
    findings = [
        finding for finding in report.findings if finding.open and finding.severity != "info"
    ]
    if not findings:
        return
    grouped: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        grouped.setdefault((finding.severity, finding.rule.partition("[")[0]), []).append(finding)
    yield f"<details><summary>{len(findings)} open findings</summary>\n"
    yield from _table(
        ("Severity", "Rule", "Where", "What"),
        (
            (severity, f"`{rule}`", _where(same), _what(same))
            for (severity, rule), same in grouped.items()
        ),
    )
    yield "\n</details>\n"


def _where(same: Sequence[Finding]) -> str:
    places = list(
        dict.fromkeys(
            finding.path or finding.logical_id or finding.stack or "-" for finding in same
        )
    )
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    return ", ".join(places[:_SHOWN]) + more


def _what(same: Sequence[Finding]) -> str:
    messages = list(dict.fromkeys(finding.message for finding in same))
    return messages[0] + (f" ({len(messages) - 1} more)" if len(messages) > 1 else "")


def _facts(report: Report) -> Iterator[str]:
    parts = report.sections
    yield "<details><summary>Exposure, data, cost</summary>\n"
    reachable = [row for row in parts.exposure if row.reach in {"open", "asks"}]
    if reachable:
        rows = ((row.reach, f"{row.stack}/{row.name}", row.what) for row in reachable)
        yield from _table(("Reach", "Resource", "Why"), rows)
        yield ""
    heavy = [row for row in parts.data if row.weight == "heavy"]
    if heavy:
        yield from _table(
            ("Data", "On destroy", "On replacement", "Encryption", "TLS"),
            (
                (f"{row.stack}/{row.name}", row.fate, row.replacement, row.encryption, row.tls)
                for row in heavy
            ),
        )
        yield ""
    unknown = f", and {report.unknown_costs} of unknown cost" if report.unknown_costs else ""
    yield f"Idle: ${report.idle_dollars:,.2f} a month{unknown}."
    yield f"\n{report.accepted} findings are accepted, each with a reason.\n\n</details>"
    for note in report.assembly.notes:
        yield f"\nNot understood: {_plain(note)}"


def _bullets(heading: str, items: Iterable[str]) -> Iterator[str]:
    listed = list(items)
    if not listed:
        return
    yield f"\n**{heading}**\n"
    for item in listed[:_MOST]:
        yield f"- {_plain(item)}"
    if len(listed) > _MOST:
        yield f"- and {len(listed) - _MOST} more"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads, listed = tuple(heads), list(rows)
    yield "| " + " | ".join(heads) + " |"
    yield "|" + " --- |" * len(heads)
    for row in listed[:_MOST]:
        yield "| " + " | ".join(_plain(cell) for cell in row) + " |"
    if len(listed) > _MOST:
        yield f"\n... and {len(listed) - _MOST} more."


def _plain(words: str) -> str:
    """Keep a value from being read as Markdown of its own: tables, links, tags, mentions."""
    flat = " ".join(words.split())
    for sign, safe in (("|", "\\|"), ("<", "&lt;"), ("@", "@\u200b")):
        flat = flat.replace(sign, safe)
    return flat
