//! Laws of the engine on random small tables: nothing that should not matter does, parts sum to wholes, a naive
//! reading of the same rows gives the same values, and the rows behind a value give the value.

use std::collections::{BTreeMap, BTreeSet};

use milepost::disk::Files;
use milepost::domain::{Decimal, Id, Period, Status, Value};
use milepost::measure::{EvidenceAsk, Key, Measured, Measurements, Member, Options};
use milepost::pipeline::{self, Loaded, Settled, Setup};
use milepost::plan::{Ask, Rule};
use proptest::prelude::*;

const PROJECT: &str = r#"
[project]
name = "laws"
packs = []
as-of = 2026-12-31
[dataset.facts]
title = "Facts"
[dataset.facts.columns]
id = { type = "text", key = true }
team = { type = "text" }
tier = { type = "text" }
day = { type = "date" }
x = { type = "number" }
y = { type = "number" }
[dimension.team]
title = "Team"
facts = "team"
[dimension.tier]
title = "Tier"
facts = "tier"
[feed.facts]
dataset = "facts"
file = "facts-*.csv"
"#;

const METRICS: [(&str, &str); 9] = [
    ("rows_all", "value = \"count(*)\""),
    ("rows_big", "value = \"count(*) filter (where x > 10)\""),
    ("sum_x", "value = \"sum(x)\""),
    ("mean_x", "value = \"avg(x)\""),
    ("middle_x", "value = \"median(x)\""),
    ("upper_x", "value = \"percentile_cont(0.75, x)\""),
    ("least_y", "value = \"min(y)\""),
    ("tiers", "value = \"count(distinct tier)\""),
    ("margin", "value = \"sum(x - y) filter (where tier <> 'c')\""),
];

#[derive(Debug, Clone)]
struct Row {
    team: Option<u8>,
    tier: Option<u8>,
    /// Month and day of 2026; none blank, 13 an impossible month.
    day: Option<(u8, u8)>,
    /// Hundredths; none blank; 9999 is written as a text that is no number.
    x: Option<i32>,
    y: Option<i32>,
}

fn row() -> impl Strategy<Value = Row> {
    let text = prop::option::weighted(0.85, 0u8..3);
    let day = prop::option::weighted(0.9, (1u8..=13, 1u8..=28));
    let number = || prop::option::weighted(0.85, prop_oneof![9 => -2000i32..5000, 1 => Just(9999)]);
    (text.clone(), text, day, number(), number()).prop_map(|(team, tier, day, x, y)| Row {
        team,
        tier,
        day,
        x,
        y,
    })
}

fn cell(number: Option<i32>) -> String {
    match number {
        None => String::new(),
        Some(9999) => "n/a".to_owned(),
        Some(n) => Decimal::new(n.into(), 2).to_string(),
    }
}

fn csv<'a>(rows: impl IntoIterator<Item = &'a (usize, Row)>) -> String {
    let mut text = String::from("id,team,tier,day,x,y\n");
    for (id, row) in rows {
        let letter = |code: Option<u8>| code.map_or(String::new(), |c| char::from(b'a' + c).into());
        let day = row.day.map_or(String::new(), |(m, d)| format!("2026-{m:02}-{d:02}"));
        let (team, tier) = (letter(row.team), letter(row.tier));
        text += &format!("r{id},{team},{tier},{day},{},{}\n", cell(row.x), cell(row.y));
    }
    text
}

fn project(files: Vec<String>) -> (Loaded, Settled) {
    let mut config = PROJECT.to_owned();
    for (id, value) in METRICS {
        config += &format!(
            "[metric.{id}]\nkind = \"total\"\ntitle = \"{id}\"\nunit = \"number\"\ndataset = \"facts\"\n\
             time = \"day\"\nquestion = \"?\"\nwhy = \"law\"\ncoverage-floor = 0\nsample-floor = 0\n{value}\n"
        );
    }
    let mut all = vec![("milepost.toml".to_owned(), config.into_bytes())];
    for (at, text) in files.into_iter().enumerate() {
        all.push((format!("facts-{at}.csv"), text.into_bytes()));
    }
    let loaded = pipeline::load_files(Files::memory(all)).expect("memory does not fail");
    let errors: Vec<_> = loaded.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let settled = pipeline::settle(&loaded, &Setup::default()).expect("memory does not fail");
    (loaded, settled)
}

fn periods(settled: &Settled, loaded: &Loaded) -> Vec<Period> {
    let calendar = &loaded.catalog.project.calendar;
    let year = Period::parse("2026", calendar).expect("a year");
    let mut all = year.split(milepost::domain::Grain::Month, calendar);
    all.extend([year, Period::all(), settled.period.clone()]);
    let seen: BTreeSet<Period> = all.into_iter().collect();
    seen.into_iter().collect()
}

fn by() -> Vec<Vec<Id>> {
    vec![vec![], vec!["team".into()], vec!["tier".into()], vec!["team".into(), "tier".into()]]
}

fn measure(files: Vec<String>, options: Options) -> Measurements {
    let (loaded, mut settled) = project(files);
    settled.options = options;
    let periods = periods(&settled, &loaded);
    let ask = |(id, _): &(&str, &str)| {
        let rule = Rule::Metric((*id).into());
        Ask { rule, periods: periods.clone(), by: by() }
    };
    let run = pipeline::ask(&loaded, &settled, METRICS.iter().map(ask).collect());
    let run = run.expect("memory does not fail");
    assert!(!run.is_broken(), "{:?}", run.diagnostics);
    run.measurements
}

fn total<'a>(measurements: &'a Measurements, id: &str, period: &Period) -> &'a Measured {
    measurements.total(&Rule::Metric(id.into()), period).expect("a total is always there")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn order_files_blocks_and_threads_do_not_matter(
        rows in prop::collection::vec(row(), 0..60).prop_map(|r| r.into_iter().enumerate().collect::<Vec<_>>()),
        seed in any::<u64>(),
        block_size in 1usize..400,
        cuts in (0usize..60, 0usize..60),
    ) {
        let straight = measure(vec![csv(&rows)], Options { threads: 1, block_size: 1 << 20 });
        let mut mixed = rows.clone();
        mixed.sort_by_key(|(id, _)| (*id as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
        let (a, b) = (cuts.0.min(cuts.1).min(mixed.len()), cuts.0.max(cuts.1).min(mixed.len()));
        let files = vec![csv(&mixed[..a]), csv(&mixed[a..b]), csv(&mixed[b..])];
        let other = measure(files, Options { threads: 2, block_size });
        prop_assert_eq!(straight.values, other.values);
        prop_assert_eq!(other.scans.measuring.values().copied().collect::<Vec<_>>(), vec![1]);
    }

    #[test]
    fn slices_and_periods_sum_to_the_whole(
        rows in prop::collection::vec(row(), 0..60).prop_map(|r| r.into_iter().enumerate().collect::<Vec<_>>()),
    ) {
        let measured = measure(vec![csv(&rows)], Options::default());
        let all = Period::all();
        for (id, _) in METRICS {
            let whole = total(&measured, id, &all);
            for crossing in by().into_iter().skip(1) {
                let rule = Rule::Metric(id.into());
                let slices: Vec<_> =
                    measured.by(&rule, &crossing).filter(|(k, _)| k.period == all).collect();
                let sum = |get: fn(&Measured) -> u64| slices.iter().map(|(_, m)| get(m)).sum::<u64>();
                prop_assert_eq!(sum(|m| m.in_scope), whole.in_scope, "{} {:?}", id, crossing);
                prop_assert_eq!(sum(|m| m.usable), whole.usable);
                prop_assert_eq!(sum(|m| m.unplaced), whole.unplaced);
            }
        }
        let months: Vec<&Measured> = measured
            .values[&Rule::Metric("sum_x".into())]
            .iter()
            .filter(|(k, _)| k.slice.is_empty() && k.period.label.len() == 7)
            .map(|(_, m)| m)
            .collect();
        prop_assert_eq!(months.len(), 12);
        let sum = months.iter().filter_map(|m| m.value.number()).try_fold(Decimal::ZERO, Decimal::checked_add);
        let whole = total(&measured, "sum_x", &all).value.number().unwrap_or(Decimal::ZERO);
        prop_assert_eq!(sum.expect("small"), whole);
    }

    #[test]
    fn a_naive_reading_gives_the_same_values(
        rows in prop::collection::vec(row(), 0..60).prop_map(|r| r.into_iter().enumerate().collect::<Vec<_>>()),
    ) {
        let measured = measure(vec![csv(&rows)], Options::default());
        for month in [None, Some(3u8), Some(11)] {
            let period = match month {
                None => Period::all(),
                Some(m) => {
                    let all = measured.values[&Rule::Metric("sum_x".into())].keys();
                    let label = format!("2026-{m:02}");
                    all.map(|k| k.period.clone()).find(|p| *p.label == *label).expect("a month")
                }
            };
            let inside = |r: &&Row| match (r.day, month) {
                (Some((13, _)) | None, _) => false,
                (Some((m, _)), Some(wanted)) => m == wanted,
                _ => true,
            };
            let kept: Vec<&Row> = rows.iter().map(|(_, r)| r).filter(inside).collect();
            for (id, expected) in naive(&kept) {
                let found = total(&measured, id, &period);
                prop_assert_eq!(&found.value, &expected, "{} in {}", id, &period.label);
            }
        }
    }

    #[test]
    fn the_rows_behind_a_value_give_the_value(
        rows in prop::collection::vec(row(), 0..40).prop_map(|r| r.into_iter().enumerate().collect::<Vec<_>>()),
        team in 0u8..3,
    ) {
        let (loaded, settled) = project(vec![csv(&rows)]);
        let member = Member::Named(char::from(b'a' + team).to_string().into());
        for id in ["rows_all", "rows_big", "sum_x", "margin"] {
            let slice = vec![(Id::from("team"), member.clone())];
            let key = Key { period: Period::all(), slice };
            let ask = EvidenceAsk { rule: Rule::Metric(id.into()), key: key.clone() };
            let run = pipeline::evidence(&loaded, &settled, &ask).expect("memory does not fail");
            let measurements = run.measurements;
            let Some(found) = measurements.values[&ask.rule].get(&key) else {
                prop_assert!(measurements.evidence.is_empty());
                continue;
            };
            // Rows without a date are shown with it: they are why it may be withheld.
            prop_assert_eq!(measurements.evidence.len() as u64, found.in_scope + found.unplaced);
            let usable = measurements.evidence.iter().filter(|r| r.usable).count() as u64;
            prop_assert_eq!(usable, found.usable);
            let mut given = measurements.evidence.iter().filter_map(|r| r.leaves[0].as_ref()?.number());
            let sum = given.try_fold(Decimal::ZERO, Decimal::checked_add).expect("small");
            prop_assert_eq!(found.value.number().unwrap_or(Decimal::ZERO), sum, "{}", id);
        }
    }
}

/// The same metrics, the long way.
fn naive(rows: &[&Row]) -> BTreeMap<&'static str, Value> {
    let known = |n: Option<i32>| n.filter(|n| *n != 9999).map(|n| Decimal::new(n.into(), 2));
    let xs: Vec<Decimal> = rows.iter().filter_map(|r| known(r.x)).collect();
    let whole = |n: usize| Value::Number(Decimal::from(n as u64));
    let sum = |values: &[Decimal]| match values {
        [] => Value::Null,
        _ => Value::Number(
            values.iter().fold(Decimal::ZERO, |a, b| a.checked_add(*b).expect("small")),
        ),
    };
    let mut sorted = xs.clone();
    sorted.sort();
    // Percentiles by hand: hundredths of a share of the way between two neighbours.
    let percentile = |hundredths: usize| {
        let last = sorted.len().checked_sub(1)?;
        let (at, rest) = (last * hundredths / 100, (last * hundredths) % 100);
        let step = sorted[(at + 1).min(last)].checked_sub(sorted[at]).ok()?;
        let part = step.checked_mul(Decimal::new(rest as i128, 2)).ok()?;
        sorted[at].checked_add(part).ok()
    };
    let optional =
        |number: Option<Decimal>| number.map_or(Value::Null, |n| Value::Number(n.trimmed(0)));
    let mean = sum(&xs).number().map(|s| {
        let count = Decimal::from(xs.len() as u64);
        s.checked_div(count, 18).and_then(|q| q.at_scale(15)).expect("small")
    });
    let margin: Vec<Decimal> = rows
        .iter()
        .filter(|r| r.tier.is_some_and(|t| t != 2))
        .filter_map(|r| known(r.x)?.checked_sub(known(r.y)?).ok())
        .collect();
    let tiers: BTreeSet<u8> = rows.iter().filter_map(|r| r.tier).collect();
    let ten = Decimal::new(10, 0);
    BTreeMap::from([
        ("rows_all", whole(rows.len())),
        ("rows_big", whole(xs.iter().filter(|x| **x > ten).count())),
        ("sum_x", sum(&xs)),
        ("mean_x", optional(mean)),
        ("middle_x", optional(percentile(50))),
        ("upper_x", optional(percentile(75))),
        ("least_y", optional(rows.iter().filter_map(|r| known(r.y)).min())),
        ("tiers", whole(tiers.len())),
        ("margin", sum(&margin)),
    ])
}

#[test]
fn a_rejected_filter_cell_stays_in_scope_and_lowers_coverage() {
    let text = "id,team,tier,day,x,y\n1,a,a,2026-03-01,20,1\n2,a,a,2026-03-02,n/a,1\n3,a,a,2026-03-03,5,1\n";
    let measured = measure(vec![text.to_owned()], Options::default());
    let found = total(&measured, "rows_big", &Period::all());
    assert_eq!((found.status, found.in_scope, found.usable), (Status::Ok, 2, 1));
    assert_eq!(found.gaps[0].rejected, 1);
    assert_eq!(found.coverage, Decimal::parse("0.5"));
}
