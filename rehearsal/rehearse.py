"""One rehearsal from start to end: whatever happens, the report is written and all is stopped."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from config.query_file import queries_of
from rehearsal.errors import Interrupted, RehearsalError
from rehearsal.journey import DeclaredQuery, Journey
from rehearsal.out_folder import out_folder
from rehearsal.plan import parts_off, plan
from rehearsal.reporting.display import make_console, make_display
from rehearsal.reporting.exports import write_exports
from rehearsal.reporting.page.page import NEXT_STEPS, write_page
from rehearsal.reporting.report import Report
from rehearsal.reporting.summary import print_summary
from rehearsal.run.runner import run_steps
from rehearsal.sources import folders_of
from rehearsal.targets.aws import AwsTarget
from rehearsal.targets.local.emulator_process import EmulatorProcess
from rehearsal.targets.local.target import LocalTarget
from rehearsal.targets.local.toolchain import find_toolchain

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from config import Settings
    from rehearsal.targets.target import Target

EXPORTS_FILE = "aws.env"


def rehearse(
    settings: Settings,
    *,
    config: str,
    target: Literal["local", "aws"],
    data: Path | None,
    out: Path,
    assembly: Path | None,
    port: int,
    keep: bool,
) -> bool:
    """Run the whole journey; True when every step proved what it says.

    Raises:
        RehearsalError: it could not even begin; nothing has been written then.
        Interrupted: a signal ended it; the report is written, and nothing is left running.
    """
    if not settings.datasets:
        folders_of(data, ())  # refuses files that nobody would take
    if target == "aws":
        if keep or assembly or port:
            raise RehearsalError("--keep, --assembly and --port are for --target local only")
        with out_folder(out):
            return _journey(AwsTarget(settings), settings, config=config, data=data, out=out)
    with out_folder(out, spare=assembly):
        local = LocalTarget(
            settings, config=config, out=out, assembly=assembly, port=port, outlive=keep
        )
        kept = False
        try:
            good = _journey(local, settings, config=config, data=data, out=out)
            kept = keep and bool(local.emulator.endpoint.url)
        finally:
            if not kept:
                local.emulator.stop()
        if kept:
            print("\nThe emulator is left running:\n")
            file = out / "emulator" / EXPORTS_FILE
            print(write_exports(local.emulator, region=settings.region, file=file))
        return good


def serve_emulator(settings: Settings, *, port: int, out: Path, ready: Path | None) -> int:
    """Run an emulator in the foreground until it is stopped; the result is its exit code.

    Args:
        settings: They name the region.
        port: The loopback port; 0 chooses a free one.
        out: What it writes goes below this folder.
        ready: A file that says as JSON where it serves and by which key, while it does; its own
            user alone can read it.

    Raises:
        RehearsalError: it did not start, or the file cannot be written.
    """
    with out_folder(out / "emulator-only"), ExitStack() as stack:
        emulator = EmulatorProcess(
            toolchain=find_toolchain(),
            folder=out / "emulator-only" / "emulator",
            log=out / "emulator-only" / "logs" / "emulator.log",
            region=settings.region,
        )
        try:
            emulator.start(port=port, outlive=False)
            file = out / "emulator-only" / "emulator" / EXPORTS_FILE
            print(write_exports(emulator, region=settings.region, file=file), flush=True)
            if ready is not None:
                stack.enter_context(emulator.announced(ready))
            return emulator.wait()
        except Interrupted:
            return 0
        finally:
            emulator.stop()


def _journey(
    target: Target,
    settings: Settings,
    *,
    config: str,
    data: Path | None,
    out: Path,
) -> bool:
    report = Report(target=target.name, config=config, data=str(data) if data else "synthetic")
    report.off = parts_off(settings)
    journey = Journey(
        settings=settings,
        target=target,
        report=report,
        out=out,
        data_folder=data,
        declared=_declared(settings),
    )
    console = make_console()
    started = time.monotonic()
    try:
        with make_display(console) as display:
            good = run_steps(
                plan(journey),
                show=display.show,
                outcomes=report.steps,
                explain=target.explain,
                log=out / "logs" / "traceback.log",
            )
        print_summary(console, report, journey.answers)
    finally:
        report.seconds = time.monotonic() - started
        report.write(out / "report.json")
        (out / "index.html").write_text(write_page(journey), encoding="utf-8")
    print(
        f"\nPage:   {out / 'index.html'}\nReport: {out / 'report.json'}\n\nWhat next:\n{NEXT_STEPS}"
    )
    return good


def _declared(settings: Settings) -> dict[str, DeclaredQuery]:
    """The files of SQL of every data set, by the name of the query."""
    if not settings.has_sql:
        return {}
    return {
        query.name: DeclaredQuery(dataset=dataset, query=query)
        for dataset, query in queries_of(settings.datasets)
    }
