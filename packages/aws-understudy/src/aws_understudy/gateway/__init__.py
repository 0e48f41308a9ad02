"""The door: which requests come in, what they ask, and who answers."""
