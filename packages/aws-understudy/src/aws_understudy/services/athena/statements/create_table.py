"""CREATE EXTERNAL TABLE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from aws_understudy.lake.hive_schema import arrow_type
from aws_understudy.lake.storage_formats import LAZY_SIMPLE, descriptor_parts
from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.outcome import Outcome
from aws_understudy.services.athena.sql.parse import parse_one
from aws_understudy.services.athena.statements.ddl_text import s3_location, table_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.services.athena.statements.work import Work


def create_external_table(work: Work) -> Outcome:
    """Create a table over files in S3.

    Raises:
        QueryError: SYNTAX_ERROR, the database is missing, the table is there, no LOCATION.
        LakeError: a column is of a type that Athena does not know.
    """
    tree = parse_one(work.text, dialect="athena")
    if not isinstance(tree, exp.Create) or not isinstance(tree.this, exp.Schema):
        raise QueryError("SYNTAX_ERROR", "line 1:1: CREATE EXTERNAL TABLE needs a column list")
    name = table_name(tree.this.this.sql(dialect="hive"), database=work.database)
    if not work.catalog.database_exists(name.database):
        raise QueryError("SCHEMA_NOT_FOUND", f"Schema '{name.database}' does not exist")
    if work.catalog.find(database=name.database, name=name.name):
        if tree.args.get("exists"):
            return Outcome()
        raise QueryError("TABLE_ALREADY_EXISTS", f"Table '{name}' already exists")
    entry = _entry(name=name.name, tree=tree)
    work.catalog.glue.create_table(DatabaseName=name.database, TableInput=entry)
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
        "PartitionKeys": _columns(partitioned.this) if partitioned else [],
        "StorageDescriptor": {
            "Columns": _columns(tree.this),
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
    file_format = tree.find(exp.FileFormatProperty)
    form = file_format.this if file_format else None
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
        stated = serde.args.get("serde_properties")
        pairs = {p.name: p.args["value"].name for p in stated.expressions} if stated else {}
        parts["SerdeInfo"] = {"SerializationLibrary": serde.name, "Parameters": pairs}
    elif delimited:
        parts["SerdeInfo"]["Parameters"] |= _delimiters(delimited)
    return parts


def _delimiters(delimited: exp.RowFormatDelimitedProperty) -> dict[str, str]:
    clauses = {k: v.name for k, v in delimited.args.items() if v is not None}
    unknown = clauses.keys() - {"fields", "escaped", "lines", "null"}
    if unknown or clauses.get("lines", "\n") not in {"\n", "\\n"}:
        raise not_supported(f"ROW FORMAT DELIMITED with {sorted(unknown) or 'LINES TERMINATED BY'}")
    delimiter = clauses.get("fields", "\x01").replace("\\t", "\t")
    pairs = {"field.delim": delimiter, "serialization.format": delimiter}
    return pairs | ({"escape.delim": clauses["escaped"]} if "escaped" in clauses else {})


def _columns(schema: exp.Expr | None) -> list[dict[str, str]]:
    """Give Name, Type and Comment of each column for the catalog."""
    return [_column(d) for d in schema.expressions] if schema is not None else []


def _column(definition: Any) -> dict[str, str]:
    kind = _hive_text(definition.args["kind"])
    arrow_type(kind)  # refuses what cannot be read later
    column = {"Name": definition.name.lower(), "Type": kind}
    comment = definition.find(exp.CommentColumnConstraint)
    return column | ({"Comment": comment.name} if comment else {})


def _hive_text(kind: exp.DataType) -> str:
    """Write a type as the catalog does: ``array<struct<a:int>>``."""
    if kind.is_type("array"):
        return f"array<{_hive_text(kind.expressions[0])}>"
    if kind.is_type("map"):
        return f"map<{_hive_text(kind.expressions[0])},{_hive_text(kind.expressions[1])}>"
    if kind.is_type("struct"):
        fields = (f"{f.name.lower()}:{_hive_text(f.args['kind'])}" for f in kind.expressions)
        return f"struct<{','.join(fields)}>"
    return kind.sql(dialect="hive").lower().replace(", ", ",")
