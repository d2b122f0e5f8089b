//! What fuzzers found, and the bytes that they start from, run again: a panic, an abort or an endless loop would end
//! this test.

use std::collections::BTreeSet;

use crate::source::root;

#[path = "../fuzz/entries.rs"]
mod entries;

#[test]
fn bytes_that_fuzzers_keep_give_values_or_diagnostics() {
    let folder = root().join("tests/fuzz/kept");
    let mut reached = BTreeSet::new();
    for (name, entry) in entries::ENTRIES {
        let mut files: Vec<_> = std::fs::read_dir(folder.join(name))
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            assert!(bytes.len() < 64 << 10, "{} is large for a case", file.display());
            let run = std::panic::catch_unwind(|| entry(&bytes));
            assert!(run.is_ok(), "{}", file.display());
            reached.extend(run.is_ok_and(|came| came > 0).then_some(name));
        }
    }
    assert_eq!(
        reached.len(),
        entries::ENTRIES.len(),
        "every entry has a case of which something comes"
    );
}
