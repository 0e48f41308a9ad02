"""Glue's crawler operations, really run; the back end answers the rest of Glue."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

from aws_understudy.core.service import AwsError, AwsRequest, AwsResponse, Context
from aws_understudy.services.glue.answers import list_crawls, metrics, with_state
from aws_understudy.services.glue.crawl.crawl import crawl
from aws_understudy.services.glue.errors import CrawlRefused, CrawlStopped
from aws_understudy.services.glue.records import CrawlerRecords
from aws_understudy.services.glue.reports import emit_state, write_log
from aws_understudy.services.glue.runs import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_STOP_SECONDS = 5.0
_logger = logging.getLogger(__name__)


class CrawlerService:
    """Runs crawlers in worker threads and overlays their state on the back end's records."""

    name = "glue"

    def __init__(self, context: Context) -> None:
        self._context = context
        self._records = CrawlerRecords(context)
        self._runs: dict[str, list[Run]] = {}
        self._lock = threading.Lock()
        self._actions: dict[str, Callable[[dict[str, Any]], Mapping[str, Any] | None]] = {
            "StartCrawler": self._start,
            "StopCrawler": self._stop,
            "GetCrawler": self._get,
            "GetCrawlers": self._get_all,
            "BatchGetCrawlers": self._batch_get,
            "GetCrawlerMetrics": self._metrics,
            "ListCrawls": self._list_crawls,
            "DeleteCrawler": self._refuse_if_running,
            "UpdateCrawler": self._refuse_if_running,
        }

    def handle(self, request: AwsRequest) -> AwsResponse | None:
        """Answer crawler operations; everything else of Glue goes to the back end.

        Raises:
            AwsError: as Glue words it.
        """
        action = self._actions.get(request.action)
        if action is None or self._records.is_own(request):
            return None
        if request.region != self._context.region:
            raise AwsError(
                "InvalidInputException",
                f"The emulator runs crawlers in {self._context.region} only, "
                f"not in {request.region}.",
            )
        answer = action(request.json())
        return None if answer is None else AwsResponse.of_json(answer)

    def close(self) -> None:
        """Stop every crawl and wait for its thread."""
        running = [r for runs in self._runs.values() for r in runs if r.status == "RUNNING"]
        for run in running:
            run.stop.set()
        for run in running:
            if run.thread:
                run.thread.join(_STOP_SECONDS)

    def _history(self, record: Mapping[str, Any]) -> list[Run]:
        """Give the runs of this crawler, not those of a deleted one of the same name."""
        created = int(record.get("CreationTime") or 0)
        with self._lock:
            return [r for r in self._runs.get(record["Name"], []) if r.started >= created]

    def _start(self, body: dict[str, Any]) -> Mapping[str, Any]:
        record = self._records.get(body.get("Name", ""))
        run = Run(crawler=record["Name"])
        with self._lock:
            runs = self._runs.setdefault(run.crawler, [])
            if runs and runs[-1].status == "RUNNING":
                raise AwsError(
                    "CrawlerRunningException",
                    f"Crawler with name {run.crawler} has already started",
                )
            runs.append(run)
        run.thread = threading.Thread(
            target=self._work, args=(run, record), name=f"crawl-{run.crawler}", daemon=True
        )
        run.thread.start()
        return {}

    def _work(self, run: Run, record: Mapping[str, Any]) -> None:
        lines = [f"INFO : Crawler {run.crawler} started"]
        status, error = "FAILED", ""
        try:
            emit_state(context=self._context, run=run, state="Started")
            run.changes = crawl(
                context=self._context, crawler=record, stop=run.stop, log=lines.append
            )
            status = "SUCCEEDED"
        except CrawlStopped:
            status = "CANCELLED"
        except CrawlRefused as refusal:
            error = str(refusal)
        except Exception as defect:  # a crawl must end in a state, whatever happens
            _logger.exception("Crawl of %s", run.crawler)
            error = f"Internal Service Exception: {type(defect).__name__}: {defect}"
        run.error, run.ended = error, time.time()
        lines.append(f"ERROR : {error}" if error else f"INFO : Crawler {run.crawler}: {status}")
        try:
            write_log(context=self._context, run=run, lines=lines)
        finally:
            run.status = status
        states = {"SUCCEEDED": "Succeeded", "CANCELLED": "Stopped"}
        emit_state(context=self._context, run=run, state=states.get(status, "Failed"))

    def _stop(self, body: dict[str, Any]) -> Mapping[str, Any]:
        record = self._records.get(body.get("Name", ""))
        history = self._history(record)
        state = history[-1].state if history else "READY"
        if state == "STOPPING":
            raise AwsError("CrawlerStoppingException", f"Crawler {record['Name']} is stopping")
        if state == "READY":
            raise AwsError("CrawlerNotRunningException", f"Crawler {record['Name']} is not running")
        history[-1].stop.set()
        return {}

    def _get(self, body: dict[str, Any]) -> Mapping[str, Any]:
        record = self._records.get(body.get("Name", ""))
        return {"Crawler": with_state(record, self._history(record))}

    def _get_all(self, body: dict[str, Any]) -> Mapping[str, Any]:
        answer = self._records.all(body)
        crawlers = [with_state(r, self._history(r)) for r in answer.get("Crawlers", [])]
        return {**answer, "Crawlers": crawlers}

    def _batch_get(self, body: dict[str, Any]) -> Mapping[str, Any]:
        known = {r["Name"]: r for r in self._records.all({}).get("Crawlers", [])}
        names = body.get("CrawlerNames", [])
        crawlers = [with_state(known[n], self._history(known[n])) for n in names if n in known]
        return {"Crawlers": crawlers, "CrawlersNotFound": [n for n in names if n not in known]}

    def _metrics(self, body: dict[str, Any]) -> Mapping[str, Any]:
        names = body.get("CrawlerNameList")
        records = self._records.all({}).get("Crawlers", [])
        chosen = [r for r in records if not names or r["Name"] in names]
        return {"CrawlerMetricsList": [metrics(r["Name"], self._history(r)) for r in chosen]}

    def _list_crawls(self, body: dict[str, Any]) -> Mapping[str, Any]:
        record = self._records.get(body.get("CrawlerName", ""))
        return list_crawls(self._history(record), body)

    def _refuse_if_running(self, body: dict[str, Any]) -> None:
        with self._lock:
            runs = self._runs.get(body.get("Name", ""), [])
            if runs and runs[-1].status == "RUNNING":
                name = body.get("Name")
                raise AwsError("CrawlerRunningException", f"Crawler {name} is running")
