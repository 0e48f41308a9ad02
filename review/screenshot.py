"""Take an image of the page with a headless Chromium, for a README."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING

from review.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
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


def take(page: Path, image: Path) -> None:
    """Write a PNG of the page's head. Raises InputError when no browser does it."""
    browser = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if browser is None:
        tried = ", ".join(_NAMES)
        raise InputError(file=str(image), reason=f"an image needs a browser; tried {tried}")
    image.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *_FLAGS, f"--user-data-dir={profile}", f"--window-size={_SIZE}"]
        done = subprocess.run(
            [*command, f"--screenshot={image.resolve()}", page.resolve().as_uri()],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    if done.returncode or not image.is_file():
        said = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise InputError(file=str(image), reason=f"{browser} wrote no image: {said}")
