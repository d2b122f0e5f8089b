//! Shapes that a table has besides rows and columns: months as columns, logs of events, cells that mean the one
//! above them.

use super::column::Column;
use super::date;
use super::verdict::{Kind, Verdict, list};
use super::words::{About, tokens, words};

/// A shape, with the contract's line for it.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) what: &'static str,
    pub(super) says: String,
    pub(super) contract: String,
    /// The columns that become values.
    pub(super) columns: Vec<usize>,
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
}

pub(super) fn shapes(columns: &Columns<'_>) -> Vec<Shape> {
    [unpivot(columns), events(columns), fill_down(columns)].into_iter().flatten().collect()
}

/// Whether a name is a day, a month, a quarter or a year.
fn is_period(name: &str) -> bool {
    let coded = |code: &str| {
        let mut letters = code.chars();
        let first = letters.next().is_some_and(|c| matches!(c, 'M' | 'Q' | 'W' | 'm' | 'q' | 'w'));
        let digits = letters.as_str();
        first
            && (1..=2).contains(&digits.len())
            && digits.parse().is_ok_and(|n: u32| (1..=53).contains(&n))
    };
    let parts = tokens(name);
    let month = parts.len() <= 2 && parts.first().is_some_and(|part| words().is_month(part));
    let part = parts.len() == 2 && parts.iter().any(|part| coded(part));
    date::is_year(name) || coded(name) || month || part || date::read(name).is_some()
}

/// Columns whose names are periods are values of one column.
fn unpivot(columns: &Columns<'_>) -> Option<Shape> {
    let periods: Vec<usize> =
        (0..columns.names.len()).filter(|at| is_period(&columns.names[*at])).collect();
    let run = periods.windows(2).filter(|pair| pair[0] + 1 == pair[1]).count() + 1;
    let numbers = periods.iter().filter(|at| {
        let kind = columns.verdicts.get(**at).map(|verdict| verdict.kind);
        kind.is_some_and(|kind| kind.is_number() || kind == Kind::Blank)
    });
    if periods.len() < 3 || run < 3 || numbers.count() * 3 < periods.len() * 2 {
        return None;
    }
    let names: Vec<String> = periods.iter().map(|at| columns.names[*at].clone()).collect();
    let quoted: Vec<String> = names.iter().map(|name| super::quoted::text(name)).collect();
    let (period, value) = made_names(columns.names);
    Some(Shape {
        what: "periods as columns",
        says: format!("{} columns are named by periods: {}", names.len(), list(&names)),
        contract: format!(
            "unpivot = {{ columns = [{}], name = \"{period}\", value = \"{value}\" }}",
            quoted.join(", ")
        ),
        columns: periods,
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
    let grouped = |at: &usize| {
        let (column, verdict) = (&columns.seen[*at], &columns.verdicts[*at]);
        let (distinct, more) = column.distinct();
        let text = matches!(verdict.kind, Kind::Id | Kind::Text | Kind::Choice);
        text && !more
            && columns.rows >= 5
            && column.first_filled
            && column.filled >= 2
            && distinct as u64 == column.filled
            && column.blank * 10 >= columns.rows * 3
            && column.filled * 50 >= columns.rows
    };
    // Groups inside of groups come again: the report's own mark tells.
    let marked = |at: &usize| {
        let column = &columns.seen[*at];
        words().is_grouped(&columns.names[*at]) && column.first_filled && column.blank > 0
    };
    let count = columns.names.len().min(columns.verdicts.len());
    let found: Vec<usize> = (0..count.min(3))
        .filter(|at| !columns.names[*at].is_empty())
        .filter(|at| grouped(at) || marked(at))
        .collect();
    let last = *found.last()?;
    let full = (last + 1..count).any(|at| columns.seen[at].filled * 20 >= columns.rows * 19);
    if !full {
        return None;
    }
    let names: Vec<String> = found.iter().map(|at| columns.names[*at].clone()).collect();
    let quoted: Vec<String> = names.iter().map(|name| super::quoted::text(name)).collect();
    Some(Shape {
        what: "groups",
        says: format!("{} stands once and is blank below, as merged cells leave it", list(&names)),
        contract: format!("fill-down = [{}]", quoted.join(", ")),
        columns: Vec::new(),
        applies: true,
        same_rows: true,
    })
}
