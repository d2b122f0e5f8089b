//! Every sample's reports are what they were: `samples/*/expected/`, byte for byte.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::run::{self, milepost};
use crate::source::root;

/// The samples: folders with a project.
pub fn samples() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("samples")).unwrap();
    let folders = entries.map(|e| e.unwrap().path());
    let mut found: Vec<_> = folders.filter(|p| p.join("milepost.toml").is_file()).collect();
    found.sort();
    assert!(!found.is_empty(), "no samples");
    found
}

/// A copy of a sample to work in, without what it is expected to give.
pub fn copy_of(sample: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    run::copy(sample, folder.path());
    let _ = std::fs::remove_dir_all(folder.path().join("expected"));
    folder
}

#[test]
fn samples_give_their_expected_reports() {
    let mut found = Vec::new();
    for sample in samples() {
        let copy = copy_of(&sample);
        milepost(copy.path(), ["report"]).ok();
        let (out, expected) = (copy.path().join("out"), sample.join("expected"));
        let (made, held) = (names(&out), names(&expected));
        assert!(!made.is_empty(), "{} makes no report", sample.display());
        for name in &made {
            let actual = std::fs::read_to_string(out.join(name)).unwrap();
            found.extend(run::same(&actual, &expected.join(name)));
        }
        let left = held.difference(&made);
        found.extend(left.map(|n| format!("{} is left over", expected.join(n).display())));
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

fn names(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let files = entries.filter(|e| e.file_type().is_file());
    files.map(|e| e.path().strip_prefix(folder).unwrap().to_path_buf()).collect()
}
