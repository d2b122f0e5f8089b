"""The CRM: accounts, deals and leads, day by day."""

import datetime as dt

from .company import (
    AS_OF, CAMPAIGNS, CHANNELS, COUNTRIES, DEALS, ENDS, FIRST, FORMS_CHANGED, HEADS, HEIR, IDLE_LEADS,
    INDUSTRIES, LEAVER, LEFT, MIX, MORE_THINGS, NEWCOMER, OLD_CUSTOMERS, OLD_PROSPECTS, OPEN_STAGES,
    REASONS, REGIONS, REPS, SEASON, SIZE_MIX, SIZES, STEPS, STRAYS, TAILS, THINGS, UTM,
)
from .dice import day_in, months, workday


def age_in_months(day):
    return (day.year - FIRST.year) * 12 + day.month - FIRST.month


def month_weights():
    """Season times a steady growth of 1.2 % of the first month each month."""
    return [((y, m), SEASON[m - 1] * (1000 + 12 * i)) for i, (y, m) in enumerate(months(FIRST, AS_OF))]


def entry_days(dice, number):
    weights = month_weights()
    return sorted(day_in(dice, *dice.weighted(weights)) for _ in range(number))


def channel_of(dice, day):
    last, at = age_in_months(AS_OF), age_in_months(day)
    return dice.weighted([(name, a * (last - at) + b * at) for name, a, b in MIX])


def seller(dice, day, team):
    """A newcomer starts with few deals."""
    here = []
    for name, of, first, last, _ in REPS:
        if of == team and first <= day and (last is None or day <= last):
            here.append((name, 10 if name != NEWCOMER else min(10, 3 + (day - first).days // 30)))
    return dice.weighted(here)


def skill(name, day):
    first, full = next((first, full) for who, _, first, _, full in REPS if who == name)
    if name == NEWCOMER:
        return min(full, 350 + 110 * ((day - first).days // 30))
    return full


class Accounts:
    """Companies: those of old, and those that come with a deal."""

    def __init__(self, dice):
        self.dice = dice
        names = [f"{head}{end} {tail}" for head in HEADS for end in ENDS for tail in TAILS]
        self.names = dice.shuffled(names)
        self.rows = []
        self.ending = {}
        for number in range(OLD_CUSTOMERS + OLD_PROSPECTS):
            account = self.add(dt.date(2018, 1, 1) + dt.timedelta(days=dice.below(2250)))
            if number < OLD_CUSTOMERS:
                since = account["Create Date"] + dt.timedelta(days=dice.between(10, 120))
                account["Customer since"] = min(workday(since), FIRST - dt.timedelta(days=3))

    def add(self, day):
        dice = self.dice
        size = dice.weighted(SIZE_MIX)
        low, high = SIZES[size][:2]
        region = dice.weighted(REGIONS)
        account = {
            "Company name": self.names[len(self.rows)],
            "Create Date": workday(day),
            "Industry": dice.weighted(INDUSTRIES),
            "Region": region,
            "Country": dice.pick(COUNTRIES[region]),
            "Employees": low + min(dice.below(high - low + 1), dice.below(high - low + 1)),
            "size": size,
        }
        account["Company owner"] = seller(dice, max(FIRST, workday(day)), team_of(account))
        self.rows.append(account)
        return account

    def customers(self, day):
        return [a for a in self.rows if a.get("Customer since", AS_OF) < day and not a.get("Churned at")]

    def prospects(self):
        return [a for a in self.rows if "Customer since" not in a]

    def for_deal(self, day):
        """Who asks, and whether they were a customer before."""
        if self.dice.chance(520):
            return self.dice.pick(self.customers(day)), True
        if self.dice.chance(550):
            return self.dice.pick(self.prospects()), False
        return self.add(day), False

    def won(self, account, day):
        account["Customer since"] = min(account.get("Customer since", day), day)

    def lose_some(self, year, month):
        """Each month a few of those who have been there for a while leave."""
        first = dt.date(year, month, 1)
        for account in self.customers(first - dt.timedelta(days=300)):
            busy = self.ending.get(account["Company name"], first) > first
            if not busy and self.dice.chance(9):
                account["Churned at"] = day_in(self.dice, year, month)


def team_of(account):
    return "abroad" if account["Region"] == "Overseas" else "home"


def days_to_close(dice, mean):
    """Skewed to the right: mostly below the mean, with a long tail."""
    days = mean * dice.between(350, 1150) // 1000
    return days + mean * dice.between(0, 2200) // 1000 if dice.chance(250) else days


def price(dice, low, high):
    """Between low and high, mostly near low, in steps of 50."""
    span = min(dice.below(high - low), dice.below(high - low))
    return (low + span) // 50 * 50


def new_deal(dice, number, day, accounts):
    account, customer = accounts.for_deal(day)
    channel = channel_of(dice, day)
    raws, share, leads = CHANNELS[channel]
    _, _, low, high, mean = SIZES[account["size"]]
    name = seller(dice, day, team_of(account))
    thing = dice.pick(MORE_THINGS if customer else THINGS)
    deal = {
        "Record ID": f"D-{10000 + number}",
        "Deal Name": f"{account['Company name']}, {thing}",
        "Associated Company": account["Company name"],
        "account": account,
        "Deal owner": name,
        "Original Source": dice.weighted(raws),
        "Deal Type": "Existing Business" if customer else "New Business",
        "Create Date": day,
        "Amount": price(dice, low, high) * (7 if customer else 10) // 10,
        "Currency": "EUR",
        "Industry": account["Industry"],
        "Segment": account["size"],
        "Region": account["Region"],
    }
    end = max(day, workday(day + dt.timedelta(days=days_to_close(dice, mean))))
    won = dice.chance((share + (60 if customer else 0)) * skill(name, day) // 1000)
    close(dice, deal, end, won)
    accounts.ending[account["Company name"]] = max(end, accounts.ending.get(account["Company name"], end))
    utm(dice, deal, channel)
    deal["starts with a lead"] = leads and (not customer or dice.chance(250))
    return deal


def close(dice, deal, end, won):
    """Won, lost, put aside, or still open at the end of the story."""
    asleep = not won and dice.chance(20)
    if dice.chance(45):
        deal["Deal Stage"] = "Disqualified" if dice.chance(700) else "Duplicate"
        deal["Close Date"] = deal["Last Activity Date"] = min(end, AS_OF)
    elif end > AS_OF or asleep:
        still_open(dice, deal, end, asleep)
        return
    else:
        deal["Deal Stage"] = "Closed Won" if won else "Closed Lost"
        deal["Close Date"] = deal["Last Activity Date"] = end
        if won and dice.chance(cost_is_known(end)):
            deal["Cost"] = deal["Amount"] * dice.between(380, 720) // 1000
        if not won:
            deal["Closed Lost Reason"] = dice.pick(REASONS)
    # Some are closed in the CRM days after they were decided.
    late = dice.between(4, 15) if dice.chance(70) else dice.below(3)
    deal["Last Stage Change Date"] = min(AS_OF, deal["Close Date"] + dt.timedelta(days=late))


def cost_is_known(day):
    """Finance began to ask for it in 2026."""
    return 700 if day.year == 2026 else 150


def still_open(dice, deal, end, asleep):
    age = (AS_OF - deal["Create Date"]).days
    stage = dice.below(2) if asleep else min(3, age // 14 + dice.below(2))
    deal["Deal Stage"] = OPEN_STAGES[stage]
    # As in most CRMs: on an open deal this is the day on which it should close.
    deal["Close Date"] = max(end, AS_OF + dt.timedelta(days=dice.between(3, 60)))
    silent = dice.between(40, 200) if asleep else dice.below(18)
    touched = max(deal["Create Date"], workday(AS_OF - dt.timedelta(days=silent)))
    deal["Last Activity Date"] = touched
    between = (touched - deal["Create Date"]).days
    moved = dice.below(between + 1) if stage else 0
    deal["Last Stage Change Date"] = workday(deal["Create Date"] + dt.timedelta(days=moved))
    deal["Last Stage Change Date"] = max(deal["Create Date"], deal["Last Stage Change Date"])
    if dice.chance(800):
        deal["Next step"] = dice.pick(STEPS)


def utm(dice, deal, channel):
    if channel not in UTM:
        return
    source, medium = UTM[channel]
    if dice.chance(970):
        deal["UTM Source"], deal["UTM Medium"] = source, medium
    if dice.chance(965 if deal["Create Date"] >= FORMS_CHANGED else 520):
        deal["UTM Campaign"] = dice.pick(CAMPAIGNS)


def all_deals(dice, accounts):
    """Deals in order of entry; wins make customers on their day, and some customers leave."""
    deals, pending, month = [], [], (FIRST.year, FIRST.month)
    for number, day in enumerate(entry_days(dice, DEALS), 1):
        if (day.year, day.month) != month:
            accounts.lose_some(*month)
            month = (day.year, day.month)
        for deal in [d for d in pending if d["Close Date"] < day]:
            accounts.won(deal["account"], deal["Close Date"])
            pending.remove(deal)
        deal = new_deal(dice, number, day, accounts)
        deals.append(deal)
        if deal["Deal Stage"] == "Closed Won":
            pending.append(deal)
    for deal in pending:
        accounts.won(deal["account"], deal["Close Date"])
    return deals


def new_lead(day, deal, converted):
    return {
        "Company": deal["Associated Company"],
        "Lead Owner": deal["Deal owner"].lower().replace(" ", ".") + "@northlight.example",
        "Lead Source": deal["Original Source"],
        "Created": day,
        "Converted": converted,
        "Industry": deal["Industry"],
        "UTM Source": deal.get("UTM Source", ""),
        "UTM Medium": deal.get("UTM Medium", ""),
        "UTM Campaign": deal.get("UTM Campaign", ""),
    }


def all_leads(dice, deals, accounts):
    """One for most deals of channels that start with a lead, and many that came to nothing."""
    leads = []
    for deal in deals:
        if deal.pop("starts with a lead") and dice.chance(920):
            day = max(FIRST, workday(deal["Create Date"] - dt.timedelta(days=dice.below(21))))
            leads.append((new_lead(day, deal, deal["Create Date"]), deal))
    spare = accounts.names[len(accounts.rows):]
    for day in entry_days(dice, IDLE_LEADS):
        channel = dice.pick(list(UTM))
        like = {
            "Associated Company": dice.pick(spare),
            "Deal owner": seller(dice, day, dice.pick(["home", "home", "abroad"])),
            "Original Source": dice.weighted(CHANNELS[channel][0]),
            "Industry": dice.weighted(INDUSTRIES) if dice.chance(700) else "",
            "Create Date": day,
        }
        utm(dice, like, channel)
        leads.append((new_lead(day, like, ""), None))
    leads.sort(key=lambda pair: (pair[0]["Created"], pair[0]["Company"], str(pair[0]["Converted"])))
    for number, (lead, deal) in enumerate(leads, 20001):
        lead["Lead ID"] = f"L-{number}"
        # Now and then somebody types the deal in anew instead of converting the lead.
        if deal is not None and not dice.chance(25):
            deal["Lead ID"] = lead["Lead ID"]
    return [lead for lead, _ in leads]


def name_accounts(dice, accounts, deals):
    """Ids in order of creation, the step of the journey, and who looks after whom today."""
    busy = {}
    for deal in deals:
        if deal["Deal Stage"] == "Closed Won":
            busy[deal["Associated Company"]] = busy.get(deal["Associated Company"], 0) + 1
    accounts.rows.sort(key=lambda a: (a["Create Date"], a["Company name"]))
    for number, account in enumerate(accounts.rows, 501):
        account["Company ID"] = f"C-{number}"
        wins = busy.get(account["Company name"], 0)
        if "Customer since" not in account:
            account["Journey step"] = "Prospect"
        elif wins >= 2:
            account["Journey step"] = "Several houses"
        else:
            account["Journey step"] = "Service" if dice.chance(400) else "First house"
        if account["Company owner"] == LEAVER and not dice.chance(150):
            account["Company owner"] = HEIR
    for deal in deals:
        deal["Associated Company IDs"] = deal["account"]["Company ID"]


def blemish_accounts(dice, accounts):
    """What nobody filled in, and a step of a list that is no longer used."""
    for account in accounts.rows:
        if dice.chance(22):
            account["Industry"] = ""
        if dice.chance(9):
            account["Employees"] = ""
        if account["Journey step"] == "Prospect" and dice.chance(30):
            account["Journey step"] = dice.pick(["Pilot (old)", ""])


def blemish_deals(dice, deals):
    """What real exports look like: other sources, blanks, stages of an old pipeline, bad cells."""
    for deal in deals:
        if dice.chance(85):
            deal["Original Source"] = dice.weighted(STRAYS)
        elif dice.chance(18):
            deal["Original Source"] = ""
        if dice.chance(30):
            deal["Industry"] = ""
        if dice.chance(25):
            deal["Deal Type"] = ""
        if dice.chance(4):
            deal["Associated Company IDs"] = "" if dice.chance(500) else "C-99999"
        if dice.chance(5) and deal["Deal Stage"] in OPEN_STAGES:
            deal["Deal owner"] = ""
    still = [d for d in deals if d["Deal Stage"] in OPEN_STAGES]
    for deal in still[4:80:9]:
        deal["Deal Stage"] = "On hold"
    # What the leaver had open was handed over.
    for deal in [d for d in deals if d["Deal owner"] == LEAVER and d["Close Date"] > LEFT]:
        deal["Deal owner"] = HEIR
    old = [d for d in deals if d["Close Date"] < dt.date(2026, 9, 1)]
    won = [d for d in old if d["Deal Stage"] == "Closed Won"]
    for at, text in ((7, "n/a"), (90, "tbd"), (171, ""), (230, "see offer"), (412, "n/a")):
        won[at]["Amount"] = text
    lost = [d for d in old if d["Deal Stage"] == "Closed Lost"]
    for deal in lost:
        if dice.chance(120):
            deal["Amount"] = 0
    lost[33]["Close Date"] = "2025-02-30"
    won[44]["Create Date"] = "unknown"
    won[120]["Close Date"] = workday(won[120]["Create Date"] - dt.timedelta(days=9))
