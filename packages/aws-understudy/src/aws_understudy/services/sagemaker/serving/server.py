"""Serves a model by the script contract of SageMaker's scikit-learn image.

A stand-alone program: loads ``SAGEMAKER_PROGRAM`` from ``SAGEMAKER_SUBMIT_DIRECTORY``, calls its
``model_fn`` once, then answers ``/ping`` and ``/invocations`` on the Unix socket
``UNDERSTUDY_SOCKET``, which needs no network and is out of the reach of others. A request goes
through the script's ``input_fn``, ``predict_fn`` and ``output_fn``. Unlike the image it brings no
default ``input_fn`` and ``output_fn``: a script without them is refused.

As in the image (_transformer.py, _worker.py and _functions.py of aws/sagemaker-containers):

- An exception of any of the functions is a 500, whatever its class; the error wrapper hides even
  ``UnsupportedFormatError``. The image's 500 bears no reason; here it bears the exception.
- A status of the script's own is what ``output_fn`` returns as a response of Flask, or as any
  other WSGI application; a tuple of body and content type is a 200.
- A body of ``application/json`` or ``text/csv`` without parameters reaches ``input_fn`` as text in
  which bytes that are no UTF-8 are U+FFFD; any other body as bytes.
- Without an Accept, or with ``*/*``, the script is given SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT,
  else ``application/json``.
"""

from __future__ import annotations

import importlib.util
import io
import os
import socketserver
import sys
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LARGEST_BODY = 100 * 1024 * 1024
_JSON = "application/json"
_READ_AS_TEXT = {_JSON, "text/csv"}


class Reply(NamedTuple):
    """What goes back to the client."""

    status: int
    content: bytes
    content_type: str


def reply_of(application: Callable[..., Iterable[bytes]]) -> Reply:
    """Run a WSGI application on a bare request, as Flask does with one that a view returns."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _error: object = None
    ) -> Callable[[bytes], None]:
        started.append((status, headers))
        return written.append

    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/invocations",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8080",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    parts = application(environ, start_response)
    try:
        written.extend(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    status, headers = started[-1]
    kinds = [value for name, value in headers if name.lower() == "content-type"]
    return Reply(int(status.split()[0]), b"".join(written), kinds[0] if kinds else _JSON)


class Script:
    """The user's module and the model that it loaded."""

    def __init__(self, *, folder: Path, program: str, model_folder: str) -> None:
        path = folder / program
        if not path.is_file():
            sys.exit(f"serve: {path} does not exist; model.tar.gz must hold code/{program}")
        sys.path.insert(0, str(folder))
        spec = importlib.util.spec_from_file_location("inference_script", path)
        if spec is None or spec.loader is None:
            sys.exit(f"serve: {path} is no Python module")
        self._module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self._module)
        for name in ("model_fn", "input_fn", "output_fn"):
            if not hasattr(self._module, name):
                sys.exit(f"serve: {program} defines no {name}; this server has no default for it")
        self._model = self._module.model_fn(model_folder)

    def answer(self, body: bytes, content_type: str, accept: str) -> Reply:
        """Decode, predict, encode."""
        text = content_type in _READ_AS_TEXT
        data = self._module.input_fn(body.decode(errors="replace") if text else body, content_type)
        predict = getattr(self._module, "predict_fn", lambda rows, model: model.predict(rows))
        output: Any = self._module.output_fn(predict(data, self._model), accept)
        if callable(output):
            return reply_of(output)
        content, kind = output if isinstance(output, tuple) else (output, accept)
        encoded = content if isinstance(content, bytes) else str(content).encode()
        return Reply(HTTPStatus.OK, encoded, kind)


class Handler(BaseHTTPRequestHandler):
    """The two paths of a model container."""

    protocol_version = "HTTP/1.1"
    script: Script

    def do_GET(self) -> None:
        """Answer /ping: the model was loaded before the socket was made."""
        ping = self.path == "/ping"
        self._send(HTTPStatus.OK if ping else HTTPStatus.NOT_FOUND, b"", "text/plain")

    def do_POST(self) -> None:
        """Answer /invocations."""
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/invocations" or length > _LARGEST_BODY:
            self._send(HTTPStatus.NOT_FOUND, b"POST /invocations only", "text/plain")
            return
        body = self.rfile.read(length)
        content_type = self.headers.get("Content-Type") or _JSON
        accept = self.headers.get("Accept") or "*/*"
        if accept == "*/*":
            accept = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", _JSON)
        try:
            reply = self.script.answer(body, content_type, accept)
        except Exception as error:  # noqa: BLE001 - whatever the user's script raises
            traceback.print_exc()
            message = f"{type(error).__name__}: {error}".encode(errors="replace")
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, message, "text/plain")
            return
        self._send(reply.status, reply.content, reply.content_type)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's own name
        """Log requests, but not the health checks."""
        if self.path != "/ping":
            print(format % args, flush=True)

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """HTTP on a Unix socket, a thread for each connection."""

    daemon_threads = True
    request_queue_size = 128


def main() -> None:
    """Load the model, then serve."""
    model_folder = os.environ["SM_MODEL_DIR"]
    Handler.script = Script(
        folder=Path(os.environ.get("SAGEMAKER_SUBMIT_DIRECTORY", f"{model_folder}/code")),
        program=os.environ.get("SAGEMAKER_PROGRAM", "inference.py"),
        model_folder=model_folder,
    )
    folder, name = os.path.split(os.environ["UNDERSTUDY_SOCKET"])
    script_folder = Path.cwd()
    os.chdir(folder)  # the path of a socket may have about 100 characters; its name is short
    server = Server(name, Handler)
    os.chdir(script_folder)
    print("serving", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
