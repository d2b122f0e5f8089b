"""How the exports of Northlight come to be. `generate.py` beside this folder runs it."""
