//! Excel workbooks are read as what their cells are, and give what a CSV of the same table gives.

use std::io::{Read as _, Write as _};
use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use serde_json::Value;

use crate::run::{milepost, without_feeds};
use crate::small;

const HEADERS: [&str; 5] = ["Id", "Stage", "Created", "Closed", "Amount"];

/// Writes a workbook whose sheets are filled by `fill`.
fn book(path: &Path, sheets: &[&str], fill: impl Fn(&mut Worksheet)) {
    let mut book = Workbook::new();
    for name in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        sheet.write_row(0, 0, HEADERS).unwrap();
        fill(sheet);
    }
    book.save(path).unwrap();
}

fn day(sheet: &mut Worksheet, row: u32, column: u16, text: &str) {
    let format = Format::new().set_num_format("dd.mm.yyyy");
    let day = ExcelDateTime::parse_from_str(text).unwrap();
    sheet.write_datetime_with_format(row, column, &day, &format).unwrap();
}

fn won(folder: &Path, more: &[&str]) -> Value {
    let words = ["metrics", "--period=all", "--metric=won_amount", "--format=json"];
    let said = milepost(folder, words.iter().chain(more).copied());
    assert!(said.code == 0 || said.code == 3, "{}", said.stderr);
    serde_json::from_str::<Value>(&said.stdout).unwrap()["metrics"][0].clone()
}

/// A project that reads `deals.xlsx`.
fn project(more: &str) -> tempfile::TempDir {
    let folder = small::project("", &[]);
    let config = folder.path().join("milepost.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let file = format!("file = \"deals.xlsx\"\n{more}");
    std::fs::write(&config, text.replace("file = \"deals*.csv\"", &file)).unwrap();
    folder
}

#[test]
fn cells_are_read_as_what_they_are() {
    let folder = project("decimal = \",\"\ngrouping = \".\"\n");
    book(&folder.path().join("deals.xlsx"), &["Deals"], |sheet| {
        // A number with a point is a number, whatever marks the feed's texts have; a text goes by them.
        sheet.write_row(1, 0, ["A, \"1\"", "Won"]).unwrap();
        day(sheet, 1, 2, "2026-01-02");
        day(sheet, 1, 3, "2026-01-20");
        sheet.write_number(1, 4, 0.1).unwrap();
        sheet.write_number(2, 0, 7.0).unwrap();
        sheet.write_row(2, 1, ["Won", "2026-01-03", "2026-01-21", "1.200,50"]).unwrap();
        // Two empty rows, then a row that ends early and one with a note beside the table.
        sheet.write_row(5, 0, ["c", "Won", "2026-01-03", "2026-01-21"]).unwrap();
        sheet.write_row(6, 0, ["d", "Won", "2026-01-03", "2026-01-22"]).unwrap();
        sheet.write_number(6, 4, 1e-7).unwrap();
        sheet.write_row(6, 6, ["a note"]).unwrap();
        sheet.write_row(7, 0, ["e", "Won", "2026-01-03", "2026-01-22", "0"]).unwrap();
    });
    let value = won(folder.path(), &[]);
    assert_eq!(value["value"].to_string(), "1200.6000001");
    assert_eq!((&value["n"], &value["coverage"]), (&4.into(), &0.8.into()));
    let rows = ["explain", "won_amount", "--period", "all", "--rows", "--format", "json"];
    let said: Value = serde_json::from_str(&milepost(folder.path(), rows).ok()).unwrap();
    let (keys, places): (Vec<&str>, Vec<&str>) = said["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["key"].as_str().unwrap(), row["place"].as_str().unwrap()))
        .unzip();
    assert_eq!(keys, ["A, \"1\"", "7", "c", "d", "e"]);
    assert_eq!(places[0], "deals.xlsx!Deals!2:2");
    assert_eq!(places[2], "deals.xlsx!Deals!6:6", "empty rows are counted");
}

#[test]
fn what_does_not_fit_is_rejected_with_its_cell() {
    let folder = project("");
    book(&folder.path().join("deals.xlsx"), &["Deals"], |sheet| {
        sheet.write_row(1, 0, ["a", "Won", "2026-01-03"]).unwrap();
        sheet.write_number(1, 3, 46000.0).unwrap();
        sheet.write_number(1, 4, 5.0).unwrap();
        sheet.write_row(2, 0, ["b", "Won", "2026-01-03", "2026-01-21"]).unwrap();
        day(sheet, 2, 4, "2026-01-21");
        sheet.write_row(3, 0, ["c", "Won", "2026-01-03", "2026-01-21"]).unwrap();
        sheet.write_boolean(3, 4, true).unwrap();
    });
    let words = ["metrics", "--period=all", "--metric=won_amount"];
    let said = milepost(folder.path(), words);
    for cell in ["deals.xlsx!Deals!D2", "deals.xlsx!Deals!E3"] {
        assert!(said.stderr.contains(cell), "{}", said.stderr);
    }
    assert!(said.stderr.contains("2 cells of `amount` cannot be read"), "{}", said.stderr);
}

/// The workbook again, with a part of its only sheet's XML replaced.
fn rewrite(path: &Path, from: &str, to: &str) {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut written = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        let name = part.name().unwrap().into_owned();
        if name == "xl/worksheets/sheet1.xml" {
            assert!(text.contains(from), "{text}");
            text = text.replace(from, to);
        }
        written.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        written.write_all(text.as_bytes()).unwrap();
    }
    std::fs::write(path, written.finish().unwrap().into_inner()).unwrap();
}

#[test]
fn a_formula_without_a_stored_value_is_rejected() {
    let folder = project("");
    let path = folder.path().join("deals.xlsx");
    book(&path, &["Deals"], |sheet| {
        for (row, id) in (1..).zip(["a", "b", "c", "d", "e"]) {
            sheet.write_row(row, 0, [id, "Won", "2026-01-03", "2026-01-21"]).unwrap();
            sheet.write_number(row, 4, 5.0).unwrap();
        }
        sheet.write_formula(2, 4, "=IF(A2=\"x\",1,2)").unwrap();
        sheet.write_formula(3, 1, "=B2").unwrap();
        sheet.write_formula(4, 4, "=E2").unwrap();
        sheet.write_formula(5, 4, "=T(0)").unwrap();
    });
    rewrite(&path, "<f>IF(A2=\"x\",1,2)</f><v>0</v>", "<f>IF(A2=\"x\",1,2)</f><v></v>");
    rewrite(&path, "<f>B2</f><v>0</v>", "<f t=\"shared\" si=\"3\"/>");
    // A stored number is a number, a stored text without letters a blank.
    rewrite(&path, "<f>E2</f><v>0</v>", "<f>E2</f><v>7</v>");
    rewrite(&path, "<c r=\"E6\"><f>T(0)</f><v>0</v>", "<c r=\"E6\" t=\"str\"><f>T(0)</f><v></v>");
    let said = milepost(folder.path(), ["metrics", "--period=all", "--metric=won_amount"]);
    for part in [
        "1 cell of `amount` cannot be read",
        "deals.xlsx!Deals!E3",
        "`=IF(A2=\"x\",1,2)`, a formula without a stored value",
        "1 cell of `stage` cannot be read",
        "deals.xlsx!Deals!B4",
        "open the workbook in Excel and save it, or export values",
    ] {
        assert!(said.stderr.contains(part), "{part}: {}", said.stderr);
    }
    assert!(!said.stderr.contains("E6"), "{}", said.stderr);
    let value = won(folder.path(), &["--as-of=2026-02-01"]);
    assert_eq!((&value["n"], &value["coverage"]), (&2.into(), &0.4.into()), "{value}");
    let reason = "amount is blank on 1 and unreadable on 1 of 5 won deals";
    assert_eq!(value["reason"], reason, "the row without a stage may be one of them");
}

#[test]
fn hidden_rows_count_and_are_told() {
    let folder = project("");
    book(&folder.path().join("deals.xlsx"), &["Old", "Deals"], |sheet| {
        for row in 1..=4 {
            let id = row.to_string();
            sheet.write_row(row, 0, [&id, "Won", "2026-01-03", "2026-01-21", "5"]).unwrap();
        }
        if sheet.name() == "Deals" {
            [2, 3, 9].into_iter().for_each(|row| drop(sheet.set_row_hidden(row)));
        }
    });
    let of_sheet = |sheet: &str| {
        let config = folder.path().join("milepost.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        let text = text.replace(
            "file = \"deals.xlsx\"\n",
            &format!("file = \"deals.xlsx\"\nsheet = \"{sheet}\"\n"),
        );
        let other = tempfile::tempdir().unwrap();
        std::fs::write(other.path().join("milepost.toml"), text).unwrap();
        std::fs::copy(folder.path().join("deals.xlsx"), other.path().join("deals.xlsx")).unwrap();
        assert_eq!(won(other.path(), &[])["value"].as_f64(), Some(20.0));
        milepost(other.path(), ["metrics", "--period=all", "--metric=won_amount"]).stderr
    };
    let said = of_sheet("Deals");
    assert!(
        said.contains("2 of the 4 rows are hidden in the workbook; they are counted"),
        "{said}"
    );
    assert!(said.contains("deals.xlsx!Deals!3"), "{said}");
    let said = of_sheet("Old");
    assert!(!said.contains("hidden"), "{said}");
}

#[test]
fn texts_with_two_readings_are_a_question_and_numbers_are_not() {
    let texts = |texts: &'static [&str], numbers: &'static [f64]| {
        let folder = project("");
        book(&folder.path().join("deals.xlsx"), &["Deals"], |sheet| {
            for (row, text) in (1..).zip(texts) {
                let id = row.to_string();
                sheet.write_row(row, 0, [&id, "Won", "2026-01-03", "2026-01-21", text]).unwrap();
            }
            for (row, number) in (10..).zip(numbers) {
                sheet
                    .write_row(row, 0, [&row.to_string(), "Won", "2026-01-03", "2026-01-21"])
                    .unwrap();
                sheet.write_number(row, 4, *number).unwrap();
            }
        });
        milepost(folder.path(), ["metrics", "--period=all", "--metric=won_amount"])
    };
    for numbers in [&[][..], &[12.5]] {
        let said = texts(&["12.500", "3.000"], numbers);
        assert!(said.stderr.contains("decimal-unclear"), "{}", said.stderr);
    }
    for (text, numbers) in
        [(&["12.5", "12.500"][..], &[][..]), (&[], &[12.125]), (&["7"], &[1.375])]
    {
        let said = texts(text, numbers);
        assert_eq!(said.code, 0, "{}", said.stderr);
    }
}

#[test]
fn a_workbook_gives_what_its_csv_gives() {
    let folder = project("");
    let mut csv = HEADERS.join(",") + "\n";
    let rows: Vec<(u32, String)> =
        (1..400u32).map(|n| (n, format!("2026-{:02}-{:02}", n % 12 + 1, n % 28 + 1))).collect();
    for (n, date) in &rows {
        let stage = if n % 3 == 0 { "Talking" } else { "Won" };
        csv += &format!("{n},{stage},{date},{date},{}.{:02}\n", n * 37 % 1000, n % 100);
    }
    book(&folder.path().join("deals.xlsx"), &["Deals"], |sheet| {
        for (n, date) in &rows {
            sheet.write_number(*n, 0, *n).unwrap();
            sheet.write_string(*n, 1, if n % 3 == 0 { "Talking" } else { "Won" }).unwrap();
            day(sheet, *n, 2, date);
            day(sheet, *n, 3, date);
            sheet.write_number(*n, 4, f64::from(n * 37 % 1000 * 100 + n % 100) / 100.0).unwrap();
        }
    });
    let words = ["metrics", "--grain=month", "--last=12", "--by=stage", "--format=json"];
    let of_book = milepost(folder.path(), words).ok();
    for flags in [&["--threads=1"][..], &["--block-size=50"]] {
        assert_eq!(of_book, milepost(folder.path(), words.iter().chain(flags).copied()).ok());
    }
    let other = small::project("", &[("deals.csv", &csv)]);
    assert_eq!(without_feeds(&of_book), without_feeds(&milepost(other.path(), words).ok()));
}

#[test]
fn a_sheet_of_two_far_cells_takes_no_memory() {
    let folder = project("");
    book(&folder.path().join("deals.xlsx"), &["Deals"], |sheet| {
        sheet.write_row(1, 0, ["a", "Won", "2026-01-03", "2026-01-21"]).unwrap();
        sheet.write_number(1, 4, 5.0).unwrap();
        sheet.write_string(1_048_575, 16_383, "far").unwrap();
    });
    assert_eq!(won(folder.path(), &[])["value"].as_f64(), Some(5.0));
}

#[test]
fn a_sheet_is_found_or_named() {
    let folder = project("sheet = \"Deals\"\n");
    book(&folder.path().join("deals.xlsx"), &["Notes", "Deals"], |sheet| {
        let amount = if sheet.name() == "Deals" { 5.0 } else { 7.0 };
        sheet.write_row(1, 0, ["a", "Won", "2026-01-03", "2026-01-21"]).unwrap();
        sheet.write_number(1, 4, amount).unwrap();
    });
    assert_eq!(won(folder.path(), &[])["value"].as_f64(), Some(5.0));
    let hidden = project("");
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Old").unwrap().set_hidden(true);
    let sheet = book.add_worksheet();
    sheet.set_active(true);
    sheet.write_row(0, 0, HEADERS).unwrap();
    sheet.write_row(1, 0, ["a", "Won", "2026-01-03", "2026-01-21", "9"]).unwrap();
    book.save(hidden.path().join("deals.xlsx")).unwrap();
    assert_eq!(won(hidden.path(), &[])["value"].as_f64(), Some(9.0), "only one sheet is shown");
}

#[test]
fn broken_workbooks_are_said_to_be() {
    let folder = project("");
    let path = folder.path().join("deals.xlsx");
    book(&path, &["Deals"], |sheet| {
        for n in 1..2000 {
            sheet
                .write_row(n, 0, [&n.to_string(), "Won", "2026-01-03", "2026-01-21", "1"])
                .unwrap();
        }
    });
    let whole = std::fs::read(&path).unwrap();
    for cut in [4, 100, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let said = milepost(folder.path(), ["metrics", "--period=all", "--metric=won_amount"]);
        assert_eq!(said.code, 3, "cut at {cut}: {}", said.stderr);
        assert!(said.stderr.contains("workbook-broken"), "cut at {cut}: {}", said.stderr);
    }
    // A byte that is not what it was: an error or the same value, and never a crash.
    for at in (0..whole.len()).step_by(whole.len() / 60) {
        let mut broken = whole.clone();
        broken[at] ^= 0x55;
        std::fs::write(&path, &broken).unwrap();
        let said = milepost(folder.path(), ["metrics", "--period=all", "--metric=won_amount"]);
        assert!([0, 2, 3].contains(&said.code), "byte {at}: {} {}", said.code, said.stderr);
    }
}

/// The first row is taken for the header; below it stands 2 January 2021, then a duration, which is no date.
#[test]
fn both_calendars_of_excel_are_known() {
    let Some(data) = std::env::var_os("MILEPOST_DATA") else {
        println!("skipped: MILEPOST_DATA is not set");
        return;
    };
    for name in ["date_1904.xlsx", "date.xlsx"] {
        let folder = tempfile::tempdir().unwrap();
        let config = r#"
[project]
name = "Calendars"
currency = "EUR"
as-of = 2026-01-01
[dataset.days]
title = "Days"
[dataset.days.columns]
day = { type = "date" }
[feed.days]
dataset = "days"
file = "days.xlsx"
header-row = 1
columns.day = "2021-01-01"
[metric.found]
kind = "total"
title = "Found"
unit = "count"
noun = "days"
dataset = "days"
where = "extract(year from day) = 2021 and extract(month from day) = 1 and extract(day from day) = 2"
value = "count(*)"
coverage-floor = 0.5
question = "Is the day read as it is shown?"
why = "Two calendars lie four years apart."
"#;
        std::fs::write(folder.path().join("milepost.toml"), config).unwrap();
        let book = Path::new(&data).join("c-calamine").join(name);
        std::fs::copy(book, folder.path().join("days.xlsx")).unwrap();
        let words = ["metrics", "--metric=found", "--period=all", "--format=csv"];
        let said = milepost(folder.path(), words);
        assert!(
            said.stdout.contains("found,,,,1,count,1,"),
            "{name}: {}{}",
            said.stdout,
            said.stderr
        );
        assert!(said.stderr.contains("1 cell of `day` cannot be read"), "{name}: {}", said.stderr);
    }
}
