"""The numbers of the smallest project, computed without Milepost, by DuckDB.

Prints a JSON list, one entry per metric, period (all, and each month) and slice (none, channel,
owner). `in_scope` are the rows that should count, `usable` those that could. Run: python3 oracle.py
"""

import json
import pathlib
import sys
from fractions import Fraction

import duckdb

FILE = pathlib.Path(__file__).parent / "deals.csv"

DEALS = """
create table deals as
select
    "Stage" as stage,
    nullif(trim("Lead Source"), '') as channel,
    nullif(trim("Owner"), '') as owner,
    cast("Create Date" as date) as entered,
    cast(nullif(trim("Close Date"), '') as date) as closed,
    cast(nullif(trim("Amount"), '') as decimal(18, 2)) as amount
from read_csv(?, header = true, all_varchar = true)
"""

CLOSED = "stage in ('Won', 'Lost')"
# metric: rows, day that places them (none for a state), numerator, denominator, rows that could count
METRICS = {
    "flow": ("true", "entered", "count(*)", None, "true"),
    "won_deals": ("stage = 'Won'", "closed", "count(*)", None, "true"),
    "won_amount": ("stage = 'Won'", "closed", "sum(amount)", None, "amount is not null"),
    "average_sale_price": ("stage = 'Won'", "closed", "sum(amount)", "count(amount)", "amount is not null"),
    "conversion_rate": (CLOSED, "closed", "count(*) filter (where stage = 'Won')", "count(*)", "true"),
    "time_to_close": ("stage = 'Won'", "closed", "sum(closed - entered)", "count(*)", "true"),
    "time_to_close_median": ("stage = 'Won'", "closed", "median(closed - entered)", None, "true"),
    "open_deals": ("not " + CLOSED, None, "count(*)", None, "true"),
    "open_pipeline": ("not " + CLOSED, None, "sum(amount)", None, "amount is not null"),
}


def entries(db, metric, monthly, by):
    rows, day, above, below, usable = METRICS[metric]
    period = f"strftime({day}, '%Y-%m')" if monthly else "'all'" if day else "'none'"
    query = f"""
        select {period}, {by or "'(total)'"}, {above}, {below or "null"}, count(*),
               count(*) filter (where {usable})
        from deals where {rows} and {day or "stage"} is not null
        group by 1, 2 order by 1, 2 nulls last"""
    for label, member, top, bottom, in_scope, could in db.execute(query).fetchall():
        yield {
            "id": metric,
            "period": label,
            "slice": {by: member} if by else {},
            "value": plain(top) if below is None else quotient(top, bottom),
            "numerator": plain(top),
            "denominator": plain(bottom),
            "in_scope": in_scope,
            "usable": could,
        }


def quotient(top, bottom):
    return round(float(Fraction(top) / Fraction(bottom)), 9) if top is not None and bottom else None


def plain(number):
    return None if number is None else float(number)


def main():
    db = duckdb.connect()
    db.execute(DEALS, [str(FILE)])
    found = [
        entry
        for metric, (_, day, *_) in METRICS.items()
        for monthly in ((False, True) if day else (False,))
        for by in (None, "channel", "owner")
        for entry in entries(db, metric, monthly, by)
    ]
    json.dump(found, sys.stdout, indent=0)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
