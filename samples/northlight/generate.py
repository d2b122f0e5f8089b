"""Writes the exports of Northlight, a company that does not exist.

Python's standard library and whole numbers only: the same bytes on every machine and every run.
Run it anywhere: python3 generate.py. The story itself is told in the folder `story`.
"""

import pathlib
import sys

sys.dont_write_bytecode = True

from story import books, crm, files  # noqa: E402
from story.dice import Dice  # noqa: E402

DEALS = [
    "Record ID", "Deal Name", "Associated Company IDs", "Associated Company", "Deal owner",
    "Original Source", "Deal Stage", "Deal Type", "Create Date", "Close Date", "Last Stage Change Date",
    "Last Activity Date", "Amount", "Cost", "Currency", "Industry", "Segment", "Region", "Next step",
    "Closed Lost Reason", "Lead ID", "UTM Source", "UTM Medium", "UTM Campaign",
]
LEADS = [
    "Lead ID", "Company", "Lead Owner", "Lead Source", "Created", "Converted", "Industry",
    "UTM Source", "UTM Medium", "UTM Campaign",
]
ACCOUNTS = [
    "Company ID", "Company name", "Company owner", "Create Date", "Industry", "Region", "Country",
    "Employees", "Customer since", "Churned at", "Journey step",
]
COSTS = [
    "Beleg", "Buchungstag", "Betrag", "Währung", "Konto", "Kanal", "Kampagne", "Auftrag", "Lieferant", "Text",
]
TRAININGS = ["Record", "Name", "Training", "Completed"]
ABOUT = [
    ["About this workbook", None],
    ["Taken from", "CRM, list of companies"],
    ["Companies", "All, customers or not"],
]


def german(value):
    return files.german_day(value)


def main():
    dice = Dice(20261031)
    accounts = crm.Accounts(dice)
    deals = crm.all_deals(dice, accounts)
    leads = crm.all_leads(dice, deals, accounts)
    crm.name_accounts(dice, accounts, deals)
    crm.blemish_accounts(dice, accounts)
    costs = books.all_costs(dice, deals)
    crm.blemish_deals(dice, deals)
    for row in costs:
        row["Betrag"] = files.german_cents(row["Betrag"])
    companies = [ACCOUNTS] + [[account.get(column) for column in ACCOUNTS] for account in accounts.rows]
    exports = {
        "deals.csv": files.table(deals, DEALS, files.plain),
        "leads.csv": files.table(leads, LEADS, german, ";"),
        "costs.csv": files.table(costs, COSTS, german, ";"),
        "trainings.csv": files.table(books.all_trainings(dice), TRAININGS, files.plain),
        "accounts.xlsx": files.workbook([("About", ABOUT), ("Companies", companies)]),
    }
    folder = pathlib.Path(__file__).resolve().parent / "exports"
    folder.mkdir(exist_ok=True)
    for name, content in exports.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
