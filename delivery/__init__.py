"""Delivery from GitHub Actions: what a reviewer has approved is what is deployed."""
