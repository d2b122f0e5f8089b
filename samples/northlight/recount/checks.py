"""What each check should find in October 2026: shares of rows by SQL, shares of what is declared by Python."""

from fractions import Fraction

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


# The segments' rules, typed in again.
SEGMENTS = {
    "small-growers": "coalesce(employees <= 25, false) and coalesce(industry, '') <> 'Research'",
    "mid-growers": "coalesce(employees between 25 and 149, false) and coalesce(industry, '') <> 'Research'",
    "large-growers": "coalesce(employees > 149, false) and coalesce(industry, '') <> 'Research'",
    "research": "coalesce(industry, '') = 'Research'",
}
SORTED_ACCOUNTS = f"""
create view sorted_accounts as
select *, case when {" + ".join(f"({rule})::int" for rule in SEGMENTS.values())} = 1 then
    case {" ".join(f"when {rule} then '{id}'" for id, rule in SEGMENTS.items())} end end as sorted
from accounts"""
SORTED = "deals d left join sorted_accounts a on a.id = d.account"


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
    "open-deals-are-touched": ("deals", "outcome = 'open'", f"date '{AS_OF}' - coalesce(touched, entered) <= 14"),
    "closes-are-recorded-at-once": (
        "deals", f"outcome in ('won', 'lost') and closed {OCTOBER} and moved is not null", "moved - closed <= 3",
    ),
    "wins-have-an-industry": (
        SORTED, f"outcome = 'won' and closed {OCTOBER}", "coalesce(d.industry, a.industry) is not null",
    ),
    "wins-have-a-segment": (SORTED, f"outcome = 'won' and closed {OCTOBER}", "coalesce(a.sorted, d.segment) is not null"),
    "wins-have-a-channel": ("deals", f"outcome = 'won' and closed {OCTOBER}", "claimed"),
    "accounts-are-in-one-segment": ("sorted_accounts", "true", "sorted is not null"),
    "accounts-have-an-industry": ("accounts", "true", "industry is not null"),
    "accounts-stand-on-a-step": ("accounts", "true", f"coalesce(step in {listed(STEPS)}, false)"),
}
for _table in ("leads", "deals"):
    for _part in ("source", "medium", "campaign"):
        ROWS[f"inbound-{_table}-have-a-utm-{_part}"] = (
            _table, f"entered {OCTOBER} and channel in {listed(INBOUND)}", f"utm_{_part} is not null",
        )

# Of the customers of 365 days before the end of October, those who are still there; and all of them.
STAYED = """
    select count(*) filter (where churned is null or churned > date '2026-10-31'), count(*)
    from accounts where since <= date '2025-10-31' and (churned is null or churned > date '2025-10-31')"""

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


def members(db, what, of, period, share):
    """Those that brought so much of the whole, blanks left aside."""
    query = f"select {of}, {what} from {SORTED} where {period} group by 1 having {what} is not null"
    brought = {member: Fraction(amount) for member, amount in db.execute(query).fetchall()}
    bound = sum(brought.values()) * share
    return [member for member, amount in brought.items() if member is not None and amount >= bound]


def planned(db, said):
    """check: of each active member of a dimension whether it has a plan."""
    found = {}
    for check, scope, of in (
        ("industries-have-a-plan", "industry", "coalesce(d.industry, a.industry)"),
        ("segments-that-sell-have-a-plan", "segment", "coalesce(a.sorted, d.segment)"),
        ("regions-have-a-plan", "region", "coalesce(d.region, a.region)"),
    ):
        sold = members(db, "sum(amount)", of, f"outcome = 'won' and closed {YEAR}", Fraction(1, 10))
        found[check] = [bool(plans(said, **{scope: member})) for member in sold]
    for part, word in (("source", "sources"), ("medium", "media"), ("campaign", "campaigns")):
        came = f"coalesce(outcome, '') <> 'excluded' and d.entered {OCTOBER}"
        seen = members(db, "count(*)", f"utm_{part}", came, Fraction(1, 20))
        wanted = ("flow", "won_amount", "won_deals")
        found[f"utm-{word}-have-a-plan"] = [has_target(said, wanted, **{f"utm_{part}": m}) for m in seen]
    return found


def trained(db, topic, people):
    query = f"select distinct person from trainings where topic = '{topic}' and date '{AS_OF}' - day between 0 and 365"
    known = {person for (person,) in db.execute(query).fetchall()}
    return [person in known for person in people]


def covered(said):
    """The teams' goals, and how much of each the goals of its people make up."""
    own = {team: goal for team in said["team"] if (goal := target(said, team=team))}
    parts = {team: sum(target(said, person=p) or 0 for p in TEAM[team]) for team in own}
    return sum(min(parts[team], goal) for team, goal in own.items()) / sum(own.values()), len(own)


def target(said, **what):
    """The won amount that is aimed at over the plan's days, which are the second half of the year for all."""
    found = [p for p in plans(said, **what) if "won_amount" in p["targets"]]
    assert all((p["starts"].month, p["ends"].month) == (7, 12) for p in found)
    return found[0]["targets"]["won_amount"] if found else None


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
    factors = said["overlay"]["fact"]
    goals = ("won_amount", "won_deals")
    reviewed = any(c["metric"].startswith("fact_bridge") and holds(c) for c in said["comment"].values())
    answering = {p.get("owner", p.get("person")) for p in said["plan"].values() if holds(p) and set(FACTORS) & p["targets"].keys()}
    grown = any("expansion_won_amount" in p["targets"] for p in said["plan"].values() if holds(p))
    return {
        "the-bridge-is-reviewed": [reviewed],
        "retention-is-planned": [has_target(said, ("customer_retention_rate",))],
        "expansion-is-planned": [grown],
        "managers-have-a-factor-plan": [lead in answering for lead in leads],
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
    db.execute(SORTED_ACCOUNTS)
    for check, (table, asked, wanted) in ROWS.items():
        share, n = db.execute(
            f"select count(*) filter (where {wanted}) / count(*), count(*) from {table} where {asked}"
        ).fetchone()
        found.append({"id": check, "values": [[None, share, n]]})
    for check, queries in NUMBERS.items():
        values = [[name, *map(float, db.execute(query).fetchone())] for name, query in queries.items()]
        found.append({"id": check, "values": values})
    stayed, before = db.execute(STAYED).fetchone()
    found.append({"id": "customers-stay", "values": [["customer_retention_rate", stayed / before, stayed]]})
    wanted = next(p["targets"]["customer_retention_rate"] for p in plans(said) if "customer_retention_rate" in p["targets"])
    found.append({"id": "retention-is-on-plan", "values": [[None, stayed / before / wanted, stayed]]})
    systems = sum("deals" in system["record_for"] for system in said["system"].values())
    found.append({"id": "one-system-holds-the-deals", "values": [["systems_of_record_for_deals", systems, systems]]})
    for check, topic, people in (
        ("sellers-took-a-training", "selling", SELLERS), ("sales-team-is-trained", "selling", SELLERS),
        ("people-took-a-factor-training", "factors", HERE), ("company-knows-the-four-factors", "factors", HERE),
    ):
        held = trained(db, topic, people)
        found.append({"id": check, "values": [[None, sum(held) / len(held), len(held)]]})
    found.append({"id": "goals-of-people-add-up", "values": [[None, *covered(said)]]})
    for check, held in {**declared(said), **planned(db, said)}.items():
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
            elif value_there["value"] is None or abs(value - value_there["value"]) > 1e-6 * max(1, abs(value)):
                wrong.append(f"{theirs['id']}: {value_there['value']} instead of {value}")
            elif n != value_there["n"]:
                wrong.append(f"{theirs['id']}: over {value_there['n']} instead of {n}")
    wrong += [f"{id}: not there" for id in known.keys() - seen]
    return seen, wrong
