"""Doctor: what this machine lacks before a set-up or a demo fails of it; the standard library only.

It runs with the bare Python of the system, before anything is installed.
"""
