"""SageMaker pipelines: their definitions, their steps, and what was rendered from them."""
