"""SageMaker: jobs, pipelines, registry and endpoints, really executed."""
