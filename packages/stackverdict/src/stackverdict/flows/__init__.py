"""How data moves: which resources take part, and who reads, writes or starts what."""
