"""The table of a batch transform's answers has a record's columns, and what is answered."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from components.catalog.predictions_table import predictions_table
from config import load
from tests.conftest import ROOT


def test_the_columns_are_the_models_features_and_its_answer() -> None:
    (learning,) = load(str(ROOT / "tests" / "configs" / "variant.toml")).learnings
    stack = cdk.Stack()
    predictions_table(
        stack,
        "Table",
        name=learning.answers_table,
        description="Answers",
        columns=learning.answer_columns,
        database_name="fish",
        bucket=s3.Bucket(stack, "Bucket"),
    )

    (table,) = Template.from_stack(stack).find_resources("AWS::Glue::Table").values()
    columns = table["Properties"]["TableInput"]["StorageDescriptor"]["Columns"]
    names = [column["Name"] for column in columns]
    assert names == [*learning.schema()["features"], "sagemakeroutput"]
    assert columns[-1]["Type"] == "struct<predicted_landed_value:double>"
