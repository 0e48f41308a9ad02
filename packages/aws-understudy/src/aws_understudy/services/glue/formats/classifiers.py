"""Custom CSV classifiers that a crawler names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from aws_understudy.services.glue.errors import CrawlRefused
from aws_understudy.services.glue.formats.csv_dialect import LAZY_SIMPLE, OPEN_CSV, CsvDialect

if TYPE_CHECKING:
    from collections.abc import Sequence

_SERDES = {"OpenCSVSerDe": OPEN_CSV, "LazySimpleSerDe": LAZY_SIMPLE}


@dataclass(frozen=True, kw_only=True)
class CsvClassifier:
    """What a custom classifier states instead of having it inferred."""

    dialect: CsvDialect
    header_present: bool | None
    """None: to be detected."""
    columns: Sequence[str] = field(default_factory=list)


def load(*, glue: Any, names: Sequence[str]) -> CsvClassifier | None:
    """Read the first of the crawler's classifiers; none is the usual case.

    Raises:
        CrawlRefused: it does not exist, or is not of CSV (grok, XML, JSON are not emulated).
    """
    if not names:
        return None
    try:
        classifier = glue.get_classifier(Name=names[0])["Classifier"]
    except ClientError as error:
        raise CrawlRefused(f'The crawler names the classifier "{names[0]}": {error}.') from error
    stated = classifier.get("CsvClassifier")
    if stated is None or len(names) > 1:
        raise CrawlRefused(
            f"Classifiers {list(names)}: the emulator runs one custom CSV classifier at most; "
            "grok, XML and JSON classifiers run on AWS only."
        )
    return CsvClassifier(
        dialect=CsvDialect(
            delimiter=stated.get("Delimiter") or ",",
            quote=stated.get("QuoteSymbol") or '"',
            serde=_SERDES.get(stated.get("Serde", ""), LAZY_SIMPLE),
        ),
        header_present={"PRESENT": True, "ABSENT": False}.get(stated.get("ContainsHeader", "")),
        columns=stated.get("Header") or [],
    )
