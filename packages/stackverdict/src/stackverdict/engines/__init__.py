"""Findings of tools that exist already, brought into one form. Each tool is optional, and told."""
