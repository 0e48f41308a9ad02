"""Composes the platform: one stack after another, in the order the data moves.

A stack that the settings leave out is not imported.
"""

from __future__ import annotations

import gc

if __name__ == "__main__":
    gc.disable()  # a synthesis is short, and what the CDK makes stays: collecting only costs time

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import aws_cdk as cdk

from components.validation import synthesize_validated, validates
from config import ConfigError, Settings, load
from config.query_tables import refuse_unknown_tables
from pipeline_defs.sdk.spec import DefinitionError
from stacks.network import NetworkStack
from stacks.operations import OperationsStack
from stacks.optional_stack import Foundation, Option, Sql
from stacks.storage import StorageStack

if TYPE_CHECKING:
    from stacks.ml_pipeline import MlPipelineStack

OPTIONAL_STACKS: Final = (
    Option(id="Workbench", module="workbench", wanted=lambda s: s.workbench.kind != "off"),
    Option(
        id="Delivery", module="delivery", wanted=lambda s: s.delivery.github_repository is not None
    ),
)
"""Stacks that a configuration may ask for; nothing else names one."""


def build(settings: Settings, *, outdir: str | None = None) -> cdk.App:
    """Compose a configuration's stacks, with the feature flags of cdk.json."""
    # Only the CLI reads cdk.json: without this, tests would build another app than is deployed.
    cdk_json = Path(__file__).with_name("cdk.json").read_text(encoding="utf-8")
    flags = json.loads(cdk_json)["context"]
    flags["aws:cdk:disable-creation-stack-traces"] = True  # they name a temporary folder
    app = cdk.App(context=flags, outdir=outdir)
    network = NetworkStack(app, "Network", settings=settings)
    storage = StorageStack(app, "Storage", settings=settings)
    sql = _sql(app, settings, storage) if settings.has_sql else None
    catalog = sql.catalog if sql else None
    OperationsStack(
        app,
        "Operations",
        settings=settings,
        catalog=catalog,
        pipelines=_pipelines(app, settings, storage, sql) if settings.pipelines else [],
    )
    foundation = Foundation(settings=settings, network=network, storage=storage, sql=sql)
    for option in OPTIONAL_STACKS:
        if option.wanted(settings):
            option.stack()(app, option.id, foundation=foundation)
    for key, value in settings.all_tags.items():
        cdk.Tags.of(app).add(key, value)
    return app


def _sql(app: cdk.App, settings: Settings, storage: StorageStack) -> Sql:
    from stacks.catalog import CatalogStack  # noqa: PLC0415 - only where it is on
    from stacks.dashboard import DashboardStack  # noqa: PLC0415 - ditto
    from stacks.query import QueryStack  # noqa: PLC0415 - ditto

    catalog = CatalogStack(app, "Catalog", settings=settings, storage=storage)
    query = QueryStack(app, "Query", settings=settings, storage=storage, catalog=catalog)
    DashboardStack(app, "Dashboard", settings=settings, storage=storage, query=query)
    return Sql(catalog=catalog, query=query)


def _pipelines(
    app: cdk.App, settings: Settings, storage: StorageStack, sql: Sql | None
) -> list[MlPipelineStack]:
    from pipeline_defs import spec_of  # noqa: PLC0415 - only where there is a pipeline
    from stacks.ml_pipeline import MlPipelineStack  # noqa: PLC0415 - ditto

    return [
        MlPipelineStack(
            app,
            f"MlPipeline{learning.pipeline.label}",
            spec=spec_of(learning.pipeline.kind),
            learning=learning,
            settings=settings,
            storage=storage,
            catalog=sql.catalog if sql else None,
        )
        for learning in settings.learnings
    ]


def main() -> None:
    """Synthesize the configuration that ``CONFIG`` names, with every validation on."""
    gc.freeze()  # nor does exit collect them
    try:
        settings = load(os.environ.get("CONFIG") or "dev")
        if validates():
            refuse_unknown_tables(settings)
        app = build(settings)
    except (ConfigError, DefinitionError) as error:
        sys.exit(str(error))
    synthesize_validated(app)


if __name__ == "__main__":
    main()
