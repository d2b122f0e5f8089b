//! The same input gives the same bytes: whatever the threads, the blocks, the order of rows, the files.

use std::path::{Path, PathBuf};

use crate::golden::{copy_of, samples};
use crate::run::{milepost, without_feeds};

/// What a project says, in every form that holds no place of a row.
fn says(project: &Path, flags: &[&str]) -> String {
    let runs: [&[&str]; 4] = [
        &["metrics", "--format", "json", "--period", "all"],
        &["metrics", "--format", "csv", "--grain", "month", "--last", "18", "--by", "channel"],
        // Stays, spans, windows and changes crossed, of a quarter that is not over, and of some rows only.
        &[
            "metrics",
            "--format",
            "csv",
            "--grain",
            "quarter",
            "--last",
            "3",
            "--by",
            "owner",
            "--by",
            "channel,team",
            "--where",
            "channel <> 'events'",
            "--as-of",
            "2026-09-15",
        ],
        &["check", "--format", "json"],
    ];
    let texts = runs.map(|words| {
        let output = milepost(project, words.iter().chain(flags).copied());
        output.ok()
    });
    texts.join("\n")
}

/// All that a project writes as reports.
fn writes(project: &Path, flags: &[&str]) -> Vec<(PathBuf, Vec<u8>)> {
    let _ = std::fs::remove_dir_all(project.join("out"));
    milepost(project, ["report"].iter().chain(flags).copied()).ok();
    let files = walkdir::WalkDir::new(project.join("out")).sort_by_file_name();
    let files = files.into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file());
    files.map(|e| (e.path().to_path_buf(), std::fs::read(e.path()).unwrap())).collect()
}

#[test]
fn threads_and_blocks_change_no_byte() {
    for sample in samples() {
        let copy = copy_of(&sample);
        let (said, wrote) = (says(copy.path(), &[]), writes(copy.path(), &[]));
        let flags: [&[&str]; 4] = [
            &["--threads", "1"],
            &["--threads", "2", "--block-size", "4096"],
            &["--threads", "1", "--block-size", "700"],
            &["--threads", "5", "--block-size", "1"],
        ];
        for flags in flags {
            assert!(said == says(copy.path(), flags), "{}: {flags:?}", sample.display());
            assert!(wrote == writes(copy.path(), flags), "{}: {flags:?}", sample.display());
        }
    }
}

/// What was said, without where the first rows of a contradiction stand.
fn without_places(said: &str) -> String {
    let lines = said.lines().filter(|line| !line.trim_start().starts_with("\"places\": ["));
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn the_order_of_rows_changes_no_value() {
    for sample in samples() {
        let copy = copy_of(&sample);
        let said = says(copy.path(), &[]);
        for file in data_files(copy.path()) {
            let (header, mut records) = records(&file);
            shuffle(&mut records);
            std::fs::write(&file, [header, records].concat().concat()).unwrap();
        }
        let again = says(copy.path(), &[]);
        assert_eq!(without_places(&said), without_places(&again), "{}", sample.display());
    }
}

#[test]
fn the_number_of_files_changes_no_value() {
    for sample in samples() {
        let copy = copy_of(&sample);
        let said = says(copy.path(), &[]);
        let files = data_files(copy.path());
        assert!(!files.is_empty());
        for file in files {
            let (header, records) = records(&file);
            let third = records.len().div_ceil(3).max(1);
            for (n, part) in records.chunks(third).enumerate() {
                let name = format!("{}-part{n}.csv", file.file_stem().unwrap().to_str().unwrap());
                let text = [header.clone(), part.to_vec()].concat().concat();
                std::fs::write(file.with_file_name(name), text).unwrap();
            }
            std::fs::remove_file(&file).unwrap();
            read_parts(copy.path(), &file);
        }
        let parts = says(copy.path(), &[]);
        let same = |said: &str| without_places(&without_feeds(said));
        assert_eq!(same(&said), same(&parts), "{}", sample.display());
    }
}

/// Makes the feeds of a file read its parts.
fn read_parts(project: &Path, file: &Path) {
    let inside = file.strip_prefix(project).unwrap().to_str().unwrap();
    let parts = inside.replace(".csv", "-part*.csv");
    let mut changed = 0;
    for path in crate::source::files_below(project, "toml") {
        let text = std::fs::read_to_string(&path).unwrap();
        let new = text.replace(&format!("\"{inside}\""), &format!("\"{parts}\""));
        changed += usize::from(new != text);
        std::fs::write(&path, new).unwrap();
    }
    assert!(changed > 0, "no feed reads {inside}");
}

fn data_files(project: &Path) -> Vec<PathBuf> {
    crate::source::files_below(project, "csv")
}

/// The header's lines (title rows too) and the records, each with its line end.
fn records(file: &Path) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let bytes = std::fs::read(file).unwrap();
    let mut records = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                records.push(bytes[start..=at].to_vec());
                start = at + 1;
            }
            _ => {}
        }
    }
    if start < bytes.len() {
        records.push([&bytes[start..], b"\n"].concat());
    }
    let rest = records.split_off(1);
    (records, rest)
}

/// Fisher and Yates, with a seed of its own: a failure can be repeated.
fn shuffle(records: &mut [Vec<u8>]) {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for at in (1..records.len()).rev() {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        records.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
    }
}
