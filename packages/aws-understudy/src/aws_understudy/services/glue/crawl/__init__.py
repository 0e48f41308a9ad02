"""One crawl, from the objects to the tables."""
