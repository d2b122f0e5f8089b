//! Running the program: one place that clears the environment and copies projects.

use std::path::Path;
use std::process::Command;

use snapbox::data::DataFormat;
use snapbox::{Data, IntoData};

/// What a run gave.
pub struct Output {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// Standard output of a run that ended well.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self.stdout
    }
}

/// Runs the program in a folder, with nothing of the caller's environment but what a shell gives.
pub fn milepost<'a>(folder: &Path, words: impl IntoIterator<Item = &'a str>) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_milepost"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("NO_COLOR", "1")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    Output {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Copies a folder; its `out/` stays behind.
pub fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).min_depth(1) {
        let entry = entry.unwrap();
        let inside = entry.path().strip_prefix(from).unwrap();
        if inside.starts_with("out") {
            continue;
        }
        let target = to.join(inside);
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target).unwrap();
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What was said without the account of feeds, which tells how their files are written.
pub fn without_feeds(said: &str) -> String {
    let mut inside = false;
    let outside = |line: &&str| {
        let (starts, ends) = (*line == "  \"feeds\": [", line.starts_with("  ]"));
        let out = !(inside || starts);
        inside = (inside || starts) && !ends;
        out
    };
    said.lines().filter(outside).flat_map(|line| [line, "\n"]).collect()
}

/// Compares a text with an expected file, byte for byte; `SNAPSHOTS=overwrite` accepts it.
pub fn same(actual: &str, expected: &Path) -> Option<String> {
    let held = std::fs::read_to_string(expected);
    if held.as_ref().is_ok_and(|held| held == actual) {
        return None;
    }
    if std::env::var("SNAPSHOTS").is_ok_and(|word| word == "overwrite") {
        std::fs::create_dir_all(expected.parent().unwrap()).unwrap();
        Data::text(actual).write_to_path(expected).unwrap();
        return None;
    }
    let name = expected.strip_prefix(crate::source::root()).unwrap_or(expected).display();
    let Ok(held) = held else { return Some(format!("{name} is missing; it would be:\n{actual}")) };
    let held = Data::text(held).raw().is(DataFormat::Text);
    let differs = snapbox::Assert::new().try_eq(Some(&name), actual.into_data().raw(), held);
    Some(differs.err().map_or(format!("{name} differs"), |e| e.to_string()))
}
