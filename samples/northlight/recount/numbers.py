"""Metrics by month, channel and owner."""

from fractions import Fraction
from itertools import permutations

# A deal that closed on the last day is open no more. Of one in an undeclared stage nobody knows.
OPEN_AT_END = "entered <= e and (outcome = 'open' or outcome in ('won', 'lost') and closed > e)"
WON, CLOSED = "outcome = 'won'", "outcome in ('won', 'lost')"
BOTH = ("channel", "owner")

# metric: table, rows, day that places them (none for a state), numerator, denominator, rows that could
# count, dimensions
METRICS = {
    "flow": ("deals", "coalesce(outcome, '') <> 'excluded'", "entered", "count(*)", None, "true", BOTH),
    "won_deals": ("deals", WON, "closed", "count(*)", None, "true", BOTH),
    "lost_deals": ("deals", "outcome = 'lost'", "closed", "count(*)", None, "true", BOTH),
    "won_amount": ("deals", WON, "closed", "sum(amount)", None, "amount is not null", BOTH),
    "average_sale_price": ("deals", WON, "closed", "sum(amount)", "count(amount)", "amount is not null", BOTH),
    "conversion_rate": ("deals", CLOSED, "closed", "count(*) filter (where outcome = 'won')", "count(*)", "true", BOTH),
    "time_to_close": (
        "deals", WON, "closed", "sum(closed - entered) filter (where closed >= entered)",
        "count(*) filter (where closed >= entered)", "coalesce(closed >= entered, false)", BOTH,
    ),
    "time_to_close_median": (
        "deals", WON, "closed", "median(closed - entered) filter (where closed >= entered)", None,
        "coalesce(closed >= entered, false)", BOTH,
    ),
    "open_deals": ("deals", "outcome = 'open'", None, "count(*)", None, "true", BOTH),
    "open_pipeline": ("deals", "outcome = 'open'", None, "sum(amount)", None, "amount is not null", BOTH),
    "expansion_won_amount": (
        "deals", WON + " and kind = 'Existing Business'", "closed", "sum(amount)", None, "amount is not null", BOTH,
    ),
    "new_leads": ("leads", "true", "entered", "count(*)", None, "true", BOTH),
    "converted_leads": ("leads", "true", "converted", "count(*)", None, "true", BOTH),
    "deals_from_leads": ("deals", "lead is not null", "entered", "count(*)", None, "true", BOTH),
    "new_customers": ("accounts", "true", "since", "count(*)", None, "true", ("owner",)),
    "lost_customers": ("accounts", "true", "churned", "count(*)", None, "true", ("owner",)),
    "total_cost": ("costs", "true", "spent", "sum(amount)", None, "amount is not null", ("channel",)),
    "attributed_cost_share": (
        "costs", "true", "spent",
        "coalesce(sum(amount) filter (where deal is not null or claimed or campaign is not null), 0)",
        "sum(amount)", "amount is not null", ("channel",),
    ),
}
# Customers of old became so before the deals' first month; months of then are left out.
FIRST_MONTH = "2024-05"


def computed(db):
    found = [
        entry
        for metric, (_, _, day, *_, dimensions) in METRICS.items()
        for monthly in ((False, True) if day else (False,))
        for by in (None, *dimensions)
        for entry in entries(db, metric, monthly, by)
    ]
    return found + list(bridges(db)) + list(windows(db))


def entries(db, metric, monthly, by):
    table, rows, day, above, below, usable, _ = METRICS[metric]
    period = f"strftime({day}, '%Y-%m')" if monthly else "'all'" if day else "'none'"
    query = f"""
        select {period}, {by or "'(total)'"}, {above}, {below or "null"}, count(*),
               count(*) filter (where {usable})
        from {table} where {rows} and {day or "id"} is not null
        group by 1, 2 order by 1, 2 nulls last"""
    for label, member, top, bottom, in_scope, could in db.execute(query).fetchall():
        if label < FIRST_MONTH:
            continue
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


# metric: table, which rows count at a month's end or in the months up to it, value, rows that could count
WINDOWS = {
    "won_amount_year_to_date": (
        "deals", WON + " and closed between date_trunc('year', e) and e", "sum(amount)", "amount is not null", BOTH,
    ),
    "won_amount_last_12_months": (
        "deals", WON + " and closed between date_trunc('month', e) - interval 11 month and e", "sum(amount)",
        "amount is not null", BOTH,
    ),
    "open_deals_at_end": ("deals", OPEN_AT_END, "count(*)", "true", BOTH),
    "pipeline_at_end": ("deals", OPEN_AT_END, "sum(amount)", "amount is not null", BOTH),
    "customers_a_year_before": (
        "accounts", "since + 365 <= e and (churned is null or churned + 365 > e)", "count(*)", "true", ("owner",),
    ),
    "customers_kept": ("accounts", "since + 365 <= e and (churned is null or churned > e)", "count(*)", "true", ("owner",)),
    # The first day on which one is no customer any more does not count.
    "customers_at_end": ("accounts", "since <= e and (churned is null or churned > e)", "count(*)", "true", ("owner",)),
}


def windows(db):
    """What the months up to each month's end hold, and what was there when it ended."""
    for metric, (table, rows, value, usable, dimensions) in WINDOWS.items():
        for by in (None, *dimensions):
            query = f"""
                with months as (
                    select last_day(m::date) e from range(date '2024-05-01', date '2026-11-01', interval 1 month) r(m))
                select strftime(e, '%Y-%m'), {by or "null"}, {value}, count(*), count(*) filter (where {usable})
                from months join {table} on {rows} group by 1, 2 order by 1, 2 nulls last"""
            for month, member, number, in_scope, could in db.execute(query).fetchall():
                yield {
                    "id": metric, "period": month, "slice": {by: member} if by else {},
                    "value": plain(number), "numerator": None, "denominator": None,
                    "in_scope": in_scope, "usable": could,
                }


def bridges(db):
    """What moved the won amount, month by month: Shapley's parts, by all orders of the factors."""
    query = f"""
        with moved as (
            select strftime(entered, '%Y-%m') m, 1 f, 0 c, 0 w, 0::decimal(18, 2) a, true usable from deals
            where coalesce(outcome, '') <> 'excluded' and entered is not null
            union all
            select strftime(closed, '%Y-%m'), 0, 1, ({WON})::int, case when {WON} then coalesce(amount, 0) else 0 end,
                   outcome = 'lost' or amount is not null
            from deals where {CLOSED} and closed is not null)
        select m, sum(f), sum(c), sum(w), sum(a), count(*), count(*) filter (where usable)
        from moved group by 1 order by 1"""
    rows = db.execute(query).fetchall()
    for metric, back in (("fact_bridge", 1), ("fact_bridge_year", 12)):
        for (_, *before, _, _), (month, *after, in_scope, usable) in zip(rows, rows[back:]):
            parts = shapley([Fraction(x) for x in before], [Fraction(x) for x in after])
            yield {
                "id": metric, "period": month, "slice": {},
                "value": float(after[3] - before[3]), "numerator": None, "denominator": None,
                "in_scope": in_scope, "usable": usable,
                "figures": dict(zip(("flow", "timing", "conversion rate", "average sale price"), map(cents, parts))),
            }


def shapley(before, after):
    def factors(row):
        return [row[0], row[1] / row[0], row[2] / row[1], row[3] / row[2]]

    old, new = factors(before), factors(after)
    parts = [Fraction(0)] * 4
    orders = list(permutations(range(4)))
    for order in orders:
        now = list(old)
        for at in order:
            then = product(now)
            now[at] = new[at]
            parts[at] += product(now) - then
    return [part / len(orders) for part in parts]


def product(factors):
    whole = Fraction(1)
    for factor in factors:
        whole *= factor
    return whole


def cents(part):
    """To the cent; the last one is a matter of how remainders are shared out."""
    return round(float(part), 2)


def quotient(top, bottom):
    if top is None or not bottom:
        return None
    return round(float(Fraction(top) / Fraction(bottom)), 9)


def plain(number):
    return None if number is None else float(number)
