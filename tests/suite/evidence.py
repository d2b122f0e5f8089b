"""Adds up the rows of `milepost explain --rows --format json` by another engine: evidence.py FILE …

A rule's expressions are SQL, so DuckDB can compute them over nothing but the cells that were shown. Prints
a JSON list: id, period, slice, the value computed here. Rows have passed `where` already.
"""

import json
import re
import sys
from fractions import Fraction
from itertools import permutations
from math import prod

import duckdb

AGGREGATE = re.compile(r"percentile_cont\(\s*([\d.]+)\s*,\s*")


def sql(expression, cells):
    """Our words in DuckDB's: paths are columns, and a percentile takes its fraction last."""
    for path in sorted(cells, key=len, reverse=True):
        if "." in path:
            expression = re.sub(rf"\b{re.escape(path)}\b", f'"{path}"', expression)
    while found := AGGREGATE.search(expression):
        depth, at = 1, found.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(expression[at], 0)
            at += 1
        inner = expression[found.end():at - 1]
        call = f"quantile_cont({inner}, {found.group(1)})"
        expression = expression[:found.start()] + call + expression[at:]
    return expression


def table(rows, types):
    """The cells as a table of its own file, so that types come from the rule's columns alone."""
    db = duckdb.connect()
    columns = ", ".join(f'"{path}" {kind}' for path, kind in types.items()) or "nothing integer"
    db.execute(f"create table rows ({columns})")
    if rows:
        marks = ", ".join("?" for _ in types) or "null"
        db.executemany(f"insert into rows values ({marks})", [list(r["cells"].values()) for r in rows])
    return db


def kind_of(values):
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, bool) for value in known):
        return "boolean"
    if known and all(isinstance(value, (int, float)) for value in known):
        return "double"
    if known and all(re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) for value in known):
        return "date"
    if known and all(re.match(r"\d{4}-\d\d-\d\dT", str(value)) for value in known):
        return "timestamptz"
    return "varchar"


def bridge(explained):
    """The change of the chain's last metric; its parts are checked against all orders of its factors."""
    names = re.findall(r'metric = "(\w+)", factor = "([^"]+)"', explained["definition"]["chain"])
    now = explained["value"]["period"]["label"]
    levels = {True: {}, False: {}}
    for part in explained["parts"]:
        levels[part["period"]["label"] == now][part["id"]] = Fraction(str(part["value"] or 0))
    chain = [[levels[which].get(name, Fraction(0)) for name, _ in names] for which in (False, True)]
    if not explained["value"]["slice"] and all(all(side[:-1]) for side in chain):
        factors = [[b / a for a, b in zip([Fraction(1)] + side, side)] for side in chain]
        parts = [Fraction(0)] * len(names)
        orders = list(permutations(range(len(names))))
        for order in orders:
            state = list(factors[0])
            for at in order:
                before = prod(state)
                state[at] = factors[1][at]
                parts[at] += (prod(state) - before) / len(orders)
        for (_, factor), part in zip(names, parts):
            assert abs(Fraction(str(explained["value"]["figures"][factor])) - part) <= Fraction(1, 100), factor
    return float(chain[1][-1] - chain[0][-1])


def definition_of(explained):
    """The rule as one with a `value`."""
    definition = dict(explained["definition"])
    if explained["kind"] in ("to-date", "rolling"):
        definition["value"] = definition["metric"]
    if explained["kind"] == "duration":
        function = definition.get("headline", "mean").replace("mean", "avg")
        span = f"date_diff('day', {definition['from']}, {definition['to']})"
        definition["value"] = f"{function}({span})"
    return definition


def computed(explained):
    if explained["kind"] == "decomposition":
        return bridge(explained)
    definition = definition_of(explained)
    if explained["parts"]:
        names = {part["id"]: part["value"] for part in explained["parts"]}
        rows, expressions = [{"cells": names, "usable": True}], [definition["value"]]
    else:
        rows = [row for row in explained["rows"] if row["usable"]]
        fields = ["value"] if "value" in definition else ["numerator", "denominator"]
        expressions = [definition[field] for field in fields]
    paths = list(rows[0]["cells"]) if rows else []
    types = {path: kind_of([row["cells"][path] for row in rows]) for path in paths}
    types = {p: "double" if explained["parts"] else kind for p, kind in types.items()}
    wanted = ", ".join(sql(expression, paths) for expression in expressions)
    results = table(rows, types).execute(f"select {wanted} from rows").fetchone()
    if len(results) == 1:
        return None if results[0] is None else float(results[0])
    top, bottom = results
    if top is None and rows and "sum(" in expressions[0]:
        top = 0  # a sum of none of the rows that there are
    return None if top is None or not bottom else float(top) / float(bottom)


def main():
    found = []
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            explained = json.load(file)
        found.append({"file": path, "value": computed(explained), "rows": len(explained["rows"])})
    json.dump(found, sys.stdout)


main()
