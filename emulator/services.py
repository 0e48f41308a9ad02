"""Composes the services of ours, in the order in which they are asked."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.service import Context, Service

SERVICE_CLASSES = (
    ("emulator.athena.service", "AthenaService"),
    ("emulator.crawler.service", "CrawlerService"),
    ("emulator.sagemaker.service", "SageMakerService"),
)


def build_services(context: Context) -> list[Service]:
    """Make every service of ours; several may answer to one signing name."""
    services: list[Service] = []
    for module, name in SERVICE_CLASSES:
        if importlib.util.find_spec(module.rpartition(".")[0]) is None:
            continue
        service_class = getattr(importlib.import_module(module), name)
        services.append(service_class(context))
    return services
