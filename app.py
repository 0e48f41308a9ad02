"""Composes the platform: one stack after another, in the order the data moves."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import aws_cdk as cdk

from config import ConfigError, Settings, load
from stacks.catalog import CatalogStack
from stacks.dashboard import DashboardStack
from stacks.ml_pipeline import MlPipelineStack
from stacks.network import NetworkStack
from stacks.operations import OperationsStack
from stacks.query import QueryStack
from stacks.storage import StorageStack
from stacks.workbench import WorkbenchStack

CDK_JSON = Path(__file__).with_name("cdk.json")


def build(settings: Settings, *, outdir: str | None = None) -> cdk.App:
    """Compose an environment's stacks, with the feature flags of cdk.json."""
    # The library does not read cdk.json, only the CLI does: without this, tests would
    # synthesize another app than the one that is deployed.
    flags = json.loads(CDK_JSON.read_text(encoding="utf-8"))["context"]
    # Stack traces name the temporary folder of the CDK's kernel: other bytes at every synthesis.
    app = cdk.App(context={**flags, "aws:cdk:disable-creation-stack-traces": True}, outdir=outdir)
    network = NetworkStack(app, "Network", settings=settings)
    storage = StorageStack(app, "Storage", settings=settings)
    catalog = CatalogStack(app, "Catalog", settings=settings, storage=storage)
    query = QueryStack(app, "Query", settings=settings, storage=storage, catalog=catalog)
    DashboardStack(app, "Dashboard", settings=settings, storage=storage, query=query)
    if settings.workbench.kind != "off":
        WorkbenchStack(app, "Workbench", settings=settings, network=network)
    ml_pipeline = MlPipelineStack(
        app, "MlPipeline", settings=settings, storage=storage, catalog=catalog
    )
    OperationsStack(app, "Operations", settings=settings, catalog=catalog, ml_pipeline=ml_pipeline)
    for key, value in settings.all_tags.items():
        cdk.Tags.of(app).add(key, value)
    return app


def main() -> None:
    """Synthesize the environment that ``CONFIG`` names, with every validation on."""
    try:
        settings = load(os.environ.get("CONFIG") or "dev")
    except ConfigError as error:
        sys.exit(str(error))
    from cdk_nag import AwsSolutionsChecks  # noqa: PLC0415 - only a validated synthesis pays for it

    app = build(settings)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))
    try:
        app.synth()
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise
        # The library has printed the findings; its traceback would only hide them.
        sys.exit("synthesis refused: correct the findings above, or acknowledge them with a reason")


if __name__ == "__main__":
    main()
