"""The table of predictions has the columns that the pipeline's records have."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from components.catalog.predictions_table import predictions_table
from pipeline_defs.catch_value import SPEC
from pipeline_defs.catch_value.steps import preprocess


def test_the_columns_are_the_models_features_and_its_answer() -> None:
    assert SPEC.answers is not None
    stack = cdk.Stack()
    bucket = s3.Bucket(stack, "Bucket")
    predictions_table(stack, "Table", answers=SPEC.answers, database_name="fish", bucket=bucket)

    (table,) = Template.from_stack(stack).find_resources("AWS::Glue::Table").values()
    columns = table["Properties"]["TableInput"]["StorageDescriptor"]["Columns"]
    assert [column["Name"] for column in columns] == [*preprocess.FEATURES, "sagemakeroutput"]
    assert columns[-1]["Type"] == "struct<predicted_landed_value:double>"
