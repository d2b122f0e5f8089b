//! Exports of programs as they leave them, made by hand: what `profile` finds of each, the project that `init` writes
//! with at most a few edits, totals that were added up when the file was made, and the cells to which they lead.
//!
//! A fixture is a folder in `exports/`, and what is known of it stands there in `facts.toml`.

use std::path::Path;

use serde_json::Value;

use crate::run::{copy, milepost, same};
use crate::source::root;

mod books;

/// A fixture's `facts.toml`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    /// What it is, and how its totals come about.
    #[allow(dead_code, reason = "for those who read the file")]
    about: String,
    #[serde(default)]
    edit: Vec<Edit>,
    total: Vec<Total>,
    row: Vec<Row>,
}

/// What a user writes into the project that `init` wrote.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: String,
    /// Stands there once; blank where something is written below.
    #[serde(default)]
    old: String,
    new: String,
}

/// A value that is known.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Total {
    metric: String,
    #[serde(default = "all")]
    period: String,
    /// Exactly so.
    value: String,
}

fn all() -> String {
    "all".into()
}

/// A row that a value rests on, the place to which it leads, and its cells.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    metric: String,
    #[serde(default = "all")]
    period: String,
    /// From the folder of exports on.
    place: String,
    cells: toml::Table,
}

#[test]
fn every_export_made_by_hand_is_read_as_it_is() {
    let folder = root().join("tests/exports");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() >= 15, "{names:?}");
    let readme = std::fs::read_to_string(root().join("tests/README.md")).unwrap();
    let wrong: Vec<String> =
        names.iter().filter_map(|name| fixture(&folder.join(name), name)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(readme.contains("| `gaps` |"));
}

/// What is wrong with a fixture.
fn fixture(from: &Path, name: &str) -> Option<String> {
    let place = tempfile::tempdir().unwrap();
    let project = place.path().join(name);
    let exports = project.join("exports");
    std::fs::create_dir_all(&exports).unwrap();
    if from.join("exports").is_dir() {
        copy(&from.join("exports"), &exports);
    }
    books::write(name, &exports);
    let mut wrong = String::new();
    if let Some(difference) = same(&profiled(&project), &from.join("profile.txt")) {
        wrong.push_str(&difference);
    }
    let text = std::fs::read_to_string(from.join("facts.toml")).unwrap();
    let facts: Facts = toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    milepost(&project, ["init", ".", "--from", "exports"]).ok();
    if let Some(difference) = same(
        &std::fs::read_to_string(project.join("feeds.toml")).unwrap(),
        &from.join("feeds.toml"),
    ) {
        wrong.push_str(&difference);
    }
    for edit in &facts.edit {
        let file = project.join(&edit.file);
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let text = if edit.old.is_empty() {
            format!("{text}\n{}", edit.new)
        } else if text.matches(&edit.old).count() == 1 {
            text.replace(&edit.old, &edit.new)
        } else {
            wrong.push_str(&format!(
                "{name}: `{}` stands not just once in {}\n",
                edit.old, edit.file
            ));
            continue;
        };
        std::fs::write(file, text).unwrap();
    }
    for words in [&["validate"][..], &["report"]] {
        let said = milepost(&project, words.iter().copied());
        if said.code != 0 {
            wrong.push_str(&format!("{name}: {words:?}: {}\n", said.stderr));
        }
    }
    facts.total.iter().for_each(|total| wrong.push_str(&value(&project, total)));
    facts.row.iter().for_each(|row| wrong.push_str(&explained(&project, row)));
    (!wrong.is_empty()).then(|| format!("{name}:\n{wrong}"))
}

/// What `profile` finds, in few lines.
fn profiled(project: &Path) -> String {
    let said = milepost(project, ["profile", "exports", "--format", "json"]).ok();
    let said: Value = serde_json::from_str(&said).unwrap();
    let mut lines = String::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let found = |lines: &mut String, of: &Value| {
        for finding in list(&of["findings"]) {
            let word = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            let line = format!(
                "{}: {} ({}) {}",
                word("what"),
                word("says"),
                word("sure"),
                word("because")
            );
            lines.push_str(line.trim_end());
            lines.push('\n');
        }
    };
    for file in list(&said["files"]) {
        lines.push_str(&format!(
            "{} · {}\n",
            file["file"].as_str().unwrap(),
            file["form"].as_str().unwrap()
        ));
        found(&mut lines, &file);
        for table in list(&file["tables"]) {
            if let Some(sheet) = table["sheet"].as_str() {
                lines.push_str(&format!("sheet {sheet}\n"));
            }
            found(&mut lines, &table);
            lines.push_str(&format!("rows: {}\n", table["rows"]));
            for line in list(&table["contract"]) {
                lines.push_str(&format!("| {}\n", line.as_str().unwrap()));
            }
        }
    }
    lines
}

fn value(project: &Path, total: &Total) -> String {
    let words =
        ["metrics", "--metric", &total.metric, "--period", &total.period, "--format", "json"];
    let said = milepost(project, words);
    let read: Value = serde_json::from_str(&said.stdout).unwrap_or_default();
    let value = &read["metrics"][0];
    if number(&value["value"]) == total.value {
        return String::new();
    }
    format!(
        "{} of {} is {value:#}, not {}\n{}",
        total.metric, total.period, total.value, said.stderr
    )
}

/// Money is shown with its noughts or without.
fn number(value: &Value) -> String {
    let text = value.to_string();
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

fn explained(project: &Path, row: &Row) -> String {
    let words = ["explain", &row.metric, "--period", &row.period, "--rows", "--format", "json"];
    let said = milepost(project, words);
    let read: Value = serde_json::from_str(&said.stdout).unwrap_or_default();
    let rows = read["rows"].as_array().cloned().unwrap_or_default();
    let place = format!("exports/{}", row.place);
    let Some(found) = rows.iter().find(|found| found["place"] == *place) else {
        let places: Vec<String> = rows.iter().map(|row| row["place"].to_string()).collect();
        return format!("{} does not lead to {place}, but to {}\n", row.metric, places.join(", "));
    };
    let wrong = row.cells.iter().filter(|(name, text)| {
        let cell = match &found["cells"][name.as_str()] {
            Value::String(text) => text.clone(),
            other => number(other),
        };
        Some(cell.as_str()) != text.as_str()
    });
    wrong.map(|(name, _)| format!("{place}: {name} is not so: {}\n", found["cells"])).collect()
}
