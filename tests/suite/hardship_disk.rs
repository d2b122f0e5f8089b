//! A bad machine: a full disk, output that is denied, two runs at once. Nothing is half written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::hardship::{DEALS, files, forbid, holds, project};
use crate::run::{Output, milepost};

/// A run whose files may have this many bytes at most: every write past it fails, as on a full disk.
fn on_a_full_disk(folder: &Path, bytes: u64, words: &[&str]) -> Output {
    let script = format!("ulimit -f {}; trap '' XFSZ; exec \"$0\" \"$@\"", bytes / 1024);
    let output = Command::new("bash")
        .args(["-c", &script, env!("CARGO_BIN_EXE_milepost")])
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Output {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    let folder = project(DEALS);
    // Where the first file finds no room, and where the last does.
    for bytes in [0, 1024, 20 * 1024] {
        let before = files(folder.path());
        let said = on_a_full_disk(folder.path(), bytes, &["report"]);
        assert_eq!(said.code, 74, "{}", said.stderr);
        holds(&said.stderr, &["error[io]: failed writing ", "= help: "]);
        assert_eq!(said.stdout, "");
        assert_eq!(files(folder.path()), before, "with room for {bytes}");
    }
    milepost(folder.path(), ["report", "--period", "2026-03"]).ok();
    let before = files(folder.path());
    let said = on_a_full_disk(folder.path(), 20 * 1024, &["report", "--period", "2026-02"]);
    assert_eq!(said.code, 74, "{}", said.stderr);
    holds(&said.stderr, &["what was there before is as it was"]);
    assert_eq!(files(folder.path()), before, "the reports of the run before stand");
    let words = ["metrics", "--format=json", "--out=values/all.json"];
    let said = on_a_full_disk(folder.path(), 1024, &words);
    assert_eq!(said.code, 74, "{}", said.stderr);
    assert_eq!(files(folder.path()), before, "not even a folder");
}

#[test]
fn a_full_standard_output_is_told() {
    let folder = project(DEALS);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let Ok(full) = full else {
        println!("skipped: no /dev/full here");
        return;
    };
    let output = Command::new(env!("CARGO_BIN_EXE_milepost"))
        .args(["metrics", "--format", "json"])
        .current_dir(folder.path())
        .env_clear()
        .env("NO_COLOR", "1")
        .stdout(full)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(74), "{stderr}");
    holds(&stderr, &["failed writing to standard output"]);
}

#[test]
fn output_that_is_denied_is_told_with_the_way_out() {
    // A file where the folder should be.
    let folder = project(DEALS);
    std::fs::write(folder.path().join("out"), "mine").unwrap();
    let before = files(folder.path());
    let said = milepost(folder.path(), ["report"]);
    assert_eq!(said.code, 74);
    holds(&said.stderr, &["failed writing to ./out: ", "a file stands where", "`--out`"]);
    assert_eq!(files(folder.path()), before);
    milepost(folder.path(), ["report", "--out", "elsewhere"]).ok();
    // A folder where a file should be: the other files are not written either.
    let folder = project(DEALS);
    std::fs::create_dir_all(folder.path().join("out/performance.md/kept")).unwrap();
    let before = files(folder.path());
    let said = milepost(folder.path(), ["report"]);
    assert_eq!(said.code, 74);
    holds(&said.stderr, &["failed writing ./out/performance.md: ", "= help: "]);
    assert_eq!(files(folder.path()), before);
    // A folder that nobody may write to.
    let folder = project(DEALS);
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    forbid(&out);
    if std::fs::write(out.join("probe"), "").is_ok() {
        println!("skipped: permissions do not bind this user");
        return;
    }
    let said = milepost(folder.path(), ["report"]);
    std::fs::set_permissions(&out, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    assert_eq!(said.code, 74);
    holds(&said.stderr, &["failed writing to ./out: ", "`--out`"]);
    assert_eq!(files(&out), BTreeMap::new());
}

#[test]
fn two_runs_into_one_folder_leave_the_files_of_one() {
    let folder = project(DEALS);
    let folder = folder.path();
    let out = folder.join("out");
    let whole = ["2026-02", "2026-03"].map(|period| {
        milepost(folder, ["report", "--period", period]).ok();
        files(&out)
    });
    assert_ne!(whole[0], whole[1]);
    for _ in 0..3 {
        std::thread::scope(|scope| {
            let runs = ["2026-02", "2026-03", "2026-02"].map(|period| {
                let words = ["report", "--threads", "1", "--period", period];
                scope.spawn(move || milepost(folder, words))
            });
            for run in runs {
                let said = run.join().unwrap();
                assert_eq!(said.code, 0, "{}", said.stderr);
            }
        });
        assert!(whole.contains(&files(&out)), "neither run's: {:?}", files(&out).keys());
    }
}

/// The same at the narrowest point: many runs that do nothing but write.
#[test]
fn writers_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let content = |writer: u8| -> Vec<(String, Vec<u8>)> {
        (0..8).map(|at| (format!("{at}.md"), vec![writer; 64])).collect()
    };
    for _ in 0..40 {
        std::thread::scope(|scope| {
            for writer in [b'a', b'b', b'c'] {
                let path = folder.path();
                scope.spawn(move || milepost::disk::write_all(path, &content(writer)).unwrap());
            }
        });
        let found = files(folder.path());
        let writers: BTreeSet<u8> = found.values().flatten().copied().collect();
        assert_eq!((found.len(), writers.len()), (8, 1), "{:?}", found.keys());
    }
}
