"""Writes the exports of Northlight, a company that does not exist.

Python's standard library and whole numbers only: the same bytes on every machine and every run.
Run it in this folder: python3 generate.py
"""

import csv
import datetime as dt
import io
import pathlib

AS_OF = dt.date(2026, 10, 31)
FIRST = dt.date(2024, 9, 1)
DEALS = 1200
IDLE_LEADS = 900
MASK = (1 << 64) - 1


class Dice:
    """SplitMix64: a small generator of whole numbers with a seed of its own."""

    def __init__(self, seed):
        self.state = seed

    def roll(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n):
        return self.roll() % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def chance(self, per_mille):
        return self.below(1000) < per_mille

    def pick(self, items):
        return items[self.below(len(items))]

    def weighted(self, pairs):
        at = self.below(sum(weight for _, weight in pairs))
        for item, weight in pairs:
            if at < weight:
                return item
            at -= weight
        raise AssertionError("weights are positive")


# name, first day, last day, skill in per mille of the usual
REPS = [
    ("Tamsin Orrel", dt.date(2022, 3, 1), None, 1150),
    ("Joren Pask", dt.date(2021, 9, 1), None, 1000),
    ("Lucan Weir", dt.date(2023, 5, 15), None, 900),
    ("Sabela Quill", dt.date(2020, 1, 1), None, 1200),
    ("Odalys Frane", dt.date(2024, 11, 1), None, 950),
    ("Bram Teasel", dt.date(2023, 2, 1), None, 1050),
    ("Nevin Arkwell", dt.date(2022, 8, 1), None, 850),
    ("Ilka Sorbie", dt.date(2026, 3, 1), None, 800),
    ("Corin Madder", dt.date(2021, 4, 1), dt.date(2026, 6, 30), 750),
]

# raw sources with weights, share won in per mille, whether it starts with a lead
CHANNELS = {
    "organic": ([("Organic Search", 70), ("google / organic", 20), ("SEO", 10)], 340, True),
    "paid": ([("Google Ads", 60), ("google / cpc", 30), ("Paid Search", 10)], 260, True),
    "newsletter": ([("Newsletter", 80), ("Email", 20)], 380, True),
    "events": ([("Trade fair", 60), ("Webinar", 40)], 300, False),
    "partners": ([("Dealer", 70), ("Referral", 30)], 480, False),
    "outbound": ([("Cold call", 75), ("SDR", 25)], 190, False),
}
MIX = [
    ("organic", 26), ("paid", 22), ("newsletter", 12),
    ("events", 10), ("partners", 14), ("outbound", 16),
]
STRAYS = [("Other", 50), ("Web form (old)", 30), ("Word of mouth", 20)]
UTM = {"organic": ("google", "organic"), "paid": ("google", "cpc"), "newsletter": ("newsletter", "email")}
CAMPAIGNS = ["early-bird", "heat-less", "berry-days", "controls-101"]

# list price from and to, mean days, by segment
SEGMENTS = {
    "Small": (2400, 9000, 24),
    "Mid": (9000, 38000, 48),
    "Large": (38000, 160000, 92),
}
SEGMENT_MIX = [("Small", 58), ("Mid", 32), ("Large", 10)]
INDUSTRIES = [("Vegetables", 40), ("Flowers", 22), ("Berries", 16), ("Nurseries", 14), ("Research", 8)]
REGIONS = [("North", 45), ("South", 35), ("Overseas", 20)]
HEADS = ["Alder", "Birch", "Clover", "Dune", "Elm", "Fen", "Gorse", "Heath", "Ivy", "Juniper", "Moor", "Rush"]
TAILS = ["Farm", "Glasshouses", "Growers", "Nursery", "Produce", "Seeds", "Gardens", "Fields"]
THINGS = ["climate control", "vents", "irrigation", "sensors", "lamp control", "retrofit", 'panel 27"']
STEPS = [
    "Call on Monday", "Send offer", "Site visit", "Call back, then send the offer",
    "Waiting for:\n1. floor plan\n2. budget", 'Show the "night" programme', "Contract to legal",
]
REASONS = ["Price", "No budget", "Chose another", "No decision", "Timing"]
OPEN_STAGES = ["Discovery", "Qualified", "Proposal sent", "Negotiation"]
# per mille of the mean month, January first: growers buy before the season
SEASON = [900, 1150, 1250, 1100, 950, 850, 700, 750, 1050, 1200, 1150, 800]


def months():
    year, month = FIRST.year, FIRST.month
    while (year, month) <= (AS_OF.year, AS_OF.month):
        yield year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def month_weights():
    """Season times a steady growth of 1.2 % of the first month each month."""
    return [((y, m), SEASON[m - 1] * (1000 + 12 * i)) for i, (y, m) in enumerate(months())]


def workday(day):
    """The day, or the Friday before a weekend."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def day_in(dice, year, month):
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    first = dt.date(year, month, 1)
    return max(first, workday(first + dt.timedelta(days=dice.below((following - first).days))))


def entry_days(dice):
    weights = month_weights()
    return sorted(day_in(dice, *dice.weighted(weights)) for _ in range(DEALS))


def days_to_close(dice, mean):
    """Skewed to the right: mostly below the mean, with a long tail."""
    days = mean * dice.between(350, 1150) // 1000
    return days + mean * dice.between(0, 2200) // 1000 if dice.chance(250) else days


def price(dice, low, high):
    """Between low and high, mostly near low, in steps of 50."""
    span = min(dice.below(high - low), dice.below(high - low))
    return (low + span) // 50 * 50


def owner(dice, day):
    return dice.pick([rep for rep in REPS if rep[1] <= day and (rep[2] is None or day <= rep[2])])


def new_deal(dice, number, day):
    channel = dice.weighted(MIX)
    raws, share, leads = CHANNELS[channel]
    segment = dice.weighted(SEGMENT_MIX)
    low, high, mean = SEGMENTS[segment]
    name, _, _, skill = owner(dice, day)
    company = f"{dice.pick(HEADS)} {dice.pick(TAILS)}"
    deal = {
        "Record ID": f"D-{10000 + number}",
        "Deal Name": f"{company}, {dice.pick(THINGS)}",
        "Associated Company": company,
        "Deal owner": name,
        "Original Source": dice.weighted(raws),
        "Create Date": day,
        "Amount": price(dice, low, high),
        "Currency": "EUR",
        "Industry": dice.weighted(INDUSTRIES),
        "Segment": segment,
        "Region": dice.weighted(REGIONS),
    }
    end = workday(day + dt.timedelta(days=days_to_close(dice, mean)))
    close(dice, deal, max(day, end), dice.chance(share * skill // 1000))
    utm(dice, deal, channel)
    deal["starts with a lead"] = leads
    return deal


def close(dice, deal, end, won):
    """Won, lost, put aside, or still open at the end of the story."""
    asleep = not won and dice.chance(60)
    if dice.chance(45):
        deal["Deal Stage"] = "Disqualified" if dice.chance(700) else "Duplicate"
        deal["Close Date"] = min(end, AS_OF)
        deal["Last Activity Date"] = min(end, AS_OF)
    elif end > AS_OF or asleep:
        still_open(dice, deal, end, asleep)
    else:
        deal["Deal Stage"] = "Closed Won" if won else "Closed Lost"
        deal["Close Date"] = end
        deal["Last Activity Date"] = end
        if won and dice.chance(cost_is_known(end)):
            deal["Cost"] = deal["Amount"] * dice.between(380, 720) // 1000
        if not won:
            deal["Closed Lost Reason"] = dice.pick(REASONS)


def cost_is_known(day):
    """Finance began to ask for it in 2026."""
    return 650 if day.year == 2026 else 150


def still_open(dice, deal, end, asleep):
    age = (AS_OF - deal["Create Date"]).days
    stage = dice.below(2) if asleep else min(3, age // 14 + dice.below(2))
    deal["Deal Stage"] = OPEN_STAGES[stage]
    # As in most CRMs: on an open deal this is the day on which it should close.
    deal["Close Date"] = max(end, AS_OF + dt.timedelta(days=dice.between(3, 60)))
    silent = dice.between(40, 200) if asleep else dice.below(25)
    deal["Last Activity Date"] = max(deal["Create Date"], workday(AS_OF - dt.timedelta(days=silent)))
    if dice.chance(780):
        deal["Next step"] = dice.pick(STEPS)


def utm(dice, deal, channel):
    if channel not in UTM:
        return
    source, medium = UTM[channel]
    if dice.chance(960):
        deal["UTM Source"], deal["UTM Medium"] = source, medium
    if dice.chance(520):
        deal["UTM Campaign"] = dice.pick(CAMPAIGNS)


def new_lead(number, day, deal, converted):
    first, last = deal["Associated Company"].split(" ", 1)
    return {
        "Lead ID": f"L-{number}",
        "Company": f"{first} {last}",
        "Lead Owner": deal["Deal owner"].lower().replace(" ", ".") + "@northlight.example",
        "Lead Source": deal["Original Source"],
        "Created": day,
        "Converted": converted,
        "Industry": deal["Industry"],
        "UTM Source": deal.get("UTM Source", ""),
        "UTM Medium": deal.get("UTM Medium", ""),
        "UTM Campaign": deal.get("UTM Campaign", ""),
    }


def all_leads(dice, deals):
    """One for most deals of channels that start with a lead, and many that came to nothing."""
    leads = []
    for deal in deals:
        if deal.pop("starts with a lead") and dice.chance(920):
            day = max(FIRST, workday(deal["Create Date"] - dt.timedelta(days=dice.below(21))))
            leads.append((new_lead(0, day, deal, deal["Create Date"]), deal))
    inbound = [name for name in UTM]
    for day in sorted(day_in(dice, *dice.weighted(month_weights())) for _ in range(IDLE_LEADS)):
        like = {
            "Associated Company": f"{dice.pick(HEADS)} {dice.pick(TAILS)}",
            "Deal owner": owner(dice, day)[0],
            "Original Source": dice.weighted(CHANNELS[dice.pick(inbound)][0]),
            "Industry": dice.weighted(INDUSTRIES) if dice.chance(700) else "",
        }
        leads.append((new_lead(0, day, like, ""), None))
    leads.sort(key=lambda pair: (pair[0]["Created"], pair[0]["Company"], str(pair[0]["Converted"])))
    for number, (lead, deal) in enumerate(leads, 20001):
        lead["Lead ID"] = f"L-{number}"
        # Now and then somebody types the deal in anew instead of converting the lead.
        if deal is not None and not dice.chance(25):
            deal["Lead ID"] = lead["Lead ID"]
    return [lead for lead, _ in leads]


def blemish(dice, deals):
    """What real exports look like: other sources, blanks, stages of an old pipeline, bad cells."""
    for deal in deals:
        if dice.chance(85):
            deal["Original Source"] = dice.weighted(STRAYS)
        elif dice.chance(18):
            deal["Original Source"] = ""
        if dice.chance(30):
            deal["Industry"] = ""
        if dice.chance(8) and deal["Deal Stage"] in OPEN_STAGES:
            deal["Deal owner"] = ""
    for deal in [d for d in deals if d["Deal Stage"] in OPEN_STAGES][4:60:9]:
        deal["Deal Stage"] = "On hold"
    old = [d for d in deals if d["Close Date"] < dt.date(2026, 9, 1)]
    won = [d for d in old if d["Deal Stage"] == "Closed Won"]
    for at, text in ((7, "n/a"), (90, "tbd"), (171, ""), (230, "see offer")):
        won[at]["Amount"] = text
    lost = [d for d in old if d["Deal Stage"] == "Closed Lost"]
    for deal in lost:
        if dice.chance(120):
            deal["Amount"] = 0
    lost[33]["Close Date"] = "2025-02-30"
    won[44]["Create Date"] = "unknown"
    won[120]["Close Date"] = workday(won[120]["Create Date"] - dt.timedelta(days=9))


def text(value):
    return "" if value is None else str(value)


def german(value):
    return value.strftime("%d.%m.%Y") if isinstance(value, dt.date) else text(value)


def table(rows, columns, show, delimiter=","):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([show(row.get(column)) for column in columns])
    return out.getvalue()


DEAL_COLUMNS = [
    "Record ID", "Deal Name", "Associated Company", "Deal owner", "Original Source", "Deal Stage",
    "Create Date", "Close Date", "Last Activity Date", "Amount", "Cost", "Currency", "Industry",
    "Segment", "Region", "Next step", "Closed Lost Reason", "Lead ID", "UTM Source", "UTM Medium",
    "UTM Campaign",
]
LEAD_COLUMNS = [
    "Lead ID", "Company", "Lead Owner", "Lead Source", "Created", "Converted", "Industry",
    "UTM Source", "UTM Medium", "UTM Campaign",
]


def main():
    dice = Dice(20261031)
    deals = [new_deal(dice, number, day) for number, day in enumerate(entry_days(dice), 1)]
    leads = all_leads(dice, deals)
    blemish(dice, deals)
    folder = pathlib.Path(__file__).parent / "exports"
    folder.mkdir(exist_ok=True)
    deals_csv = table(deals, DEAL_COLUMNS, text)
    leads_csv = table(leads, LEAD_COLUMNS, german, ";")
    (folder / "deals.csv").write_bytes(deals_csv.encode("utf-8"))
    (folder / "leads.csv").write_bytes(leads_csv.encode("utf-8"))


if __name__ == "__main__":
    main()
