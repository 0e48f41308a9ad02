"""EC2: the network."""
