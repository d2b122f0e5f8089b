"""What each check should find in October 2026: shares of rows by SQL, shares of what is declared by Python."""

from .tables import AS_OF, FIRST, INBOUND, LAST, PERSON, TEAM

OCTOBER = "between date '2026-10-01' and date '2026-10-31'"
YEAR = "between date '2025-11-01' and date '2026-10-31'"
STEPS = ("prospect", "first-house", "service", "several-houses")
FACTORS = ("flow", "average_sale_price", "conversion_rate", "time_to_close")
# What a plan can be for.
SCOPES = {
    "channel", "person", "team", "industry", "segment", "step", "region", "lead_source", "utm_source",
    "utm_medium", "utm_campaign",
}
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
    "deals-belong-to-known-accounts": (
        "deals", "account is not null", "account in (select id from accounts)",
    ),
    "won-deals-have-a-known-kind": (
        "deals", f"outcome = 'won' and closed {OCTOBER}", "coalesce(kind in ('New Business', 'Existing Business'), false)",
    ),
    "accounts-have-an-industry": ("accounts", "true", "industry is not null"),
    "accounts-stand-on-a-step": ("accounts", "true", f"coalesce(step in {listed(STEPS)}, false)"),
}
for _table in ("leads", "deals"):
    for _part in ("source", "medium", "campaign"):
        ROWS[f"inbound-{_table}-have-a-utm-{_part}"] = (
            _table, f"entered {OCTOBER} and channel in {listed(INBOUND)}", f"utm_{_part} is not null",
        )

# check: what each number that it compares is, as a query
NUMBERS = {
    "deal-ids-are-unique": {"unique": "select count(distinct id) / count(id), count(id) from deals"},
    "deal-activity-is-fresh": {
        "fresh": f"select date '{AS_OF}' - max(touched), count(touched) from deals where outcome = 'open'",
    },
    "losses-are-recorded": {
        "conversion_rate_last_12_months": f"""select count(*) filter (where outcome = 'won') / count(*), count(*)
            from deals where outcome in ('won', 'lost') and closed {YEAR}""",
    },
    "customers-grow-in-number": {
        "net_new_customers_last_12_months": f"""
            select count(*) filter (where since {YEAR}) - count(*) filter (where churned {YEAR}),
                   least(count(*) filter (where since {YEAR}), count(*) filter (where churned {YEAR}))
            from accounts""",
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
for _function in ("sales", "marketing", "delivery"):
    NUMBERS[f"{_function}-costs-are-attributed"] = {
        "attributed_cost_share_last_12_months": f"""
            select sum(amount) filter (where deal is not null or claimed or campaign is not null) / sum(amount), count(*)
            from costs where function = '{_function}' and spent {YEAR}""",
    }


def holds(plan):
    """Whether a plan's days touch October."""
    return plan["starts"] <= LAST and plan["ends"] >= FIRST


def plans(said, **what):
    """Plans for this and nothing else that hold in October."""
    return [p for p in said["plan"].values() if holds(p) and {k: p[k] for k in SCOPES & p.keys()} == what]


def has_target(said, metrics, **what):
    return any(metric in plan["targets"] for plan in plans(said, **what) for metric in metrics)


def is_here(table, key="owner"):
    return table.get(key) in HERE


def declared(said):
    """check: what is asked, and of each whether it holds."""
    channels = {id: c for id, c in said["channel"].items() if "active_to" not in c}
    managed = {id: c["owner"] for id, c in channels.items() if "owner" in c}
    stages = [stage for stage in said["stage"].values() if stage["outcome"] == "open"]
    steps, segments = said["step"], said["segment"]
    positions = [step["position"] for step in steps.values()]
    teams, people = said["team"], {id: said["person"][id] for id in HERE}
    leads = {team["lead"]: id for id, team in teams.items()}
    factors = said["overlay"]["factor"]
    goals = ("won_amount", "won_deals")
    return {
        "open-stages-have-criteria": ["criteria" in stage for stage in stages],
        "channels-have-a-manager": [id in managed for id in channels],
        "channel-managers-are-here": [owner in HERE for owner in managed.values()],
        **{
            f"channels-have-a-{word}-plan": [has_target(said, (metric,), channel=id) for id in channels]
            for word, metric in zip(("flow", "price", "conversion", "time"), FACTORS)
        },
        "sellers-have-goals": [has_target(said, goals, person=p) for p in SELLERS],
        "selling-teams-have-goals": [has_target(said, goals, team=t) for t, team in teams.items() if team.get("sells")],
        "contributors-have-a-plan": [
            has_target(said, FACTORS, person=id) for id, p in people.items() if leads.get(id) != p["team"]
        ],
        "the-journey-has-steps": [True for position in positions if position > 1],
        "steps-are-in-order": [True for _ in positions],
        "steps-have-one-place-each": [positions.count(position) == 1 for position in positions],
        "steps-have-a-plan": [bool(plans(said, step=id)) for id, step in steps.items() if step["position"] > 1],
        "segments-have-rules": ["where" in segment for segment in segments.values()],
        "segments-have-a-plan": [bool(plans(said, segment=id)) for id in segments],
        "segments-have-an-owner": [is_here(segment) for segment in segments.values()],
        "steps-have-an-owner": [is_here(step) for step in steps.values()],
        "teams-have-a-lead": [is_here(team, "lead") for team in teams.values()],
        "factors-have-an-owner": [is_here(factors[factor.replace("_", "-")]) for factor in FACTORS],
        "teams-name-their-factors": [bool(team.get("facts")) for team in teams.values()],
        "people-name-their-factors": [bool(person.get("facts")) for person in people.values()],
    }


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
    systems = sum("deals" in system["record_for"] for system in said["system"].values())
    found.append({"id": "one-system-holds-the-deals", "values": [["systems_of_record_for_deals", systems, systems]]})
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
