"""What the catalog holds besides what a crawler finds: the declared table of batch answers."""
