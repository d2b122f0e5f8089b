//! What adds up: slices to their whole, periods to a longer one, factors to a change. Every sum is exact.

use std::collections::BTreeMap;
use std::path::Path;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

use crate::differential::random::Random;
use crate::golden::{copy_of, samples};
use crate::run::milepost;
use crate::small;

type Exact = BigRational;

/// One line of `metrics --format csv`.
#[derive(Debug)]
struct Line {
    id: String,
    period: String,
    /// Blank where it is a whole.
    member: String,
    status: String,
    value: Option<Exact>,
    numerator: Option<Exact>,
    denominator: Option<Exact>,
    figures: Vec<(String, Exact)>,
}

fn exact(text: &str) -> Option<Exact> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let units: BigInt = format!("{whole}{rest}").parse().ok()?;
    Some(Exact::new(units, BigInt::from(10).pow(u32::try_from(rest.len()).unwrap())))
}

fn lines(project: &Path, words: &str) -> Vec<Line> {
    let words = ["metrics", "--format", "csv"].into_iter().chain(words.split(' '));
    let said = milepost(project, words).ok();
    let mut reader = csv::Reader::from_reader(said.as_bytes());
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let line = |record: csv::StringRecord| {
        let at = |name: &str| heads.iter().position(|h| h == name);
        let cell = |name: &str| at(name).map_or("", |at| &record[at]);
        let figure = |text: &str| {
            let (name, number) = text.split_once('=').unwrap();
            (name.to_owned(), exact(number).unwrap())
        };
        Line {
            id: cell("id").to_owned(),
            period: cell("period").to_owned(),
            member: cell("channel").to_owned(),
            status: cell("status").to_owned(),
            value: exact(cell("value")),
            numerator: exact(cell("numerator")),
            denominator: exact(cell("denominator")),
            figures: cell("figures").split("; ").filter(|f| !f.is_empty()).map(figure).collect(),
        }
    };
    reader.records().map(|record| line(record.unwrap())).collect()
}

fn sum<'a>(all: impl Iterator<Item = &'a Exact>) -> Exact {
    all.fold(Exact::zero(), |sum, one| sum + one)
}

/// Rules of the kinds that look at time, over whatever the deals are.
const KINDS: &str = r#"
[stage.lost]
outcome = "lost"
values = ["Lost"]

[metric.created_amount]
kind = "total"
title = "Created"
unit = "money"
dataset = "deals"
time = "created_at"
value = "sum(amount)"
question = "?"
why = "!"

[metric.created_to_date]
kind = "to-date"
title = "To date"
unit = "money"
metric = "created_amount"
since = "year"
question = "?"
why = "!"

[metric.created_year]
kind = "rolling"
title = "A year"
unit = "money"
metric = "created_amount"
last = 12
grain = "month"
question = "?"
why = "!"

[project]
as-of = 2026-12-31
"#;

/// Deals of two years; most weeks are empty, and some members have no rows in a period.
fn deals(random: &mut Random, rows: usize) -> String {
    let mut text = "Id,Stage,Created,Closed,Amount,channel\n".to_owned();
    for number in 0..rows {
        let stage = random.pick(&["Won", "Won", "Lost", "Talking"]);
        let (year, month) = (random.pick(&[2025, 2026, 2026]), random.between(1, 12));
        let created = random.between(1, 28);
        let closed = random.between((month + 1).min(12), 12);
        let amount = random.between(0, 99_999);
        let closed = match stage {
            "Talking" => String::new(),
            _ => format!("{year}-{closed:02}-{:02}", random.between(28, 30)),
        };
        let channel = random.pick(&["a", "b", "c", ""]);
        let cents = format!("{}.{:02}", amount / 100, amount % 100);
        text += &format!(
            "{number},{stage},{year}-{month:02}-{created:02},{closed},{cents},{channel}\n"
        );
    }
    text
}

fn project(seed: u64, more: &str) -> tempfile::TempDir {
    let random = &mut Random::new(seed);
    let rows = random.pick(&[3, 10, 40, 150]);
    let (around, own) = KINDS.split_once("\n[project]\n").unwrap();
    let folder = small::project(around, &[("deals.csv", &deals(random, rows))]);
    let file = folder.path().join("milepost.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let more = format!("[project]\n{own}{more}");
    std::fs::write(file, text.replacen("[project]\n", &more, 1)).unwrap();
    folder
}

#[test]
fn periods_add_up_to_longer_ones() {
    for seed in 0..4 {
        let folder = project(seed, "");
        let of = |words: &str| lines(folder.path(), words);
        let adding = ["flow", "created_amount", "won_deals", "won_amount", "lost_deals"];
        let words = format!("--metric {}", adding.join(","));
        let all = of(&format!("{words} --period all"));
        for (grain, last) in
            [("day", 730), ("week", 106), ("month", 24), ("quarter", 8), ("year", 2)]
        {
            let parts = of(&format!("{words} --grain {grain} --last {last}"));
            for id in adding {
                let mine = |l: &&Line| l.id == id;
                let whole =
                    all.iter().find(mine).unwrap().value.clone().unwrap_or_else(Exact::zero);
                let sum = sum(parts.iter().filter(mine).filter_map(|l| l.value.as_ref()));
                assert_eq!(sum, whole, "seed {seed}: {id} by {grain}");
            }
        }
    }
}

fn value<'a>(lines: &'a [Line], id: &str, period: &str) -> (&'a str, Option<&'a Exact>) {
    let found = lines.iter().find(|l| l.id == id && l.period == period && l.member.is_empty());
    let found = found.unwrap_or_else(|| panic!("{id} of {period}"));
    (&found.status, found.value.as_ref())
}

#[test]
fn the_end_of_a_year_is_the_end_of_its_last_month() {
    for seed in 0..4 {
        let plain = project(seed, "");
        let april = project(seed, "fiscal-year-start = \"april\"\n");
        for (folder, month, quarter, year) in
            [(&plain, "2026-12", "2026-Q4", "2026"), (&april, "2026-03", "FY2026-Q4", "FY2026")]
        {
            let of = |period: &str| lines(folder.path(), &format!("--period {period}"));
            let [months, quarters, years] = [of(month), of(quarter), of(year)];
            for id in ["open_deals_at_end", "pipeline_at_end"] {
                let last = value(&months, id, month);
                assert_eq!(last, value(&quarters, id, quarter), "seed {seed}: {id}");
                assert_eq!(last, value(&years, id, year), "seed {seed}: {id}");
            }
            let whole = value(&years, "created_amount", year);
            for id in ["created_to_date", "created_year"] {
                assert_eq!(value(&months, id, month), whole, "seed {seed}: {id} of {month}");
                assert_eq!(value(&quarters, id, quarter), whole, "seed {seed}: {id} of {quarter}");
                assert_eq!(value(&years, id, year), whole, "seed {seed}: {id} of {year}");
            }
        }
    }
}

#[test]
fn slices_add_up_to_their_whole() {
    let mut projects: Vec<_> = (0..6).map(|seed| project(seed, "")).collect();
    projects.extend(samples().iter().map(|sample| copy_of(sample)));
    let mut added: BTreeMap<String, usize> = BTreeMap::new();
    for folder in projects {
        let said = milepost(folder.path(), ["list", "metrics", "--format", "json"]).ok();
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        for period in ["2026-10", "2026-Q3", "2026"] {
            let (wholes, slices) = (
                lines(folder.path(), &format!("--period {period}")),
                lines(folder.path(), &format!("--period {period} --by channel")),
            );
            for whole in &wholes {
                let mut told = said["metrics"].as_array().unwrap().iter();
                let told = told.find(|m| m["id"] == whole.id.as_str()).unwrap();
                let mine: Vec<&Line> =
                    slices.iter().filter(|l| l.id == whole.id && !l.member.is_empty()).collect();
                if mine.is_empty() && !told["needs"].to_string().contains(".channel\"") {
                    continue;
                }
                // A value that is withheld is no part.
                let there = |l: &&Line| ["ok", "too-few", "no-data"].contains(&l.status.as_str());
                if !mine.iter().copied().chain([whole]).all(|l| there(&l)) || whole.value.is_none()
                {
                    continue;
                }
                let adds = ["count", "money"].map(Into::into).contains(&told["unit"])
                    && !["ratio", "derived", "duration"].map(Into::into).contains(&told["kind"]);
                let parts: &[fn(&Line) -> Option<&Exact>] = match adds {
                    true => &[|l| l.value.as_ref()],
                    false => &[|l| l.numerator.as_ref(), |l| l.denominator.as_ref()],
                };
                for part in parts {
                    let Some(wanted) = part(whole) else { continue };
                    let sum = sum(mine.iter().filter_map(|l| part(l)));
                    assert_eq!(&sum, wanted, "{} of {period}: {mine:?}", whole.id);
                    *added.entry(whole.id.clone()).or_default() += 1;
                }
            }
        }
    }
    println!("{added:?}");
    assert!(added.len() >= 20 && added.values().sum::<usize>() > 250, "{added:?}");
}

/// The chain of the shipped bridge.
const CHAIN: [&str; 4] = ["flow", "closed_deals", "won_deals", "won_amount"];

#[test]
fn parts_of_a_change_are_what_all_orders_give_on_average() {
    let mut compared = 0;
    for seed in 10..16 {
        let folder = project(seed, "");
        for (period, before) in [("2026-10", "2026-09"), ("2026-Q3", "2026-Q2"), ("2026", "2025")] {
            let of =
                |period: &str| lines(folder.path(), &format!("--period {period} --by channel"));
            let (now, then) = (of(period), of(before));
            let whole = |lines: &[Line]| level(lines, "flow", "");
            let (mut sums, mut whole_change) = ((0, Exact::zero()), None);
            for bridge in now.iter().filter(|l| l.id == "fact_bridge") {
                // Before the data begin there is no total to come from.
                if bridge.status == "no-data" {
                    continue;
                }
                let told = format!("seed {seed}, {period}: {bridge:?}");
                let mut levels = [&then, &now]
                    .map(|lines| CHAIN.map(|id| level(lines, id, &bridge.member)).to_vec());
                let is_whole = bridge.member.is_empty();
                if !is_whole {
                    levels[0].insert(0, whole(&then));
                    levels[1].insert(0, whole(&now));
                }
                let change = bridge.value.clone().expect(&told);
                assert_eq!(
                    change,
                    &levels[1][levels[1].len() - 1] - &levels[0][levels[0].len() - 1]
                );
                let parts: Vec<Exact> = bridge.figures.iter().map(|(_, f)| f.clone()).collect();
                assert_eq!(sum(parts.iter()), change, "{told}");
                let wanted = averages(&levels[0], &levels[1]);
                let cent = Exact::new(1.into(), 100.into());
                for (part, wanted) in parts.iter().zip(&wanted) {
                    let off = part - wanted;
                    assert!(off < cent && -off < cent, "{told}: {wanted:?}");
                    compared += 1;
                }
                assert_eq!(parts.len(), wanted.len(), "{told}");
                match is_whole {
                    true => whole_change = Some(change),
                    false => sums = (sums.0 + 1, sums.1 + change),
                }
            }
            if sums.0 > 0 {
                assert_eq!(Some(sums.1), whole_change, "seed {seed}, {period}");
            }
        }
    }
    println!("{compared} parts compared");
    assert!(compared > 250, "{compared}");
}

/// What is not there is 0.
fn level(lines: &[Line], id: &str, member: &str) -> Exact {
    let found = lines.iter().find(|l| l.id == id && l.member == member);
    found.and_then(|l| l.value.clone()).unwrap_or_else(Exact::zero)
}

/// For each factor the mean, over all orders, of what its change does to the product. A factor whose divisor is 0
/// while it is not is one with those before it; one of 0 over 0 is as it is in the other period.
fn averages(before: &[Exact], after: &[Exact]) -> Vec<Exact> {
    let mut groups: Vec<usize> = Vec::new();
    for at in 0..before.len() {
        let sprung = |from: usize| {
            [before, after].iter().any(|levels| levels[from].is_zero() && !levels[at].is_zero())
        };
        while groups.last().is_some_and(|from| sprung(*from)) {
            groups.pop();
        }
        groups.push(at);
    }
    let one = Exact::one();
    let divisor = |levels: &[Exact], n: usize| match n {
        0 => one.clone(),
        _ => levels[groups[n - 1]].clone(),
    };
    let factor = |n: usize, own: &[Exact], other: &[Exact]| {
        let held = [own, other].into_iter().find(|levels| !divisor(levels, n).is_zero());
        held.map_or(one.clone(), |levels| &levels[groups[n]] / divisor(levels, n))
    };
    let many = groups.len();
    let (mut totals, mut orders) = (vec![Exact::zero(); before.len()], 0);
    for order in permutations(many) {
        let mut held: Vec<Exact> = (0..many).map(|n| factor(n, before, after)).collect();
        let product = |held: &[Exact]| held.iter().fold(one.clone(), |all, f| all * f);
        for n in order {
            let was = product(&held);
            held[n] = factor(n, after, before);
            totals[groups[n]] += product(&held) - was;
        }
        orders += 1;
    }
    totals.into_iter().map(|total| total / Exact::from_integer(orders.into())).collect()
}

fn permutations(many: usize) -> Vec<Vec<usize>> {
    (0..many).fold(vec![Vec::new()], |all, next| {
        let with = |order: Vec<usize>| {
            (0..=order.len()).map(move |at| {
                let mut more = order.clone();
                more.insert(at, next);
                more
            })
        };
        all.into_iter().flat_map(with).collect()
    })
}
