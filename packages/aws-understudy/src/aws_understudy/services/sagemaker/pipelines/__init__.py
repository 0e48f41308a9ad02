"""Pipelines: their definitions, and their executions."""
