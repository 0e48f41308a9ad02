"""QuickSight as records."""
