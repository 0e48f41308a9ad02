"""Shapes of the crawler operations' answers."""

from __future__ import annotations

import operator
import statistics
from typing import TYPE_CHECKING, Any

from aws_understudy.core.service import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_understudy.services.glue.runs import Run

_PAGE = 20  # ListCrawls' default
_OPERATORS = {
    "GT": operator.gt,
    "GE": operator.ge,
    "LT": operator.lt,
    "LE": operator.le,
    "EQ": operator.eq,
    "NE": operator.ne,
}
_FIELDS = {
    "CRAWL_ID": "CrawlId",
    "STATE": "State",
    "START_TIME": "StartTime",
    "END_TIME": "EndTime",
}


def with_state(record: Mapping[str, Any], history: Sequence[Run]) -> dict[str, Any]:
    """Overlay a crawler's record with what its crawls say."""
    answer = {k: v for k, v in record.items() if k != "LastCrawl"}
    if not history:
        return answer | {"State": "READY", "CrawlElapsedTime": 0}
    ended = [r for r in history if r.status != "RUNNING"]
    answer |= {"State": history[-1].state, "CrawlElapsedTime": int(history[-1].seconds * 1000)}
    return answer | ({"LastCrawl": ended[-1].last_crawl()} if ended else {})


def metrics(name: str, history: Sequence[Run]) -> dict[str, Any]:
    """Give a crawler's entry of GetCrawlerMetrics."""
    ended = [r for r in history if r.status != "RUNNING"]
    changes = [r.changes for r in ended]
    return {
        "CrawlerName": name,
        "TimeLeftSeconds": 0.0,
        "StillEstimating": len(ended) < len(history),
        "LastRuntimeSeconds": ended[-1].seconds if ended else 0.0,
        "MedianRuntimeSeconds": statistics.median(r.seconds for r in ended) if ended else 0.0,
        "TablesCreated": sum(len(c.tables_added) for c in changes),
        "TablesUpdated": sum(len(c.tables_updated) for c in changes),
        "TablesDeleted": sum(len(c.tables_deleted) for c in changes),
    }


def list_crawls(history: Sequence[Run], body: Mapping[str, Any]) -> dict[str, Any]:
    """Give a page of ListCrawls, the newest first.

    Raises:
        AwsError: a filter on a field that crawls here do not have (DPU_HOUR).
    """
    crawls = [r.history() for r in reversed(history)]
    for entry in body.get("Filters") or []:
        key = _FIELDS.get(entry.get("FieldName", ""))
        if key is None:
            raise AwsError("InvalidInputException", f"Cannot filter crawls by {entry}")
        compare = _OPERATORS[entry["FilterOperator"]]
        wanted = entry["FieldValue"]
        if key.endswith("Time"):  # given in epoch milliseconds
            wanted = int(wanted) / 1000
        crawls = [c for c in crawls if key in c and compare(c[key], wanted)]
    start, size = int(body.get("NextToken") or 0), int(body.get("MaxResults") or _PAGE)
    answer: dict[str, Any] = {"Crawls": crawls[start : start + size]}
    if start + size < len(crawls):
        answer["NextToken"] = str(start + size)
    return answer
