"""All statements that are no SELECT, and the catalog that they change."""
