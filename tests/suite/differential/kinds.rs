//! Random rules that say themselves when a row counts: stays, time between, windows of time.
//!
//! In SQL every rule is a condition on a row and a bucket of time, `begins` to `ends`; of all time both are null.

use super::form::{Bind, Form, Ty, quoted};
use super::metrics::{Metric, filter, kept, over_rows, snapshot};
use super::project::{EMPTY, Project, without_rules};
use super::random::Random;
use super::rows::Rows;

/// A rule, and when a row counts.
pub struct Placed {
    pub metric: Metric,
    live: String,
    /// What stands beside the value.
    pub figures: Vec<(&'static str, String)>,
    /// The rule looks back from a bucket's last day, and has no value where there is none.
    pub is_window: bool,
}

/// A project with a calendar, and what its runs may be limited to.
pub struct Kinds {
    pub project: Project,
    pub rules: Vec<Placed>,
    pub only: Option<Form>,
    fiscal: bool,
}

const FISCAL: &str = "fiscal-year-start = \"april\"\n";

/// A month, by how many months it lies before December 2026, is the first of a bucket of so many.
type Buckets = &'static [(&'static str, i64, i64)];

const PLAIN: Buckets = &[
    ("2026-09", 3, 1),
    ("2026-10", 2, 1),
    ("2026-11", 1, 1),
    ("2026-12", 0, 1),
    ("2026-Q2", 8, 3),
    ("2026-Q3", 5, 3),
    ("2026-Q4", 2, 3),
    ("2025", 23, 12),
    ("2026", 11, 12),
];
const APRIL: Buckets = &[
    ("2026-09", 3, 1),
    ("2026-10", 2, 1),
    ("2026-11", 1, 1),
    ("2026-12", 0, 1),
    ("FY2027-Q1", 8, 3),
    ("FY2027-Q2", 5, 3),
    ("FY2027-Q3", 2, 3),
    ("FY2026", 20, 12),
    ("FY2027", 8, 12),
];

/// The flags of the runs that give those buckets, three weeks and all time.
pub const RUNS: [&str; 5] = [
    "--period all",
    "--grain month --last 4",
    "--grain quarter --last 3",
    // A window that begins after the as-of date has no value: none is left open.
    "--grain year --last 2 --as-of {over}",
    "--grain week --last 3 --as-of 2027-01-03",
];

const DATES: [&str; 3] = ["opened", "closed", "link.since"];
const MOMENTS: [&str; 2] = ["called", "answered"];

pub fn kinds(seed: u64) -> Kinds {
    let random = &mut Random::new(seed ^ 0x5EED);
    let (fiscal, mut project) = (random.chance(40), without_rules(random, seed));
    project.calendar = if fiscal { FISCAL } else { "" };
    let only = random.chance(50).then(|| Rows { random }.expr(Ty::Bool, 2));
    let mut rules: Vec<Placed> = Vec::new();
    for number in 0..18 {
        let id = format!("k{number}");
        let rule = match number {
            0..5 => stay(random, id, project.counts_rows()),
            5..9 => duration(random, id),
            9..12 => happening(random, id),
            _ => {
                let windowless = random.below(12);
                window(random, id, &rules[windowless], fiscal)
            }
        };
        rules.push(rule);
    }
    project.metrics = rules.iter().map(|rule| rule.metric.clone()).collect();
    Kinds { project, rules, only, fiscal }
}

/// A date or moment of a row.
fn time(random: &mut Random, moments: usize) -> Form {
    let column = |name: &str, ty| Form::atom(ty, name.to_owned(), format!("\"{name}\""));
    if random.chance(moments) {
        return column(random.pick(&MOMENTS), Ty::Moment);
    }
    match random.chance(75) {
        true => column(random.pick(&DATES), Ty::Date),
        false => Rows { random }.expr(Ty::Date, 1),
    }
}

fn day(of: &Form) -> String {
    format!("cast({} as date)", of.sql)
}

fn stay(random: &mut Random, id: String, whole: bool) -> Placed {
    let (from, until) = (time(random, 25), time(random, 25));
    // A cell that cannot be read is no end, and no lack of one: SQL does not tell it from a blank.
    let ended = (!whole || random.chance(60)).then(|| Rows { random }.expr(Ty::Bool, 1));
    let line = |word: &str, form: &Form| format!("{word} = '''{}'''\n", form.ours);
    let lines = [line("from", &from), line("until", &until)].concat()
        + &ended.as_ref().map_or(String::new(), |form| line("ended", form));
    let open = format!("{} > ends", day(&until));
    let stands = match &ended {
        Some(e) => format!("case when {0} then {open} when not {0} then true end", e.sql),
        None => format!("({} is null or {open})", until.sql),
    };
    // At the end of all time what has an end is over.
    let always = match &ended {
        Some(e) => format!("not {}", e.sql),
        None => format!("{} is null", until.sql),
    };
    let begun = day(&from);
    let live = format!(
        "case when ends is null then {begun} is not null and {always} else {begun} <= ends and \
         {stands} end"
    );
    Placed { metric: snapshot(random, id, &lines), live, figures: Vec::new(), is_window: false }
}

/// Rows of which a time lies in the bucket.
fn within(time: &str, begins: &str) -> String {
    let day = format!("cast(\"{time}\" as date)");
    format!(
        "case when ends is null then {day} is not null else {day} between {begins} and ends end"
    )
}

fn duration(random: &mut Random, id: String) -> Placed {
    let moments = random.pick(&[0, 50, 100, 100]);
    let (from, to) = (time(random, moments), time(random, moments));
    let exact = from.ty == Ty::Moment && to.ty == Ty::Moment;
    let units = [("days", 86_400_000_000_u64), ("hours", 3_600_000_000), ("minutes", 60_000_000)];
    let (unit, per) = random.pick(if exact { &units } else { &units[..1] });
    let micros = |of: &Form| match exact {
        true => format!("epoch_us({})", of.sql),
        false => format!("epoch_us(cast({} as timestamp))", day(of)),
    };
    let between = format!("({} - {})", micros(&to), micros(&from));
    let span = format!("case when {between} >= 0 then {between} end");
    let filter = filter(random);
    let keep = format!("filter (where {})", kept(filter.as_ref()));
    let double = format!("cast({span} as double)");
    let percentile = |p: &str| format!("(quantile_cont({double}, {p}) {keep} / {per})");
    let figures = vec![
        ("mean", format!("(avg({double}) {keep} / {per})")),
        ("median", percentile("0.5")),
        ("p75", percentile("0.75")),
        ("p90", percentile("0.9")),
    ];
    let (headline, at) =
        random.pick(&[("", 0), ("headline = \"mean\"\n", 0), ("headline = \"median\"\n", 1)]);
    let times = ["opened", "closed", "called"];
    let time = random.pick(&times);
    let condition = filter.map_or(String::new(), |f| format!("where = '''{}'''\n", f.ours));
    let toml = format!(
        "[metric.{id}]\nkind = \"duration\"\ntitle = \"{id}\"\nunit = \"{unit}\"\nquestion = \"?\"\n\
         why = \"law\"\ndataset = \"deals\"\ntime = \"{time}\"\ncoverage-floor = 0\nsample-floor = 0\n\
         from = '''{}'''\nto = '''{}'''\n{headline}{condition}",
        from.ours, to.ours
    );
    let value = Form::new(Ty::Num, id.clone(), figures[at].1.clone(), Bind::Atom);
    let value = Form { close: true, ..value };
    let n = Some(format!("count({span}) {keep}"));
    let metric = Metric { id, time: Some(time), toml, value, n };
    Placed { metric, live: within(time, "begins"), figures, is_window: false }
}

fn happening(random: &mut Random, id: String) -> Placed {
    let time = random.pick(&["opened", "closed"]);
    let metric = over_rows(random, id, Some(time));
    Placed { metric, live: within(time, "begins"), figures: Vec::new(), is_window: false }
}

/// Another metric since a day that is found from the bucket's last.
fn window(random: &mut Random, id: String, of: &Placed, fiscal: bool) -> Placed {
    let grain = random.pick(&["week", "month", "quarter", "year"]);
    let (kind, begins) = if random.chance(50) {
        let months = if fiscal && matches!(grain, "quarter" | "year") { 3 } else { 0 };
        let start = format!(
            "cast(date_trunc('{grain}', ends - interval {months} month) + interval {months} month as date)"
        );
        (format!("kind = \"to-date\"\nsince = \"{grain}\"\n"), start)
    } else {
        let last = random.between(1, 5);
        let start = format!("cast(ends + interval 1 day - interval {last} {grain} as date)");
        (format!("kind = \"rolling\"\nlast = {last}\ngrain = \"{grain}\"\n"), start)
    };
    let unit = of.metric.toml.lines().find(|line| line.starts_with("unit = ")).unwrap();
    let toml = format!(
        "[metric.{id}]\n{kind}metric = \"{}\"\ntitle = \"{id}\"\n{unit}\nquestion = \"?\"\nwhy = \"law\"\n",
        of.metric.id
    );
    let live = of.metric.time.map_or(of.live.clone(), |time| within(time, &begins));
    let live = format!("ends is not null and ({live})");
    let metric = Metric { id, toml, ..of.metric.clone() };
    Placed { metric, live, figures: Vec::new(), is_window: true }
}

impl Kinds {
    /// The last day of the last bucket of a year.
    pub fn over(&self) -> &'static str {
        if self.fiscal { "2027-03-31" } else { "2026-12-31" }
    }

    /// Statements that make the tables, and the buckets of all runs.
    pub fn setup(&self) -> String {
        let mut text = self.project.setup();
        text += "create table buckets (bucket varchar, begins date, ends date);\n\
                 insert into buckets values ('all', null, null);\n";
        for (label, back, months) in if self.fiscal { APRIL } else { PLAIN } {
            let first = format!("date '2026-12-01' - interval {back} month");
            let next = format!("{first} + interval {months} month");
            text += &format!(
                "insert into buckets values ({}, {first}, {next} - interval 1 day);\n",
                quoted(label)
            );
        }
        for (week, days) in [(51, 14), (52, 7), (53, 0)] {
            let first = format!("date '2026-12-28' - {days}");
            text +=
                &format!("insert into buckets values ('2026-W{week}', {first}, {first} + 6);\n");
        }
        text
    }

    /// A query for every rule.
    pub fn queries(&self) -> Vec<String> {
        let only = self.only.as_ref().map_or("true", |form| &form.sql);
        let one = |rule: &Placed| {
            let Placed { metric, live, figures, .. } = rule;
            let n = metric.n.as_deref().unwrap_or("null");
            let more: String = figures.iter().map(|(_, sql)| format!(", {sql}")).collect();
            format!(
                "with placed as (select facts.*, true as live, bucket from facts cross join buckets \
                 where ({live}) and ({only}) union all select facts.*, false as live, '{EMPTY}' as \
                 bucket from (select 1) as one left join facts on false) \
                 select bucket, grouping_id(\"by cat\", \"by band\"), \"by cat\", \"by band\", {}, {n}{more} \
                 from placed group by grouping sets ((bucket), (bucket, \"by cat\"), \
                 (bucket, \"by band\"), (bucket, \"by cat\", \"by band\"))",
                metric.value.sql
            )
        };
        self.rules.iter().map(one).collect()
    }
}
