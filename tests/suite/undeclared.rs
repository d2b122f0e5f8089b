//! A dialect that the feed does not declare gives the known value, or none with a word; never another one.

use std::path::Path;

use serde_json::Value;

use crate::run::milepost;
use crate::small;

const HEADER: &str = "Id,Stage,Created,Closed,Amount";
const DAYS: [&str; 3] = ["2026-01-20", "2026-01-21", "2026-02-03"];
const AMOUNTS: [&str; 3] = ["1234.56", "200.50", "12.25"];
const SUM: &str = "1447.31";

/// Three won deals.
fn table(header: &str, delimiter: &str, days: [&str; 3], amounts: [&str; 3]) -> String {
    let mut text = header.replace(',', delimiter) + "\n";
    for (at, (day, amount)) in days.iter().zip(amounts).enumerate() {
        let quote = if amount.contains(delimiter) { "\"" } else { "" };
        let amount = format!("{quote}{amount}{quote}");
        let id = at.to_string();
        let cells = [id.as_str(), "Won", day, day, &amount].join(delimiter);
        text += &format!("{cells}\n");
    }
    text.trim_start().to_owned()
}

/// The value, or what is said instead of it.
fn read(folder: &Path) -> Result<String, String> {
    let words = "metrics --period all --metric won_amount --format json --as-of 2026-03-01";
    let said = milepost(folder, words.split(' '));
    if said.code != 0 {
        assert!([2, 3].contains(&said.code), "{}", said.stderr);
        return Err(said.stderr);
    }
    let all: Value = serde_json::from_str(&said.stdout).unwrap();
    let value = &all["metrics"][0];
    match value["status"].as_str() {
        Some("ok") => Ok(value["value"].to_string()),
        Some("not-computable") => Err(format!("{}\n{}", value["reason"], said.stderr)),
        other => panic!("{other:?}"),
    }
}

fn of(bytes: impl AsRef<[u8]>) -> Result<String, String> {
    let folder = small::project("", &[]);
    std::fs::write(folder.path().join("deals.csv"), bytes).unwrap();
    read(folder.path())
}

#[test]
fn what_can_be_found_is_found() {
    let plain = table(HEADER, ",", DAYS, AMOUNTS);
    let units: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for text in [
        plain.clone().into_bytes(),
        units,
        format!("\u{feff}{plain}").into_bytes(),
        plain.replace('\n', "\r\n").into_bytes(),
        table(HEADER, "\t", DAYS, AMOUNTS).into_bytes(),
        table(HEADER, ";", DAYS, ["€ 1234.56", "200.50 EUR", "+12.25"]).into(),
    ] {
        assert_eq!(of(text), Ok(SUM.to_owned()));
    }
}

#[test]
fn marks_that_nobody_declared_give_no_number() {
    for (delimiter, amounts) in [
        (";", ["1234,56", "200,50", "12,25"]),
        (",", ["1.234,56", "200,50", "12,25"]),
        (",", ["1,234.56", "2,000.50", "1,212.25"]),
        (";", ["1\u{a0}234,56", "2\u{a0}000,50", "12,25"]),
        (",", ["1'234.56", "2'000.50", "1'212.25"]),
        (",", ["$1234.56", "$200.50", "$12.25"]),
        (",", ["12%", "13%", "14%"]),
        (",", ["1.2k", "3k", "4k"]),
    ] {
        let said = of(table(HEADER, delimiter, DAYS, amounts)).unwrap_err();
        let why =
            if amounts[0].contains('$') { "another currency" } else { "amount is unreadable" };
        assert!(said.contains(why), "{amounts:?}: {said}");
        assert!(said.contains("rejected-cells"), "{amounts:?}: {said}");
    }
    for amounts in [["1.234", "2.005", "12.250"], ["1.234", "2.005,50", "1"]] {
        let said = of(table(HEADER, ";", DAYS, amounts)).unwrap_err();
        assert!(said.contains("decimal-unclear"), "{amounts:?}: {said}");
    }
    // Cells that a bare decimal comma cuts in two.
    let torn = table(HEADER, ",", DAYS, AMOUNTS).replace('.', ",");
    let said = of(torn).unwrap_err();
    assert!(said.contains("rejected-cells"), "{said}");
}

#[test]
fn a_number_with_two_readings_is_none_wherever_it_stands() {
    // The records that decide have no point at all; what comes behind them has two readings.
    let row = |id: usize, amount: &str| format!("{id},Won,2026-01-02,2026-01-20,{amount}\n");
    let many = |first: &str| -> String {
        let head = (0..12_000).map(|id| row(id, first));
        let tail = (12_000..24_000).map(|id| row(id, "1.500"));
        std::iter::once(format!("{HEADER}\n")).chain(head).chain(tail).collect()
    };
    let said = of(many("500")).unwrap_err();
    assert!(said.contains("amount is unreadable on 12,000 of 24,000 won deals"), "{said}");
    assert_eq!(of(many("500.25")), Ok("6021000.0".to_owned()), "one that is sure decides");
    let folder = small::project("", &[("deals.csv", &many("500"))]);
    let config = folder.path().join("milepost.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    for (marks, sum) in
        [("decimal = \".\"", "6018000.0"), ("decimal = \",\"\ngrouping = \".\"", "24000000.0")]
    {
        let text = text.replace("file = ", &format!("{marks}\nfile = "));
        std::fs::write(&config, text).unwrap();
        assert_eq!(read(folder.path()), Ok(sum.to_owned()), "{marks}");
    }
}

#[test]
fn dates_that_nobody_declared_give_no_number() {
    for days in [
        ["03/01/2026", "04/01/2026", "05/02/2026"],
        ["01/20/2026", "01/21/2026", "02/03/2026"],
        ["20.01.26", "21.01.26", "03.02.26"],
        ["20-Jan-2026", "21-Jan-2026", "3-Feb-2026"],
        ["46042", "46043", "46056"],
    ] {
        let said = of(table(HEADER, ",", days, AMOUNTS)).unwrap_err();
        assert!(said.contains("closed_at is blank or unreadable on 3 of 3"), "{days:?}: {said}");
        assert!(said.contains("rejected-cells"), "{days:?}: {said}");
    }
}

#[test]
fn headers_that_nobody_declared_are_asked_for() {
    for header in ["", "Nr,Phase,Angelegt,Geschlossen,Betrag"] {
        let said = of(table(header, ",", DAYS, AMOUNTS)).unwrap_err();
        assert!(said.contains("header-missing"), "{header}: {said}");
    }
}
