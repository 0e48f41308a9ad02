"""Scripts of the pipeline's containers; each stands alone and imports nothing of the project."""
