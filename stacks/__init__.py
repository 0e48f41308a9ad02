"""Deployment units, in the order the data moves; they wire, they do not invent."""
