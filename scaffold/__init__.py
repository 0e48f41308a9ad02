"""Makes a data set of a user's own files: its declaration, queries, dashboard and settings."""
