//! What plans want of a value, and what a period that is not over is compared with, against numbers made by hand.

use std::path::Path;

use serde_json::{Value, json};

use crate::run::milepost;
use crate::small;

/// Amounts on both sides of the point that the 15th of February is of a month, a quarter and a year.
const DEALS: &str = "Id,Stage,Created,Closed,Amount,channel
1,Won,2025-01-02,2025-01-05,40,a
2,Won,2025-01-02,2025-02-15,60,a
3,Won,2025-01-02,2025-02-16,1000,a
4,Won,2025-01-02,2025-11-15,179,b
5,Won,2025-01-02,2025-11-16,5000,b
6,Won,2025-01-02,2026-01-15,100,a
7,Won,2025-01-02,2026-01-16,200,b
8,Won,2025-01-02,2026-02-10,50,a
9,Won,2025-01-02,2026-02-15,8,b
";

const AS_OF: &[&str] = &["--as-of", "2026-02-15"];

const CHANNELS: &str = "[channel.a]\n[channel.b]\n";

fn plan(id: &str, from: &str, to: &str, more: &str) -> String {
    format!("[plan.{id}]\nstarts = {from}\nends = {to}\n{more}\n")
}

fn amount(id: &str, from: &str, to: &str, target: u32) -> String {
    plan(id, from, to, &format!("targets = {{ won_amount = {target} }}"))
}

fn year() -> String {
    amount("year", "2026-01-01", "2026-12-31", 3650)
}

fn months() -> String {
    amount("jan", "2026-01-01", "2026-01-31", 200)
        + &amount("feb", "2026-02-01", "2026-02-28", 281)
        + &amount("mar", "2026-03-01", "2026-03-31", 400)
}

fn quarters() -> String {
    amount("q1", "2026-01-01", "2026-03-31", 450) + &amount("q2", "2026-04-01", "2026-06-30", 1000)
}

fn asked(folder: &Path, metric: &str, period: &str, more: &[&str]) -> Vec<Value> {
    let words = ["metrics", "--format", "json", "--metric", metric, "--period", period];
    let said = milepost(folder, words.iter().chain(more).copied()).ok();
    let said: Value = serde_json::from_str(&said).unwrap();
    said["metrics"].as_array().unwrap().clone()
}

fn target(plans: &str, metric: &str, period: &str) -> Value {
    let folder = small::project(&format!("{CHANNELS}{plans}"), &[("deals.csv", DEALS)]);
    asked(folder.path(), metric, period, AS_OF)[0]["target"].clone()
}

fn wants(value: f64, attainment: f64, pro_rata: bool, pace: Option<f64>, plans: &[&str]) -> Value {
    json!({ "value": value, "attainment": attainment, "pro_rata": pro_rata, "pace": pace, "plans": plans })
}

#[test]
fn a_line_of_just_the_period_is_its_target() {
    // 358 of 3650; by the 46th day of 365 it should be 460.
    let of_year = wants(3650.0, 0.098082, false, Some(0.778261), &["year"]);
    assert_eq!(target(&year(), "won_amount", "2026"), of_year);
    // A month that is over has no pace.
    let over = wants(200.0, 1.5, false, None, &["jan"]);
    assert_eq!(target(&months(), "won_amount", "2026-01"), over);
    // 58 of 281; by the 15th day of 28 it should be 150.535714.
    let open = wants(281.0, 0.206406, false, Some(0.385291), &["feb"]);
    assert_eq!(target(&(months() + &quarters() + &year()), "won_amount", "2026-02"), open);
}

#[test]
fn lines_that_tile_a_period_add_up_the_longest_first() {
    let all = year() + &months() + &quarters();
    let of = |plans: &str, period: &str| {
        let found = target(plans, "won_amount", period);
        (found["value"].clone(), found["pro_rata"].clone(), found["plans"].clone())
    };
    let half = (json!(1450.0), json!(false), json!(["q1", "q2"]));
    assert_eq!(of(&all, "2026-01-01..2026-06-30"), half);
    let by_months = (json!(881.0), json!(false), json!(["jan", "feb", "mar"]));
    assert_eq!(of(&months(), "2026-Q1"), by_months);
    // The longest line leads nowhere: April has none.
    let four = months() + &quarters() + &amount("apr", "2026-04-01", "2026-04-30", 7);
    let back = (json!(457.0), json!(false), json!(["q1", "apr"]));
    assert_eq!(of(&four, "2026-01-01..2026-04-30"), back);
    let cross = amount("jan-feb", "2026-01-01", "2026-02-28", 5)
        + &months()
        + &amount("feb-mar", "2026-02-01", "2026-03-31", 6);
    let found = (json!(405.0), json!(false), json!(["jan-feb", "mar"]));
    assert_eq!(of(&cross, "2026-Q1"), found);
    // Lines that leave a gap tile nothing, and none holds all of it.
    assert_eq!(target(&months(), "won_amount", "2026-01-01..2026-04-30"), Value::Null);
}

#[test]
fn a_longer_line_gives_its_share_by_days() {
    let of_year = wants(280.0, 0.207143, true, Some(0.386667), &["year"]);
    assert_eq!(target(&year(), "won_amount", "2026-02"), of_year);
    // The shortest that holds it: 450 × 28 ÷ 90.
    let of_quarter = wants(140.0, 0.414286, true, Some(0.773333), &["q1"]);
    assert_eq!(target(&(year() + &quarters()), "won_amount", "2026-02"), of_quarter);
    assert_eq!(target(&months(), "won_amount", "all"), Value::Null);
    assert_eq!(target(&year(), "won_amount", "2025-12"), Value::Null);
}

#[test]
fn a_rate_is_wanted_as_it_stands() {
    let rates = plan("year", "2026-01-01", "2026-12-31", "targets = { win_rate = 0.5 }")
        + &plan("feb", "2026-02-01", "2026-02-28", "targets = { conversion_rate = 0.4 }");
    // The name `win_rate` is an alias: both names have the targets of both.
    for metric in ["conversion_rate", "win_rate"] {
        for (period, value, name) in [("2026-02", 0.4, "feb"), ("2026-Q1", 0.5, "year")] {
            let found = target(&rates, metric, period);
            assert_eq!(found["value"], value, "{metric} {period}");
            assert_eq!((&found["pro_rata"], &found["pace"]), (&json!(false), &Value::Null));
            assert_eq!(found["plans"], json!([name]));
        }
    }
}

#[test]
fn a_target_of_one_scope_is_of_no_other() {
    let more = "channel = \"a\"\ntargets = { won_amount = 365 }";
    let plans = format!("{CHANNELS}{}", plan("of-a", "2026-01-01", "2026-12-31", more));
    let folder = small::project(&plans, &[("deals.csv", DEALS)]);
    let by = ["--by", "channel", "--by", "channel,stage"];
    let found = asked(folder.path(), "won_amount", "2026-02", &[AS_OF, &by].concat());
    let with: Vec<&Value> = found.iter().filter(|m| !m["target"].is_null()).collect();
    assert_eq!((found.len(), with.len()), (5, 1), "{found:?}");
    assert_eq!(with[0]["slice"], json!({ "channel": "a" }));
    // 50 of 365 × 28 ÷ 365.
    let wanted = wants(28.0, 1.785714, true, Some(3.333333), &["of-a"]);
    assert_eq!(with[0]["target"], wanted);
}

fn compared(period: &str, words: &[&str]) -> (Value, Vec<(Value, Value, Value, Value)>) {
    let folder = small::project(CHANNELS, &[("deals.csv", DEALS)]);
    let found = asked(folder.path(), "won_amount", period, words)[0].clone();
    let one = |c: &Value| {
        (c["period"].clone(), c["same_point"].clone(), c["value"].clone(), c["change"].clone())
    };
    (found["value"].clone(), found["comparisons"].as_array().unwrap().iter().map(one).collect())
}

#[test]
fn what_is_not_over_is_compared_at_the_same_point() {
    let at = |period: &str, value: f64, change: f64| {
        (json!(period), json!(true), json!(value), json!(change))
    };
    for (period, value, before, year_before) in [
        (
            "2026-02",
            58.0,
            ("2026-01-01..2026-01-15", 100.0, -42.0),
            ("2025-02-01..2025-02-15", 60.0, -3.333333),
        ),
        (
            "2026-Q1",
            358.0,
            ("2025-10-01..2025-11-15", 179.0, 100.0),
            ("2025-01-01..2025-02-15", 100.0, 258.0),
        ),
        (
            "2026",
            358.0,
            ("2025-01-01..2025-02-15", 100.0, 258.0),
            ("2025-01-01..2025-02-15", 100.0, 258.0),
        ),
    ] {
        let (found, comparisons) = compared(period, AS_OF);
        assert_eq!(found, value, "{period}");
        assert_eq!(comparisons.len(), 2, "{period}: {comparisons:?}");
        for (found, (span, value, change)) in comparisons.iter().zip([before, year_before]) {
            let wanted = at(span, value, change);
            assert_eq!(
                (&found.0, &found.1, &found.2),
                (&wanted.0, &wanted.1, &wanted.2),
                "{period}"
            );
            let off = found.3.as_f64().unwrap() - change;
            assert!(off.abs() < 1e-4, "{period}: {found:?}");
        }
    }
}

#[test]
fn the_30th_of_march_is_the_end_of_february() {
    let (_, comparisons) = compared("2026-03", &["--as-of", "2026-03-30"]);
    assert_eq!(
        (&comparisons[0].0, &comparisons[0].2),
        (&json!("2026-02-01..2026-02-28"), &json!(58.0))
    );
}

#[test]
fn an_as_of_date_from_the_data_is_no_point_to_compare_at() {
    // The newest deal is of the same day as above, but the export may be newer.
    for period in ["2026-02", "2026-Q1", "2026"] {
        let (_, comparisons) = compared(period, &[]);
        assert!(comparisons.iter().all(|c| c.1 == false && c.3.is_null()), "{comparisons:?}");
    }
    let (_, over) = compared("2026-01", &[]);
    assert_eq!(over[0].1, json!(false));
}
