"""What a principal may do: the statements of one task, and its wildcards with their reasons."""
