#!/usr/bin/env python3
"""Fails unless Milepost and a peer agree on every value: compare.py MILEPOST.json PEER.json"""
import json
import sys

MEASURES = [
    "deals", "won", "closed", "won_amount", "mean_amount", "median_amount", "open_amount",
    "mean_days", "profit", "accounts",
]

ours = {}
with open(sys.argv[1]) as file:
    for value in json.load(file)["metrics"]:
        label, slice_ = value["period"]["label"], value["slice"]
        key = (slice_.get("channel"), None if label == "all" else label, value["id"])
        ours[key] = value["value"]

compared = 0
with open(sys.argv[2]) as file:
    for channel, month, *values in json.load(file):
        for name, theirs in zip(MEASURES, values):
            mine = ours[(channel, month, f"bench_{name}")]
            # A peer's NaN or null is a group without such deals; small groups may be told as too few.
            same = mine is not None and abs(mine - theirs) <= 1e-9 * max(1.0, abs(theirs))
            if not same:
                sys.exit(f"{name} of {channel}, {month}: {mine} here, {theirs} there")
            compared += 1
print(f"{compared} values agree")
