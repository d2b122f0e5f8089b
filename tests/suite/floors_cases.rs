//! Bad sources that the floors test must refuse, and good ones that it must leave alone.

use std::collections::BTreeSet;

use crate::floors::{map_mistakes, violations};
use crate::source::SourceFile;

fn found(path: &str, text: &str) -> Vec<String> {
    violations(&SourceFile::new(path, text))
}

#[track_caller]
fn refused(path: &str, text: &str, words: &str) {
    let found = found(path, text);
    assert!(found.iter().any(|f| f.contains(words)), "{text:?} gives {found:?}, not {words:?}");
}

#[track_caller]
fn fine(path: &str, text: &str) {
    assert_eq!(found(path, text), Vec::<String>::new(), "{text:?}");
}

#[test]
fn upward_and_sideways_imports_are_refused() {
    let up = "upward: `plan` (floor 6) uses `judge` (floor 9)";
    refused("src/plan/model.rs", "use crate::judge::Grade;", up);
    refused("src/plan/model.rs", "use crate::{domain::Id, judge::{self, Grade}};", up);
    refused("src/plan/model.rs", "use super::super::judge;", up);
    refused("src/plan/mod.rs", "use super::judge::Grade as G;", up);
    refused("src/plan/mod.rs", "pub use crate::judge::*;", up);
    refused("src/plan/mod.rs", "fn f() { use super::judge; }", up);
    refused("src/plan/mod.rs", "mod inner { use super::super::judge; }", up);
    refused("src/kinds/total.rs", "use crate::catalog::Metric;", "upward: `kinds`");
    refused("src/data/mod.rs", "use crate::sql::Dialect;", "sideways: `data`");
    refused("src/text.rs", "use crate::domain::Id;", "sideways: `text`");
}

#[test]
fn paths_without_an_import_are_refused() {
    let up = "upward: `plan` (floor 6) uses `judge` (floor 9)";
    refused("src/plan/mod.rs", "fn f(g: crate::judge::Grade) {}", up);
    refused("src/plan/mod.rs", "fn f() -> Vec<Option<crate::judge::Grade>> { vec![] }", up);
    refused("src/plan/mod.rs", "fn f() { crate::judge::run::<u8>(); }", up);
    refused("src/plan/mod.rs", "fn f() { super::judge::run(); }", up);
    refused("src/plan/mod.rs", "fn f(x: u8) { match x { crate::judge::ONE => {} _ => {} } }", up);
    refused("src/plan/mod.rs", "fn f() { vec![1, crate::judge::ONE]; }", up);
    refused("src/plan/mod.rs", "fn f() { format!(\"{}\", (crate::judge::ONE)); }", up);
    refused("src/plan/mod.rs", "impl crate::judge::Grades for X {}", up);
    refused("src/plan/mod.rs", "fn f<T: crate::judge::Grades>() {}", up);
    refused("src/plan/mod.rs", "#[derive(crate::judge::Grade)] struct X;", up);
    refused("src/plan/mod.rs", "#[serde(with = \"crate::judge::x\")] struct X;", up);
    refused("src/plan/mod.rs", "crate::judge::table!();", up);
}

#[test]
fn renames_hide_nothing() {
    let up = "upward: `plan` (floor 6) uses `judge` (floor 9)";
    refused("src/plan/mod.rs", "use crate as root; fn f() { root::judge::run(); }", up);
    refused("src/plan/mod.rs", "use super as up; fn f() { up::judge::run(); }", up);
    refused("src/plan/mod.rs", "fn f() { b::judge::run(); } use a as b; use crate as a;", up);
    refused("src/plan/mod.rs", "use crate::*;", "hides what it brings");
    refused("src/plan/mod.rs", "use super::*;", "hides what it brings");
    refused("src/plan/mod.rs", "use crate::Thing;", "on no floor");
    refused("src/attic/mod.rs", "use crate::domain::Id;", "`attic` is on no floor");
    refused("src/lib.rs", "pub use crate::plan::Ask;", "holds modules only");
    refused("src/lib.rs", "pub mod plan; pub use plan::Ask;", "holds modules only");
}

#[test]
fn the_rim_is_guarded() {
    refused("src/data/csv.rs", "fn f() { std::fs::read(\"x\"); }", "use disk");
    refused("src/data/csv.rs", "use std::{fmt, fs as files};", "use disk");
    refused("src/data/csv.rs", "use std as s; fn f() { s::fs::read(\"x\"); }", "use disk");
    refused("src/data/csv.rs", "use std::*;", "hides what it brings");
    refused("src/data/csv.rs", "fn f(p: &std::path::Path) { p.is_file(); }", "use disk");
    refused("src/pack/mod.rs", "use walkdir::WalkDir;", "use disk");
    refused("src/measure/run.rs", "fn f() { calamine::open(); }", "belong to data");
    refused("src/measure/run.rs", "use csv;", "belong to data");
    refused("src/measure/run.rs", "extern crate simd_csv;", "belong to data");
    refused("src/view/mod.rs", "use ::minijinja::Value;", "belong to render");
    refused("src/pipeline/mod.rs", "#[derive(clap::Args)] struct X;", "belong to cli");
    refused("src/kinds/mod.rs", "use sqlparser::ast::Expr;", "one adapter");
}

#[test]
fn there_is_no_clock_below_the_terminal() {
    let clock = "no clock below cli";
    refused("src/judge/mod.rs", "use jiff::Zoned; fn f() { Zoned::now(); }", clock);
    refused("src/judge/mod.rs", "fn f() { jiff::Timestamp::now(); }", clock);
    refused("src/judge/mod.rs", "fn f() { <jiff::Zoned>::now(); }", clock);
    refused("src/judge/mod.rs", "use jiff::*;", "hides what it brings");
    refused("src/judge/mod.rs", "use std::time::{Duration, Instant};", clock);
    refused("src/judge/mod.rs", "fn f() { std::time::SystemTime::now(); }", clock);
    refused("src/judge/mod.rs", "fn f() { std::env::var(\"TZ\"); }", "reads the environment");
    refused("src/judge/mod.rs", "fn f() { let _ = dbg(std::io::stdout()); }", "only cli prints");
}

#[test]
fn good_sources_are_left_alone() {
    fine("src/plan/mod.rs", "use crate::{catalog::Metric, domain::Id, rel::{self, Rel}};");
    fine("src/plan/model.rs", "use super::Ask; use crate::plan::other; pub(crate) fn f() {}");
    fine("src/plan/deep/mod.rs", "use super::super::super::rel::Rel; mod inner { use super::X; }");
    fine("src/formats/mod.rs", "mod csv; fn f() { csv::write(); self::csv::write(); }");
    fine("src/data/mod.rs", "use csv::Reader; use calamine as xlsx;");
    fine("src/proof/mod.rs", "fn f(csv: &str) -> usize { csv.len() + g(csv) }");
    fine("src/judge/mod.rs", "use crate::domain::Instant; fn f() { Instant::from_days(1); }");
    fine(
        "src/judge/mod.rs",
        "/// See [`crate::cli::run`].\nfn f() { env!(\"CARGO_PKG_VERSION\"); }",
    );
    fine("src/disk/mod.rs", "use std::fs; fn f(p: &std::path::Path) { p.exists(); }");
    fine("src/cli/mod.rs", "use clap::Parser; use crate::pipeline; fn f() { std::env::args(); }");
    fine(
        "src/data/mod.rs",
        "#[cfg(test)] mod tests { use super::*; fn f() { std::fs::read(1); } }",
    );
}

#[test]
fn tests_keep_to_the_floors_too() {
    let text = "#[cfg(test)] mod tests { use crate::judge::Grade; }";
    refused("src/plan/mod.rs", text, "upward: `plan`");
}

#[test]
fn a_false_map_is_refused() {
    let mistakes = |lib: &str, mods: &[&str]| {
        map_mistakes(lib, &mods.iter().map(|m| (*m).to_owned()).collect::<BTreeSet<_>>())
    };
    let map = "//! 6  plan       what is needed\n//!  0  domain · text  the nouns, 3 of them\n";
    assert!(mistakes(map, &["plan", "domain", "text"]).is_empty());
    assert_eq!(mistakes(map, &["plan", "domain"]).len(), 1, "a module that does not exist");
    assert_eq!(mistakes(map, &["plan", "domain", "text", "rel"]).len(), 1, "a missing module");
    assert_eq!(mistakes("//! 5  plan\n", &["plan"]).len(), 1, "a wrong floor");
    assert_eq!(mistakes("//! 5  attic\n", &["attic"]).len(), 1, "an unknown floor");
}
