//! What `profile` finds of every file of the public data, robustness corpora included: encoding, line ends,
//! delimiter, header row and how sure it is, rows and columns of each sheet, or the mistakes for which a file cannot
//! be read. Each line was held against the file.
//!
//! Runs where `MILEPOST_DATA` names the folder that holds them. Names and rows stay there.

use std::fmt::Write;
use std::path::Path;

use milepost::author::profile;
use milepost::view::{ProfiledFile, ProfiledTable};

use crate::run::same;
use crate::source::root;

#[test]
fn every_public_file_is_seen_as_it_is() {
    let Ok(data) = std::env::var("MILEPOST_DATA") else {
        println!("skipped: MILEPOST_DATA is not set");
        return;
    };
    let mut folders: Vec<_> =
        std::fs::read_dir(&data).unwrap().map(|e| e.unwrap().path()).collect();
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    let mut lines = String::new();
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let profiled = profile(std::slice::from_ref(&folder)).unwrap();
        for file in &profiled.view.files {
            line(&mut lines, &name, file);
        }
    }
    if let Some(difference) = same(&lines, &root().join("tests/suite/profiles.txt")) {
        panic!("{difference}");
    }
}

fn line(lines: &mut String, folder: &str, file: &ProfiledFile) {
    let name = format!("{folder}/{}", file.file);
    let says = |what: &str| {
        let finding = file.findings.iter().find(|finding| finding.what == what);
        finding.map_or(String::new(), |finding| format!(" · {}", finding.says))
    };
    let known = format!("{}{}{}", file.form, says("encoding"), says("line ends"));
    if !file.failed.is_empty() {
        let _ = writeln!(
            lines,
            "{name}: {} · cannot be read: {}",
            known.trim(),
            file.failed.join(", ")
        );
    }
    for (at, table) in file.tables.iter().enumerate() {
        let sheet =
            if file.sheets.len() > 1 { format!(" sheet {}", at + 1) } else { String::new() };
        let _ = writeln!(lines, "{name}{sheet}: {known}{}", of(table));
    }
}

fn of(table: &ProfiledTable) -> String {
    let delimiter = table.delimiter.as_ref().map_or(String::new(), |mark| format!(" · {mark}"));
    let rows: Vec<String> = table.header_rows.iter().map(ToString::to_string).collect();
    let header = table.findings.iter().find(|finding| finding.what == "header");
    let header = match (header, rows.is_empty()) {
        (None, _) => " · nothing in it".to_owned(),
        (Some(found), true) => format!(" · no header ({})", found.sure),
        (Some(found), false) => format!(" · header {} ({})", rows.join("+"), found.sure),
    };
    let others = [
        "another table",
        "end",
        "totals",
        "comments",
        "lines between",
        "header once more",
        "damage",
    ];
    let found = table.findings.iter().filter(|finding| others.contains(&finding.what.as_str()));
    let found: String =
        found.map(|finding| format!(" · {}: {}", finding.what, finding.says)).collect();
    format!("{delimiter}{header} · {} × {}{found}", table.rows, table.columns.len())
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let sample = root().join("samples/northlight/exports");
    let text =
        |path: &Path| milepost::formats::profile_json(&profile(&[path.to_owned()]).unwrap().view);
    assert_eq!(text(&sample), text(&sample));
}
