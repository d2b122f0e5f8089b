//! The newest day on which something happened, and whether the rest of the data leads up to it.

use std::collections::BTreeMap;

use super::leaf::leaf_value;
use super::model::Measurements;
use super::run::Measuring;
use super::scan::scan_feeds;
use super::state::State;
use super::table::Tables;
use super::{grid, local_day};
use crate::diag::Fault;
use crate::domain::{Day, Id, Value};
use crate::rel::Op;

/// What the survey for the as-of date found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Newest {
    pub day: Option<Day>,
    pub lone: Option<Lone>,
}

/// The newest day stands far behind all others: a slip, more often than not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lone {
    /// The newest of the others.
    pub before: Day,
    /// Rows behind that, and the column that holds the newest day.
    pub rows: u64,
    pub dataset: Id,
    pub column: Id,
}

/// Days in which nothing happened at all, before a newest day that stands alone.
const GAP: i32 = 2 * 366;
/// Fewer rows than these say nothing of what is usual.
const FEWEST: u64 = 10;

/// One year of all columns: rows, the newest day, and where it is.
struct Year {
    rows: u64,
    day: Day,
    at: (Id, Id),
}

/// Runs the scans of [`crate::plan::newest`]. A feed that cannot be read is for the measuring scan to report.
///
/// # Errors
/// Where the machine failed while a file was read.
pub fn newest(run: Measuring<'_>) -> Result<Newest, Fault> {
    let tables = Tables::of(run.catalog);
    let (mut nothing, mut years) = (Measurements::default(), BTreeMap::<u32, Year>::new());
    for scan in &run.plan.scans {
        let Some(dataset) = run.catalog.datasets.get(&scan.dataset) else { continue };
        let mut scanned = scan_feeds(run, scan, dataset, &tables, &mut nothing, &mut Vec::new())?;
        let merged = grid::merge(scan, &mut scanned.tallies);
        for (grouping, grid) in scan.groupings.iter().zip(&merged.grids) {
            let leaves: Vec<_> = grouping.leaves.iter().map(|at| &scan.leaves[*at]).collect();
            let arg = leaves.iter().find_map(|leaf| leaf.arg).map(|arg| run.plan.arena.get(arg));
            let Some((arg, Op::Column(path))) = arg.map(|arg| (arg, &arg.op)) else { continue };
            for (interval, cell) in grid.cells.values().flatten() {
                let (mut day, mut rows) = (None, 0);
                for (state, leaf) in cell.leaves.iter().zip(&leaves) {
                    if let State::Count(count) = state {
                        rows = *count;
                        continue;
                    }
                    day = match leaf_value(state, &leaf.function, Some(arg.ty), 0, 0) {
                        Ok(Value::Date(date)) => Some(date),
                        Ok(Value::DateTime(at)) => local_day(at.0, run.zone).map(Day),
                        _ => None,
                    };
                }
                let Some(day) = day else { continue };
                let at = || (scan.dataset.clone(), path.base().clone());
                let year = years.entry(*interval);
                let year = year.or_insert_with(|| Year { rows: 0, day, at: at() });
                if day > year.day {
                    (year.day, year.at) = (day, at());
                }
                year.rows += rows;
            }
        }
    }
    Ok(of(years.into_values().collect()))
}

/// What years in ascending order come to.
fn of(years: Vec<Year>) -> Newest {
    let all: u64 = years.iter().map(|year| year.rows).sum();
    let day = years.last().map(|year| year.day);
    let mut behind = 0;
    let gaps = years.windows(2).rev().filter_map(|two| {
        behind += two[1].rows;
        let alone = all >= FEWEST && behind <= (all / 100).max(1);
        (alone && two[1].day.0 - two[0].day.0 > GAP).then_some((two[0].day, behind))
    });
    let lone = gaps.last().zip(years.into_iter().next_back()).map(|((before, rows), last)| {
        let (dataset, column) = last.at;
        Lone { before, rows, dataset, column }
    });
    Newest { day, lone }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(years: &[(&str, u64)]) -> Newest {
        let at = || (Id::new("deals"), Id::new("closed_at"));
        let year = |(day, rows): &(&str, u64)| Year {
            rows: *rows,
            day: Day::of(day.parse().unwrap()),
            at: at(),
        };
        of(years.iter().map(year).collect())
    }

    fn lone(years: &[(&str, u64)]) -> Option<(String, u64)> {
        found(years).lone.map(|lone| (lone.before.to_string(), lone.rows))
    }

    #[test]
    fn a_slip_stands_alone_behind_a_gap() {
        let usual = [("2025-12-31", 40), ("2026-10-31", 50)];
        let with = |more: &[(&'static str, u64)]| lone(&[&usual[..], more].concat());
        let slip = |rows| Some(("2026-10-31".to_owned(), rows));
        assert_eq!(with(&[]), None);
        assert_eq!(with(&[("2052-03-01", 1)]), slip(1));
        assert_eq!(with(&[("2052-03-01", 2)]), None, "two of 92 rows are no slip");
        assert_eq!(with(&[("2028-10-31", 1)]), None, "two years");
        assert_eq!(with(&[("2028-11-05", 1)]), slip(1));
        let many = [("2026-10-31", 400), ("2052-03-01", 2), ("2099-01-01", 1)];
        assert_eq!(lone(&many), Some(("2026-10-31".into(), 3)), "the whole of what stands alone");
        assert_eq!(lone(&[("2019-01-01", 4), ("2026-01-01", 1)]), None, "too few to say");
        assert_eq!(found(&many).day.unwrap().to_string(), "2099-01-01");
        assert_eq!(found(&[]), Newest::default());
    }
}
