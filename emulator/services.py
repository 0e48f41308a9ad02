"""Composes the services of ours, in the order in which they are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.athena.service import AthenaService
from emulator.crawler.service import CrawlerService
from emulator.records.cloud9 import Cloud9Records
from emulator.records.quicksight import quicksight_records
from emulator.records.studio import studio_records
from emulator.sagemaker.service import SageMakerService

if TYPE_CHECKING:
    from emulator.sandbox.sandboxes import Sandboxes
    from emulator.service import Context, Service


def build_services(context: Context, sandboxes: Sandboxes) -> list[Service]:
    """Make every service of ours; several may answer to one signing name.

    Those that really run come first, those that keep records after them.
    """
    return [
        AthenaService(context),
        CrawlerService(context),
        SageMakerService(context, sandboxes),
        quicksight_records(),
        studio_records(),
        Cloud9Records(),
    ]
