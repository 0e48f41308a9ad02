"""Processing, training and transform jobs, as sandboxed processes."""
