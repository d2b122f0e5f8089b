//! What a run says of time, and of what it cannot know.

use std::path::Path;

use serde_json::{Value, json};

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
    assert_eq!(lacks, "amount: “n/a yet” at deals.csv!E4, not a number");
    assert!(said["rows"][0]["lacks"].as_array().unwrap().is_empty());
}

#[test]
fn a_row_without_a_date_is_shown_with_its_period() {
    let folder = project(&DEALS.replace("2026-03-20", "2026-02-30"));
    let words = ["explain", "won_deals", "--period", "all", "--rows", "--format", "json"];
    let said: Value = serde_json::from_str(&milepost(folder.path(), words).ok()).unwrap();
    let row = &said["rows"][1];
    assert_eq!((&row["usable"], &row["gives"][0]), (&false.into(), &Value::Null));
    let lacks = row["lacks"][0].as_str().unwrap();
    assert!(lacks.starts_with("closed_at: “2026-02-30” at deals.csv!D4, not a date"), "{lacks}");
}

#[test]
fn what_happened_after_the_as_of_date_is_left_out() {
    let folder = project(DEALS);
    for (as_of, period, won) in [
        ("2026-03-31", "all", 2),
        ("2026-03-25", "all", 1),
        ("2026-03-25", "2026-03", 1),
        ("2026-03-25", "2026-Q1", 1),
        ("2026-03-25", "2026-02", 0),
    ] {
        let words = ["--period", period, "--as-of", as_of];
        let (_, value) = metric(folder.path(), "won_deals", &words);
        assert_eq!(value["value"], won, "{period} as of {as_of}");
        assert_eq!(value["n"], won, "{period} as of {as_of}");
    }
    // What is open has no date of its own: it is as the export has it.
    let (_, value) = metric(folder.path(), "open_deals", &["--as-of", "2026-01-31"]);
    assert_eq!(value["value"], 1);
}

#[test]
fn slices_are_withheld_with_their_total() {
    let folder = project(&DEALS.replace("Talking", "Negotiation"));
    let words = ["--by", "stage", "--period", "all"];
    let (_, value) = metric(folder.path(), "open_deals", &words);
    assert_eq!(value["status"], "not-computable");
    let words = ["metrics", "--metric", "open_deals", "--by", "stage", "--format", "csv"];
    let said = milepost(folder.path(), words).ok();
    assert!(!said.contains(",ok,"), "{said}");
}

#[test]
fn buckets_lead_up_to_the_as_of_date() {
    let folder = project(DEALS);
    let labels = |grain: &str| {
        let words = ["--metric", "flow", "--grain", grain, "--last", "2", "--as-of", "2026-03-18"];
        let words = ["metrics", "--format", "csv"].into_iter().chain(words);
        let said = milepost(folder.path(), words).ok();
        said.lines().skip(1).map(|l| l.split(',').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(labels("day"), ["2026-03-17", "2026-03-18"]);
    assert_eq!(labels("week"), ["2026-W11", "2026-W12"]);
    assert_eq!(labels("month"), ["2026-02", "2026-03"]);
}

#[test]
fn an_export_that_knows_what_came_later_is_told() {
    let deals = "Id,Stage,Created,Closed,Amount\n1,Won,2024-01-05,2024-06-05,10\n2,Talking,2024-01-05,2024-09-05,10\n";
    let folder = crate::small::project("", &[("deals.csv", deals)]);
    let said = |as_of: &str| {
        let words =
            ["metrics", "--metric=conversion_rate_cohort", "--period=2024-01", "--as-of", as_of];
        milepost(folder.path(), words).stderr
    };
    let early = said("2024-01-31");
    assert!(
        early.contains("`deals.closed_at` runs to 2024-06-05, after the as-of date"),
        "{early}"
    );
    // What an open deal hopes for is not what happened.
    assert!(!said("2024-06-05").contains("rows-after-as-of"));
}

#[test]
fn a_condition_of_the_command_line_has_no_target_and_a_rate_none_of_a_part() {
    let deals = "Id,Stage,Created,Closed,Amount\n1,Won,2024-01-05,2024-01-06,10\n2,Won,2024-03-05,2024-03-06,60\n";
    let plans = r#"
[plan.year]
starts = 2024-01-01
ends = 2024-12-31
targets = { won_amount = 366 }
[plan.march]
starts = 2024-03-01
ends = 2024-03-31
targets = { won_amount = 500, win_rate = 0.5 }
"#;
    let folder = crate::small::project(plans, &[("deals.csv", deals)]);
    let target = |words: &str| {
        let words =
            ["metrics", "--as-of=2024-12-31", "--format=json"].into_iter().chain(words.split(' '));
        let said: serde_json::Value =
            serde_json::from_str(&milepost(folder.path(), words).ok()).unwrap();
        said["metrics"][0]["target"].clone()
    };
    let quarter = target("--metric won_amount --period 2024-Q1");
    assert_eq!((&quarter["value"], &quarter["pro_rata"]), (&560.0.into(), &true.into()));
    assert_eq!(target("--metric won_amount --period 2024-03")["value"], 500.0);
    assert_eq!(
        target("--metric won_amount --period 2024-02")["attainment"],
        0.0,
        "nothing was won"
    );
    assert_eq!(target("--metric win_rate --period 2024-Q1"), serde_json::Value::Null);
    let narrowed = target("--metric won_amount --period 2024-03 --where amount>1");
    assert_eq!(narrowed, serde_json::Value::Null);
}

#[test]
fn windows_of_a_period_that_has_not_begun_have_no_value() {
    let deals = "Id,Stage,Created,Closed,Amount\n1,Won,2024-01-05,2024-01-06,10\n";
    let folder = crate::small::project("", &[("deals.csv", deals)]);
    let value = |metric: &str, period: &str| {
        let words = [
            "metrics",
            "--as-of=2024-02-10",
            "--format=json",
            "--metric",
            metric,
            "--period",
            period,
        ];
        let said: serde_json::Value =
            serde_json::from_str(&milepost(folder.path(), words).ok()).unwrap();
        (said["metrics"][0]["value"].clone(), said["metrics"][0]["reason"].clone())
    };
    for metric in ["won_amount_year_to_date", "won_amount_last_12_months"] {
        let (ahead, reason) = value(metric, "2024-03");
        assert_eq!(
            (ahead, reason),
            (serde_json::Value::Null, "it begins after the as-of date".into())
        );
        assert_eq!(value(metric, "2024-02").0, 10.0);
    }
}

/// A rate needs both sides: without a stage that is declared as lost it would be 100 %, without one as won 0 %.
#[test]
fn a_rate_over_outcomes_that_nothing_declares_is_withheld() {
    let rows = |stage: &str, from: u32| {
        let row = |n: u32| format!("{},{stage},2026-01-02,2026-02-10,{n}\n", from + n);
        (0..12).map(row).collect::<String>()
    };
    let deals = ["Id,Stage,Created,Closed,Amount\n", &rows("Won", 0), &rows("Lost", 100)].concat();
    let read = |more: &str| {
        let folder = small::project(more, &[("deals.csv", &deals)]);
        let words = "metrics --period 2026-02 --metric conversion_rate --format json";
        let said = milepost(folder.path(), words.split(' ')).ok();
        let all: Value = serde_json::from_str(&said).unwrap();
        all["metrics"][0].clone()
    };
    let found = read("");
    assert_eq!((&found["status"], &found["value"]), (&json!("not-computable"), &json!(null)));
    let reason = found["reason"].as_str().unwrap();
    assert!(reason.contains("no stage is declared with outcome lost"), "{reason}");
    let found = read("[stage.lost]\noutcome = \"lost\"\nvalues = [\"Lost\"]\n");
    assert_eq!((&found["status"], &found["value"]), (&json!("ok"), &json!(0.5)));
}

#[test]
fn cases_hold_in_a_project_that_names_its_own_owners() {
    let folder = small::project("[person.ada]\n[overlay.fact.flow]\nowner = \"ada\"\n", &[]);
    let said = milepost(folder.path(), ["test"]).ok();
    assert!(said.contains(" passed, 0 failed"), "{said}");
}
