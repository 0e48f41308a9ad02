"""The one door of the emulator: an ASGI application in front of our services and ministack."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from emulator.asgi import ClientGone, after, naming_author, read_body, replaying, send_response
from emulator.aws_requests import header_map, read_request, signing_scope
from emulator.browser_guard import refusal
from emulator.dispatch import BY_CAPSTONE, BY_MINISTACK
from emulator.errors import error_response
from emulator.moto_backend import not_implemented
from emulator.s3_uploads import with_default_kms_key
from emulator.stack_progress import HELD_ACTIONS, StackProgress
from emulator.unknown_services import naming_unknown_services
from emulator.unknown_types import explaining

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emulator.asgi import Application, Receive, Scope, Send
    from emulator.dispatch import Dispatcher
    from emulator.service import AwsRequest, AwsResponse, Context

T = TypeVar("T")

WORKER_THREADS = 256
"""Requests of ours that may be in progress at once.

A request may call the emulator back and wait for that, so a small pool would lock itself up.
Threads are only started when needed.
"""

FORBIDDEN = 403
PAGES_PREFIX = "/_capstone/"


class Gateway:
    """Routes each request by the service its signature names."""

    def __init__(
        self,
        *,
        ministack: Application,
        dispatcher: Dispatcher,
        pages: Mapping[str, Callable[[], AwsResponse]],
        context: Context,
    ) -> None:
        self._ministack = ministack
        self._dispatcher = dispatcher
        self._pages = pages
        self._context = context
        self._progress = StackProgress(context)
        self._pool = ThreadPoolExecutor(WORKER_THREADS, thread_name_prefix="capstone")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        if scope["type"] == "lifespan":
            await self._ministack(scope, receive, send)
        elif (
            scope["type"] != "http"
        ):  # WebSockets: nothing here needs them, web pages can open them
            await send({"type": "websocket.close", "code": 1008})
        elif (reason := refusal(header_map(scope))) is not None:
            body = f"The emulator refuses this request: {reason}.\n".encode()
            await send_response(send, FORBIDDEN, {}, body)
        elif scope["path"].startswith(PAGES_PREFIX):
            await self._page(scope["path"], send)
        else:
            with contextlib.suppress(ClientGone):
                await self._aws(scope, receive, send)

    async def _page(self, path: str, send: Send) -> None:
        page = self._pages.get(path.removeprefix(PAGES_PREFIX))
        if page is None:
            known = ", ".join(PAGES_PREFIX + name for name in sorted(self._pages))
            await send_response(send, 404, {}, f"No page {path}. There are: {known}\n".encode())
            return
        response = page()
        await send_response(send, response.status, dict(response.headers), response.body)

    async def _aws(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = header_map(scope)
        service, _ = signing_scope(headers, scope.get("query_string", b"").decode("latin-1"))
        if service == "s3":
            scope = with_default_kms_key(scope, headers)
        if service == "cloudformation":
            receive, send = await self._holding(scope, headers, receive, send)
        elif self._dispatcher.claims(service):
            body = await read_body(receive)
            if await self._ours(scope, headers, body, send):
                return
            receive = replaying(body, receive)

        async def refuse() -> None:
            request = self._read(scope, headers, b"")
            answer = error_response(request, not_implemented(request))
            await send_response(
                naming_author(send, BY_CAPSTONE), answer.status, dict(answer.headers), answer.body
            )

        await self._ministack(
            scope, receive, naming_unknown_services(naming_author(send, BY_MINISTACK), refuse)
        )

    async def _holding(
        self, scope: Scope, headers: Mapping[str, str], receive: Receive, send: Send
    ) -> tuple[Receive, Send]:
        body = await read_body(receive)
        request = self._read(scope, headers, body)
        send = explaining(send)
        if request.action in HELD_ACTIONS:
            send = after(lambda: self._in_thread(self._progress.hold, request), send)
        return replaying(body, receive), send

    async def _ours(
        self, scope: Scope, headers: Mapping[str, str], body: bytes, send: Send
    ) -> bool:
        request = self._read(scope, headers, body)
        answered = await self._in_thread(self._dispatcher.answer, request)
        if answered is None:
            return False
        response, author = answered
        await send_response(
            naming_author(send, author), response.status, dict(response.headers), response.body
        )
        return True

    def _read(self, scope: Scope, headers: Mapping[str, str], body: bytes) -> AwsRequest:
        return read_request(
            scope,
            headers=headers,
            body=body,
            region=self._context.region,
            account=self._context.account,
        )

    async def _in_thread(self, work: Callable[[AwsRequest], T], request: AwsRequest) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, request)

    def close(self) -> None:
        """Stop the services, then the worker threads; those that block are left to the process."""
        self._dispatcher.close()
        self._pool.shutdown(wait=False, cancel_futures=True)
