#!/usr/bin/env python3
"""Writes synthetic deals as CSV: deals.py ROWS FILE. The same words give the same bytes."""
import csv
import sys
from datetime import date, timedelta

import numpy as np

BATCH = 250_000
SOURCES = ["Paid Search", "Organic", "Partner", "Outbound", "Events", "Referral", "Webinar", "Social"]
STAGES = ["Won", "Lost", "Prospecting", "Engaging", "Negotiation"]
STAGE_SHARES = [0.22, 0.38, 0.15, 0.15, 0.10]
FIRST_DAY = date(2022, 1, 1)
DAYS = [(FIRST_DAY + timedelta(days=n)).isoformat() for n in range(2400)]
HEADER = [
    "deal_id", "account", "owner", "channel", "utm_source", "utm_medium", "utm_campaign", "industry",
    "segment", "stage", "created_at", "closed_at", "amount", "cost", "notes",
]
NOTE = 'some free text, with commas and "quotes" in it'


def batch(start, size, accounts):
    """Rows start to start + size. A batch has a seed of its own, so memory stays small."""
    rng = np.random.default_rng([7, start // BATCH])
    pick = lambda high: rng.integers(0, high, size).tolist()
    stages = rng.choice(len(STAGES), size, p=STAGE_SHARES).tolist()
    created = pick(1700)
    took = np.minimum(rng.gamma(2.0, 30.0, size), 690).astype(int).tolist()
    amounts = np.round(rng.gamma(2.0, 9000.0, size), 2).tolist()
    costs = np.round(rng.gamma(2.0, 3000.0, size), 2).tolist()
    columns = zip(
        pick(accounts), pick(120), pick(8), pick(8), pick(8), pick(400), pick(20), pick(4),
        stages, created, took, amounts, costs,
    )
    for n, (account, owner, channel, source, medium, campaign, industry, segment, stage, day, days,
            amount, cost) in enumerate(columns, start):
        closed = DAYS[day + days] if stage < 2 else ""
        yield (
            f"D{n}", f"Account {account}", f"Rep {owner}", SOURCES[channel], SOURCES[source],
            SOURCES[medium], f"Campaign {campaign}", f"Industry {industry}", f"Seg {segment}",
            STAGES[stage], DAYS[day], closed, f"{amount:.2f}", f"{cost:.2f}", NOTE,
        )


def main():
    rows, path = int(sys.argv[1]), sys.argv[2]
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for start in range(0, rows, BATCH):
            writer.writerows(batch(start, min(BATCH, rows - start), rows // 8 + 1))


main()
