"""The service in this process, in front of moto, on a port of its own."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from understudy_support.harness import CREDENTIALS, Harness
from werkzeug import Request
from werkzeug.serving import make_server

from aws_understudy.core.service import Context
from aws_understudy.sandbox.level import Level
from aws_understudy.sandbox.sandboxes import Sandboxes
from aws_understudy.services.sagemaker.service import SageMakerService

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", params=list(Level))
def emulated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Harness]:
    """The service, with each level of sandbox that the system allows."""
    folder = tmp_path_factory.mktemp("service")
    sandboxes = Sandboxes.strongest(folder / "sandboxes", at_most=request.param)
    if sandboxes.level is not request.param:
        pytest.skip(f"this system has no sandbox of the level {request.param!r}")
    harness = Harness(folder=folder)
    moto = DomainDispatcherApplication(create_backend_app)

    def application(environ: Any, start_response: Any) -> Any:
        return harness.answer(Request(environ), moto)(environ, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    harness.url = f"http://127.0.0.1:{server.port}"
    context = Context(
        endpoint_url=harness.url,
        region="us-east-1",
        account="123456789012",
        credentials=CREDENTIALS,
        work_dir=folder,
        emit_event=lambda _source, kind, detail: harness.events.append((kind, dict(detail))),
    )
    harness.service = SageMakerService(context, sandboxes)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    iam = harness.client("iam")
    with contextlib.suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName="jobs", AssumeRolePolicyDocument="{}")
    for bucket in ("data", "code", "out"):
        harness.client("s3").create_bucket(Bucket=bucket)
    yield harness
    harness.service.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def level(emulated: Harness) -> Level:
    level: Level = emulated.service._containers.sandboxes.level
    return level
