"""Functions of Python that the engine calls where it has none of Trino's meaning."""
