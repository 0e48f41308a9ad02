"""A stateful resource whose logical id changes is replaced, and its data with it."""

from __future__ import annotations

import json

from tests.conftest import assembly_of

STATEFUL = {
    "AWS::Athena::WorkGroup",
    "AWS::Glue::Database",
    "AWS::KMS::Key",
    "AWS::S3::Bucket",
    "AWS::SageMaker::ModelPackageGroup",
    "AWS::SageMaker::Pipeline",
}

PINNED = {
    "Catalog": {"DatabaseB269D8BB"},
    "MlPipelineCatchValue": {"ModelPackageGroup", "Pipeline"},
    "Query": {"WorkGroup"},
    "Storage": {
        "AccessLogs8B620ECA",
        "DataKey17AFBB84",
        "ModelBucketB33D855B",
        "ResultsBucketA95A2103",
        "SourceBucketDDD2130A",
    },
}


def test_stateful_resources_keep_their_logical_ids() -> None:
    pinned = {}
    for path in assembly_of("prod").glob("*.template.json"):
        resources = json.loads(path.read_text(encoding="utf-8"))["Resources"]
        ids = {id_ for id_, resource in resources.items() if resource["Type"] in STATEFUL}
        if ids:
            pinned[path.name.partition(".")[0]] = ids

    assert pinned == PINNED
