"""The exports as DuckDB tables, and the project's TOML as Python's own dictionaries.

Blank is not there; text that is no date or no number is not there either, and never zero.
"""

import datetime as dt
import pathlib
import tomllib
import zipfile
from xml.etree import ElementTree

import duckdb

PROJECT = pathlib.Path(__file__).resolve().parent.parent
EXPORTS = PROJECT / "exports"
AS_OF = dt.date(2026, 10, 31)
FIRST, LAST = dt.date(2026, 10, 1), dt.date(2026, 10, 31)

# Channels, people and outcomes of stages are typed in again; longer lists are read from the TOML.
CHANNEL = {
    "organic-search": ("Organic Search", "google / organic", "SEO"),
    "paid-search": ("Google Ads", "google / cpc", "Paid Search"),
    "newsletter": ("Newsletter", "Email"),
    "events": ("Trade fair", "Webinar"),
    "partners": ("Dealer", "Referral"),
    "outbound": ("Cold call", "SDR"),
}
INBOUND = ("organic-search", "paid-search", "newsletter")
PERSON = {
    "tamsin": "Tamsin Orrel", "joren": "Joren Pask", "lucan": "Lucan Weir", "bram": "Bram Teasel",
    "sabela": "Sabela Quill", "odalys": "Odalys Frane", "nevin": "Nevin Arkwell",
    "ilka": "Ilka Sorbie", "corin": "Corin Madder", "maren": "Maren Holtby", "idris": "Idris Vell",
    "anouk": "Anouk Brisk", "linus": "Linus Ferrow", "elka": "Elka Tarn", "runa": "Runa Dast",
    "otto": "Otto Plume",
}
TEAM = {
    "sales-home": ("idris", "tamsin", "joren", "lucan", "bram", "ilka"),
    "sales-abroad": ("anouk", "sabela", "odalys", "nevin", "corin"),
    "marketing": ("linus", "elka"), "revenue": ("maren",), "operations": ("runa",), "finance": ("otto",),
}
STAGE = {
    "Discovery": "open", "Qualified": "open", "Proposal sent": "open", "Negotiation": "open",
    "Closed Won": "won", "Closed Lost": "lost", "Disqualified": "excluded", "Duplicate": "excluded",
}

DEALS = """
create table deals as
select
    "Record ID" as id,
    "Deal Stage" as stage,
    outcomes.id as outcome,
    coalesce(channels.id, nullif(trim("Original Source"), '')) as channel,
    channels.id is not null as claimed,
    coalesce(people.id, nullif(trim("Deal owner"), '')) as owner,
    nullif("Associated Company IDs", '') as account,
    nullif("Lead ID", '') as lead,
    "Deal Type" as kind,
    try_cast(nullif(trim("Create Date"), '') as date) as entered,
    try_cast(nullif(trim("Close Date"), '') as date) as closed,
    try_cast("Last Stage Change Date" as date) as moved,
    try_cast("Last Activity Date" as date) as touched,
    try_cast(nullif(trim("Amount"), '') as decimal(18, 2)) as amount,
    try_cast(nullif(trim("Cost"), '') as decimal(18, 2)) as cost,
    nullif("Industry", '') as industry, nullif("Segment", '') as segment, nullif("Region", '') as region,
    nullif("Next step", '') as next_step, nullif("Closed Lost Reason", '') as lost_reason,
    nullif("UTM Source", '') as utm_source, nullif("UTM Medium", '') as utm_medium,
    nullif("UTM Campaign", '') as utm_campaign
from read_csv(?, header = true, all_varchar = true) as raw
left join channels on channels.raw = "Original Source"
left join people on people.raw = "Deal owner"
left join outcomes on outcomes.raw = "Deal Stage"
"""
LEADS = """
create table leads as
select
    "Lead ID" as id,
    coalesce(channels.id, nullif(trim("Lead Source"), '')) as channel,
    coalesce(people.id, nullif(trim("Lead Owner"), '')) as owner,
    try_strptime("Created", '%d.%m.%Y')::date as entered,
    try_strptime(nullif("Converted", ''), '%d.%m.%Y')::date as converted,
    nullif("UTM Source", '') as utm_source, nullif("UTM Medium", '') as utm_medium,
    nullif("UTM Campaign", '') as utm_campaign
from read_csv(?, header = true, all_varchar = true, delim = ';') as raw
left join channels on channels.raw = "Lead Source"
left join people on people.raw = "Lead Owner"
"""
COSTS = """
create table costs as
select
    "Beleg" as id,
    strptime("Buchungstag", '%d.%m.%Y')::date as spent,
    cast(replace(replace("Betrag", '.', ''), ',', '.') as decimal(18, 2)) as amount,
    types.id as type, types.works_for as function,
    coalesce(channels.id, nullif("Kanal", '')) as channel,
    channels.id is not null as claimed,
    nullif("Kampagne", '') as campaign,
    deals.id as deal
from read_csv(?, header = true, all_varchar = true, delim = ';') as raw
left join channels on channels.raw = "Kanal"
left join types on types.raw = "Konto"
left join deals on deals.id = "Auftrag"
"""
TRAININGS = """
create table trainings as
select people.id as person, coalesce(people.id, "Name") as name, topics.id as topic, cast("Completed" as date) as day
from read_csv(?, header = true, all_varchar = true) as raw
left join people on people.raw = "Name"
left join topics on topics.raw = "Training"
"""


def config():
    """All TOML of the project, its tables put together."""
    whole = {}
    for file in sorted(PROJECT.glob("*.toml")):
        for kind, tables in tomllib.loads(file.read_text("utf-8")).items():
            whole.setdefault(kind, {}).update(tables)
    return whole


def names(db, table, pairs):
    db.execute(f"create table {table} (raw text, id text)")
    db.executemany(f"insert into {table} values (?, ?)", list(pairs))


def database(said):
    db = duckdb.connect()
    names(db, "channels", ((raw, id) for id, raws in CHANNEL.items() for raw in raws))
    mail = lambda name: name.lower().replace(" ", ".") + "@northlight.example"  # noqa: E731
    names(db, "people", ((raw, id) for id, name in PERSON.items() for raw in (name, mail(name))))
    names(db, "outcomes", STAGE.items())
    names(db, "topics", ((course["title"], course["topic"]) for course in said["course"].values()))
    db.execute("create table types (raw text, id text, works_for text)")
    for id, kind in said["cost_type"].items():
        db.executemany("insert into types values (?, ?, ?)", [(raw, id, kind["function"]) for raw in kind["values"]])
    db.execute(DEALS, [str(EXPORTS / "deals.csv")])
    db.execute(LEADS, [str(EXPORTS / "leads.csv")])
    db.execute(COSTS, [str(EXPORTS / "costs.csv")])
    db.execute(TRAININGS, [str(EXPORTS / "trainings.csv")])
    accounts(db, said)
    return db


def accounts(db, said):
    """The workbook's second sheet, read as the XML that it is."""
    db.execute(
        """create table accounts (id text, title text, owner text, entered date, industry text, region text,
        country text, employees integer, since date, churned date, step text)"""
    )
    steps = {raw: id for id, step in said["step"].items() for raw in (step["title"], id, *step.get("values", []))}
    people = {name: id for id, name in PERSON.items()}
    rows = []
    for row in sheet(EXPORTS / "accounts.xlsx", 2)[1:]:
        id, title, owner, entered, industry, region, country, staff, since, churned, step = row[:11]
        rows.append((
            id, title, people.get(owner, owner), day(entered), industry, region, country,
            None if staff is None else int(staff), day(since), day(churned), steps.get(step, step),
        ))
    marks = ", ".join("(" + ", ".join("?" * 11) + ")" for _ in rows)
    db.execute(f"insert into accounts values {marks}", [cell for row in rows for cell in row])


def day(serial):
    return None if serial is None else dt.date(1899, 12, 30) + dt.timedelta(days=int(serial))


def sheet(file, number):
    """Rows of cells: texts, and numbers as they are written."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(file) as archive:
        texts = [
            "".join(t.text or "" for t in si.iter(f"{{{space['m']}}}t"))
            for si in ElementTree.fromstring(archive.read("xl/sharedStrings.xml")).findall("m:si", space)
        ]
        tree = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
    rows = []
    for row in tree.iterfind("m:sheetData/m:row", space):
        cells = [None] * 16
        for cell in row.iterfind("m:c", space):
            value = cell.find("m:v", space).text
            at = ord(cell.get("r")[0]) - ord("A")
            cells[at] = texts[int(value)] if cell.get("t") == "s" else value
        rows.append(cells)
    return rows
