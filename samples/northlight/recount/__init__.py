"""Northlight's numbers once more, by another road. `oracle.py` beside this folder runs it."""
