//! The command line as people see it: `tests/cmd/`, and the README's own commands.

use std::path::Path;

#[test]
fn transcripts_are_true() {
    trycmd::TestCases::new()
        .register_bin("milepost", Path::new(env!("CARGO_BIN_EXE_milepost")))
        .env("NO_COLOR", "1")
        .case("tests/cmd/*.trycmd")
        .case("README.md");
}
