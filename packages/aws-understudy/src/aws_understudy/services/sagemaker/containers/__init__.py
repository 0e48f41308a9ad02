"""Runs a program as SageMaker runs a container: its machine, files, logs and failures."""
