//! Public corpora of difficult CSV files, read as text, against totals.
//!
//! Runs where `MILEPOST_DATA` names the folder that holds them. Names and rows stay there: only
//! totals stand here.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::tz::TimeZone;
use milepost::catalog::{CellForm, ColumnSource, Contract, Dataset, Feed, FeedColumn, OnDuplicate};
use milepost::data::{Exports, Failure, Want, open, read_all};
use milepost::disk::Files;
use milepost::domain::Type;
use milepost::text::Place;

#[derive(Debug, Default, PartialEq, Eq)]
struct Totals {
    files: usize,
    rows: usize,
    rejects: usize,
    codes: BTreeMap<&'static str, usize>,
}

fn place() -> Place {
    Place::File("feed".into())
}

fn dataset() -> Dataset {
    Dataset {
        id: "any".into(),
        title: String::new(),
        doc: String::new(),
        config: false,
        spellings: None,
        lines: None,
        plan_lines: None,
        rates: None,
        on_duplicate: OnDuplicate::Error,
        columns: Vec::new(),
        pack: None,
        place: place(),
    }
}

fn feed(file: &str) -> Feed {
    Feed {
        id: "any".into(),
        dataset: "any".into(),
        file: file.into(),
        contract: Contract::default(),
        columns: Vec::new(),
        filter: None,
        place: place(),
        file_place: place(),
    }
}

/// All columns of a file whose headers are single, as text.
fn wants(headers: &[String], feed: &mut Feed) -> Vec<Want> {
    let single = |h: &&String| !h.is_empty() && headers.iter().filter(|o| o == h).count() == 1;
    let mut wants = Vec::new();
    for header in headers.iter().filter(single) {
        let column = milepost::domain::Id::from(header.as_str());
        wants.push(Want { column: column.clone(), ty: Type::Text, scale: 0, hashed: false });
        feed.columns.push(FeedColumn {
            column,
            from: ColumnSource::Header(header.clone()),
            cells: CellForm::default(),
            place: place(),
        });
    }
    wants
}

fn read(files: &Exports, file: &str, totals: &mut Totals) -> Result<(), Failure> {
    let (dataset, mut feed, zone) = (dataset(), feed(file), TimeZone::UTC);
    let opened = open(files, &dataset, &feed, file, &[], &zone, 1 << 16)?;
    let wants = wants(opened.layout.headers(), &mut feed);
    let table = read_all(files, &dataset, &feed, &wants, &zone, |_, _| true)?;
    totals.rows += table.rows.len();
    totals.rejects += table.rejects.len();
    for warning in &table.warnings {
        *totals.codes.entry(warning.code).or_default() += 1;
    }
    Ok(())
}

fn totals(root: &str, corpus: &str) -> Totals {
    let folder = Path::new(root).join(corpus);
    let files = Files::below(&folder).unwrap_or_else(|e| panic!("{}: {e:?}", folder.display()));
    let files = Exports::new(files);
    let mut totals = Totals::default();
    for file in files.matching("**/*.csv").unwrap_or_else(|e| panic!("{e:?}")) {
        totals.files += 1;
        match read(&files, &file, &mut totals) {
            Ok(()) => {}
            Err(Failure::Fault(fault)) => panic!("{fault}"),
            Err(Failure::Mistakes(mistakes)) => {
                for mistake in mistakes {
                    *totals.codes.entry(mistake.code).or_default() += 1;
                }
            }
        }
    }
    totals
}

#[test]
fn public_corpora_give_their_totals() {
    let Ok(root) = std::env::var("MILEPOST_DATA") else {
        println!("skipped: MILEPOST_DATA is not set");
        return;
    };
    let spectrum = totals(&root, "c-csv-spectrum");
    assert_eq!(spectrum, expected(11, 20, 0, &[]));
    let good_and_bad = totals(&root, "c-csv-test-data");
    let codes = [("file-empty", 2), ("quote-unterminated", 1), ("stray-quote", 2)];
    assert_eq!(good_and_bad, expected(25, 19, 3, &codes));
    let real = totals(&root, "c-csvkit");
    let codes = [("encoding-guessed", 1), ("file-empty", 1)];
    assert_eq!(real, expected(72, 717, 10, &codes));
}

fn expected(files: usize, rows: usize, rejects: usize, codes: &[(&'static str, usize)]) -> Totals {
    Totals { files, rows, rejects, codes: codes.iter().copied().collect() }
}
