"""Composes the platform: one stack after another, in the order the data moves."""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path

import aws_cdk as cdk

from components.validation import synthesize_validated
from config import ConfigError, Settings, load
from stacks.catalog import CatalogStack
from stacks.dashboard import DashboardStack
from stacks.delivery import DeliveryStack
from stacks.ml_pipeline import MlPipelineStack
from stacks.network import NetworkStack
from stacks.operations import OperationsStack
from stacks.query import QueryStack
from stacks.storage import StorageStack
from stacks.workbench import WorkbenchStack


def build(settings: Settings, *, outdir: str | None = None) -> cdk.App:
    """Compose an environment's stacks, with the feature flags of cdk.json."""
    # Only the CLI reads cdk.json: without this, tests would build another app than is deployed.
    cdk_json = Path(__file__).with_name("cdk.json").read_text(encoding="utf-8")
    flags = json.loads(cdk_json)["context"]
    flags["aws:cdk:disable-creation-stack-traces"] = True  # they name a temporary folder
    app = cdk.App(context=flags, outdir=outdir)
    network = NetworkStack(app, "Network", settings=settings)
    storage = StorageStack(app, "Storage", settings=settings)
    catalog = CatalogStack(app, "Catalog", settings=settings, storage=storage)
    query = QueryStack(app, "Query", settings=settings, storage=storage, catalog=catalog)
    DashboardStack(app, "Dashboard", settings=settings, storage=storage, query=query)
    if settings.workbench.kind != "off":
        WorkbenchStack(app, "Workbench", settings=settings, network=network, query=query)
    ml = MlPipelineStack(app, "MlPipeline", settings=settings, storage=storage, catalog=catalog)
    OperationsStack(app, "Operations", settings=settings, catalog=catalog, ml_pipeline=ml)
    if repository := settings.delivery.github_repository:
        DeliveryStack(app, "Delivery", settings=settings, repository=repository)
    for key, value in settings.all_tags.items():
        cdk.Tags.of(app).add(key, value)
    return app


def main() -> None:
    """Synthesize the environment that ``CONFIG`` names, with every validation on."""
    gc.freeze()  # the CDK's 140,000 objects stay: no collection needs to look at them, nor exit
    try:
        settings = load(os.environ.get("CONFIG") or "dev")
    except ConfigError as error:
        sys.exit(str(error))
    synthesize_validated(build(settings))


if __name__ == "__main__":
    main()
