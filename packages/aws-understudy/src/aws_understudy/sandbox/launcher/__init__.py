"""The stand-alone program that carries a description out; it uses the standard library alone.

It is started for each job and each function, so it imports nothing that takes long.
"""
