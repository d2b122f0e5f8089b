//! Which record names the columns: every one near the top is scored by what stands below it.

use std::collections::BTreeSet;

use super::date;
use super::number::Number;
use super::split::{Sampled, Taste};
use super::verdict::Sure;
use super::words::words;

/// Records that may be the header.
const NEAR_TOP: usize = 40;
/// Records below that speak for one.
const BELOW: usize = 60;

/// The header of a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Header {
    /// Rows, counted as a spreadsheet does; none where there is no header.
    pub(super) rows: Vec<u64>,
    /// Names by column; blank where there is none.
    pub(super) names: Vec<String>,
    pub(super) sure: Sure,
    pub(super) because: String,
    /// Rows above that hold something.
    pub(super) above: u64,
    /// Cells that most records below fill.
    pub(super) usual: usize,
    /// Columns whose cells below are numbers or dates.
    pub(super) typed: Vec<bool>,
}

impl Header {
    pub(super) fn last_row(&self) -> u64 {
        self.rows.last().copied().unwrap_or(0)
    }

    /// The first column that is named or, without a header, filled.
    pub(super) fn first_column(&self) -> usize {
        self.names.iter().position(|name| !name.is_empty()).unwrap_or(0)
    }
}

/// One candidate.
struct Score {
    at: usize,
    points: usize,
    /// Columns that hold numbers or dates below a name that is neither.
    typed: usize,
    /// Names that are themselves numbers, dates or words for nothing.
    data: usize,
    /// Names that the same column holds once more below.
    again: usize,
    names: usize,
}

/// Finds the header.
pub(super) fn find(sample: &Sampled, width: usize) -> Header {
    let near_top = 0..sample.len().min(NEAR_TOP);
    let mut scores: Vec<Score> = near_top.filter_map(|at| score(sample, at, width)).collect();
    // Right below a record that is as full, and names as well, stands a row.
    let above: Vec<(usize, usize)> =
        scores.iter().filter(|score| score.data == 0).map(|s| (s.at, s.names)).collect();
    scores.retain(|score| {
        let touches = |at: usize| sample[score.at].0 - sample[at].0 == (score.at - at) as u64;
        !above.iter().any(|(at, names)| *at < score.at && *names >= score.names && touches(*at))
    });
    // Of equals the upper one.
    let best = scores.iter().max_by_key(|score| (score.points, std::cmp::Reverse(score.at)));
    let Some(best) = best else {
        return none(sample, width, "no record is filled".into());
    };
    let best = match is_data(sample, best) {
        None => best,
        Some(because) => match header_above(sample, best, &scores) {
            Some(other) => other,
            None => {
                let first = score(sample, 0, width).and_then(|first| is_data(sample, &first));
                return none(sample, width, first.unwrap_or(because));
            }
        },
    };
    // What stands there once more further up is the header, and all below are repeats.
    let same = |score: &&Score| sample[score.at].1 == sample[best.at].1;
    let best = scores.iter().filter(same).min_by_key(|score| score.at).unwrap_or(best);
    let (sure, because) = reasons(sample, best, &scores);
    let rows = several(sample, best.at);
    let (first, last) = (*rows.start(), *rows.end());
    let body = block(sample, last);
    let grouped = first < last;
    Header {
        names: joined(sample, first, last),
        sure: if grouped { sure.max(Sure::Likely) } else { sure },
        because: if grouped { format!("{because}; two rows name them together") } else { because },
        rows: (first..=last).map(|at| sample[at].0).collect(),
        above: first as u64,
        usual: usual(body),
        typed: typed(body),
    }
}

fn none(sample: &Sampled, width: usize, because: String) -> Header {
    let filled = sample.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    Header {
        names: vec![String::new(); width.max(filled.min(width.max(1)))],
        sure: Sure::Likely,
        because,
        usual: usual(sample),
        typed: typed(sample),
        ..Header::default()
    }
}

/// The records below one, up to blank lines.
fn block(sample: &Sampled, at: usize) -> &[(u64, Vec<Taste>)] {
    let below = &sample[at + 1..sample.len().min(at + 1 + BELOW)];
    let ends = |pair: &[(u64, Vec<Taste>)]| pair[1].0 > pair[0].0 + 1;
    let end = below.windows(2).position(ends).map_or(below.len(), |at| at + 1);
    &below[..end]
}

/// A number, a date, a moment, a truth.
pub(super) fn is_typed(taste: &Taste) -> bool {
    let truth = |word: &str| taste.text.eq_ignore_ascii_case(word);
    taste.exact
        || truth("true")
        || truth("false")
        || Number::of(&taste.text).is_some()
        || date::read(&taste.text).is_some()
        || date::is_time(&taste.text)
}

/// A year or a month may well name a column.
fn is_period(taste: &Taste) -> bool {
    date::is_year(&taste.text) || date::read(&taste.text).is_some()
}

fn filled(cells: &[Taste]) -> impl Iterator<Item = (usize, &Taste)> + Clone {
    cells.iter().enumerate().filter(|(_, taste)| !taste.is_blank())
}

fn score(sample: &Sampled, at: usize, width: usize) -> Option<Score> {
    let cells = &sample[at].1;
    let names: Vec<(usize, &Taste)> = filled(cells).collect();
    if names.is_empty() || names.len() == 1 && width > 1 && sample.len() > 1 {
        return None;
    }
    let body: Vec<&Vec<Taste>> = block(sample, at).iter().map(|(_, cells)| cells).collect();
    let (mut under, mut all, mut typed, mut again) = (0, 0, 0, 0);
    for cells in &body {
        all += filled(cells).count();
        under +=
            names.iter().filter(|(at, _)| cells.get(*at).is_some_and(|t| !t.is_blank())).count();
    }
    let data = names
        .iter()
        .filter(|(_, taste)| (is_typed(taste) && !is_period(taste)) || words().is_null(&taste.text))
        .count();
    for (at, taste) in &names {
        let below: Vec<&Taste> =
            body.iter().filter_map(|cells| cells.get(*at)).filter(|t| !t.is_blank()).collect();
        let count = below.iter().filter(|taste| is_typed(taste)).count();
        typed += usize::from(!is_typed(taste) && count * 5 >= below.len() * 4 && count > 0);
        again +=
            usize::from(!is_typed(taste) && below.iter().any(|other| other.text == taste.text));
    }
    let different: BTreeSet<&str> = names.iter().map(|(_, taste)| taste.text.as_str()).collect();
    let long = names.iter().filter(|(_, taste)| taste.text.chars().count() > 80).count();
    let n = names.len();
    // All in thousandths: names over cells, filled cells below names, names that are names.
    let cover = (under * 1000).checked_div(all).unwrap_or(500);
    let support = (under * 1000).checked_div(n * body.len()).unwrap_or(500).min(1000);
    let named = (n - data.min(n)) * 1000 / n;
    let distinct = different.len() * 1000 / n;
    let short = (n - long) * 1000 / n;
    let fresh = if body.len() < 8 { 1000 } else { 1000 - again * 600 / n };
    let base = [cover, 400 + support * 6 / 10, named, distinct, short, fresh]
        .iter()
        .fold(1000, |points, part| points * part / 1000);
    let points = base * 10 + typed * 1500 / n + n.min(width) * 1500 / width.max(1);
    Some(Score { at, points, typed, data, again, names: n })
}

/// The best candidate above a row of data.
fn header_above<'a>(sample: &Sampled, best: &Score, scores: &'a [Score]) -> Option<&'a Score> {
    let fits = |score: &&Score| {
        score.at < best.at
            && score.points * 10 >= best.points * 3
            && score.names > 1
            && score.data == 0
            && is_data(sample, score).is_none()
    };
    scores.iter().filter(fits).max_by_key(|score| score.points)
}

/// Why the best candidate is a row of data, where it is one.
fn is_data(sample: &Sampled, best: &Score) -> Option<String> {
    let cells = &sample[best.at].1;
    let row = sample[best.at].0;
    let names = || filled(cells).map(|(_, taste)| taste);
    if names().all(is_typed) && !names().all(|taste| date::is_year(&taste.text)) {
        return Some(format!("row {row} holds nothing but numbers and dates"));
    }
    if best.data * 3 >= best.names && best.typed == 0 || best.data * 2 > best.names {
        return Some(format!(
            "row {row} holds {} numbers or dates among {} cells, as the rows below do",
            best.data, best.names
        ));
    }
    let body = &sample[best.at + 1..];
    if best.typed == 0 && best.data > 0 && body.len() > 1 {
        let columns = filled(cells).filter(|(_, taste)| is_typed(taste));
        let same = |(at, _): &(usize, &Taste)| {
            body.iter().filter(|(_, cells)| cells.get(*at).is_some_and(is_typed)).count() * 2
                > body.len()
        };
        if columns.clone().all(|column| same(&column)) && columns.count() > 0 {
            return Some(format!("row {row} holds numbers where the rows below hold numbers"));
        }
    }
    if best.typed == 0 && best.again * 2 > best.names && body.len() > 3 {
        return Some(format!(
            "{} of {} cells of row {row} stand in their column once more",
            best.again, best.names
        ));
    }
    None
}

fn reasons(sample: &Sampled, best: &Score, scores: &[Score]) -> (Sure, String) {
    let row = sample[best.at].0;
    let rivals = scores.iter().filter(|score| {
        score.at != best.at && score.points * 100 >= best.points * 97 && score.points > 0
    });
    let rival = rivals.min_by_key(|score| score.at).map(|score| sample[score.at].0);
    let before = scores.iter().find(|score| {
        let (first, last) = (sample[score.at].0, block(sample, score.at).last());
        score.at + 2 < best.at
            && last.is_some_and(|(row, _)| *row < sample[best.at].0 && *row > first + 1)
            && score.points * 10 >= best.points * 8
    });
    if let Some(before) = before {
        let other = sample[before.at].0;
        return (
            Sure::Open,
            format!(
                "row {row} names {} columns, and above it another table begins in row {other}: `header-row` should say which",
                best.names
            ),
        );
    }
    if best.typed > 0 {
        return (
            Sure::Certain,
            format!(
                "row {row} names {} columns, and below {} of them stand numbers or dates",
                best.names, best.typed
            ),
        );
    }
    match rival {
        _ if sample.len() == best.at + 1 => {
            (Sure::Likely, format!("row {row} is the last: no row stands below it"))
        }
        Some(_) if best.at == 0 => {
            (Sure::Likely, format!("row {row} is the first, and all cells are texts"))
        }
        Some(other) => (
            Sure::Open,
            format!(
                "row {row} could be the header, and so could row {other}: `header-row` should say which"
            ),
        ),
        None => {
            (Sure::Likely, format!("row {row} names {} columns; all cells are texts", best.names))
        }
    }
}

/// The rows of a header: with the one above where that groups the names, or the one below where that says more of
/// them.
fn several(sample: &Sampled, at: usize) -> std::ops::RangeInclusive<usize> {
    let touches = |at: usize| at + 1 < sample.len() && sample[at].0 + 1 == sample[at + 1].0;
    if at > 0 && touches(at - 1) && groups(sample, at - 1) {
        return at - 1..=at;
    }
    // The upper of two rows is the fuller one where names are merged over both.
    if touches(at) && groups(sample, at) && !filled(&sample[at + 1].1).any(|(_, t)| is_typed(t)) {
        return at..=at + 1;
    }
    if touches(at) && explains(sample, at + 1) {
        return at..=at + 1;
    }
    at..=at
}

/// Whether a row stands in groups over the names of the next, some of which come again.
fn groups(sample: &Sampled, above: usize) -> bool {
    let groups: Vec<(usize, &Taste)> = filled(&sample[above].1).collect();
    let names: Vec<(usize, &Taste)> = filled(&sample[above + 1].1).collect();
    let over = groups.iter().all(|(at, taste)| {
        let period = date::is_year(&taste.text) || date::read(&taste.text).is_some_and(|d| d.month);
        let below = names.iter().any(|(name, _)| name == at);
        // A name merged over both rows stands in the upper one, left of the groups.
        let merged = names.first().is_some_and(|(first, _)| at < first);
        (below || merged) && (!is_typed(taste) || period)
    });
    let under = groups.iter().filter(|(at, _)| names.iter().any(|(name, _)| name == at)).count();
    let different: BTreeSet<&str> = names.iter().map(|(_, taste)| taste.text.as_str()).collect();
    let again = different.len() < names.len();
    under >= 2 && under < names.len() && over && again
}

/// Whether a row right below the names says more of each: `(in grams)`, `[EUR]`.
fn explains(sample: &Sampled, at: usize) -> bool {
    let cells = &sample[at].1;
    let all = filled(cells).count();
    let said = filled(cells).filter(|(_, taste)| {
        let ends = [('(', ')'), ('[', ']')];
        ends.iter()
            .any(|(open, close)| taste.text.starts_with(*open) && taste.text.ends_with(*close))
    });
    all > 1 && said.count() * 2 >= all && !filled(cells).any(|(_, taste)| is_typed(taste))
}

/// Names of one or two rows: an upper name spreads to the right over blanks.
fn joined(sample: &Sampled, first: usize, last: usize) -> Vec<String> {
    let width = sample[first..=last].iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let mut names = vec![String::new(); width];
    for at in first..=last {
        let cells = &sample[at].1;
        let mut spread = "";
        for (column, name) in names.iter_mut().enumerate() {
            let own = cells.get(column).map_or("", |taste| taste.text.as_str());
            let below = sample[at..=last]
                .iter()
                .any(|(_, cells)| cells.get(column).is_some_and(|t| !t.is_blank()));
            spread = if own.is_empty() && at < last && below { spread } else { own };
            if !spread.is_empty() {
                name.push_str(if name.is_empty() { "" } else { " " });
                name.push_str(spread);
            }
        }
    }
    names
}

/// The cells that the middle record fills.
fn usual(body: &[(u64, Vec<Taste>)]) -> usize {
    // Totals are thin, and a report may have as many of them as rows.
    let adds =
        |cells: &[Taste]| filled(cells).next().is_some_and(|(_, t)| words().is_total(&t.text));
    let rows = body.iter().filter(|(_, cells)| !adds(cells));
    let mut counts: Vec<usize> = rows.map(|(_, cells)| filled(cells).count()).collect();
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().unwrap_or(0)
}

/// Of which columns most cells are numbers or dates.
fn typed(body: &[(u64, Vec<Taste>)]) -> Vec<bool> {
    let width = body.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let is = |at: usize| {
        let cells =
            body.iter().filter_map(|(_, cells)| cells.get(at)).filter(|taste| !taste.is_blank());
        let (typed, all) = cells
            .fold((0, 0), |(typed, all), taste| (typed + usize::from(is_typed(taste)), all + 1));
        all > 0 && typed * 5 >= all * 3
    };
    (0..width).map(is).collect()
}
