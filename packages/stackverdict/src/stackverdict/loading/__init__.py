"""Read files into the model."""
