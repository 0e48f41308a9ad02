"""Reads each format in batches of rows, so that no file has to fit into memory."""
