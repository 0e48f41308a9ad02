"""All endpoints: the API that starts, replaces and ends the server process of each."""

from __future__ import annotations

import itertools
import logging
import threading
from typing import TYPE_CHECKING, Any

from aws_understudy.services.sagemaker.containers.failures import JobFailedError, JobStoppedError
from aws_understudy.services.sagemaker.endpoints.endpoint import Endpoint
from aws_understudy.services.sagemaker.endpoints.endpoint_config import plan_of
from aws_understudy.services.sagemaker.inputs import check_input, invalid, newest_first, now, page
from aws_understudy.services.sagemaker.serving.model_server import ModelServer

if TYPE_CHECKING:
    from aws_understudy.services.sagemaker.containers.tools import Tools
    from aws_understudy.services.sagemaker.endpoints.endpoint_config import Plan

_log = logging.getLogger(__name__)


class Endpoints:
    """Every endpoint of the account."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._endpoints: dict[str, Endpoint] = {}
        self._stats: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._serial = itertools.count(1)

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """Start an endpoint in the background.

        Raises:
            AwsError: the name is taken, or the configuration cannot be served here.
        """
        check_input("CreateEndpoint", request)
        name = request["EndpointName"]
        plan = plan_of(request["EndpointConfigName"], self._tools)
        endpoint = Endpoint(name=name, arn=self._arn(name), plan=plan)
        with self._lock:
            if name in self._endpoints:
                raise invalid(f'Cannot create already existing endpoint "{endpoint.arn}".')
            self._endpoints[name] = endpoint
        endpoint.emit(self._tools.context)
        self._deploy_in_background(endpoint, plan)
        return {"EndpointArn": endpoint.arn}

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """Replace what serves an endpoint; the old model serves until the new one is healthy.

        Raises:
            AwsError: no such endpoint, it is changing, or the configuration cannot be served.
        """
        check_input("UpdateEndpoint", request)
        endpoint = self.get(request["EndpointName"])
        plan = plan_of(request["EndpointConfigName"], self._tools)
        with self._lock:
            if endpoint.status not in {"InService", "Failed"}:
                raise invalid(f'Cannot update in-progress endpoint "{endpoint.arn}".')
            endpoint.status = "Updating"
        self._changed(endpoint, "Updating")
        self._deploy_in_background(endpoint, plan)
        return {"EndpointArn": endpoint.arn}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """End an endpoint and its process."""
        endpoint = self.get(request.get("EndpointName", ""))
        with self._lock:
            self._endpoints.pop(endpoint.name, None)
            endpoint.gone.set()
        self._retire(endpoint, endpoint.server)
        return {}

    def get(self, name: str) -> Endpoint:
        """An endpoint by its name.

        Raises:
            AwsError: there is none.
        """
        if name not in self._endpoints:
            raise invalid(f'Could not find endpoint "{self._arn(name)}".')
        return self._endpoints[name]

    def find(self, name: str) -> Endpoint | None:
        """An endpoint by its name, or None."""
        return self._endpoints.get(name)

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """What DescribeEndpoint answers."""
        return self.get(request.get("EndpointName", "")).described()

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """What ListEndpoints answers."""
        part, status = request.get("NameContains", ""), request.get("StatusEquals")
        summaries = [
            endpoint.summary()
            for endpoint in list(self._endpoints.values())
            if part in endpoint.name and status in (None, endpoint.status)
        ]
        return page(newest_first(summaries, request, "CreationTime"), request, "Endpoints")

    def stats(self) -> list[dict[str, Any]]:
        """Peak memory of each server that has ended."""
        return list(self._stats)

    def close(self) -> None:
        """End every server."""
        for endpoint in list(self._endpoints.values()):
            endpoint.gone.set()
            self._retire(endpoint, endpoint.server)

    def _arn(self, name: str) -> str:
        context = self._tools.context
        return f"arn:aws:sagemaker:{context.region}:{context.account}:endpoint/{name.lower()}"

    def _deploy_in_background(self, endpoint: Endpoint, plan: Plan) -> None:
        name = f"endpoint-{endpoint.name}"
        work = threading.Thread(target=self._deploy, args=(endpoint, plan), name=name, daemon=True)
        work.start()

    def _deploy(self, endpoint: Endpoint, plan: Plan) -> None:
        serial = f"{endpoint.name}-{next(self._serial)}"
        folder = self._tools.context.work_dir / "sagemaker" / "endpoint" / serial
        server = ModelServer(
            tools=self._tools,
            container=plan.model.container,
            machine=plan.machine,
            folder=folder,
        )
        stream = f"{plan.variant['VariantName']}/{serial}"
        group = f"Endpoints/{endpoint.name}"
        try:
            server.start(log_group=group, stream=stream, cancelled=endpoint.gone)
        except JobStoppedError:
            return
        except JobFailedError as error:
            endpoint.reason = str(error)
            # A failed update leaves the old model in service, as AWS's roll-back does.
            self._changed(endpoint, "InService" if endpoint.server else "Failed")
            return
        except Exception as error:  # noqa: BLE001 - becomes the endpoint's failure
            _log.exception("endpoint %s broke", endpoint.name)
            endpoint.reason = f"A fault of the emulator: {error!r}"
            self._changed(endpoint, "InService" if endpoint.server else "Failed")
            return
        with self._lock:
            gone = endpoint.gone.is_set()
            old, endpoint.server = endpoint.server, server
            endpoint.plan, endpoint.reason = plan, ""
            endpoint.slots = threading.Semaphore(plan.concurrency)
        if gone:
            self._retire(endpoint, server)
            return
        self._changed(endpoint, "InService")
        self._retire(endpoint, old)

    def _retire(self, endpoint: Endpoint, server: ModelServer | None) -> None:
        if server is not None:
            server.stop()
            entry = {"kind": "endpoint", "name": endpoint.name, "note": server.note}
            self._stats.append({**entry, "peak_rss_bytes": server.peak_rss_bytes})

    def _changed(self, endpoint: Endpoint, status: str) -> None:
        endpoint.changed = now()
        endpoint.status = status
        endpoint.emit(self._tools.context)
