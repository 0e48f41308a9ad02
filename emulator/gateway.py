"""The one door of the emulator: an ASGI application in front of our services and ministack."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from emulator.asgi import ClientGone, naming_author, read_body, replaying, send_response
from emulator.aws_requests import header_map, read_request, signing_scope
from emulator.dispatch import BY_MINISTACK
from emulator.s3_uploads import with_default_kms_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emulator.asgi import Application, Receive, Scope, Send
    from emulator.dispatch import Dispatcher
    from emulator.service import AwsResponse

WORKER_THREADS = 256
"""Requests of ours that may be in progress at once.

A request may call the emulator back and wait for that, so a small pool would lock itself up.
Threads are only started when needed.
"""

PAGES_PREFIX = "/_capstone/"


class Gateway:
    """Routes each request by the service its signature names."""

    def __init__(
        self,
        *,
        ministack: Application,
        dispatcher: Dispatcher,
        pages: Mapping[str, Callable[[], AwsResponse]],
        region: str,
        account: str,
    ) -> None:
        self._ministack = ministack
        self._dispatcher = dispatcher
        self._pages = pages
        self._region = region
        self._account = account
        self._pool = ThreadPoolExecutor(WORKER_THREADS, thread_name_prefix="capstone")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        if scope["type"] != "http":
            await self._ministack(scope, receive, send)
        elif scope["path"].startswith(PAGES_PREFIX):
            await self._page(scope["path"], send)
        else:
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
        if self._dispatcher.claims(service):
            try:
                body = await read_body(receive)
            except ClientGone:
                return
            if await self._ours(scope, headers, body, send):
                return
            receive = replaying(body, receive)
        await self._ministack(scope, receive, naming_author(send, BY_MINISTACK))

    async def _ours(
        self, scope: Scope, headers: Mapping[str, str], body: bytes, send: Send
    ) -> bool:
        request = read_request(
            scope, headers=headers, body=body, region=self._region, account=self._account
        )
        loop = asyncio.get_running_loop()
        answered = await loop.run_in_executor(self._pool, self._dispatcher.answer, request)
        if answered is None:
            return False
        response, author = answered
        await send_response(
            naming_author(send, author), response.status, dict(response.headers), response.body
        )
        return True

    def close(self) -> None:
        """Stop the services, then the worker threads; those that block are left to the process."""
        self._dispatcher.close()
        self._pool.shutdown(wait=False, cancel_futures=True)
