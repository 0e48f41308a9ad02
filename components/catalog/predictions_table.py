"""The answers of the batch transform as a table, so that Athena can query them.

Declared rather than crawled, because its columns are the model's own: a record, and the answer
that SageMaker joins to it. Every execution adds a folder; ``"$path"`` tells which one it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_glue as glue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_s3 as s3
    from constructs import Construct


def predictions_table(
    scope: Construct,
    id_: str,
    *,
    name: str,
    description: str,
    columns: Mapping[str, str],
    database_name: str,
    bucket: s3.IBucket,
) -> glue.CfnTable:
    """An external table of JSON lines below the answers' own folder of the bucket.

    Args:
        scope: the parent.
        id_: its id below the parent.
        name: of the table, and of the folder.
        description: for the console.
        columns: their names, each with its type in Hive.
        database_name: of the Glue database.
        bucket: that the transform job writes to.
    """
    return glue.CfnTable(
        scope,
        id_,
        catalog_id=cdk.Aws.ACCOUNT_ID,
        database_name=database_name,
        table_input=glue.CfnTable.TableInputProperty(
            name=name,
            description=description,
            table_type="EXTERNAL_TABLE",
            parameters={"classification": "json", "EXTERNAL": "TRUE"},
            storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                location=bucket.s3_url_for_object(f"{name}/"),
                columns=[
                    glue.CfnTable.ColumnProperty(name=column, type=type_)
                    for column, type_ in columns.items()
                ],
                input_format="org.apache.hadoop.mapred.TextInputFormat",
                output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                serde_info=glue.CfnTable.SerdeInfoProperty(
                    serialization_library="org.openx.data.jsonserde.JsonSerDe"
                ),
            ),
        ),
    )
