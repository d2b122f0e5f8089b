"""What each check should find in October 2026: shares of rows by SQL, shares of what is declared by Python."""

from .tables import AS_OF, FIRST, INBOUND, LAST, PERSON, TEAM

OCTOBER = "between date '2026-10-01' and date '2026-10-31'"
HERE = tuple(person for person in PERSON if person != "corin")
SELLERS = tuple(person for team in ("sales-home", "sales-abroad") for person in TEAM[team] if person in HERE)


def listed(texts):
    return "(" + ", ".join(f"'{text}'" for text in texts) + ")"


# check: table, rows that are asked, what should hold of them
ROWS = {
    "deals-stand-in-declared-stages": ("deals", "stage is not null", "outcome is not null"),
    "won-deals-have-an-amount": ("deals", f"outcome = 'won' and closed {OCTOBER}", "amount is not null"),
    "deals-close-after-they-enter": (
        "deals", f"outcome in ('won', 'lost') and closed {OCTOBER} and entered is not null", "closed >= entered",
    ),
    "open-deals-have-an-owner": ("deals", "outcome = 'open'", "owner is not null"),
    "owners-of-open-deals-are-here": ("deals", "outcome = 'open' and owner is not null", f"owner in {listed(HERE)}"),
    "open-deals-have-a-next-step": ("deals", "outcome = 'open'", "next_step is not null"),
    "won-deals-have-a-cost": ("deals", f"outcome = 'won' and closed {OCTOBER}", "cost is not null"),
    "deals-have-a-source": ("deals", f"entered {OCTOBER}", "channel is not null"),
    "leads-have-a-source": ("leads", f"entered {OCTOBER}", "channel is not null"),
    "raw-sources-belong-to-a-channel": ("deals", f"entered {OCTOBER} and channel is not null", "claimed"),
    "inbound-deals-have-a-utm-source": (
        "deals", f"entered {OCTOBER} and channel in {listed(INBOUND)}", "utm_source is not null",
    ),
    "inbound-deals-have-a-utm-campaign": (
        "deals", f"entered {OCTOBER} and channel in {listed(INBOUND)}", "utm_campaign is not null",
    ),
    "accounts-have-an-industry": ("accounts", "true", "industry is not null"),
}

# check: what each number that it compares is, as a query
NUMBERS = {
    "deal-ids-are-unique": {"unique": "select count(distinct id) / count(id), count(id) from deals"},
    "deal-activity-is-fresh": {
        "fresh": f"select date '{AS_OF}' - max(touched), count(touched) from deals where outcome = 'open'",
    },
    "losses-are-recorded": {
        "lost_deals": f"select count(*), count(*) from deals where outcome = 'lost' and closed {OCTOBER}",
        "won_deals": f"select count(*), count(*) from deals where outcome = 'won' and closed {OCTOBER}",
    },
    "leads-and-deals-tell-one-story": {
        "converted_leads": f"select count(*), count(*) from leads where converted {OCTOBER}",
        "deals_from_leads": f"select count(*), count(*) from deals where lead is not null and entered {OCTOBER}",
    },
    "won-amount-is-in-channels": {
        "won_amount_in_channels": """select sum(amount) filter (where claimed) / sum(amount), count(amount)
            from deals where outcome = 'won' and closed is not null""",
    },
}


def holds(plan):
    """Whether a plan's days touch October."""
    return plan["starts"] <= LAST and plan["ends"] >= FIRST


def plans(said, **what):
    """Plans for just this, by the words of their scope, that hold in October."""
    return [p for p in said["plan"].values() if holds(p) and all(p.get(k) == v for k, v in what.items())]


def has_target(said, metrics, **what):
    return any(metric in plan["targets"] for plan in plans(said, **what) for metric in metrics)


def declared(said):
    """check: what is asked, and of each whether it holds."""
    channels = {id: c for id, c in said["channel"].items() if "active_to" not in c}
    managed = {id: c["owner"] for id, c in channels.items() if "owner" in c}
    open_stages = [s for s in said["stage"].values() if s["outcome"] == "open"]
    found = {
        "open-stages-have-criteria": ["criteria" in stage for stage in open_stages],
        "channels-have-a-manager": [id in managed for id in channels],
        "channel-managers-are-here": [owner in HERE for owner in managed.values()],
        "sellers-have-goals": [has_target(said, ("won_amount", "won_deals"), person=p) for p in SELLERS],
    }
    for word, metric in (
        ("flow", "flow"), ("conversion", "conversion_rate"), ("price", "average_sale_price"), ("time", "time_to_close"),
    ):
        found[f"channels-have-a-{word}-plan"] = [has_target(said, (metric,), channel=id) for id in channels]
    return found


def computed(db, said):
    found = []
    for check, (table, asked, wanted) in ROWS.items():
        share, n = db.execute(
            f"select count(*) filter (where {wanted}) / count(*), count(*) from {table} where {asked}"
        ).fetchone()
        found.append({"id": check, "values": [[None, share, n]]})
    for check, queries in NUMBERS.items():
        values = [[name, *map(float, db.execute(query).fetchone())] for name, query in queries.items()]
        found.append({"id": check, "values": values})
    for check, held in declared(said).items():
        found.append({"id": check, "values": [[None, sum(held) / len(held), len(held)]]})
    return found


def compared(known, checks):
    """Ids of checks that were compared, and what is wrong with them."""
    seen, wrong = set(), []
    for theirs in checks:
        ours = known.get(theirs["id"])
        if ours is None:
            if theirs["values"]:
                wrong.append(f"{theirs['id']}: nothing is known of it here")
            continue
        seen.add(theirs["id"])
        for (name, value, n), value_there in zip(ours["values"], theirs["values"], strict=True):
            if name not in (None, value_there["metric"]):
                wrong.append(f"{theirs['id']}: {value_there['metric']} instead of {name}")
            elif value_there["value"] is None or abs(value - value_there["value"]) > 1e-9 * max(1, abs(value)):
                wrong.append(f"{theirs['id']}: {value_there['value']} instead of {value}")
            elif n != value_there["n"]:
                wrong.append(f"{theirs['id']}: over {value_there['n']} instead of {n}")
    wrong += [f"{id}: not there" for id in known.keys() - seen]
    return seen, wrong
