"""Athena that really runs SQL: translated for DuckDB, over the catalog's tables in S3."""
