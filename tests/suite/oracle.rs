//! A sample's numbers, computed by a script that shares no line with Milepost.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::golden::{copy_of, samples};
use crate::json::{self, Measured};
use crate::python;
use crate::run::milepost;

/// Below this share of usable rows a value is withheld, unless a metric says otherwise.
const COVERAGE_FLOOR: f64 = 0.8;

#[test]
fn samples_agree_with_their_oracle() {
    let mut compared = 0;
    for sample in samples() {
        let script = sample.join("oracle.py");
        if !script.is_file() {
            continue;
        }
        let Some(oracle) = python::json(&script, &[], "duckdb") else { return };
        let ours = values(&sample);
        for theirs in oracle.as_array().unwrap() {
            compare(&ours, theirs);
            compared += 1;
        }
    }
    assert!(compared > 500, "only {compared} values were compared");
}

/// Our values: all of time and each month, in total, by channel and by owner.
fn values(sample: &Path) -> BTreeMap<String, Measured> {
    let copy = copy_of(sample);
    let run = |words: &str| {
        let words = words.split(' ').chain(["--by", "channel", "--by", "owner"]);
        let output =
            milepost(copy.path(), ["metrics", "--format", "json"].into_iter().chain(words));
        json::values(&output.ok())
    };
    let mut values = run("--period all");
    values.extend(run("--grain month --last 40"));
    values
}

fn compare(ours: &BTreeMap<String, Measured>, theirs: &Value) {
    let key = json::key(theirs);
    let mine = ours.get(&key).unwrap_or_else(|| panic!("{key} is missing"));
    let count = |field: &str| theirs[field].as_u64().unwrap();
    match mine.status.as_str() {
        "ok" | "too-few" => {
            assert!(json::equal(&mine.value, &theirs["value"]), "{key}: {mine:?}, oracle {theirs}");
            if !mine.denominator.is_null() && !theirs["denominator"].is_null() {
                assert!(json::equal(&mine.denominator, &theirs["denominator"]), "{key}: {mine:?}");
            }
        }
        "no-data" => assert_eq!(count("in_scope"), 0, "{key}: {mine:?}"),
        "not-computable" => {
            #[expect(clippy::cast_precision_loss, reason = "counts of a sample are small")]
            let coverage = count("usable") as f64 / count("in_scope") as f64;
            let divides = !theirs["value"].is_null();
            assert!(coverage < COVERAGE_FLOOR || !divides, "{key}: {mine:?}, oracle {theirs}");
        }
        other => panic!("{key} is {other}: {mine:?}"),
    }
}

/// The value and the rows of every check that the script knows, of data and of config.
#[test]
fn samples_checks_agree_with_their_oracle() {
    let mut compared = 0;
    for sample in samples() {
        let script = sample.join("oracle.py");
        if !script.is_file() || !python::has("duckdb", &script) {
            continue;
        }
        let copy = copy_of(&sample);
        let said = milepost(copy.path(), ["check", "--format", "json"]).ok();
        let file = copy.path().join("checks.json");
        std::fs::write(&file, said).unwrap();
        let words = python::lines(&script, &[file.to_str().unwrap()]);
        let told = words.split(' ').next().and_then(|n| n.parse::<usize>().ok());
        compared += told.unwrap_or_else(|| panic!("{}: {words}", script.display()));
        assert!(words.contains(" 0 differ"), "{}: {words}", script.display());
    }
    if python::has("duckdb", std::path::Path::new("oracle.py")) {
        assert!(compared > 60, "only {compared} checks were compared");
    }
}
