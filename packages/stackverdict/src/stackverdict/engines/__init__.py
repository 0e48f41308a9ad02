"""Findings of other tools in one form. Each tool is optional; the report names an absent one."""
