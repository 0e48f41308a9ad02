"""Constructs and policies that more than one stack uses; each has one meaning."""
