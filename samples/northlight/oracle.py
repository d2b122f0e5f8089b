"""The numbers of Northlight, computed without Milepost: DuckDB, and names typed in again.

Prints a JSON list, one entry per metric, period (all, and each month) and slice (none, channel,
owner). `in_scope` are the rows that should count, `usable` those that could. Run: python3 oracle.py

With files of `milepost metrics --format json` or `milepost check --format json` as arguments it
compares them instead: every value there that it knows must be the same, and a value may be missing
only where too few rows could count. With `--checks` it prints what it makes of each check.
"""

import json
import pathlib
import sys
from fractions import Fraction

sys.dont_write_bytecode = True

from recount import checks, numbers, tables  # noqa: E402


def key(entry):
    return entry["id"], entry["period"], tuple(sorted(entry["slice"].items(), key=str))


def near(ours, theirs):
    return abs(ours - theirs) <= 1e-9 * max(1, abs(ours))


def differs(ours, theirs):
    """Why a value of Milepost is not this one; nothing where it is."""
    if theirs["value"] is None:
        share = Fraction(ours["usable"], ours["in_scope"])
        # Rows without a readable day lower the coverage of every month a little more.
        return None if ours["value"] is None or share < Fraction(82, 100) else theirs["status"]
    if ours["value"] is None:
        return f"{theirs['value']} instead of none"
    if not near(ours["value"], theirs["value"]):
        return f"{theirs['value']} instead of {ours['value']}"
    for name, part in ours.get("figures", {}).items():
        if abs(part - theirs["figures"][name]) > 0.011:
            return f"{name} is {theirs['figures'][name]} instead of {part}"
    return None


def of_metrics(known, values):
    """Keys that were compared, and what is wrong with them."""
    wrong, seen = [], set()
    for theirs in values:
        theirs["period"] = (theirs["period"] or {"label": "none"})["label"]
        at = key(theirs)
        if at not in known:
            if theirs["id"] in numbers.METRICS and theirs["value"] and at[1] in {k[1] for k in known}:
                wrong.append(f"{at}: {theirs['value']} instead of none")
            continue
        seen.add(at)
        why = differs(known[at], theirs)
        if why:
            wrong.append(f"{at}: {why}")
    return seen, wrong


def compare(files, db, said):
    known = {key(entry): entry for entry in numbers.computed(db)}
    checked = {entry["id"]: entry for entry in checks.computed(db, said)}
    wrong, seen = [], set()
    for file in files:
        read = json.loads(pathlib.Path(file).read_text("utf-8"))
        if "metrics" in read:
            found, bad = of_metrics(known, read["metrics"])
        else:
            found, bad = checks.compared(checked, read["checks"])
        seen |= found
        wrong += bad
    print(f"{len(seen)} values compared, {len(wrong)} differ", *wrong[:40], sep="\n")
    return 1 if wrong or not seen else 0


def main():
    said = tables.config()
    db = tables.database(said)
    words = sys.argv[1:]
    if words and words != ["--checks"]:
        return compare(words, db, said)
    json.dump(checks.computed(db, said) if words else numbers.computed(db), sys.stdout, indent=0)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
