"""What a platform leaves behind, found in an account: each thing with the way to delete it."""
