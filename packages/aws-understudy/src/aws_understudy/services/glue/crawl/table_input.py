"""Names and describes a crawled table for the Data Catalog, as Glue's crawler does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aws_understudy.services.glue.crawl.grouping import typed_keys
from aws_understudy.services.glue.formats.csv_dialect import OPEN_CSV

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_understudy.services.glue.crawl.grouping import Group
    from aws_understudy.services.glue.formats.schema import FileSchema

_MAX = 128  # Glue's limit for a crawler's table names


def table_name(*, location: str, prefix: str = "") -> str:
    """Name the table of a location: its last folder, at a bucket's root the bucket.

    Lower case; what is not a letter, digit or underscore becomes an underscore.
    """
    last = location.rstrip("/").rpartition("/")[2]
    return (prefix.lower() + re.sub(r"[^a-z0-9_]", "_", last.lower()))[:_MAX]


_TEXT_IN = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
_JSON_SERDE = "org.openx.data.jsonserde.JsonSerDe"


def table_input(
    *,
    name: str,
    crawler: str,
    group: Group,
    columns: Sequence[tuple[str, str]],
    schemas: Sequence[FileSchema],
) -> dict[str, Any]:
    """Make the TableInput of Glue's CreateTable and UpdateTable."""
    parameters = _parameters(crawler=crawler, schemas=schemas)
    if group.keys:
        parameters["partition_filtering.enabled"] = "true"
    return {
        "Name": name,
        "Owner": "owner",
        "TableType": "EXTERNAL_TABLE",
        "Parameters": parameters,
        "PartitionKeys": typed_keys(group.keys),
        "StorageDescriptor": descriptor(
            location=group.location, columns=columns, schema=schemas[0], parameters=parameters
        ),
    }


def descriptor(
    *,
    location: str,
    columns: Sequence[tuple[str, str]],
    schema: FileSchema,
    parameters: Mapping[str, str],
) -> dict[str, Any]:
    """Make the StorageDescriptor of a table or of a partition."""
    kind = schema.classification
    parquet = kind == "parquet"
    return {
        "Columns": [{"Name": n, "Type": t} for n, t in columns],
        "Location": location,
        "InputFormat": f"{_PARQUET}.MapredParquetInputFormat" if parquet else _TEXT_IN,
        "OutputFormat": f"{_PARQUET}.MapredParquetOutputFormat" if parquet else _TEXT_OUT,
        "Compressed": schema.layout.get("compressionType") == "gzip",
        "NumberOfBuckets": -1,
        "SerdeInfo": _serde(kind=kind, layout=schema.layout, columns=columns),
        "BucketColumns": [],
        "SortColumns": [],
        "Parameters": dict(parameters),
        "StoredAsSubDirectories": False,
    }


def _serde(
    *, kind: str, layout: Mapping[str, str], columns: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    if kind == "parquet":
        library = f"{_PARQUET}.serde.ParquetHiveSerDe"
        return {"SerializationLibrary": library, "Parameters": {"serialization.format": "1"}}
    if kind == "json":
        paths = ",".join(n for n, _ in columns)
        return {"SerializationLibrary": _JSON_SERDE, "Parameters": {"paths": paths}}
    library = layout["serde"]
    if library == OPEN_CSV:
        parameters = {"separatorChar": layout["delimiter"], "quoteChar": layout["quoteChar"]}
    else:
        parameters = {"field.delim": layout["delimiter"]}
    return {"SerializationLibrary": library, "Parameters": parameters}


def _parameters(*, crawler: str, schemas: Sequence[FileSchema]) -> dict[str, str]:
    rows = sum(s.rows for s in schemas)
    size = sum(s.item.size for s in schemas)
    layout = schemas[0].layout
    parameters = {
        "CrawlerSchemaDeserializerVersion": "1.0",
        "CrawlerSchemaSerializerVersion": "1.0",
        "UPDATED_BY_CRAWLER": crawler,
        "averageRecordSize": str(size // rows if rows else 0),
        "classification": schemas[0].classification,
        "compressionType": layout.get("compressionType", "none"),
        "objectCount": str(len(schemas)),
        "recordCount": str(rows),
        "sizeKey": str(size),
        "typeOfData": "file",
    }
    if schemas[0].classification == "csv":
        parameters |= {"areColumnsQuoted": "false", "columnsOrdered": "true"}
        parameters["delimiter"] = layout["delimiter"]
        if "skip.header.line.count" in layout:
            parameters["skip.header.line.count"] = layout["skip.header.line.count"]
    return parameters
