"""Preflight: asks an account, before a deployment, about what would fail in it; reads only."""
