"""Athena: SQL over the catalog and the files in S3, really executed."""
