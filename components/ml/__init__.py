"""The code of a pipeline, and the deployment of its approved models."""
