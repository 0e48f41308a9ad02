"""Services that keep what they are given and show it again."""
