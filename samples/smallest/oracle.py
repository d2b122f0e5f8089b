"""The numbers of the smallest project, computed without Milepost, by DuckDB.

Prints a JSON list, one entry per metric, period (all, and each month) and slice (none, channel,
owner). `in_scope` are the rows that should count, `usable` those that could. Run: python3 oracle.py

With a file of `milepost check --format json` as argument it compares that instead: each share of rows
there must be known here and the same.
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

SEPTEMBER = "between date '2026-09-01' and date '2026-09-30'"
# check: rows that are asked in the last whole month, what should hold of them
CHECKS = {
    "deals-stand-in-declared-stages": ("true", "stage in ('New', 'Offer sent', 'Won', 'Lost')"),
    "deal-ids-are-unique": ("true", "true"),
    "won-deals-have-an-amount": (f"stage = 'Won' and closed {SEPTEMBER}", "amount is not null"),
    "deals-close-after-they-enter": (f"{CLOSED} and closed {SEPTEMBER}", "closed >= entered"),
    "open-deals-have-an-owner": (f"not {CLOSED}", "owner is not null"),
    "deals-have-a-source": (f"entered {SEPTEMBER}", "channel is not null"),
    # Nobody has declared a channel.
    "raw-sources-belong-to-a-channel": (f"entered {SEPTEMBER} and channel is not null", "false"),
    "wins-have-a-channel": (f"stage = 'Won' and closed {SEPTEMBER}", "false"),
}


def compare(db, file):
    wrong, seen = [], 0
    for theirs in json.loads(pathlib.Path(file).read_text("utf-8"))["checks"]:
        of_rows = theirs["evidence"] == "data" and len(theirs["values"]) == 1
        if not of_rows or theirs["outcome"] == "unknown":
            continue
        seen += 1
        asked, wanted = CHECKS[theirs["id"]]
        share, n = db.execute(
            f"select count(*) filter (where {wanted}) / count(*), count(*) from deals where {asked}"
        ).fetchone()
        value = theirs["values"][0]
        if abs(value["value"] - share) > 1e-9 or value["n"] != n:
            wrong.append(f"{theirs['id']}: {value} instead of {share} over {n}")
    print(f"{seen} values compared, {len(wrong)} differ", *wrong, sep="\n")
    return 1 if wrong or not seen else 0


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
    if len(sys.argv) > 1:
        return compare(db, sys.argv[1])
    found = [
        entry
        for metric, (_, day, *_) in METRICS.items()
        for monthly in ((False, True) if day else (False,))
        for by in (None, "channel", "owner")
        for entry in entries(db, metric, monthly, by)
    ]
    json.dump(found, sys.stdout, indent=0)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
