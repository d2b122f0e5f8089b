//! What ships builds without a word.

use super::{built, with};
use crate::pack;

#[test]
fn shipped_packs_are_clean_alone_and_all_together() {
    let shipped = pack::shipped();
    let alone = built(&shipped, &[]);
    assert_eq!(alone.list, Vec::<String>::new());
    let ids: Vec<String> = shipped.packs.iter().map(|p| format!("'{}'", p.folder)).collect();
    let all = format!("[project]\npacks = [{}]\n", ids.join(", "));
    let all = built(&shipped, &[super::source("milepost.toml", &all)]);
    assert_eq!(all.list, Vec::<String>::new());
    assert!(all.checked.catalog.metrics.len() >= alone.checked.catalog.metrics.len());
}

#[test]
fn the_base_of_these_tests_is_clean() {
    assert_eq!(with("").list, Vec::<String>::new());
}

#[test]
fn without_the_shipped_packs_shipped_reports_are_no_mistake() {
    let none = "[project]\npacks = []\n";
    let got = built(&pack::shipped(), &[super::source("milepost.toml", none)]);
    assert_eq!(got.list, Vec::<String>::new());
    assert!(got.checked.catalog.metrics.is_empty() && !got.checked.catalog.reports.is_empty());
    let own = format!("{none}[report.performance]\nmetrics = ['nothing']\n");
    let got = built(&pack::shipped(), &[super::source("milepost.toml", &own)]);
    assert_eq!(got.list, ["unknown-reference milepost.toml:4:12"]);
}
