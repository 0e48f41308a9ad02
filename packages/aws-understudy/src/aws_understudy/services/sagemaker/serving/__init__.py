"""What a model is, and the server process of one model."""
