"""Which operations are answered, and what is done with each member of their requests."""
