"""Binds a query: every expression gets Trino's type before it is written for the engine."""
