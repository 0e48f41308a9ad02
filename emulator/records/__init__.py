"""Services kept as records: what was created can be described, listed, changed and deleted."""
