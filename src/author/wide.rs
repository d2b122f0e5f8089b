//! Shapes that a table has besides rows and columns: months as columns, logs of events, cells that mean the one
//! above them.

use std::fmt::Write;

use super::column::Column;
use super::date;
use super::sums::size;
use super::verdict::{Kind, Sure, Verdict, list};
use super::words::{About, tokens, words};
use crate::data::look::Row;
use crate::domain::Grain;

/// A shape, with the contract's line for it.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) what: &'static str,
    pub(super) says: String,
    pub(super) contract: String,
    /// The columns that become values.
    pub(super) columns: Vec<usize>,
    /// Columns that would stand on each of the rows that these become, and add them up.
    pub(super) sums: Vec<usize>,
    pub(super) sure: Sure,
    /// It can be written for a dataset that is made for it.
    pub(super) applies: bool,
    /// The rows stay what they are.
    pub(super) same_rows: bool,
}

/// A table's columns: names, what they hold, what that is.
pub(super) struct Columns<'a> {
    pub(super) names: &'a [String],
    pub(super) seen: &'a [Column],
    pub(super) verdicts: &'a [Verdict],
    pub(super) rows: u64,
    /// Columns of each row's sums.
    pub(super) row_sums: &'a [usize],
    /// A record that may be none is read as a row.
    pub(super) doubtful: bool,
}

pub(super) fn shapes(columns: &Columns<'_>) -> Vec<Shape> {
    [unpivot(columns), events(columns), fill_down(columns)].into_iter().flatten().collect()
}

/// Of a name that is a day, a week, a month, a quarter or a year.
fn grain(name: &str) -> Option<Grain> {
    let coded = |code: &str| {
        let mut letters = code.chars();
        let grain = match letters.next()? {
            'M' | 'm' => Grain::Month,
            'Q' | 'q' => Grain::Quarter,
            'W' | 'w' => Grain::Week,
            _ => return None,
        };
        let digits = letters.as_str();
        let fits = (1..=2).contains(&digits.len())
            && digits.parse().is_ok_and(|n: u32| (1..=53).contains(&n));
        fits.then_some(grain)
    };
    let parts = tokens(name);
    let of_month = parts.len() <= 2 && parts.first().is_some_and(|part| words().is_month(part));
    let of_part = || parts.iter().filter(|_| parts.len() == 2).find_map(|part| coded(part));
    if date::is_year(name) {
        Some(Grain::Year)
    } else if of_month {
        Some(Grain::Month)
    } else {
        let of_day = |date: date::Date| if date.month { Grain::Month } else { Grain::Day };
        coded(name).or_else(of_part).or_else(|| date::read(name).map(of_day))
    }
}

/// The columns of the shortest periods of which there are several, and those of longer ones.
pub(super) fn periods(names: &[String]) -> (Vec<usize>, Vec<usize>) {
    let grains: Vec<(usize, Grain)> =
        names.iter().enumerate().filter_map(|(at, name)| Some((at, grain(name)?))).collect();
    let several = |grain: &Grain| grains.iter().filter(|(_, other)| other == grain).count() > 1;
    let finest = grains.iter().map(|(_, grain)| *grain).filter(several).min();
    let at = |is: &dyn Fn(Grain, Grain) -> bool| {
        let of =
            |(at, grain): &(usize, Grain)| finest.is_some_and(|f| is(*grain, f)).then_some(*at);
        grains.iter().filter_map(of).collect()
    };
    (at(&|grain, finest| grain == finest), at(&|grain, finest| grain > finest))
}

/// Columns that add up those of the periods, row by row, or say so.
pub(super) struct RowSums<'a> {
    names: &'a [String],
    periods: Vec<usize>,
    longer: Vec<usize>,
    /// By other column: rows of which its number is their sum, and is not.
    others: Vec<(usize, u64, u64)>,
    rows: (u64, u64),
}

impl<'a> RowSums<'a> {
    /// Between two rows of the file; none where no columns are named by periods.
    pub(super) fn new(names: &'a [String], verdicts: &[Verdict], rows: (u64, u64)) -> Option<Self> {
        let (periods, longer) = self::periods(names);
        let is_other = |at: &usize| {
            let number = verdicts.get(*at).is_some_and(|verdict| verdict.kind.is_number());
            number && !periods.contains(at) && !longer.contains(at)
        };
        let others = (0..names.len()).filter(is_other).map(|at| (at, 0, 0)).collect();
        (periods.len() > 1).then_some(Self { names, periods, longer, others, rows })
    }

    pub(super) fn take(&mut self, row: &Row<'_>) {
        if row.row <= self.rows.0 || row.row > self.rows.1 {
            return;
        }
        let sum: i128 = self.periods.iter().filter_map(|at| size(&row.cell(*at))).sum();
        for (at, same, other) in &mut self.others {
            match size(&row.cell(*at)) {
                Some(0) | None => {}
                Some(size) if size == sum => *same += 1,
                Some(_) => *other += 1,
            }
        }
    }

    pub(super) fn done(self) -> Vec<usize> {
        let adds = |(at, same, other): &(usize, u64, u64)| {
            same + other > 0 && same * 10 >= (same + other) * 9
                || words().is_row_sum(&self.names[*at])
        };
        let others = self.others.iter().filter(|other| adds(other)).map(|(at, ..)| *at);
        let mut all: Vec<usize> = self.longer.iter().copied().chain(others).collect();
        all.sort_unstable();
        all
    }
}

/// Columns whose names are periods are values of one column.
fn unpivot(columns: &Columns<'_>) -> Option<Shape> {
    let (periods, longer) = self::periods(columns.names);
    let mut all: Vec<usize> = periods.iter().chain(&longer).copied().collect();
    all.sort_unstable();
    let run = all.windows(2).filter(|pair| pair[0] + 1 == pair[1]).count() + 1;
    let numbers = periods.iter().filter(|at| {
        let kind = columns.verdicts.get(**at).map(|verdict| verdict.kind);
        kind.is_some_and(|kind| kind.is_number() || kind == Kind::Blank)
    });
    if all.len() < 3 || run < 3 || numbers.count() * 3 < periods.len() * 2 {
        return None;
    }
    let names: Vec<String> = periods.iter().map(|at| columns.names[*at].clone()).collect();
    let quoted: Vec<String> = names.iter().map(|name| super::quoted::text(name)).collect();
    let (period, value) = made_names(columns.names);
    let mut says = format!("{} columns are named by periods: {}", names.len(), list(&names));
    if !columns.row_sums.is_empty() {
        let sums: Vec<String> =
            columns.row_sums.iter().map(|at| columns.names[*at].clone()).collect();
        let _ = write!(says, "; left out, for they add up others: {}", list(&sums));
    }
    Some(Shape {
        what: "periods as columns",
        says,
        contract: format!(
            "unpivot = {{ columns = [{}], name = \"{period}\", value = \"{value}\" }}",
            quoted.join(", ")
        ),
        columns: periods,
        sums: columns.row_sums.to_vec(),
        sure: Sure::Likely,
        applies: true,
        same_rows: false,
    })
}

/// What the two columns are called that unpivoted ones become, beside those that are there.
pub(super) fn made_names(names: &[String]) -> (&'static str, &'static str) {
    let taken = |name: &str| names.iter().any(|other| other == name);
    let free = |name, other| if taken(name) { other } else { name };
    (free("period", "period of the column"), free("amount", "amount of the column"))
}

/// An id that comes again, a time, and a stage: a row is an event.
fn events(columns: &Columns<'_>) -> Option<Shape> {
    let all = || {
        (0..columns.names.len().min(columns.verdicts.len()))
            .filter(|at| !columns.names[*at].is_empty())
    };
    let time =
        all().find(|at| columns.verdicts[*at].kind.is_time() && columns.seen[*at].blank == 0)?;
    let stage = what_happened(columns)?;
    let fits = |at: &usize| {
        let (distinct, more) = columns.seen[*at].distinct();
        let filled = columns.seen[*at].filled;
        let again = !more
            && distinct > 2
            && (distinct as u64) * 5 <= filled * 4
            && (distinct as u64) * 50 >= filled;
        again
            && filled == columns.rows
            && *at != stage
            && words().speaks(&columns.names[*at], About::Id)
            && !columns.verdicts[*at].kind.is_time()
    };
    let distinct = |at: &usize| columns.seen[*at].distinct().0;
    let entity = all().filter(fits).max_by_key(|at| (distinct(at), std::cmp::Reverse(*at)))?;
    // A row that has an id of its own is a thing, unless that is the id of an event.
    let unique = all().any(|at| {
        let whole = columns.seen[at].is_unique() && columns.seen[at].blank == 0;
        whole
            && !columns.verdicts[at].kind.is_time()
            && !words().speaks(&columns.names[at], About::Event)
    });
    if unique || columns.rows < 20 {
        return None;
    }
    let name = |at: usize| columns.names[at].clone();
    let (distinct, _) = columns.seen[entity].distinct();
    let quoted = |at: usize| super::quoted::text(&columns.names[at]);
    Some(Shape {
        what: "a log of events",
        says: format!(
            "`{}` has {distinct} values in {} rows, with a time in `{}` and few texts in `{}`: each row is an event of one of {distinct}",
            name(entity),
            columns.rows,
            name(time),
            name(stage)
        ),
        contract: format!(
            "events = {{ entity = {}, at = {}, event = {} }}",
            quoted(entity),
            quoted(time),
            quoted(stage)
        ),
        columns: Vec::new(),
        sums: Vec::new(),
        sure: Sure::Likely,
        applies: false,
        same_rows: false,
    })
}

/// The column that says what happened: to what something changed, rather than the name of the field.
fn what_happened(columns: &Columns<'_>) -> Option<usize> {
    let speaks = |at: &usize, about: About| words().speaks(&columns.names[*at], about);
    let told = |at: &usize| {
        let said = [About::Stage, About::Event, About::Becomes].iter().any(|a| speaks(at, *a));
        // What is the same on every row is no event.
        let differs = columns.seen[*at].distinct().0 > 1;
        let choice = columns.verdicts[*at].kind == Kind::Choice;
        said && differs && choice && !speaks(at, About::Before)
    };
    let all = 0..columns.names.len().min(columns.verdicts.len());
    all.filter(told).min_by_key(|at| !speaks(at, About::Becomes))
}

/// A text that stands once, with blanks below it.
fn fill_down(columns: &Columns<'_>) -> Option<Shape> {
    let count = columns.names.len().min(columns.verdicts.len());
    let named = || (0..count).filter(|at| !columns.names[*at].is_empty());
    // Of several, only what stands left of all others groups them.
    let sure: Vec<usize> = named().take(3).take_while(|at| groups(columns, *at)).collect();
    let (found, sure) = if sure.is_empty() || columns.doubtful {
        (named().take(3).filter(|at| may_group(columns, *at)).collect(), Sure::Open)
    } else {
        (sure, Sure::Likely)
    };
    let last = *found.last()?;
    let full = (last + 1..count).any(|at| columns.seen[at].filled * 20 >= columns.rows * 19);
    if !full {
        return None;
    }
    let names: Vec<String> = found.iter().map(|at| columns.names[*at].clone()).collect();
    let quoted: Vec<String> = names.iter().map(|name| super::quoted::text(name)).collect();
    let names = list(&names);
    let says = match sure {
        Sure::Open => format!(
            "Question: does a blank in {names} mean the cell above, as merged cells leave it, or nothing? Nothing is \
             what it means here; for the cell above"
        ),
        _ => format!("{names} stands once and is blank below, as merged cells leave it"),
    };
    Some(Shape {
        what: "groups",
        says,
        contract: format!("fill-down = [{}]", quoted.join(", ")),
        columns: Vec::new(),
        sums: Vec::new(),
        sure,
        applies: true,
        same_rows: true,
    })
}

/// Whether a column is filled in some rows, from the first one on, and its values do not come again.
fn may_group(columns: &Columns<'_>, at: usize) -> bool {
    let (column, verdict) = (&columns.seen[at], &columns.verdicts[at]);
    let (distinct, more) = column.distinct();
    let text = matches!(verdict.kind, Kind::Id | Kind::Text | Kind::Choice);
    text && !more
        && columns.rows >= 5
        && column.first_filled
        && column.filled >= 2
        && distinct as u64 == column.filled
        && column.blank * 10 >= columns.rows * 3
        && column.filled * 50 >= columns.rows
}

/// Whether it surely groups the rows: it heads several of them nearly everywhere, and is none that names them. Groups
/// inside of groups come again: the report's own mark tells.
fn groups(columns: &Columns<'_>, at: usize) -> bool {
    let (column, verdict) = (&columns.seen[at], &columns.verdicts[at]);
    let marked = words().is_grouped(&columns.names[at]) && column.first_filled && column.blank > 0;
    // Few values with much below them are rather what somebody noted here and there.
    let heads = column.groups * 10 >= column.filled * 8
        && column.filled * 2 <= columns.rows
        && column.filled * 8 >= columns.rows;
    let coded = column.examples().iter().all(|text| text.contains(|c: char| c.is_ascii_digit()));
    let names = verdict.kind == Kind::Id && coded || words().speaks(&columns.names[at], About::Id);
    marked || may_group(columns, at) && heads && !names
}
