//! Amounts in other currencies: what an own reckoning in whole numbers says, whatever threads, blocks and forms.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

use crate::run::milepost;

const PROJECT: &str = r#"
[project]
name = "Harbour"
currency = "EUR"
as-of = 2026-06-30
rate-good-for = 9

[feed.crm]
dataset = "deals"
file = "deals.csv"

[stage.won]
outcome = "won"
[stage.lost]
outcome = "lost"
"#;

const FED: &str = "[feed.bank]\ndataset = \"rates\"\nfile = \"rates.csv\"\n";
const CODES: [&str; 4] = ["EUR", "USD", "gbp", "JPY"];

/// Numbers without a pattern, the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// A deal: day of the year from 0, code, cents, won.
type Deal = (u32, usize, i128, bool);

/// A rate: day, code, and what one unit is worth in millionths.
type Rate = (u32, usize, i128);

fn made(seed: u64) -> (Vec<Deal>, Vec<Rate>) {
    let mut n = Numbers(seed);
    let deal = |n: &mut Numbers| {
        let day = u32::try_from(n.below(150)).unwrap();
        let code = usize::try_from(n.below(4)).unwrap();
        (day, code, i128::from(n.below(90_000_000)) - 1_000, n.below(3) > 0)
    };
    let deals = (0..900).map(|_| deal(&mut n)).collect();
    let mut rates = Vec::new();
    for code in 1..CODES.len() {
        let mut day = 0;
        while day < 150 {
            rates.push((day, code, i128::from(n.below(1_900_000)) + 1));
            day += 1 + u32::try_from(n.below(8)).unwrap();
        }
    }
    (deals, rates)
}

fn date(day: u32) -> String {
    let (mut month, mut left) = (1, day);
    for length in [31, 28, 31, 30, 31, 30] {
        if left < length {
            break;
        }
        (month, left) = (month + 1, left - length);
    }
    format!("2026-{month:02}-{:02}", left + 1)
}

fn decimal(units: i128, digits: usize) -> String {
    let text = format!("{:0width$}", units.abs(), width = digits + 1);
    let (whole, part) = text.split_at(text.len() - digits);
    format!("{}{whole}.{part}", if units < 0 { "-" } else { "" })
}

fn deals_csv(deals: &[Deal]) -> String {
    let mut text = "Deal ID,Stage,Created Date,Close Date,Amount,Currency\n".to_owned();
    for (n, (day, code, cents, won)) in deals.iter().enumerate() {
        let stage = if *won { "won" } else { "lost" };
        let (day, amount) = (date(*day), decimal(*cents, 2));
        writeln!(text, "D{n},{stage},2026-01-01,{day},{amount},{}", CODES[*code]).unwrap();
    }
    text
}

fn rates_csv(rates: &[Rate]) -> String {
    let mut text = "day,currency,rate\n".to_owned();
    for (day, code, millionths) in rates {
        let code = CODES[*code].to_uppercase();
        writeln!(text, "{},{code},{}", date(*day), decimal(*millionths, 6)).unwrap();
    }
    text
}

fn rates_toml(rates: &[Rate]) -> String {
    let mut text = String::new();
    for (n, (day, code, millionths)) in rates.iter().enumerate() {
        let code = CODES[*code].to_uppercase();
        let (day, rate) = (date(*day), decimal(*millionths, 6));
        writeln!(text, "[rate.r{n}]\ncurrency = '{code}'\nfrom = {day}\nrate = {rate}").unwrap();
    }
    text
}

fn project(deals: &[Deal], more: &str, rates: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("milepost.toml", &format!("{PROJECT}{more}"));
    write("deals.csv", &deals_csv(deals));
    write("rates.csv", rates);
    folder
}

/// Won amount by month, as its exact literal; none where it is withheld.
fn told(folder: &Path, more: &[&str]) -> BTreeMap<String, Option<String>> {
    let words = ["metrics", "--metric", "won_amount", "--grain", "month", "--period", "2026-05"];
    let words = words.iter().chain(&["--last", "5", "--format", "json"]).chain(more).copied();
    let output = milepost(folder, words).ok();
    let all: Value = serde_json::from_str(&output).unwrap();
    let one = |m: &Value| {
        let exact = (!m["value"].is_null()).then(|| m["value"].to_string());
        (m["period"]["label"].as_str().unwrap().to_owned(), exact)
    };
    all["metrics"].as_array().unwrap().iter().map(one).collect()
}

/// The same by hand: billionths, each product rounded half to even.
fn reckoned(deals: &[Deal], rates: &[Rate], good_for: u32) -> BTreeMap<String, Option<i128>> {
    let mut sums: BTreeMap<String, Option<i128>> = BTreeMap::new();
    for (day, code, cents, _) in deals.iter().filter(|(.., won)| *won) {
        let sum = sums.entry(date(*day)[..7].to_owned()).or_insert(Some(0));
        let before = rates.iter().filter(|(from, of, _)| of == code && from <= day);
        let last =
            before.max_by_key(|(from, ..)| *from).filter(|(from, ..)| day - from <= good_for);
        let rate = if *code == 0 { Some(1_000_000) } else { last.map(|(.., rate)| *rate) };
        let worth = rate.map(|rate| {
            let (top, bottom) = (cents * 10_000_000 * rate, 1_000_000);
            let (whole, rest) = (top.div_euclid(bottom), top.rem_euclid(bottom));
            let up = rest * 2 > bottom || rest * 2 == bottom && whole % 2 != 0;
            whole + i128::from(up)
        });
        *sum = sum.zip(worth).map(|(sum, worth)| sum + worth);
    }
    sums
}

/// A literal in billionths.
fn billionths(literal: &str) -> i128 {
    let (whole, part) = literal.split_once('.').unwrap_or((literal, ""));
    let units: i128 = format!("{whole}{part:0<9}").parse().unwrap();
    units
}

#[test]
fn sums_are_what_an_own_reckoning_says_from_feeds_and_from_config() {
    for seed in [1, 7, 2026] {
        let (deals, rates) = made(seed);
        let expected = reckoned(&deals, &rates, 9);
        assert!(expected.len() == 5 && expected.values().all(Option::is_some));
        let fed = told(project(&deals, FED, &rates_csv(&rates)).path(), &[]);
        let config = told(project(&deals, &rates_toml(&rates), "").path(), &[]);
        assert_eq!(fed, config, "seed {seed}");
        for (month, sum) in &expected {
            let found = fed[month].as_deref().map(billionths);
            assert_eq!(found, *sum, "{month}, seed {seed}");
        }
    }
}

#[test]
fn threads_blocks_and_the_order_of_rows_change_nothing() {
    let (deals, mut rates) = made(3);
    let folder = project(&deals, FED, &rates_csv(&rates));
    let first = told(folder.path(), &[]);
    for (threads, block) in [("1", "64"), ("3", "200"), ("5", "4096")] {
        let again = told(folder.path(), &["--threads", threads, "--block-size", block]);
        assert_eq!(again, first, "{threads} threads, blocks of {block}");
    }
    rates.reverse();
    let turned: Vec<Deal> = deals.into_iter().rev().collect();
    assert_eq!(told(project(&turned, FED, &rates_csv(&rates)).path(), &[]), first);
}

#[test]
fn at_a_rate_of_one_an_amount_is_what_it_was() {
    let (deals, rates) = made(11);
    let ones: Vec<Rate> = rates.iter().map(|(day, code, _)| (*day, *code, 1_000_000)).collect();
    let plain: Vec<Deal> =
        deals.iter().map(|(day, _, cents, won)| (*day, 0, *cents, *won)).collect();
    let converted = told(project(&deals, FED, &rates_csv(&ones)).path(), &[]);
    assert_eq!(converted, told(project(&plain, "", "").path(), &[]));
    // And units of one are a rate of one.
    let units = rates_csv(&ones).replace("rate", "units");
    assert_eq!(told(project(&deals, FED, &units).path(), &[]), converted);
}

#[test]
fn a_month_with_an_amount_of_no_rate_is_withheld_and_the_others_are_not() {
    let (deals, mut rates) = made(5);
    let first = told(project(&deals, FED, &rates_csv(&rates)).path(), &[]);
    rates.retain(|(day, code, _)| *code != 1 || !date(*day).starts_with("2026-03"));
    let expected = reckoned(&deals, &rates, 9);
    let folder = project(&deals, FED, &rates_csv(&rates));
    let found = told(folder.path(), &[]);
    assert_eq!(found["2026-03"], None);
    for (month, sum) in &expected {
        assert_eq!(found[month].as_deref().map(billionths), *sum, "{month}");
    }
    assert_eq!(found["2026-02"], first["2026-02"]);
    let words = ["metrics", "--metric", "won_amount", "--period", "2026-03"];
    let stderr = milepost(folder.path(), words).stderr;
    assert!(
        stderr.contains("warning[no-rate]: there is no rate of `USD` from 2026-03-"),
        "{stderr}"
    );
}

#[test]
fn rates_that_disagree_or_are_not_above_zero_are_none() {
    let deals = [(40, 1, 10_000, true)];
    for rates in [
        "day,currency,rate\n2026-02-10,USD,0.9\n2026-02-10,USD,0.8\n",
        "day,currency,rate\n2026-02-10,USD,0\n",
        "day,currency,rate\n2026-02-10,USD,-0.9\n",
        "day,currency,rate\n2026-02-09,USD,0.8\n10/02/2026,USD,0.9\n",
        "day,currency,rate\n2026-02-09,USD,0.8\n2026-02-10,,0.9\n",
        "day,currency,rate\n2026-02-09,USD,0.8\n2026-02-10,USD,n/a\n",
    ] {
        let folder = project(&deals, FED, rates);
        assert_eq!(told(folder.path(), &[])["2026-02"], None, "{rates}");
        let stderr = milepost(folder.path(), ["metrics", "--metric", "won_amount"]).stderr;
        assert!(stderr.contains("warning[rates-disagree]"), "{stderr}");
    }
    let folder = project(
        &deals,
        FED,
        "day,currency,rate\n2026-02-10,USD,0.9\n2026-02-10,USD,0.90\nSource: a bank,,\n",
    );
    assert_eq!(told(folder.path(), &[])["2026-02"].as_deref(), Some("90.0"));
}

#[test]
fn a_row_shows_what_is_written_beside_what_it_is_worth() {
    let deals = [(40, 1, 10_000, true), (41, 0, 500, true)];
    let folder = project(&deals, FED, "day,currency,rate\n2026-02-10,USD,0.9\n");
    let words = ["explain", "won_amount", "--period", "2026-02", "--rows", "--format", "json"];
    let view: Value = serde_json::from_str(&milepost(folder.path(), words).ok()).unwrap();
    let cells = |n: usize| &view["rows"][n]["cells"];
    assert_eq!(
        (cells(0)["amount"].to_string(), &cells(0)["amount as written"]),
        ("90".into(), &"100 USD".into())
    );
    assert_eq!(
        (cells(1)["amount"].to_string(), &cells(1)["amount as written"]),
        ("5".into(), &"5 EUR".into())
    );
    let line = view["converted"][0].as_str().unwrap();
    assert!(line.contains("1 of 2 amounts, USD at 0.9 on 1 row"), "{line}");
}

#[test]
fn rates_of_which_a_file_cannot_be_read_are_none() {
    let deals = [(40, 1, 10_000, true)];
    let more = FED.replace("rates.csv", "rates*.csv");
    let folder = project(&deals, &more, "day,currency,rate\n2026-02-09,USD,0.9\n");
    assert_eq!(told(folder.path(), &[])["2026-02"].as_deref(), Some("90.0"));
    // What it says of the tenth nobody knows, so that the ninth is not the last before it.
    std::fs::write(folder.path().join("rates-2.csv"), "day,currency\n\"2026-02-10,USD,0.5\n")
        .unwrap();
    let words = ["metrics", "--metric", "won_amount", "--period", "2026-02", "--format", "json"];
    let output = milepost(folder.path(), words);
    assert_ne!(output.code, 0);
    let all: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(all["metrics"][0]["status"], "not-computable", "{all}");
}
