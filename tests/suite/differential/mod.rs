//! The same random rule over the same random rows, as Milepost's text and as DuckDB's SQL.
//!
//! One walk of chance writes both. Where the two languages truly differ, the SQL says in its own words what
//! Milepost documents:
//!
//! - `/` in a row keeps nine digits, half to even, and x / 0 is null: `div9`, in integers. In aggregates it is a
//!   float in DuckDB, and such values are compared to twelve digits; all others have to be equal.
//! - Means and percentiles are floats in DuckDB as well, and never tested for equality by a rule.
//! - `date_diff('week', …)` counts Mondays that were crossed; DuckDB counts whole weeks.
//! - Texts become numbers and dates where they are plain decimals and ISO dates; DuckDB reads more. Texts of
//!   numbers have no idle zeros. `substr` before a text's first character is not asked: DuckDB counts from the end.
//! - In a ratio a sum of no rows is 0. A derived metric has no value where a part has none, `coalesce` or not.
//! - Rows without their time are in no period, not in `all` either. A slice or period without rows is what the
//!   aggregates are over none.
//!
//! `MILEPOST_SEED` and `MILEPOST_PROJECTS` choose where chance begins and how many projects it makes.

mod form;
mod kinds;
mod metrics;
mod project;
pub mod random;
mod rows;
mod scalars;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use milepost::domain::Decimal;

use crate::python;
use crate::run::milepost;
use kinds::{Kinds, Placed, RUNS, kinds};
use project::{Answer, EMPTY, Expected, GRAINS, Key, Project, members, project};

const RULES: usize = 40;

fn chosen(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn duckdb_gives_the_same_values() {
    let (seed, count) = (chosen("MILEPOST_SEED", 1), chosen("MILEPOST_PROJECTS", 20));
    let projects: Vec<Project> = (seed..seed + count).map(|s| project(s, RULES)).collect();
    let one = |p: &Project| asked(p.seed, &p.setup(), &p.queries());
    let Some(answers) = ask(projects.iter().map(one).collect()) else { return };
    let (mut compared, mut present) = (0, 0);
    for (project, answers) in projects.iter().zip(answers) {
        let folder = tempfile::tempdir().unwrap();
        project.write(folder.path());
        let expected = project.answers(&answers);
        let mut missing: BTreeSet<&Key> = expected.values.keys().collect();
        for (flags, ..) in GRAINS {
            let words = "metrics --format csv --by cat --by band --by cat,band".split(' ');
            // Blocks of a few rows: what one block knows, the next must not take for its own.
            let blocks = ["--block-size 1000000", "--block-size 200 --threads 2"];
            let blocks = blocks[usize::try_from(project.seed % 2).unwrap()].split(' ');
            let said = milepost(folder.path(), words.chain(flags.split(' ')).chain(blocks));
            let told = format!("seed {}\n{}", project.seed, said.stderr);
            assert_eq!(said.code, 0, "{told}");
            let ours = values(&said.stdout);
            compare(project, &ours, &expected);
            missing.retain(|key| !ours.contains_key(key));
            compared += ours.len();
            present += ours.values().filter(|(value, _)| value.is_some()).count();
        }
        assert!(missing.is_empty(), "seed {}: not given: {missing:?}", project.seed);
    }
    println!("{compared} values compared, {present} of them there");
    assert!(compared as u64 > 2000 * count && present * 4 > compared, "{present} of {compared}");
}

#[test]
fn duckdb_gives_the_same_stays_spans_and_windows() {
    let (seed, count) = (chosen("MILEPOST_SEED", 1), chosen("MILEPOST_PROJECTS", 10));
    let all: Vec<Kinds> = (seed..seed + count).map(kinds).collect();
    let one = |k: &Kinds| asked(k.project.seed, &k.setup(), &k.queries());
    let Some(answers) = ask(all.iter().map(one).collect()) else { return };
    let (mut compared, mut present) = (0, 0);
    for (kinds, answers) in all.iter().zip(answers) {
        let folder = tempfile::tempdir().unwrap();
        kinds.project.write(folder.path());
        let expected = expected(kinds, &answers);
        let mut missing: BTreeSet<&Key> = expected.values.keys().collect();
        for flags in RUNS {
            let words = "metrics --format csv --by cat --by band --by cat,band --block-size 900";
            let flags = flags.replace("{over}", kinds.over());
            let only = kinds.only.iter().flat_map(|form| ["--where", form.ours.as_str()]);
            let words = words.split(' ').chain(flags.split(' ')).chain(only);
            let said = milepost(folder.path(), words);
            assert_eq!(said.code, 0, "seed {}\n{}", kinds.project.seed, said.stderr);
            let mut ours = values(&said.stdout);
            // Without a last day there is nothing to look back from.
            let windows: BTreeSet<&str> = windows(kinds).collect();
            ours.retain(|key, (value, _)| {
                let endless = key.1 == "all" && windows.contains(key.0.as_str());
                assert!(!endless || value.is_none(), "{key:?}");
                !endless
            });
            compare(&kinds.project, &ours, &expected);
            missing.retain(|key| !ours.contains_key(key));
            compared += ours.len();
            present += ours.values().filter(|(value, _)| value.is_some()).count();
        }
        let seed = kinds.project.seed;
        assert!(missing.is_empty(), "seed {seed}: not given: {missing:?}");
    }
    println!("{compared} values compared, {present} of them there");
    assert!(compared as u64 > 1000 * count && present * 4 > compared, "{present} of {compared}");
}

fn windows(kinds: &Kinds) -> impl Iterator<Item = &str> {
    kinds.rules.iter().filter(|rule| rule.is_window).map(|rule| rule.metric.id.as_str())
}

/// The values of each rule and of what stands beside it.
fn expected(kinds: &Kinds, answers: &Answers) -> Expected {
    let mut expected = Expected::default();
    for (Placed { metric, figures, .. }, rows) in kinds.rules.iter().zip(answers) {
        for row in rows {
            let (bucket, by) = (row[0].clone().unwrap(), members(row));
            let mut put = |id: String, answer: Answer| match bucket == EMPTY {
                true => expected.empty.insert(id, answer),
                false => {
                    let key = (id, bucket.clone(), by.0.clone(), by.1.clone());
                    expected.values.insert(key, answer)
                }
            };
            put(metric.id.clone(), (row[4].clone(), row[5].clone()));
            for ((name, _), value) in figures.iter().zip(&row[6..]) {
                // What has no value is not written.
                if value.is_some() {
                    put(format!("{}#{name}", metric.id), (value.clone(), None));
                }
            }
        }
    }
    expected
}

type Answers = Vec<Vec<Vec<Option<String>>>>;

fn asked(seed: u64, setup: &str, queries: &[String]) -> serde_json::Value {
    serde_json::json!({ "seed": seed, "setup": setup, "queries": queries })
}

fn ask(projects: Vec<serde_json::Value>) -> Option<Vec<Answers>> {
    let asked = serde_json::Value::Array(projects);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("asked.json");
    std::fs::write(&file, asked.to_string()).unwrap();
    let script = crate::source::root().join("tests/suite/differential.py");
    let said = python::json(&script, &[file.to_str().unwrap()], "duckdb")?;
    let texts = |row: &serde_json::Value| {
        let cells = row.as_array().unwrap().iter();
        cells.map(|cell| cell.as_str().map(str::to_owned)).collect()
    };
    let list = |value: &serde_json::Value| value.as_array().unwrap().clone();
    let query = |rows: &serde_json::Value| list(rows).iter().map(texts).collect();
    Some(list(&said).iter().map(|p| list(p).iter().map(query).collect()).collect())
}

/// Milepost's values and counts of usable rows.
fn values(text: &str) -> BTreeMap<Key, Answer> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let place = |name: &str| heads.iter().position(|h| h == name);
    let mut all = BTreeMap::new();
    for record in reader.records().map(Result::unwrap) {
        let cell = |name: &str| place(name).map_or(String::new(), |at| record[at].to_owned());
        let value = Some(cell("value")).filter(|v| !v.is_empty());
        assert_eq!(value.is_some(), cell("status") == "ok", "{record:?}");
        let key = (cell("id"), cell("period"), cell("cat"), cell("band"));
        for figure in cell("figures").split("; ").filter(|f| !f.is_empty()) {
            let (name, number) = figure.split_once('=').unwrap();
            let key = (format!("{}#{name}", key.0), key.1.clone(), key.2.clone(), key.3.clone());
            all.insert(key, (Some(number.to_owned()), None));
        }
        assert!(all.insert(key, (value, Some(cell("n")))).is_none(), "{record:?} stands twice");
    }
    all
}

fn compare(project: &Project, ours: &BTreeMap<Key, Answer>, expected: &Expected) {
    // A figure stands beside its metric's value.
    fn id(key: &Key) -> &str {
        key.0.split('#').next().unwrap()
    }
    let told = |key: &Key| format!("seed {}, {key:?}\n{}", project.seed, project.shown(id(key)));
    for (key, (value, n)) in ours {
        let found = expected.values.get(key).or_else(|| expected.empty.get(&key.0));
        let Some((wanted, rows)) = found else { panic!("Milepost {value:?}: {}", told(key)) };
        let metric = project.metrics.iter().find(|m| m.id == id(key)).unwrap();
        let same = match (value, wanted) {
            (None, None) => true,
            (Some(a), Some(b)) if metric.value.close => near(a, b, metric.value.loose),
            (Some(a), Some(b)) => Decimal::parse(a) == Decimal::parse(b),
            _ => false,
        };
        assert!(same, "Milepost {value:?}, DuckDB {wanted:?}: {}", told(key));
        let counted = rows.is_none() || n == rows || !project.counts_rows();
        assert!(counted, "usable rows: Milepost {n:?}, DuckDB {rows:?}: {}", told(key));
    }
}

/// Twelve digits; fewer where a difference of floats took some.
fn near(a: &str, b: &str, loose: bool) -> bool {
    let (a, b): (f64, f64) = (a.parse().unwrap(), b.parse().unwrap());
    let least = if loose { 1e-6 } else { 1e-12 };
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs()) + least
}
