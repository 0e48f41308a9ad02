"""What answers questions: the named queries, and the data set over one of their views."""
