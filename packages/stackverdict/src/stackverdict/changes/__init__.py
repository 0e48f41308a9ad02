"""What changed since a baseline."""
