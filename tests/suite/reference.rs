//! Public data sets whose answers are known, where `MILEPOST_DATA` holds them.
//!
//! `tests/projects/<name>/` is a project for the data in `$MILEPOST_DATA/<name>/`, and its `facts.json` the
//! answers: digits as written are digits held; a status stands with a word that its reason holds, as in
//! `not-computable: churned_at`. The data is copied into its `exports/`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::{self, milepost};
use crate::source::root;

#[test]
fn known_answers_are_given_to_the_digit() {
    let mut found = Vec::new();
    for project in projects() {
        let Some(copy) = with_data(&project) else { return };
        for run in facts(&project) {
            found.extend(differences(copy.path(), &run));
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// A copy of a project with its data in `exports/`; none, with a word, where nobody has the data.
pub fn with_data(project: &Path) -> Option<tempfile::TempDir> {
    let Ok(data) = std::env::var("MILEPOST_DATA") else {
        println!("skipped: MILEPOST_DATA does not say where the reference data is");
        return None;
    };
    let copy = tempfile::tempdir().unwrap();
    run::copy(project, copy.path());
    let exports = copy.path().join("exports");
    std::fs::create_dir_all(&exports).unwrap();
    run::copy(&PathBuf::from(data).join(project.file_name().unwrap()), &exports);
    Some(copy)
}

/// What is known of a project: runs with their answers.
pub fn facts(project: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(project.join("facts.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The projects whose answers are known.
pub fn projects() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("tests/projects")).unwrap();
    let mut found: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    found.retain(|path| path.join("facts.json").is_file());
    found.sort();
    assert!(!found.is_empty());
    found
}

/// One run, `{"words": "…", "facts": [[key, text], …]}`, where a text is a number or a status.
pub fn differences(project: &Path, run: &Value) -> Vec<String> {
    let words = run["words"].as_str().unwrap();
    let output =
        milepost(project, ["metrics", "--format", "json"].into_iter().chain(words.split(' ')));
    if output.code != 0 {
        return vec![format!("{words}: exit {}\n{}", output.code, output.stderr)];
    }
    let values = crate::json::values(&output.stdout);
    let mut found = Vec::new();
    for fact in run["facts"].as_array().unwrap() {
        let (key, text) = (fact[0].as_str().unwrap(), fact[1].as_str().unwrap());
        let Some(value) = values.get(key) else {
            found.push(format!("{words}: {key} is missing"));
            continue;
        };
        let (known, because) = text.split_once(": ").unwrap_or((text, ""));
        let digits = known.split_once('.').map_or(0, |(_, digits)| digits.len());
        // Too few rows have a value as well: what is known says which of the two is meant.
        let shown = match value.value.as_f64() {
            Some(number) if known.parse::<f64>().is_ok() => format!("{number:.digits$}"),
            _ => value.status.clone(),
        };
        if shown != known || !value.reason.contains(because) {
            found.push(format!("{words}: {key} is {shown}, known to be {text}"));
        }
    }
    found
}
