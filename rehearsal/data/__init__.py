"""Prepares the data: finds the files, reads them, makes one schema of them, writes Parquet."""
