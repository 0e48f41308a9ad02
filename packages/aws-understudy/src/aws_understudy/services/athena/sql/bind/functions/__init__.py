"""Tables of Trino's functions: each form's types, and how the engine computes it."""
