"""Cloud9: environments as records."""
