"""Runs a command that is not trusted: what it sees, may write and may use is described first."""
