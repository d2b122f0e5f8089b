"""Runs the rules of tests/suite/differential as SQL. Argument: a JSON file of projects, each with

setup    statements that make the tables
queries  statements, each a grouping; the names of its columns begin with the key's

Prints a JSON list, by project a list by query of rows; numbers are texts with every digit that they have.
"""

import datetime
import decimal
import json
import sys

import duckdb

# Enough digits that only the last step of a division rounds.
EXACT = decimal.Context(prec=80)

MACROS = """
create macro exact(x) as cast(x as decimal(38,12));
create macro div9(a, b) as quotient(a, nullif(b, 0));
create macro number_text(x) as rtrim(rtrim(cast(x as varchar), '0'), '.');
create macro read_number(x) as
    case when regexp_full_match(trim(x), '[+-]?(\\d+\\.?\\d*|\\.\\d+)') then try_cast(trim(x) as decimal(38,12)) end;
create macro read_date(x) as
    case when regexp_full_match(x, '\\d{4}-\\d{2}-\\d{2}') then try_cast(x as date) end;
"""


def quotient(top, bottom):
    """A division in a row as Milepost documents it; DuckDB's would be a float."""
    return EXACT.divide(top, bottom).quantize(decimal.Decimal("1e-9"), decimal.ROUND_HALF_EVEN, EXACT)


def plain(value):
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or isinstance(value, str):
        return value
    return repr(value)


def rows(project):
    db = duckdb.connect(config={"threads": 1})
    # These statements are small and many: to plan them well takes longer than to run them.
    db.execute("pragma disable_optimizer")
    number = duckdb.decimal_type(38, 12)
    db.create_function("quotient", quotient, [number, number], number)
    db.execute(MACROS)
    db.execute(project["setup"])
    answers = []
    for query in project["queries"]:
        try:
            found = db.execute(query).fetchall()
        except duckdb.Error as error:
            sys.exit(f"seed {project['seed']}: {error}\n{query}")
        answers.append([[plain(value) for value in row] for row in found])
    return answers


with open(sys.argv[1], encoding="utf-8") as file:
    projects = json.load(file)
json.dump([rows(project) for project in projects], sys.stdout)
