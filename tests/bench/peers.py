#!/usr/bin/env python3
"""The ten measures in DuckDB, Polars or pandas: peers.py duckdb|polars|pandas FILE [--json].

Over all deals, by channel, by month of creation, and by both: deals; won; closed; won amount; mean
and median won amount; open amount; mean days to close and profit of won deals; distinct accounts.
"""
import json
import sys

MEASURES = [
    "deals", "won", "closed", "won_amount", "mean_amount", "median_amount", "open_amount",
    "mean_days", "profit", "accounts",
]


def duckdb(path):
    import duckdb as db

    won = "filter (where stage = 'Won')"
    return db.connect().execute(f"""
        select channel, date_trunc('month', created_at) as month,
               count(*), count(*) {won}, count(*) filter (where stage in ('Won', 'Lost')),
               sum(amount) {won}, avg(amount) {won}, median(amount) {won},
               sum(amount) filter (where stage not in ('Won', 'Lost')),
               avg(date_diff('day', created_at, closed_at)) {won},
               sum(amount - cost) {won}, count(distinct account)
        from read_csv('{path}')
        group by grouping sets ((), (channel), (month), (channel, month))
    """).fetchall()


def polars(path):
    import polars as pl

    won, amount = pl.col("stage") == "Won", pl.col("amount")
    closed = pl.col("stage").is_in(["Won", "Lost"])
    days = (pl.col("closed_at") - pl.col("created_at")).dt.total_days()
    values = [
        pl.len(), won.sum(), closed.sum(), amount.filter(won).sum(), amount.filter(won).mean(),
        amount.filter(won).median(), amount.filter(~closed).sum(), days.filter(won).mean(),
        (amount - pl.col("cost")).filter(won).sum(), pl.col("account").n_unique(),
    ]
    values = [value.alias(name) for value, name in zip(values, MEASURES)]
    deals = pl.scan_csv(path, try_parse_dates=True)
    deals = deals.with_columns(month=pl.col("created_at").dt.truncate("1mo"))
    groups = [deals.select(values)]
    groups += [deals.group_by(by).agg(values) for by in (["channel"], ["month"], ["channel", "month"])]
    total, channel, month, both = (frame.rows() for frame in pl.collect_all(groups))
    return (
        [(None, None, *row) for row in total] + [(row[0], None, *row[1:]) for row in channel]
        + [(None, *row) for row in month] + both
    )


def pandas(path):
    import pandas as pd

    columns = ["account", "channel", "stage", "created_at", "closed_at", "amount", "cost"]
    deals = pd.read_csv(path, usecols=columns, parse_dates=["created_at", "closed_at"])
    deals["month"] = deals.created_at.dt.to_period("M").dt.to_timestamp()
    deals["all"] = 0
    deals["closed"] = deals.stage.isin(["Won", "Lost"])
    won, still_open = deals[deals.stage == "Won"].copy(), deals[~deals.closed]
    won["days"] = (won.closed_at - won.created_at).dt.days
    won["profit"] = won.amount - won.cost
    rows = []
    for by in (["all"], ["channel"], ["month"], ["channel", "month"]):
        every = deals.groupby(by).agg(
            deals=("stage", "size"), closed=("closed", "sum"), accounts=("account", "nunique"))
        of_won = won.groupby(by).agg(
            won=("amount", "size"), won_amount=("amount", "sum"), mean_amount=("amount", "mean"),
            median_amount=("amount", "median"), mean_days=("days", "mean"), profit=("profit", "sum"))
        frame = every.join(of_won).join(still_open.groupby(by).amount.sum().rename("open_amount"))
        frame = frame.reset_index()
        for key in ("channel", "month"):
            if key not in frame:
                frame[key] = None
        rows += frame[["channel", "month", *MEASURES]].itertuples(index=False, name=None)
    return rows


def main():
    rows = {"duckdb": duckdb, "polars": polars, "pandas": pandas}[sys.argv[1]](sys.argv[2])
    if "--json" in sys.argv:
        label = lambda month: None if month is None else month.isoformat()[:7]
        print(json.dumps([[row[0], label(row[1]), *map(float, row[2:])] for row in rows]))
    else:
        print(sys.argv[1], len(rows), "groups")


main()
