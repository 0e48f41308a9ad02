"""Recognizes the format of a file and its schema."""
