//! From a team's own files to its figures: what `init --from` writes for public exports whose answers are known gives
//! them to the digit, after at most ten lines changed by hand.
//!
//! `tests/from/<name>/` is for the data in `$MILEPOST_DATA/<name>/`: `edits.toml` holds the lines and, under `[became]`,
//! which datasets feeds must have, `rules.toml` the metrics and slices that do not ship, and `facts.json` the answers, as
//! `reference` reads them.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::reference::{differences, facts};
use crate::run::{copy, milepost};
use crate::source::root;

/// Lines that a person may change by hand.
const MOST_EDITS: usize = 10;

#[test]
fn ten_lines_by_hand_are_enough() {
    let Ok(data) = std::env::var("MILEPOST_DATA") else {
        println!("skipped: MILEPOST_DATA does not say where the public data is");
        return;
    };
    let mut found = Vec::new();
    for folder in folders() {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let place = tempfile::tempdir().unwrap();
        let project = place.path().join(name);
        raw(&PathBuf::from(&data).join(name), &project.join("exports"));
        milepost(&project, ["init", ".", "--from", "exports"]).ok();
        found.extend(other_datasets(&folder, &project).map(|why| format!("{name}: {why}")));
        let edits = edits(&folder);
        for edit in &edits {
            found.extend(apply(edit, &project).err().map(|why| format!("{name}: {why}")));
        }
        let rules = folder.join("rules.toml");
        if rules.is_file() {
            std::fs::copy(rules, project.join("rules.toml")).unwrap();
        }
        let (mut held, mut wrong) = (0, Vec::new());
        for run in facts(&folder) {
            held += run["facts"].as_array().unwrap().len();
            wrong.extend(differences(&project, &run));
        }
        println!("{name}: {} lines by hand, {held} facts, {} differ", edits.len(), wrong.len());
        found.extend(wrong.into_iter().map(|why| format!("{name}: {why}")));
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn no_folder_has_more_than_ten_edits() {
    for folder in folders() {
        let count = edits(&folder).len();
        assert!(count <= MOST_EDITS, "{}: {count} lines by hand", folder.display());
    }
}

#[test]
fn an_edit_is_one_line_that_init_wrote() {
    let place = tempfile::tempdir().unwrap();
    let written = "[feed.a]\nx = \"1\"    # why\n\n[feed.b]\nx = \"1\"\n";
    let after = |edit: &str| {
        std::fs::write(place.path().join("feeds.toml"), written).unwrap();
        let edit: Table = format!("file = \"feeds.toml\"\n{edit}").parse().unwrap();
        apply(&edit, place.path())
            .map(|()| std::fs::read_to_string(place.path().join("feeds.toml")).unwrap())
    };
    let changed = after("table = '[feed.b]'\nline = 'x = \"1\"'\nbecomes = 'x = \"2\"'").unwrap();
    assert_eq!(changed, "[feed.a]\nx = \"1\"    # why\n\n[feed.b]\nx = \"2\"\n");
    let gone = after("table = '[feed.a]'\nline = 'x = \"1\"'\nbecomes = ''").unwrap();
    assert_eq!(gone, "[feed.a]\n\n[feed.b]\nx = \"1\"\n");
    let more = after("table = '[feed.a]'\nadd = 'y = 3'").unwrap();
    assert_eq!(more, "[feed.a]\ny = 3\nx = \"1\"    # why\n\n[feed.b]\nx = \"1\"\n");
    assert!(after("line = 'x = \"1\"'\nbecomes = ''").is_err(), "two lines");
    assert!(after("line = 'z = 1'\nbecomes = ''").is_err(), "no line");
    assert!(after("table = '[feed.a]'\nadd = \"y = 3\\nz = 4\"").is_err(), "two lines at once");
}

/// The folders with an own list of edits.
fn folders() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("tests/from")).unwrap();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    assert!(!found.is_empty());
    found
}

/// A copy of the files as their owner gave them, without what was put beside them.
fn raw(from: &Path, exports: &Path) {
    std::fs::create_dir_all(exports).unwrap();
    copy(from, exports);
    for entry in std::fs::read_dir(exports).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.starts_with("README") || name.starts_with("LICENSE") {
            std::fs::remove_file(path).unwrap();
        }
    }
}

fn read(path: &Path) -> Table {
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

/// Feeds that init gave another dataset than the folder holds it to.
fn other_datasets(folder: &Path, project: &Path) -> impl Iterator<Item = String> {
    let written = read(&project.join("feeds.toml"));
    let became = read(&folder.join("edits.toml")).remove("became");
    let held = became.and_then(|became| became.as_table().cloned()).unwrap_or_default();
    held.into_iter().filter_map(move |(feed, dataset)| {
        let is = written["feed"].get(&feed).and_then(|feed| feed.get("dataset"));
        (is != Some(&dataset)).then(|| format!("{feed} became {is:?}, not {dataset}"))
    })
}

fn edits(folder: &Path) -> Vec<Table> {
    let all = read(&folder.join("edits.toml"));
    let edits = all.get("edit").map_or(&[][..], |edits| edits.as_array().unwrap());
    edits.iter().map(|edit| edit.as_table().unwrap().clone()).collect()
}

/// Changes one line: the one that stands there (in its table, if that is named, and but for its comment) becomes
/// another or goes, or one is added below a table's header.
fn apply(edit: &Table, project: &Path) -> Result<(), String> {
    let text = |key: &str| edit.get(key).and_then(Value::as_str);
    let path = project.join(text("file").unwrap());
    let written = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let mut lines: Vec<&str> = written.lines().collect();
    let new = text("becomes").or(text("add")).unwrap();
    let sought = text("line").or(text("table")).unwrap();
    let mut table = "";
    let mut at = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let said = line.split("    #").next().unwrap_or_default();
        table = if line.starts_with('[') { said } else { table };
        if said == sought && text("table").is_none_or(|name| name == table) {
            at.push(number);
        }
    }
    let [at] = at[..] else {
        return Err(format!("`{sought}` stands {} times in {}", at.len(), path.display()));
    };
    if new.contains('\n') {
        return Err(format!("`{new}` is more than one line"));
    }
    if text("add").is_some() {
        lines.insert(at + 1, new);
    } else if new.is_empty() {
        lines.remove(at);
    } else {
        lines[at] = new;
    }
    std::fs::write(path, lines.join("\n") + "\n").map_err(|error| error.to_string())
}
