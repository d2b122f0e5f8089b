#!/usr/bin/env python3
"""Prints one size's line of results: table.py ROWS TIMES.json NAME=MB …"""
import json
import sys

rows, path, *memory = sys.argv[1:]
peaks = dict(pair.split("=") for pair in memory)
times = {run["command"]: run for run in json.load(open(path))["results"]}
faster = min(times["duckdb"]["median"], times["polars"]["median"])
print(f"\n{int(rows):,} rows")
print(f"{'':10}{'median s':>10}{'user s':>10}{'peak MB':>10}{'ratio':>8}")
for name, run in times.items():
    ratio = run["median"] / faster
    print(f"{name:10}{run['median']:10.3f}{run['user']:10.2f}{peaks[name]:>10}{ratio:8.2f}")
print("ratio: to the faster of DuckDB and Polars")
