"""The answers of the batch transform as a table, so that Athena can query them.

Declared rather than crawled, because its columns are the model's own: a record, and the answer
that SageMaker joins to it. Every execution adds a folder; ``"$path"`` tells which one it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_glue as glue

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3
    from constructs import Construct

NAME = "predictions"
COLUMNS = {
    "year": "int",
    "tonnes": "double",
    "fishing_entity": "string",
    "fishing_sector": "string",
    "catch_type": "string",
    "reporting_status": "string",
    "gear_type": "string",
    "end_use_type": "string",
    "area_name": "string",
    "common_name": "string",
    "functional_group": "string",
    "commercial_group": "string",
    # The name is SageMaker's, for DataProcessing.JoinSource = "Input".
    "sagemakeroutput": "struct<predicted_landed_value:double>",
}


def predictions_table(
    scope: Construct, id_: str, *, database_name: str, bucket: s3.IBucket
) -> glue.CfnTable:
    """An external table of JSON lines below ``predictions/`` in the bucket."""
    return glue.CfnTable(
        scope,
        id_,
        catalog_id=cdk.Aws.ACCOUNT_ID,
        database_name=database_name,
        table_input=glue.CfnTable.TableInputProperty(
            name=NAME,
            description="Predicted landed values of the batch transform, in US dollars of 2010",
            table_type="EXTERNAL_TABLE",
            parameters={"classification": "json", "EXTERNAL": "TRUE"},
            storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                location=bucket.s3_url_for_object(f"{NAME}/"),
                columns=[
                    glue.CfnTable.ColumnProperty(name=name, type=type_)
                    for name, type_ in COLUMNS.items()
                ],
                input_format="org.apache.hadoop.mapred.TextInputFormat",
                output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                serde_info=glue.CfnTable.SerdeInfoProperty(
                    serialization_library="org.openx.data.jsonserde.JsonSerDe"
                ),
            ),
        ),
    )
