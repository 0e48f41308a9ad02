"""The folder that a rehearsal writes to: one rehearsal at a time, nothing left of the last."""

from __future__ import annotations

import fcntl
import json
import shutil
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING
from urllib.request import ProxyHandler, build_opener

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRITTEN = (
    "cdk.out", "emulator", "logs", "prepared", "queries", "synthetic", "index.html",
    "outputs.json", "report.json",
)  # fmt: skip


@contextmanager
def out_folder(out: Path, *, spare: Path | None = None) -> Iterator[Path]:
    """Take the folder, and delete what an earlier rehearsal wrote there, and nothing else.

    Args:
        out: The folder; it is made if need be.
        spare: What to leave although it lies in there, such as the assembly to deploy again.

    Raises:
        RehearsalError: another rehearsal has it, or an emulator that one has kept; or nobody may
            write there.
    """
    with _taken(out) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RehearsalError(
                f"another rehearsal is writing to {out}; wait for it, or give another --out"
            ) from None
        refuse_where_one_is_kept(out / "emulator")
        _delete_earlier(out, spare=spare)
        yield out


def _taken(out: Path) -> IO[str]:
    """The folder's open lock file; the folder is made if need be."""
    try:
        if out.exists() and not out.is_dir():
            raise RehearsalError(f"--out {out}: is a file; give a folder")
        out.mkdir(parents=True, exist_ok=True)
        return (out / ".lock").open("w")
    except OSError as error:
        raise _unwritable(out, error) from None


def _delete_earlier(out: Path, *, spare: Path | None) -> None:
    try:
        for name in WRITTEN:
            path = out / name
            if path == spare:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(out, error) from None


def _unwritable(out: Path, error: OSError) -> RehearsalError:
    return RehearsalError(
        f"--out {out}: cannot write there ({error.strerror}: {error.filename}); give a folder that "
        "you may write to: python -m rehearsal --out FOLDER"
    )


def refuse_where_one_is_kept(folder: Path) -> None:
    """Leave alone what a running emulator works in.

    Args:
        folder: The emulator's own folder, which the next rehearsal would delete.

    Raises:
        RehearsalError: it still serves; with the command that ends it.
    """
    ready = folder / "ready.json"
    try:
        running = json.loads(ready.read_text())
        page = f"{running['endpoint_url']}/_understudy/health"
        with build_opener(ProxyHandler({})).open(page, timeout=30) as answer:
            json.load(answer)
    except (OSError, ValueError, KeyError):
        return  # nobody has been there, or nobody serves any more
    raise RehearsalError(
        f"an emulator that was kept still works in {folder}, at {running['endpoint_url']}; end it "
        f"with: kill {running['pid']}, or give another --out"
    )
