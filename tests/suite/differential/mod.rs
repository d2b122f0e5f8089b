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
mod metrics;
mod project;
mod random;
mod rows;
mod scalars;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use milepost::domain::Decimal;

use crate::python;
use crate::run::milepost;
use project::{Answer, Expected, GRAINS, Key, Project, project};

const RULES: usize = 40;

fn chosen(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn duckdb_gives_the_same_values() {
    let (seed, count) = (chosen("MILEPOST_SEED", 1), chosen("MILEPOST_PROJECTS", 20));
    let projects: Vec<Project> = (seed..seed + count).map(|s| project(s, RULES)).collect();
    let Some(answers) = ask(&projects) else { return };
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

type Answers = Vec<Vec<Vec<Option<String>>>>;

fn ask(projects: &[Project]) -> Option<Vec<Answers>> {
    let one = |p: &Project| serde_json::json!({ "seed": p.seed, "setup": p.setup(), "queries": p.queries() });
    let asked = serde_json::Value::Array(projects.iter().map(one).collect());
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
        assert!(all.insert(key, (value, Some(cell("n")))).is_none(), "{record:?} stands twice");
    }
    all
}

fn compare(project: &Project, ours: &BTreeMap<Key, Answer>, expected: &Expected) {
    let told = |key: &Key| format!("seed {}, {key:?}\n{}", project.seed, project.shown(&key.0));
    for (key, (value, n)) in ours {
        let (wanted, rows) = expected.values.get(key).unwrap_or(&expected.empty[&key.0]);
        let metric = project.metrics.iter().find(|m| m.id == key.0).unwrap();
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
