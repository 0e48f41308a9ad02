"""A SELECT from its text to its rows."""
