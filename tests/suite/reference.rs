//! Public data sets whose answers are known, where `MILEPOST_DATA` holds them.
//!
//! `tests/projects/<name>/` is a project for the data in `$MILEPOST_DATA/<name>/`, and its `facts.json` the
//! answers: digits as written are digits held. The data is copied into its `exports/`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::{self, milepost};
use crate::source::root;

#[test]
fn known_answers_are_given_to_the_digit() {
    let Ok(data) = std::env::var("MILEPOST_DATA") else {
        println!("skipped: MILEPOST_DATA does not say where the reference data is");
        return;
    };
    let mut found = Vec::new();
    for project in projects() {
        let copy = tempfile::tempdir().unwrap();
        run::copy(&project, copy.path());
        let exports = copy.path().join("exports");
        std::fs::create_dir_all(&exports).unwrap();
        run::copy(&PathBuf::from(&data).join(project.file_name().unwrap()), &exports);
        let facts = std::fs::read_to_string(project.join("facts.json")).unwrap();
        let facts: Value = serde_json::from_str(&facts).unwrap();
        for run in facts.as_array().unwrap() {
            found.extend(differences(copy.path(), run));
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

fn projects() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("tests/projects")).unwrap();
    let mut found: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    found.retain(|path| path.join("facts.json").is_file());
    found.sort();
    assert!(!found.is_empty());
    found
}

/// One run, `{"words": "…", "facts": [[key, text], …]}`, where a text is a number or a status.
fn differences(project: &Path, run: &Value) -> Vec<String> {
    let words = run["words"].as_str().unwrap();
    let output =
        milepost(project, ["metrics", "--format", "json"].into_iter().chain(words.split(' ')));
    let values = crate::json::values(&output.ok());
    let mut found = Vec::new();
    for fact in run["facts"].as_array().unwrap() {
        let (key, text) = (fact[0].as_str().unwrap(), fact[1].as_str().unwrap());
        let Some(value) = values.get(key) else {
            found.push(format!("{words}: {key} is missing"));
            continue;
        };
        let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
        let shown = match value.value.as_f64() {
            Some(number) => format!("{number:.digits$}"),
            None => value.status.clone(),
        };
        if shown != text {
            found.push(format!("{words}: {key} is {shown}, known to be {text}"));
        }
    }
    found
}
