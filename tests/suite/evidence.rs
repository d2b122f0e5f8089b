//! Evidence closes: the rows that `explain` shows, added up by another engine, give the value.

use std::path::Path;

use serde_json::Value;

use crate::golden::{copy_of, samples};
use crate::json::{self, Measured};
use crate::python;
use crate::run::milepost;
use crate::source::root;

/// What the sample's reports show of values: the period and its months, and the slices of the period.
const SHOWN: [&str; 2] = ["--grain month --last 3", "--by channel --by owner"];

#[test]
fn rows_give_their_values() {
    let script = root().join("tests/suite/evidence.py");
    let mut compared = 0;
    for sample in samples() {
        let copy = copy_of(&sample);
        let files = tempfile::tempdir().unwrap();
        let values: Vec<Measured> = SHOWN.iter().flat_map(|w| shown(copy.path(), w)).collect();
        let paths: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(n, value)| explained(copy.path(), files.path(), n, value))
            .collect();
        let words: Vec<&str> = paths.iter().map(String::as_str).collect();
        let Some(found) = python::json(&script, &words, "duckdb") else { return };
        for (value, theirs) in values.iter().zip(found.as_array().unwrap()) {
            assert!(json::equal(&value.value, &theirs["value"]), "{value:?}: rows give {theirs}");
            compared += 1;
        }
    }
    assert!(compared > 50, "only {compared} values were compared");
}

/// Values that are shown as numbers; what is withheld has its reason instead.
fn shown(project: &Path, words: &str) -> Vec<Measured> {
    let words = ["metrics", "--format", "json"].into_iter().chain(words.split(' '));
    let values = json::values(&milepost(project, words).ok());
    values.into_values().filter(|v| matches!(v.status.as_str(), "ok" | "too-few")).collect()
}

/// Writes what `explain` says of one value to a file, after a look at what it says itself.
fn explained(project: &Path, folder: &Path, number: usize, value: &Measured) -> String {
    let by: Vec<String> = value.slice.iter().map(|(d, m)| format!("{d}={m}")).collect();
    let mut words = vec!["explain", &value.id, "--rows", "--format", "json"];
    if value.period != "none" {
        words.extend(["--period", &value.period]);
    }
    words.extend(by.iter().flat_map(|slice| ["--by", slice.as_str()]));
    let text = milepost(project, words).ok();
    let says: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(says["value"]["value"], value.value, "{value:?}");
    let usable = says["rows"].as_array().unwrap().iter().filter(|row| row["usable"] == true);
    if says["parts"].as_array().unwrap().is_empty() {
        assert_eq!(usable.count() as u64, value.n, "{value:?}: one row for each that counts");
    }
    let path = folder.join(format!("{number}.json"));
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}
