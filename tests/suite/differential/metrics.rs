//! Random metrics: aggregates of rows, and arithmetic over them.

use super::form::{Bind, Form, MOST_SCALE, Ty, arithmetic, number};
use super::random::Random;
use super::rows::{Rows, called, comparison, negated, rounded};

/// Which date puts a row into a period; none for a state.
pub const TIMES: [Option<&str>; 3] = [Some("opened"), Some("closed"), None];

/// One rule in both languages.
#[derive(Debug, Clone)]
pub struct Metric {
    pub id: String,
    pub time: Option<&'static str>,
    /// TOML of the rule.
    pub toml: String,
    pub value: Form,
    /// How many rows are usable; none for arithmetic over metrics.
    pub n: Option<String>,
}

/// An aggregate: the condition of its rows and its argument, as DuckDB has them.
struct Leaf {
    /// As Milepost has it.
    ours: String,
    filter: String,
    argument: Option<String>,
}

struct Aggregates<'r> {
    rows: Rows<'r>,
    /// The rule's `where` as DuckDB has it.
    keep: String,
    leaves: Vec<Leaf>,
    /// A sum of no rows is 0 in a ratio, as rules say.
    zero_sums: bool,
}

/// Metrics that aggregate rows, then metrics over those.
pub fn metrics(random: &mut Random, count: usize) -> Vec<Metric> {
    let mut all: Vec<Metric> = Vec::new();
    for number in 0..count {
        let (id, time) = (format!("m{number}"), random.pick(&TIMES));
        let parts: Vec<Metric> = all.iter().filter(|m| m.time == time).cloned().collect();
        let derived = number > count / 2 && random.chance(40) && parts.len() > 1;
        all.push(match derived {
            true => over_metrics(random, id, time, &parts),
            false => over_rows(random, id, time),
        });
    }
    all
}

/// Which rows count.
pub fn filter(random: &mut Random) -> Option<Form> {
    let depth = 1 + random.below(3);
    random.chance(45).then(|| Rows { random }.expr(Ty::Bool, depth))
}

/// The condition of rows as DuckDB has it.
pub fn kept(filter: Option<&Form>) -> String {
    filter.map_or("live".to_owned(), |f| format!("live and {}", f.sql))
}

/// A total or a ratio.
pub fn over_rows(random: &mut Random, id: String, time: Option<&'static str>) -> Metric {
    let filter = filter(random);
    let ratio = random.chance(35);
    aggregated(random, id, time, filter.as_ref(), ratio)
}

/// Any aggregate of what is there at the end of a period; `stay` are the rule's lines on that.
pub fn snapshot(random: &mut Random, id: String, stay: &str) -> Metric {
    let filter = filter(random);
    let metric = aggregated(random, id, None, filter.as_ref(), false);
    let toml = metric.toml.replacen("kind = \"total\"", "kind = \"snapshot\"", 1) + stay;
    Metric { toml, ..metric }
}

fn aggregated(
    random: &mut Random,
    id: String,
    time: Option<&'static str>,
    filter: Option<&Form>,
    ratio: bool,
) -> Metric {
    let keep = kept(filter);
    let rows = Rows { random };
    let mut aggregates = Aggregates { rows, keep, leaves: Vec::new(), zero_sums: ratio };
    let (value, kind) = if ratio { aggregates.ratio() } else { aggregates.total() };
    let mut toml = head(&id, &value, &kind);
    toml += "dataset = \"deals\"\ncoverage-floor = 0\nsample-floor = 0\n";
    toml += &time.map_or(String::new(), |time| format!("time = \"{time}\"\n"));
    toml += &filter.map_or(String::new(), |f| format!("where = '''{}'''\n", f.ours));
    let n = Some(usable(&aggregates.leaves, &kind));
    Metric { id, time, toml, value, n }
}

/// Rows that some aggregate takes, and of which every aggregate that takes them has its argument.
fn usable(leaves: &[Leaf], rule: &str) -> String {
    // One that a form had no room for is not in the rule.
    let in_rule = |leaf: &&Leaf| {
        let mut found = rule.match_indices(&leaf.ours);
        found.any(|(at, text)| !rule[at + text.len()..].starts_with(" filter"))
    };
    let leaves: Vec<&Leaf> = leaves.iter().filter(in_rule).collect();
    let any = leaves.iter().map(|l| l.filter.clone()).collect::<Vec<_>>().join(" or ");
    let there = leaves.iter().filter_map(|leaf| {
        let argument = leaf.argument.as_ref()?;
        Some(format!(" and ({argument} is not null or ({}) is not true)", leaf.filter))
    });
    format!("count(*) filter (where ({any}){})", there.collect::<String>())
}

fn head(id: &str, value: &Form, kind: &str) -> String {
    let unit = if value.ty == Ty::Money { "money" } else { "number" };
    format!(
        "[metric.{id}]\n{kind}title = \"{id}\"\nunit = \"{unit}\"\nquestion = \"?\"\nwhy = \"law\"\n"
    )
}

/// A metric over others of the same time: where a part has no value, the whole has none.
fn over_metrics(
    random: &mut Random,
    id: String,
    time: Option<&'static str>,
    known: &[Metric],
) -> Metric {
    let mut used: Vec<usize> = Vec::new();
    let mut part = |random: &mut Random| {
        let at = random.below(known.len());
        used.push(at);
        let Metric { id, value, .. } = &known[at];
        // What a metric is, is what its unit says: a number, or money.
        let ty = if value.ty == Ty::Money { Ty::Money } else { Ty::Num };
        Form { ours: id.clone(), bind: Bind::Atom, ty, literal: false, ..value.clone() }
    };
    let mut value = part(random);
    for _ in 0..1 + random.below(2) {
        let other = part(random);
        value = joined(random, &value, &other).unwrap_or(value);
    }
    let nulls = used.iter().map(|at| format!("({}) is null", known[*at].value.sql));
    let nulls = nulls.collect::<Vec<_>>().join(" or ");
    // A part that did not fit is no part: only those in the text count.
    let named = |at: &usize| has_word(&value.ours, &known[*at].id);
    let nulls = match used.iter().all(named) {
        true => nulls,
        false => {
            let kept = used.iter().filter(|at| named(at));
            let kept = kept.map(|at| format!("({}) is null", known[*at].value.sql));
            kept.collect::<Vec<_>>().join(" or ")
        }
    };
    let kind = format!("kind = \"derived\"\nvalue = '''{}'''\n", value.ours);
    let toml = head(&id, &value, &kind);
    let sql = format!("case when {nulls} then null else {} end", value.sql);
    // Metrics are handed on with fifteen digits behind the point: of a small one, less than twelve in all.
    let loose = value.close;
    Metric { id, time, toml, value: Form { sql: format!("({sql})"), loose, ..value }, n: None }
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == word)
}

/// Two values made one; none where types or sizes do not fit.
fn joined(random: &mut Random, l: &Form, r: &Form) -> Option<Form> {
    let (money, exact) = ((l.ty == Ty::Money, r.ty == Ty::Money), !l.close && !r.close);
    match random.below(7) {
        0 | 1 if money.0 == money.1 => arithmetic(random.pick(&['+', '-']), l, r),
        2 if money != (true, true) => arithmetic('*', l, r),
        3 if !r.close && (money.0 || !money.1) => Some(quotient(l, r)),
        4 if money.0 == money.1 => Some(called(
            random.pick(&["greatest", "least", "coalesce"]),
            wider(l, r),
            &[l.clone(), r.clone()],
        )),
        5 if exact && money.0 == money.1 => {
            let when = comparison(random.pick(&["<", ">=", "=", "<>"]), l, r);
            let ours = format!("case when {} then {} else {} end", when.ours, l.ours, r.ours);
            let sql = format!("(case when {} then {} else {} end)", when.sql, l.sql, r.sql);
            let sized = (l.scale.max(r.scale), l.digits.max(r.digits));
            Some(Form::atom(wider(l, r), ours, sql).sized(sized.0, sized.1))
        }
        6 if exact => rounded(l, random.between(-1, 3)),
        _ => Some(negated(l)),
    }
}

fn wider(l: &Form, r: &Form) -> Ty {
    if l.ty == r.ty { l.ty } else { Ty::Num }
}

/// A quotient of aggregates, a float in DuckDB; x / 0 is null in both.
fn quotient(l: &Form, r: &Form) -> Form {
    let ty = match (l.ty, r.ty) {
        (Ty::Money, Ty::Money) => Ty::Num,
        (Ty::Money, _) => Ty::Money,
        _ => Ty::Num,
    };
    let ours = format!("{} / {}", l.at(Bind::Product), r.at(Bind::Sign));
    let sql = format!("({} / nullif({}, 0))", l.sql_as(true), r.sql_as(true));
    let form = Form::new(ty, ours, sql, Bind::Product).sized(MOST_SCALE, l.digits + r.scale);
    Form { close: true, loose: l.loose || r.loose, ..form }
}

impl Aggregates<'_> {
    fn total(&mut self) -> (Form, String) {
        let value = self.expr(2);
        let kind = format!("kind = \"total\"\nvalue = '''{}'''\n", value.ours);
        (value, kind)
    }

    fn ratio(&mut self) -> (Form, String) {
        let top = self.expr(1);
        let bottom = loop {
            let bottom = self.expr(1);
            if !bottom.close && (top.ty == Ty::Money || bottom.ty != Ty::Money) {
                break bottom;
            }
        };
        let kind = format!(
            "kind = \"ratio\"\nnumerator = '''{}'''\ndenominator = '''{}'''\n",
            top.ours, bottom.ours
        );
        (quotient(&top, &bottom), kind)
    }

    fn expr(&mut self, depth: usize) -> Form {
        let first = self.aggregate();
        if depth == 0 || self.rows.random.chance(50) {
            return first;
        }
        let second = if self.rows.random.chance(25) {
            number(self.rows.random.between(-5, 5), 0, Ty::Int)
        } else {
            self.expr(depth - 1)
        };
        if second.literal && first.ty == Ty::Money {
            return first;
        }
        joined(self.rows.random, &first, &second).unwrap_or(first)
    }

    fn aggregate(&mut self) -> Form {
        let depth = self.rows.random.below(3);
        let filter = self.rows.random.chance(30).then(|| self.rows.expr(Ty::Bool, depth));
        let (more, keep) = match &filter {
            Some(f) => {
                (format!(" filter (where {})", f.ours), format!("({}) and {}", self.keep, f.sql))
            }
            None => (String::new(), self.keep.clone()),
        };
        let kept = format!("filter (where {keep})");
        let pick = self.rows.random.below(10);
        let ty = match pick {
            1 | 2 => self.rows.any(),
            _ => self.rows.random.pick(&[Ty::Int, Ty::Num, Ty::Money]),
        };
        let of = (pick > 0).then(|| self.rows.expr(ty, depth));
        let form = match &of {
            None => whole("count(*)".to_owned(), format!("count(*) {kept}")),
            Some(of) => self.of(pick, of, &kept),
        };
        let form = Form { ours: form.ours.clone() + &more, ..form };
        let (ours, argument) = (form.ours.clone(), of.map(|of| of.sql));
        self.leaves.push(Leaf { ours, filter: keep, argument });
        form
    }

    fn of(&mut self, pick: usize, of: &Form, kept: &str) -> Form {
        let (ours, sql, ty) = (&of.ours, &of.sql, of.ty);
        let form = |name: &str, sql: String| {
            Form::atom(ty, format!("{name}{ours})"), sql).sized(of.scale, of.digits)
        };
        let close = |form: Form| Form { close: true, ty: mean(ty), ..form };
        match pick {
            1 => whole(format!("count({ours})"), format!("count({sql}) {kept}")),
            2 => whole(format!("count(distinct {ours})"), format!("count(distinct {sql}) {kept}")),
            3 => form("min(", format!("min({sql}) {kept}")),
            4 => form("max(", format!("max({sql}) {kept}")),
            5 => {
                let (p, name) = self.rows.random.pick(&[
                    ("0.5", "median("),
                    ("0.9", "percentile_cont(0.9, "),
                    ("0.25", "percentile_cont(0.25, "),
                ]);
                close(form(name, format!("quantile_cont(cast({sql} as double), {p}) {kept}")))
            }
            6 => {
                let (sum, count) = (format!("sum({sql}) {kept}"), format!("count({sql}) {kept}"));
                close(form("avg(", format!("(cast({sum} as double) / nullif({count}, 0))")))
            }
            _ => {
                let sum = format!("sum({sql}) {kept}");
                let sum = if self.zero_sums { format!("coalesce({sum}, exact(0))") } else { sum };
                form("sum(", sum).sized(of.scale, of.digits + 2)
            }
        }
    }
}

/// A count.
fn whole(ours: String, sql: String) -> Form {
    Form::atom(Ty::Int, ours, format!("exact({sql})")).sized(0, 2)
}

/// Means of integers are numbers.
fn mean(ty: Ty) -> Ty {
    if ty == Ty::Money { Ty::Money } else { Ty::Num }
}
