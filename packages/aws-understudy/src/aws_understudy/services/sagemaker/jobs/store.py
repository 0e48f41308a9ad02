"""All jobs of one kind: the API that starts, lists and stops them, a thread each."""

from __future__ import annotations

import logging
import shutil
import threading
from typing import TYPE_CHECKING, Any

from aws_understudy.services.sagemaker.containers.failures import JobFailedError, JobStoppedError
from aws_understudy.services.sagemaker.inputs import (
    check_input,
    in_use,
    invalid,
    newest_first,
    not_found,
    now,
    page,
)
from aws_understudy.services.sagemaker.jobs.job import Job
from aws_understudy.services.sagemaker.jobs.rules import check_role

if TYPE_CHECKING:
    from aws_understudy.services.sagemaker.containers.tools import Tools
    from aws_understudy.services.sagemaker.jobs.job import JobKind

_log = logging.getLogger(__name__)


class JobStore:
    """The jobs of one kind."""

    def __init__(self, *, kind: JobKind, tools: Tools, slots: threading.Semaphore) -> None:
        self.kind = kind
        self._tools = tools
        self._slots = slots
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def create(self, request: dict[str, Any]) -> Job:
        """Check the request and start the job in the background.

        Raises:
            AwsError: the request is wrong, its name taken, or it cannot be run here.
        """
        word = self.kind.word
        check_input(f"Create{word}Job", request)
        if "RoleArn" in request:
            check_role(request["RoleArn"], self._tools.context)
        note = self.kind.check(request, self._tools)
        name = str(request[f"{word}JobName"])
        context = self._tools.context
        arn = f"arn:aws:sagemaker:{context.region}:{context.account}:{self.kind.noun}/{name}"
        folder = context.work_dir / "sagemaker" / self.kind.noun / name
        job = Job(name=name, arn=arn, request=request, folder=folder, note=note)
        with self._lock:
            if name in self._jobs:
                raise in_use(f"{word} job {name} exists already; names are unique.")
            self._jobs[name] = job
        threading.Thread(target=self._work, args=(job,), name=f"job-{name}", daemon=True).start()
        return job

    def get(self, name: str) -> Job:
        """A job by its name.

        Raises:
            AwsError: there is none.
        """
        if name not in self._jobs:
            raise not_found(f"No {self.kind.noun} is named {name!r}.")
        return self._jobs[name]

    def describe(self, name: str) -> dict[str, Any]:
        """What the Describe call answers."""
        job, word = self.get(name), self.kind.word
        request = {key: value for key, value in job.request.items() if key != "Tags"}
        return {**request, **self._state(job), **job.result, f"{word}JobName": name}

    def stop(self, name: str) -> None:
        """Ask a job to end; its processes are ended within seconds.

        Raises:
            AwsError: it is over already.
        """
        job = self.get(name)
        if job.status != "InProgress":
            raise invalid(
                f"{self.kind.noun} {name} is {job.status}; only InProgress can be stopped."
            )
        job.status = "Stopping"
        job.stop.set()

    def stop_all(self) -> None:
        """Ask every job to end."""
        for job in list(self._jobs.values()):
            job.stop.set()

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """What the List call answers; filtered by ``StatusEquals`` and ``NameContains``."""
        status, part = request.get("StatusEquals"), request.get("NameContains", "")
        word = self.kind.word
        jobs = [
            {f"{word}JobName": job.name, **self._state(job)}
            for job in list(self._jobs.values())
            if part in job.name and status in (None, job.status)
        ]
        return page(newest_first(jobs, request, "CreationTime"), request, f"{word}JobSummaries")

    def stats(self) -> list[dict[str, Any]]:
        """Seconds and peak memory of each job, which the API does not tell."""
        return [
            {
                "kind": self.kind.noun,
                "name": job.name,
                "status": job.status,
                "seconds": round((job.ended or now()) - (job.started or job.created), 3),
                "peak_rss_bytes": job.peak_rss_bytes,
                "note": job.note,
            }
            for job in list(self._jobs.values())
        ]

    def _state(self, job: Job) -> dict[str, Any]:
        word = self.kind.word
        times = {f"{word}StartTime": job.started, f"{word}EndTime": job.ended}
        return {
            f"{word}JobArn": job.arn,
            f"{word}JobStatus": job.status,
            "CreationTime": job.created,
            "LastModifiedTime": job.ended or job.started or job.created,
            **{key: value for key, value in times.items() if value is not None},
            **({"FailureReason": job.reason} if job.reason else {}),
        }

    def _work(self, job: Job) -> None:
        with self._slots:
            job.started = now()
            status, reason = self._outcome(job)
            shutil.rmtree(job.folder, ignore_errors=True)  # its files, which may be large
            job.ended = now()
            job.reason = reason
            job.status = status
            job.over.set()

    def _outcome(self, job: Job) -> tuple[str, str]:
        """Run the job; its status, and why it failed."""
        try:
            if job.stop.is_set():
                return "Stopped", ""  # while it waited for a slot
            job.folder.mkdir(parents=True)
            self.kind.run(job, self._tools)
        except JobStoppedError:
            return "Stopped", ""
        except JobFailedError as error:
            return "Failed", str(error)
        except Exception as error:  # noqa: BLE001 - becomes the job's failure
            _log.exception("%s %s broke", self.kind.noun, job.name)
            return "Failed", f"InternalServerError: a fault of the emulator: {error!r}"
        return "Completed", ""
