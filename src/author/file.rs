//! One file, looked at from its first byte to its last row.

use super::column::Column;
use super::header::{self, Header};
use super::rules::{Rules, Trials};
use super::split::{self, Ways};
use super::table::{Pass, Table};
use super::verdict::{Around, Order, Sure, Verdict};
use super::wide::{self, Columns, RowSums, Shape};
use crate::data::look::{self, Look, Records, Split};
use crate::data::{Exports, Failure};
use crate::diag::{Diagnostic, Fault};

/// What is known of a file.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) file: String,
    pub(super) look: Option<Look>,
    pub(super) line_end: Option<&'static str>,
    pub(super) tables: Vec<SeenTable>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A table that was read.
#[derive(Debug)]
pub(super) struct SeenTable {
    pub(super) sheet: Option<String>,
    pub(super) split: Split,
    pub(super) split_sure: Sure,
    pub(super) split_because: String,
    pub(super) header: Header,
    /// Names of the columns, with blanks for those that only rows have.
    pub(super) names: Vec<String>,
    pub(super) table: Table,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) rules: Rules,
    pub(super) shapes: Vec<Shape>,
}

/// Looks at a file. What is wrong with it is among its diagnostics.
pub(super) fn see(files: &Exports, file: &str) -> Result<Seen, Fault> {
    let mut seen = Seen {
        file: file.to_owned(),
        look: None,
        line_end: None,
        tables: Vec::new(),
        diagnostics: Vec::new(),
    };
    match try_see(files, file, &mut seen) {
        Ok(()) => {}
        Err(Failure::Fault(fault)) => return Err(fault),
        Err(Failure::Mistakes(mistakes)) => seen.diagnostics.extend(mistakes),
    }
    Ok(seen)
}

fn try_see(files: &Exports, file: &str, seen: &mut Seen) -> Result<(), Failure> {
    let look = look::look(files, file)?;
    let sheets = look.sheets.clone();
    let form = look.form;
    seen.look = Some(look);
    if !form.is_workbook() {
        seen.line_end = look::sample(files, file, None)?.line_end;
        let ways = split::find(files, file)?;
        seen.table(files, None, ways)?;
        return Ok(());
    }
    for sheet in sheets {
        let read = split::sheet(files, file, &sheet)
            .and_then(|ways| seen.table(files, Some(sheet.as_str()), ways));
        match read {
            Err(Failure::Mistakes(mistakes)) => seen.diagnostics.extend(mistakes),
            other => other?,
        }
    }
    Ok(())
}

impl Seen {
    fn table(&mut self, files: &Exports, sheet: Option<&str>, ways: Ways) -> Result<(), Failure> {
        let Ways { best, sure, because } = ways;
        let header = header::find(&best.sample, best.width);
        let one_column = best.width == 1 && sheet.is_none();
        let mut pass = Pass::new(&header, sheet.is_some());
        let records = Records::open(files, &self.file, sheet, best.split, one_column)?;
        let read = records.each(|row| {
            pass.take(row);
            true
        });
        // What stands before the place where it breaks off is shown all the same.
        match read {
            Ok(warnings) => self.diagnostics.extend(warnings),
            Err(Failure::Mistakes(mistakes)) => self.diagnostics.extend(mistakes),
            Err(fault) => return Err(fault),
        }
        let table = pass.done();
        let mut names = header.names.clone();
        names.resize(names.len().max(table.columns.len()), String::new());
        let verdicts = verdicts(&names, &table.columns);
        let mut trials = Trials::new(&table, &header, &verdicts);
        let mut sums = RowSums::new(&names, &verdicts, (header.last_row(), table.last_row));
        if trials.is_some() || sums.is_some() {
            let records = Records::open(files, &self.file, sheet, best.split, one_column)?;
            let again = records.each(|row| {
                trials.iter_mut().for_each(|trials| trials.take(row));
                sums.iter_mut().for_each(|sums| sums.take(row));
                true
            });
            // Its mistakes are told already.
            if let Err(Failure::Fault(fault)) = again {
                return Err(Failure::Fault(fault));
            }
        }
        let rules = trials.map(Trials::done).unwrap_or_default();
        let columns = Columns {
            names: &names,
            seen: &table.columns,
            verdicts: &verdicts,
            rows: table.rows,
            row_sums: &sums.map(RowSums::done).unwrap_or_default(),
            doubtful: !rules.asked.is_empty(),
        };
        let shapes = wide::shapes(&columns);
        self.tables.push(SeenTable {
            sheet: sheet.map(ToOwned::to_owned),
            split: best.split,
            split_sure: sure,
            split_because: because,
            header,
            names,
            table,
            verdicts,
            rules,
            shapes,
        });
        Ok(())
    }
}

/// Judges all columns; what some are sure of decides for those that are not.
fn verdicts(names: &[String], columns: &[Column]) -> Vec<Verdict> {
    let judge = |around: Around| -> Vec<Verdict> {
        let named = names.iter().zip(columns);
        named.map(|(name, column)| Verdict::of(name, column, around)).collect()
    };
    let first = judge(Around::default());
    let agreed = |decimals: Vec<char>| -> Option<char> {
        let (one, rest) = decimals.split_first()?;
        rest.iter().all(|other| other == one).then_some(*one)
    };
    let orders: Vec<Order> = first.iter().filter_map(|verdict| verdict.first).collect();
    let same = orders.windows(2).all(|pair| pair[0] == pair[1]);
    let certain = first.iter().filter(|verdict| verdict.questions.is_empty());
    let around = Around {
        first: orders.first().copied().filter(|_| same),
        decimal: agreed(certain.filter_map(|verdict| verdict.decimal).collect()),
    };
    if around.first.is_none() && around.decimal.is_none() { first } else { judge(around) }
}
