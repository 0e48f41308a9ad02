"""Composes the services of ours, in the order in which they are asked."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from emulator.records.cloud9 import Cloud9Records
from emulator.records.model_groups import ModelPackageGroups
from emulator.records.quicksight import quicksight_records
from emulator.records.studio import studio_records
from emulator.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from emulator.service import Context, Service

SERVICE_CLASSES = (
    ("emulator.athena.service", "AthenaService"),
    ("emulator.crawler.service", "CrawlerService"),
    ("emulator.sagemaker.service", "SageMakerService"),
)


def build_services(context: Context) -> list[Service]:
    """Make every service of ours; several may answer to one signing name.

    Those that really run come first, those that keep records after them.
    """
    services: list[Service] = []
    for module, name in SERVICE_CLASSES:
        if not (PROJECT_ROOT / (module.replace(".", "/") + ".py")).exists():
            continue
        service_class = getattr(importlib.import_module(module), name)
        services.append(service_class(context))
    return [
        *services,
        quicksight_records(),
        studio_records(),
        Cloud9Records(),
        ModelPackageGroups(),
    ]
