"""A DuckDB session that can reach nothing but what is registered in it."""

from __future__ import annotations

import threading

import duckdb

_MEMORY = "2GB"
_SETTINGS = {
    "enable_external_access": "false",  # no files, no network, no extensions
    "python_enable_replacements": "false",  # no Python variables as tables
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "temp_directory": "",  # no spilling to the host's disk
    "memory_limit": _MEMORY,
    "threads": "2",
    "preserve_insertion_order": "true",
}


def open_engine() -> duckdb.DuckDBPyConnection:
    """Open a session, and lock its settings."""
    engine = duckdb.connect(":memory:", config=dict(_SETTINGS))
    engine.execute("SET TimeZone = 'UTC'")
    engine.execute("SET lock_configuration = true")
    return engine


_local = threading.local()


def scratch_engine() -> duckdb.DuckDBPyConnection:
    """Give this thread's session for small conversions; to open one takes 30 ms."""
    if not hasattr(_local, "engine"):
        _local.engine = open_engine()
    engine: duckdb.DuckDBPyConnection = _local.engine
    return engine
