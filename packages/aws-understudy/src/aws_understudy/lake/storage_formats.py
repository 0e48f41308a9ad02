"""What the catalog says of a file format."""

from __future__ import annotations

from typing import Any

from aws_understudy.lake.errors import UnsupportedError

LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
_TEXT_IN = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
_JSON = "org.openx.data.jsonserde.JsonSerDe"


def descriptor_parts(name: str) -> dict[str, Any]:
    """Give InputFormat, OutputFormat and SerdeInfo of ``STORED AS <name>``.

    Raises:
        UnsupportedError: a format that the emulator does not read (ORC, AVRO, ...).
    """
    if name.upper() == "PARQUET":
        return {
            "InputFormat": f"{_PARQUET}.MapredParquetInputFormat",
            "OutputFormat": f"{_PARQUET}.MapredParquetOutputFormat",
            "SerdeInfo": {
                "SerializationLibrary": f"{_PARQUET}.serde.ParquetHiveSerDe",
                "Parameters": {"serialization.format": "1"},
            },
        }
    serdes = {"TEXTFILE": LAZY_SIMPLE, "JSON": _JSON}
    if name.upper() not in serdes:
        raise UnsupportedError(f"The format {name.upper()}")
    return {
        "InputFormat": _TEXT_IN,
        "OutputFormat": _TEXT_OUT,
        "SerdeInfo": {"SerializationLibrary": serdes[name.upper()], "Parameters": {}},
    }
