"""Composes the platform: one stack after another, in the order the data moves."""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import Final

import aws_cdk as cdk

from components.validation import synthesize_validated
from config import ConfigError, Settings, load
from pipeline_defs import PIPELINES
from pipeline_defs.sdk.spec import DefinitionError
from stacks.catalog import CatalogStack
from stacks.dashboard import DashboardStack
from stacks.delivery import DeliveryStack
from stacks.ml_pipeline import MlPipelineStack
from stacks.network import NetworkStack
from stacks.operations import OperationsStack
from stacks.optional_stack import Foundation, OptionalStack
from stacks.query import QueryStack
from stacks.storage import StorageStack
from stacks.workbench import WorkbenchStack

OPTIONAL_STACKS: Final[tuple[tuple[str, type[OptionalStack]], ...]] = (
    ("Workbench", WorkbenchStack),
    ("Delivery", DeliveryStack),
)
"""Stacks that a configuration may ask for, by construct id."""


def build(settings: Settings, *, outdir: str | None = None) -> cdk.App:
    """Compose a configuration's stacks, with the feature flags of cdk.json."""
    # Only the CLI reads cdk.json: without this, tests would build another app than is deployed.
    cdk_json = Path(__file__).with_name("cdk.json").read_text(encoding="utf-8")
    flags = json.loads(cdk_json)["context"]
    flags["aws:cdk:disable-creation-stack-traces"] = True  # they name a temporary folder
    app = cdk.App(context=flags, outdir=outdir)
    network = NetworkStack(app, "Network", settings=settings)
    storage = StorageStack(app, "Storage", settings=settings)
    catalog = CatalogStack(app, "Catalog", settings=settings, storage=storage)
    query = QueryStack(
        app, "Query", settings=settings, storage=storage, catalog=catalog, pipelines=PIPELINES
    )
    DashboardStack(app, "Dashboard", settings=settings, storage=storage, query=query)
    pipelines = [
        MlPipelineStack(
            app, spec.stack_id, spec=spec, settings=settings, storage=storage, catalog=catalog
        )
        for spec in PIPELINES
    ]
    OperationsStack(app, "Operations", settings=settings, catalog=catalog, pipelines=pipelines)
    foundation = Foundation(
        settings=settings, network=network, storage=storage, catalog=catalog, query=query
    )
    for id_, optional_stack in OPTIONAL_STACKS:
        if optional_stack.wanted(settings):
            optional_stack(app, id_, foundation=foundation)
    for key, value in settings.all_tags.items():
        cdk.Tags.of(app).add(key, value)
    return app


def main() -> None:
    """Synthesize the configuration that ``CONFIG`` names, with every validation on."""
    gc.freeze()  # the CDK's 140,000 objects stay: no collection needs to look at them, nor exit
    try:
        app = build(load(os.environ.get("CONFIG") or "dev"))
    except (ConfigError, DefinitionError) as error:
        sys.exit(str(error))
    synthesize_validated(app)


if __name__ == "__main__":
    main()
