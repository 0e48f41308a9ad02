"""How a journey is run: step by step, and ended by a signal."""
