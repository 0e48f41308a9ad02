"""What a person sees of a journey: while it runs, at its end, and in files."""
