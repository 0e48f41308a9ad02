"""SageMaker that really runs: jobs as processes, pipelines, a model registry and endpoints."""
