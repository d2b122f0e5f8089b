"""What finance booked, and who was trained when."""

import datetime as dt

from .company import AS_OF, CAMPAIGNS, STAFF
from .dice import day_in, months, workday

BOOKS_FROM = dt.date(2025, 1, 1)


def booking(day, amount, kind, **more):
    return {"Buchungstag": day, "Betrag": amount, "Währung": "EUR", "Konto": kind, **more}


def round_about(dice, amount):
    """Within a tenth of the amount, in cents."""
    return amount * dice.between(90000, 110000) // 1000


def monthly(dice, year, month):
    """Wages, rents and what is spent on channels, in cents."""
    def day():
        return day_in(dice, year, month)

    grown = 100 + (year - 2025) * 6
    yield booking(day(), round_about(dice, 540 * grown), "Löhne Vertrieb", Text="Gehälter Vertrieb")
    yield booking(day(), round_about(dice, 98 * grown), "Löhne Vertrieb", Kanal="Cold call", Text="Telefonteam")
    yield booking(day(), round_about(dice, 45 * grown), "Löhne Vertrieb", Kanal="Dealer", Text="Händlerbetreuung")
    for channel, share in (("SEO", 34), ("Google Ads", 26), ("Newsletter", 18)):
        yield booking(day(), round_about(dice, share * grown), "Löhne Marketing", Kanal=channel, Text="Gehälter")
    for campaign in CAMPAIGNS:
        cost = round_about(dice, 2300 + 90 * (year - 2025))
        yield booking(day(), cost, "Werbung", Kanal="Google Ads", Kampagne=campaign, Lieferant="Clickwerk")
    yield booking(day(), round_about(dice, 3400), "Agentur", Kanal="SEO", Lieferant="Wortgarten")
    yield booking(day(), round_about(dice, 900), "Agentur", Kanal="Newsletter", Lieferant="Briefbote")
    if month in (1, 2, 9):
        yield booking(day(), round_about(dice, 21000), "Messen", Kanal="Trade fair", Lieferant="Hallenbau Nord")
    if dice.chance(600):
        yield booking(day(), round_about(dice, 1900), "Agentur", Lieferant="Atelier Zwei", Text="Broschüre")
    yield booking(day(), round_about(dice, 430 * grown), "Montage", Text="Löhne Montage")
    yield booking(day(), round_about(dice, 9800), "Fracht", Lieferant="Langweg")
    yield booking(day(), round_about(dice, 7600), "Miete", Lieferant="Hofgut")


def for_deals(dice, deals):
    """Commissions and trips of won deals, and since 2026 what went into the delivery of some."""
    for deal in deals:
        if deal["Deal Stage"] != "Closed Won" or not isinstance(deal["Amount"], int):
            continue
        closed, amount = deal["Close Date"], deal["Amount"]
        name = deal["Record ID"]
        paid = workday(closed + dt.timedelta(days=dice.between(8, 40)))
        if paid >= BOOKS_FROM:
            yield booking(paid, amount * 5, "Provision", Auftrag=name)
        if dice.chance(250):
            to = name if dice.chance(700) else ""
            yield booking(paid, dice.between(18000, 95000), "Reisen", Auftrag=to)
        if "Cost" in deal and paid.year == 2026 and dice.chance(330):
            yield booking(paid, deal["Cost"] * 60, "Material", Auftrag=name, Lieferant="Glas & Draht")
        elif dice.chance(450):
            yield booking(paid, amount * 20, "Material", Lieferant="Glas & Draht", Text="Lager")


def all_costs(dice, deals):
    rows = [b for y, m in months(BOOKS_FROM, AS_OF) for b in monthly(dice, y, m)]
    rows += [b for b in for_deals(dice, deals) if BOOKS_FROM <= b["Buchungstag"] <= AS_OF]
    rows.sort(key=lambda b: (b["Buchungstag"], b["Konto"], b["Betrag"], b.get("Auftrag", "")))
    for number, row in enumerate(rows, 30001):
        row["Beleg"] = f"B-{number}"
    # A booking that nobody could place, a credit note, a deal that was typed wrong.
    rows[60]["Konto"] = "Sonstiges"
    rows[200]["Betrag"] = -rows[200]["Betrag"]
    typed = [row for row in rows if row.get("Auftrag")]
    typed[150]["Auftrag"] = "D-1O234"
    return rows


def all_trainings(dice):
    """Selling for those who sell, the four factors for all; once a year, and for newcomers at once."""
    rows = []
    for name, joined, sells in STAFF:
        spelled = name if dice.chance(700) else name.lower().replace(" ", ".") + "@northlight.example"
        for course, rounds in (
            ("Selling in four steps", [dt.date(2025, 2, 13), dt.date(2026, 2, 12)] if sells else []),
            ("The four factors", [dt.date(2025, 9, 15), dt.date(2026, 9, 14)]),
            ("Safety on site", [dt.date(2026, 3, 5)] if dice.chance(500) else []),
        ):
            for day in rounds:
                day = workday(day + dt.timedelta(days=dice.below(5)))
                if joined <= day:
                    rows.append({"Name": spelled, "Training": course, "Completed": day})
            if joined.year == 2026 and rounds and rounds[-1] < joined:
                rows.append({"Name": spelled, "Training": course, "Completed": joined + dt.timedelta(days=9)})
    # Somebody from outside came along.
    rows.append({"Name": "Guest of Clickwerk", "Training": "The four factors", "Completed": dt.date(2026, 9, 14)})
    rows.sort(key=lambda row: (row["Completed"], row["Training"], row["Name"]))
    for number, row in enumerate(rows, 1):
        row["Record"] = f"T-{number:03}"
    return rows
