"""What Northlight is: its people, channels, customers and seasons, as its exports spell them."""

import datetime as dt

AS_OF = dt.date(2026, 10, 31)
FIRST = dt.date(2024, 5, 1)
DEALS = 2600
IDLE_LEADS = 1900
OLD_CUSTOMERS = 400
OLD_PROSPECTS = 120

# name, team, first day, last day, skill in per mille of the usual
REPS = [
    ("Tamsin Orrel", "home", dt.date(2022, 3, 1), None, 1150),
    ("Joren Pask", "home", dt.date(2021, 9, 1), None, 1000),
    ("Lucan Weir", "home", dt.date(2023, 5, 15), None, 900),
    ("Sabela Quill", "abroad", dt.date(2020, 1, 1), None, 1200),
    ("Odalys Frane", "abroad", dt.date(2024, 11, 1), None, 950),
    ("Bram Teasel", "home", dt.date(2023, 2, 1), None, 1050),
    ("Nevin Arkwell", "abroad", dt.date(2022, 8, 1), None, 850),
    ("Ilka Sorbie", "home", dt.date(2026, 3, 1), None, 1000),
    ("Corin Madder", "abroad", dt.date(2021, 4, 1), dt.date(2026, 6, 30), 750),
]
NEWCOMER, LEAVER, HEIR = "Ilka Sorbie", "Corin Madder", "Nevin Arkwell"
LEFT = dt.date(2026, 6, 30)

# raw sources with weights, share won in per mille, whether new customers start with a lead
CHANNELS = {
    "organic": ([("Organic Search", 70), ("google / organic", 20), ("SEO", 10)], 340, True),
    "paid": ([("Google Ads", 60), ("google / cpc", 30), ("Paid Search", 10)], 250, True),
    "newsletter": ([("Newsletter", 80), ("Email", 20)], 370, True),
    "events": ([("Trade fair", 60), ("Webinar", 40)], 310, False),
    "partners": ([("Dealer", 70), ("Referral", 30)], 460, False),
    "outbound": ([("Cold call", 75), ("SDR", 25)], 200, False),
}
# weight in the first and in the last month: clicks are bought dearer and less, partners grow
MIX = [
    ("organic", 24, 32), ("paid", 30, 11), ("newsletter", 12, 15),
    ("events", 10, 10), ("partners", 10, 20), ("outbound", 16, 14),
]
STRAYS = [("Other", 50), ("Web form (old)", 30), ("Word of mouth", 20)]
UTM = {"organic": ("google", "organic"), "paid": ("google", "cpc"), "newsletter": ("newsletter", "email")}
CAMPAIGNS = ["early-bird", "heat-less", "berry-days", "controls-101"]
# The new forms keep the campaign too.
FORMS_CHANGED = dt.date(2026, 6, 1)

# people from and to, list price from and to, mean days, by size
SIZES = {
    "Small": (3, 25, 2400, 9000, 24),
    "Mid": (25, 149, 9000, 38000, 48),
    "Large": (150, 900, 38000, 160000, 92),
}
SIZE_MIX = [("Small", 58), ("Mid", 33), ("Large", 9)]
INDUSTRIES = [("Vegetables", 40), ("Flowers", 22), ("Berries", 16), ("Nurseries", 14), ("Research", 8)]
REGIONS = [("North", 38), ("South", 27), ("Overseas", 35)]
COUNTRIES = {
    "North": ["Germany", "Germany", "Netherlands", "Denmark"],
    "South": ["Austria", "Italy", "Spain"],
    "Overseas": ["Canada", "Chile", "Japan", "New Zealand"],
}
HEADS = [
    "Alder", "Birch", "Clover", "Dune", "Elm", "Fen", "Gorse", "Heath", "Ivy", "Juniper", "Larch",
    "Moor", "Rush", "Sedge",
]
ENDS = ["by", "wick", "mere", "stead", "dale", "holm", "ford", "ley", "combe"]
TAILS = [
    "Farm", "Glasshouses", "Growers", "Nursery", "Produce", "Seeds", "Gardens", "Fields", "Greens",
    "Orchids", "Fruit", "Herbs",
]
THINGS = ["climate control", "vents", "irrigation", "sensors", "lamp control", 'panel 27"']
MORE_THINGS = ["second house", "retrofit", "more sensors", "lamp control", "service contract"]
STEPS = [
    "Call on Monday", "Send offer", "Site visit", "Call back, then send the offer",
    "Waiting for:\n1. floor plan\n2. budget", 'Show the "night" programme', "Contract to legal",
]
REASONS = ["Price", "No budget", "Chose another", "No decision", "Timing"]
OPEN_STAGES = ["Discovery", "Qualified", "Proposal sent", "Negotiation"]
# per mille of the mean month, January first: growers buy before the season
SEASON = [900, 1150, 1250, 1100, 950, 850, 700, 750, 1050, 1200, 1150, 800]

# Everyone who is here, with the first day, and whether they sell.
STAFF = [
    ("Maren Holtby", dt.date(2019, 2, 1), False), ("Idris Vell", dt.date(2019, 10, 1), True),
    ("Anouk Brisk", dt.date(2020, 4, 1), True), ("Linus Ferrow", dt.date(2021, 1, 1), False),
    ("Elka Tarn", dt.date(2023, 6, 1), False), ("Runa Dast", dt.date(2022, 1, 1), False),
    ("Otto Plume", dt.date(2018, 1, 1), False),
] + [(name, first, True) for name, _, first, last, _ in REPS if last is None]
