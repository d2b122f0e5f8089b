//! What a run says of time, and of what it cannot know.

use std::path::Path;

use serde_json::Value;

use crate::run::milepost;
use crate::small;

/// The deal that is open closes, as it is hoped, in December.
const DEALS: &str = "Id,Stage,Created,Closed,Amount
1,Won,2026-01-02,2026-03-31,100
2,Talking,2026-02-03,2026-12-31,10
3,Won,2026-02-04,2026-03-20,n/a yet
";

fn project(deals: &str) -> tempfile::TempDir {
    small::project("", &[("deals.csv", deals)])
}

fn metric(folder: &Path, id: &str, words: &[&str]) -> (Value, Value) {
    let before = ["metrics", "--format", "json", "--metric", id];
    let said = milepost(folder, before.iter().chain(words).copied()).ok();
    let said: Value = serde_json::from_str(&said).unwrap();
    (said["as_of"].clone(), said["metrics"][0].clone())
}

#[test]
fn the_newest_thing_that_happened_is_the_as_of_date() {
    let (as_of, value) = metric(project(DEALS).path(), "won_deals", &[]);
    assert_eq!(as_of["date"], "2026-03-31", "a deal was won then; one is hoped for in December");
    assert_eq!((&value["period"]["label"], &value["value"]), (&"2026-03".into(), &2.into()));
}

#[test]
fn what_has_not_begun_is_no_zero() {
    let (_, value) = metric(project(DEALS).path(), "flow", &["--period", "2026-05"]);
    assert_eq!((&value["value"], &value["status"]), (&Value::Null, &"no-data".into()));
    assert_eq!(value["reason"], "it begins after the as-of date");
}

#[test]
fn a_month_that_is_not_over_is_not_compared() {
    for as_of in [&[][..], &["--as-of", "2026-03-15"]] {
        let deals = DEALS.replace("2026-03-31", "2026-03-15").replace("2026-03-20", "2026-03-15");
        let words = [&["--period", "2026-03"], as_of].concat();
        let (_, value) = metric(project(&deals).path(), "won_deals", &words);
        assert_eq!(value["value"], 2, "{as_of:?}");
        assert_eq!(value["comparisons"][0]["change"], Value::Null, "{as_of:?}");
    }
}

#[test]
fn stages_that_nothing_declares_are_no_absence() {
    let folder = project(&DEALS.replace("Talking", "Negotiation"));
    let (_, value) = metric(folder.path(), "open_deals", &[]);
    assert_eq!((&value["value"], &value["status"]), (&Value::Null, &"not-computable".into()));
    let reason = value["reason"].as_str().unwrap();
    assert!(reason.ends_with("but stage holds values that nothing declares"), "{reason}");
    let (_, value) = metric(project(DEALS).path(), "open_deals", &[]);
    assert_eq!(value["value"], 1);
}

#[test]
fn a_row_that_does_not_count_says_why() {
    let folder = project(DEALS);
    let words = ["explain", "won_amount", "--period", "2026-03", "--rows", "--format", "json"];
    let said: Value = serde_json::from_str(&milepost(folder.path(), words).ok()).unwrap();
    let lacks = said["rows"][1]["lacks"][0].as_str().unwrap();
    assert_eq!(lacks, "amount: “n/a yet” at deals.csv!E4 is not a number");
    assert!(said["rows"][0]["lacks"].as_array().unwrap().is_empty());
}
