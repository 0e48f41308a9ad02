"""Reads the files of a table."""
