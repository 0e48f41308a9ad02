"""CREATE EXTERNAL TABLE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from emulator.athena.column_definitions import columns_of
from emulator.athena.errors import QueryError, not_supported
from emulator.athena.identifiers import table_name
from emulator.athena.locations import s3_location
from emulator.athena.outcome import Outcome
from emulator.athena.parse import parse_one
from emulator.athena.storage_formats import LAZY_SIMPLE, descriptor_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.athena.catalog import Catalog


def create_external_table(*, catalog: Catalog, text: str, database: str) -> Outcome:
    """Create a table over files in S3.

    Raises:
        QueryError: SYNTAX_ERROR, the database is missing, the table is there, no LOCATION.
    """
    tree = parse_one(text, dialect="athena")
    if not isinstance(tree, exp.Create) or not isinstance(tree.this, exp.Schema):
        raise QueryError("SYNTAX_ERROR", "line 1:1: CREATE EXTERNAL TABLE needs a column list")
    name = table_name(tree.this.this.sql(dialect="hive"), database=database)
    if not catalog.database_exists(name.database):
        raise QueryError("SCHEMA_NOT_FOUND", f"Schema '{name.database}' does not exist")
    if catalog.find(database=name.database, name=name.name):
        if tree.args.get("exists"):
            return Outcome()
        raise QueryError("TABLE_ALREADY_EXISTS", f"Table '{name}' already exists")
    entry = _entry(name=name.name, tree=tree)
    catalog.glue.create_table(DatabaseName=name.database, TableInput=entry)
    return Outcome()


def _entry(*, name: str, tree: exp.Create) -> dict[str, Any]:
    location = tree.find(exp.LocationProperty)
    if location is None:
        raise QueryError(
            "SYNTAX_ERROR", "line 1:1: CREATE EXTERNAL TABLE needs a LOCATION 's3://…'"
        )
    partitioned = tree.find(exp.PartitionedByProperty)
    comment = tree.find(exp.SchemaCommentProperty)
    parameters = {"EXTERNAL": "TRUE"} | {
        p.name: p.args["value"].name for p in _properties(tree) if type(p) is exp.Property
    }
    entry: dict[str, Any] = {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": parameters,
        "PartitionKeys": columns_of(partitioned.this) if partitioned else [],
        "StorageDescriptor": {
            "Columns": columns_of(tree.this),
            "Location": s3_location(location.name),
            **_storage(tree),
            "Parameters": {},
        },
    }
    return entry | ({"Description": comment.name} if comment else {})


def _properties(tree: exp.Create) -> list[Any]:
    properties = tree.args.get("properties")
    return list(properties.expressions) if properties else []


def _storage(tree: exp.Create) -> Mapping[str, Any]:
    stated = tree.find(exp.FileFormatProperty)
    form = stated.this if stated else None
    parts: dict[str, Any]
    if isinstance(form, exp.InputOutputFormat):
        parts = {
            "InputFormat": form.args["input_format"].name,
            "OutputFormat": form.args["output_format"].name,
            "SerdeInfo": {"SerializationLibrary": LAZY_SIMPLE, "Parameters": {}},
        }
    else:
        parts = descriptor_parts(form.name if form else "TEXTFILE")
    serde = tree.find(exp.RowFormatSerdeProperty)
    delimited = tree.find(exp.RowFormatDelimitedProperty)
    if serde:
        said = serde.args.get("serde_properties")
        pairs = {p.name: p.args["value"].name for p in said.expressions} if said else {}
        parts["SerdeInfo"] = {"SerializationLibrary": serde.name, "Parameters": pairs}
    elif delimited:
        parts["SerdeInfo"]["Parameters"] |= _delimiters(delimited)
    return parts


def _delimiters(delimited: exp.RowFormatDelimitedProperty) -> dict[str, str]:
    said = {k: v.name for k, v in delimited.args.items() if v is not None}
    unknown = said.keys() - {"fields", "escaped", "lines", "null"}
    if unknown or said.get("lines", "\n") not in {"\n", "\\n"}:
        raise not_supported(f"ROW FORMAT DELIMITED with {sorted(unknown) or 'LINES TERMINATED BY'}")
    delimiter = said.get("fields", "\x01").replace("\\t", "\t")
    pairs = {"field.delim": delimiter, "serialization.format": delimiter}
    return pairs | ({"escape.delim": said["escaped"]} if "escaped" in said else {})
