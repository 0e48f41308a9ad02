"""The life of one emulator process: check, compose, serve, announce, stop."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import signal
import sys
import threading
import urllib.request
from typing import TYPE_CHECKING

from hypercorn.asyncio import serve
from ministack.app import app as ministack_app
from ministack.core import lambda_runtime

from aws_understudy.backends.event_bus import EventBus
from aws_understudy.backends.moto_backend import MotoBackEnd
from aws_understudy.backends.pins import PinError, check_pins
from aws_understudy.backends.programs import confine_programs
from aws_understudy.backends.refusals import install_refusals
from aws_understudy.cloudformation.exports import protect_exports
from aws_understudy.cloudformation.hooks import install_types
from aws_understudy.composition import (
    FIDELITY,
    LEDGERS,
    SUPPORTED_TYPES,
    build_services,
    own_types,
)
from aws_understudy.core.children import kill_descendants
from aws_understudy.core.service import Context
from aws_understudy.gateway.connections import BoundedConfig
from aws_understudy.gateway.dispatch import Dispatcher
from aws_understudy.gateway.front_door import MOST_HEADER_BYTES, FrontDoor
from aws_understudy.gateway.gateway import Gateway
from aws_understudy.gateway.key_ring import KeyRing
from aws_understudy.gateway.pages import own_pages
from aws_understudy.gateway.unknown_services import trust_signing_names
from aws_understudy.ledger.admission import Admission
from aws_understudy.ledger.entries import read_ledger
from aws_understudy.sandbox.sandboxes import Sandboxes

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from aws_understudy.core.settings import EmulatorSettings

STOP_WITHIN_SECONDS = 9.0
"""An orderly stop gets this long; then the process and its children are killed."""

_log = logging.getLogger(__name__)


def run(settings: EmulatorSettings, listener: socket.socket) -> int:
    """Serve until SIGTERM, SIGINT or the end of standard input; the result is the exit code."""
    try:
        check_pins()
    except PinError as error:
        print(f"aws-understudy: {error}", file=sys.stderr)
        return 1
    endpoint_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    gateway = compose(settings, endpoint_url=endpoint_url)
    asyncio.run(_serve(settings, gateway, listener, endpoint_url))
    _clean_up(settings)
    return 0


def _importable(settings: EmulatorSettings) -> list[Path]:
    return [] if settings.node_modules is None else [settings.node_modules]


def compose(settings: EmulatorSettings, *, endpoint_url: str) -> Gateway:
    """Put the gateway together: our services, moto and ministack behind one door."""
    bus = EventBus(account=settings.account, region=settings.region)
    context = Context(
        endpoint_url=endpoint_url,
        region=settings.region,
        account=settings.account,
        credentials=settings.credentials,
        work_dir=settings.work_dir,
        emit_event=bus.emit,
    )
    trust_signing_names()
    install_refusals()
    install_types(own_types(context), supported=SUPPORTED_TYPES)
    protect_exports()
    sandboxes = Sandboxes.strongest(settings.work_dir / "sandboxes", at_most=settings.sandbox)
    confine_programs(sandboxes, settings.work_dir / "functions", readable=_importable(settings))
    services = build_services(context, sandboxes)
    ledgers = [read_ledger(path) for path in LEDGERS]
    return Gateway(
        ministack=ministack_app,
        dispatcher=Dispatcher(services=services, moto=MotoBackEnd()),
        pages=own_pages(services, FIDELITY, ledgers),
        context=context,
        keys=KeyRing(account=settings.account, root=settings.credentials),
        door=FrontDoor(allowed_origins=settings.allowed_origins),
        admission=Admission(ledgers),
    )


async def _serve(
    settings: EmulatorSettings, gateway: Gateway, listener: socket.socket, endpoint_url: str
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if settings.exit_with_stdin:
        _daemon(lambda: _watch_stdin(loop, stop))
    config = BoundedConfig(listener)
    config.keep_alive_timeout = 75
    config.h11_max_incomplete_size = MOST_HEADER_BYTES
    config.graceful_timeout = 2
    config.loglevel = settings.log_level
    announcing = asyncio.create_task(asyncio.to_thread(_announce, settings, endpoint_url))

    async def stopped() -> None:
        await stop.wait()
        _daemon(_kill_after_delay)
        await loop.run_in_executor(None, gateway.close)
        await loop.run_in_executor(None, lambda_runtime.reset)

    await serve(gateway, config, shutdown_trigger=stopped)  # type: ignore[arg-type] # ASGI by shape
    await announcing


def _announce(settings: EmulatorSettings, endpoint_url: str) -> None:
    """Write the ready file once the emulator really answers; atomically, so none reads half."""
    with urllib.request.urlopen(f"{endpoint_url}/_understudy/health", timeout=60) as answer:  # noqa: S310 - our own loopback address
        answer.read()
    ready = {
        "endpoint_url": endpoint_url,
        "pid": os.getpid(),
        "account": settings.account,
        "region": settings.region,
        "access_key_id": settings.credentials.access_key_id,
        "secret_access_key": settings.credentials.secret_access_key,
    }
    if settings.ready_file is not None:
        unfinished = settings.ready_file.with_name(settings.ready_file.name + ".part")
        unfinished.unlink(missing_ok=True)  # one that lies there may be open to others
        unfinished.touch(mode=0o600, exist_ok=False)
        unfinished.write_text(json.dumps(ready))
        unfinished.replace(settings.ready_file)
    print(f"aws-understudy: serving {endpoint_url} for account {settings.account}", flush=True)


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    loop.call_soon_threadsafe(stop.set)


def _kill_after_delay() -> None:
    threading.Event().wait(STOP_WITHIN_SECONDS)
    _log.error("the stop took more than %s s: killing what is left", STOP_WITHIN_SECONDS)
    kill_descendants(os.getpid())
    os.kill(os.getpid(), signal.SIGKILL)


def _clean_up(settings: EmulatorSettings) -> None:
    kill_descendants(os.getpid())
    shutil.rmtree(settings.work_dir, ignore_errors=True)
    if settings.ready_file is not None:
        settings.ready_file.unlink(missing_ok=True)


def _daemon(target: object) -> None:
    threading.Thread(target=target, daemon=True).start()  # type: ignore[arg-type]
