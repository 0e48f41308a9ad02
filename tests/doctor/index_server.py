"""A package index behind TLS, and a proxy that reads along, by a certificate of their own."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import ssl
import threading
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "packages.example"
"""A name that has no address: only the proxy answers for it."""
WHEEL = "tiny-1.0-py3-none-any.whl"
PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Index:
    """Where the index and its proxy serve, and the certificate that one has to trust."""

    port: int
    authority: Path

    @property
    def direct(self) -> str:
        return f"https://127.0.0.1:{self.port}/simple"

    @property
    def proxied(self) -> str:
        return f"https://{HOST}/simple"


def wheel() -> bytes:
    """A package of one empty module."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("tiny.py", "")
        about = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
        archive.writestr("tiny-1.0.dist-info/METADATA", about)
        kind = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr("tiny-1.0.dist-info/WHEEL", kind)
        files = ("tiny.py", *(f"tiny-1.0.dist-info/{n}" for n in ("METADATA", "WHEEL", "RECORD")))
        archive.writestr("tiny-1.0.dist-info/RECORD", "".join(f"{file},,\n" for file in files))
    return content.getvalue()


class Pages(BaseHTTPRequestHandler):
    """The index's two pages; and CONNECT, after which the same pages come through the tunnel."""

    protocol_version = "HTTP/1.1"
    context: ssl.SSLContext
    package = wheel()

    def do_CONNECT(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.connection = self.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.close_connection = False

    def do_GET(self) -> None:
        if self.path.endswith(WHEEL):
            self._answer(self.package, "application/octet-stream")
        elif self.path.rstrip("/").endswith(("/tiny", "/uv")):
            digest = hashlib.sha256(self.package).hexdigest()
            page = f'<html><a href="/files/{WHEEL}#sha256={digest}">{WHEEL}</a></html>'
            self._answer(page.encode(), "text/html")
        else:
            self.send_error(404)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self, content: bytes, type_: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", type_)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # the tunnel's, which the server does not know

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Says nothing of a client that hangs up, for it trusts nobody."""

    def handle_error(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serve(folder: Path, *, tls: bool) -> Iterator[Index]:
    """Serve the index itself (``tls``), or the proxy that stands before it."""
    authority, chain = certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    handler = type("Handler", (Pages,), {"context": context})
    server = Server(("127.0.0.1", 0), handler)
    if tls:
        # The handshake is the connection's own: one that fails does not hold up the others.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Index(port=server.server_address[1], authority=authority)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certificates(folder: Path) -> tuple[Path, Path]:
    """A company's authority, and a server's key and certificate that it has signed."""
    key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    company = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A company")])
    authority = (
        _certificate(company, key, issuer=company)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    names = [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    server = (
        _certificate(name, server_key, issuer=company)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = server_key.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "authority.pem").write_bytes(authority.public_bytes(PEM))
    (folder / "server.pem").write_bytes(secret + server.public_bytes(PEM))
    return folder / "authority.pem", folder / "server.pem"


def _certificate(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, issuer: x509.Name
) -> x509.CertificateBuilder:
    today = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=2))
    )
