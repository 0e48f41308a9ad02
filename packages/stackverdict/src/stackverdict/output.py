"""Write a report to files: the page, the Markdown, the JSON, and an image of the page."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from stackverdict.errors import InputError
from stackverdict.render.json_text import write_json
from stackverdict.render.markdown import write_markdown
from stackverdict.render.page import write_page

if TYPE_CHECKING:
    import os

    from stackverdict.report import Report

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_SIZE = "1440,1420"  # the verdict, the figures and the picture
_SECONDS = 60
_FLAGS = (
    "--headless",
    "--no-sandbox",  # it opens one local file of our own making; containers have no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def write_report(report: Report, folder: str | os.PathLike[str]) -> Path:
    """Write `index.html`, `review.md` and `review.json` into a folder; return the page's path.

    The folder is made if it is absent; files of these names in it are replaced.
    """
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, text in (
            ("index.html", write_page(report)),
            ("review.md", write_markdown(report)),
            ("review.json", write_json(report)),
        ):
            (target / name).write_text(text, encoding="utf-8")
    except OSError as error:
        reason = f"the report cannot be written: {error.strerror}"
        raise InputError(file=str(error.filename or target), reason=reason) from error
    return target / "index.html"


def take_image(page: Path, image: Path) -> None:
    """Write a PNG of the page's head. Raises InputError when no browser does it."""
    browser = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        tried = ", ".join(_BROWSERS)
        raise InputError(file=str(image), reason=f"an image needs a browser; tried {tried}")
    try:
        image.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(file=str(image), reason=f"cannot be written: {error.strerror}") from error
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *_FLAGS, f"--user-data-dir={profile}", f"--window-size={_SIZE}"]
        process = subprocess.run(
            [*command, f"--screenshot={image.resolve()}", page.resolve().as_uri()],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    if process.returncode or not image.is_file():
        message = (process.stderr.strip().splitlines() or ["no message"])[-1]
        raise InputError(file=str(image), reason=f"{browser} wrote no image: {message}")
