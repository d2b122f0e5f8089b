"""The four factors of Northlight, computed without Milepost: DuckDB, and names typed in again.

Prints a JSON list, one entry per metric, period (all, and each month) and slice (none, channel,
owner). `in_scope` are the rows that should count, `usable` those that could. Run: python3 oracle.py

With files of `milepost metrics --format json` as arguments it compares them instead: every value
there that it knows must be the same, and a value may be missing only where too few rows could count.
"""

import json
import pathlib
import sys
from fractions import Fraction

import duckdb

FILE = pathlib.Path(__file__).parent / "exports" / "deals.csv"

WON, LOST = "Closed Won", "Closed Lost"
OUT = ("Disqualified", "Duplicate")
CHANNEL = {
    "organic-search": ("Organic Search", "google / organic", "SEO"),
    "paid-search": ("Google Ads", "google / cpc", "Paid Search"),
    "newsletter": ("Newsletter", "Email"),
    "events": ("Trade fair", "Webinar"),
    "partners": ("Dealer", "Referral"),
    "outbound": ("Cold call", "SDR"),
}
OWNER = {
    "tamsin": "Tamsin Orrel", "joren": "Joren Pask", "lucan": "Lucan Weir", "bram": "Bram Teasel",
    "sabela": "Sabela Quill", "odalys": "Odalys Frane", "nevin": "Nevin Arkwell",
    "ilka": "Ilka Sorbie", "corin": "Corin Madder",
}

# Blank is not there; text that is no date or no number is not there either, and never zero.
DEALS = """
create table deals as
select
    "Deal Stage" as stage,
    coalesce(channels.id, nullif(trim("Original Source"), '')) as channel,
    coalesce(owners.id, nullif(trim("Deal owner"), '')) as owner,
    try_cast(nullif(trim("Create Date"), '') as date) as entered,
    try_cast(nullif(trim("Close Date"), '') as date) as closed,
    try_cast(nullif(trim("Amount"), '') as decimal(18, 2)) as amount
from read_csv(?, header = true, all_varchar = true) as raw
left join channels on channels.raw = "Original Source"
left join owners on owners.raw = "Deal owner"
"""

# metric: rows, day that places them, numerator, denominator, rows that could count
METRICS = {
    "flow": ("stage not in $out", "entered", "count(*)", None, "true"),
    "average_sale_price": ("stage = $won", "closed", "sum(amount)", "count(amount)", "amount is not null"),
    "conversion_rate": ("stage in ($won, $lost)", "closed", "count(*) filter (where stage = $won)", "count(*)", "true"),
    "time_to_close": (
        "stage = $won", "closed", "sum(closed - entered) filter (where closed >= entered)",
        "count(*) filter (where closed >= entered)", "coalesce(closed >= entered, false)",
    ),
}
SLICES = [None, "channel", "owner"]


def quoted(texts):
    return "(" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + ")"


def fill(text):
    return text.replace("$out", quoted(OUT)).replace("$won", f"'{WON}'").replace("$lost", f"'{LOST}'")


def database():
    db = duckdb.connect()
    db.execute("create table channels (raw text, id text)")
    db.execute("create table owners (raw text, id text)")
    for channel, raws in CHANNEL.items():
        db.executemany("insert into channels values (?, ?)", [(raw, channel) for raw in raws])
    db.executemany("insert into owners values (?, ?)", [(raw, who) for who, raw in OWNER.items()])
    db.execute(DEALS, [str(FILE)])
    return db


def entries(db, metric, monthly, by):
    rows, day, above, below, usable = map(lambda t: t and fill(t), METRICS[metric])
    period = f"strftime({day}, '%Y-%m')" if monthly else "'all'"
    query = f"""
        select {period}, {by or "'(total)'"}, {above}, {below or "null"}, count(*),
               count(*) filter (where {usable})
        from deals where {rows} and {day} is not null
        group by 1, 2 order by 1, 2 nulls last"""
    for label, member, top, bottom, in_scope, could in db.execute(query).fetchall():
        yield {
            "id": metric,
            "period": label,
            "slice": {by: member} if by else {},
            "value": value(top, bottom, below is not None),
            "numerator": plain(top),
            "denominator": plain(bottom),
            "in_scope": in_scope,
            "usable": could,
        }


def value(top, bottom, divides):
    if not divides:
        return plain(top)
    if top is None or not bottom:
        return None
    return round(float(Fraction(top) / Fraction(bottom)), 9)


def plain(number):
    return None if number is None else float(number)


def computed():
    db = database()
    return [
        entry
        for metric in METRICS
        for monthly in (False, True)
        for by in SLICES
        for entry in entries(db, metric, monthly, by)
    ]


def key(entry):
    return entry["id"], entry["period"], tuple(sorted(entry["slice"].items(), key=str))


def differs(ours, theirs):
    """Why a value of Milepost is not this one; nothing where it is."""
    if theirs["value"] is None:
        share = Fraction(ours["usable"], ours["in_scope"])
        # Rows without a readable day lower the coverage of every month a little more.
        return None if ours["value"] is None or share < Fraction(82, 100) else theirs["status"]
    if ours["value"] is None:
        return f"{theirs['value']} instead of none"
    near = abs(ours["value"] - theirs["value"]) <= 1e-9 * max(1, abs(ours["value"]))
    return None if near else f"{theirs['value']} instead of {ours['value']}"


def compare(files):
    known = {key(entry): entry for entry in computed()}
    wrong, seen = [], set()
    for file in files:
        for theirs in json.loads(pathlib.Path(file).read_text("utf-8"))["metrics"]:
            theirs["period"] = (theirs["period"] or {"label": "all"})["label"]
            at = key(theirs)
            if at not in known:
                if theirs["id"] in METRICS and theirs["value"] and at[1] in {k[1] for k in known}:
                    wrong.append(f"{at}: {theirs['value']} instead of none")
                continue
            seen.add(at)
            why = differs(known[at], theirs)
            if why:
                wrong.append(f"{at}: {why}")
    print(f"{len(seen)} of {len(known)} values compared, {len(wrong)} differ", *wrong[:20], sep="\n")
    return 1 if wrong or not seen else 0


def main():
    if len(sys.argv) > 1:
        return compare(sys.argv[1:])
    json.dump(computed(), sys.stdout, indent=0)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
