"""Where a person works: Cloud9, or SageMaker Studio."""
