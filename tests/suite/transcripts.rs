//! The command line as people see it: `tests/cmd/`, and the README's own commands.

use std::path::Path;

use crate::golden::copy_of;
use crate::run::milepost;
use crate::source::root;

#[test]
fn transcripts_are_true() {
    trycmd::TestCases::new()
        .register_bin("milepost", Path::new(env!("CARGO_BIN_EXE_milepost")))
        .env("NO_COLOR", "1")
        .case("tests/cmd/*.trycmd")
        .case("README.md");
}

#[test]
fn the_first_command_of_the_readme_makes_what_it_says() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let command = "cargo run --release -- report samples/";
    let line = readme.lines().find(|l| l.starts_with(command)).expect("the first command");
    assert!(readme.lines().any(|l| l == "cargo test"), "the second command");
    let sample = line.trim_start_matches(command).trim();
    let copy = copy_of(&root().join("samples").join(sample));
    milepost(copy.path(), ["report"]).ok();
    let said: Vec<&str> = readme
        .split('`')
        .filter_map(|word| word.strip_prefix(&format!("samples/{sample}/out/")))
        .filter(|name| !name.is_empty())
        .collect();
    assert!(!said.is_empty(), "the README names no report that the first command makes");
    for name in said {
        assert!(copy.path().join("out").join(name).is_file(), "out/{name} was not made");
    }
}
