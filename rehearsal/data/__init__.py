"""Prepares the data: finds the files, reads them in batches, makes one schema, writes Parquet."""
