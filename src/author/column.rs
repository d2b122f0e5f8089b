//! What all cells of a column show: counts first, and what follows from them in `verdict`.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::date;
use super::number::Number;
use super::words::words;
use crate::data::look::Cell;

/// Distinct texts that are kept with their counts.
const MOST_TEXTS: usize = 2_000;
/// Distinct values that are counted exactly.
const MOST_COUNTED: usize = 200_000;
/// A day of 1900 to 2200 as a number of eight digits, a spreadsheet's serial, seconds, milliseconds.
const SERIALS: std::ops::Range<i128> = 10_000..80_000;
const SECONDS: std::ops::Range<i128> = 600_000_000..4_200_000_000;

/// What one text is, besides a text.
#[derive(Debug, Clone)]
enum Shape {
    /// Of a workbook's own number or date, which was counted when it was met.
    Counted,
    Null,
    Number(Number),
    Date(date::Date),
    Time,
    Text,
}

/// The numbers of a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    pub(super) all: u64,
    /// Without any mark.
    pub(super) plain: u64,
    pub(super) whole: u64,
    /// By mark: where it can only be the decimal mark, can only group, can be either.
    pub(super) decimal: BTreeMap<char, u64>,
    pub(super) grouping: BTreeMap<char, u64>,
    pub(super) either: BTreeMap<char, u64>,
    pub(super) money: BTreeMap<String, u64>,
    pub(super) percent: u64,
    pub(super) suffix: BTreeMap<String, u64>,
    pub(super) leading_zero: u64,
    /// Least and greatest, with a point and with a comma as the decimal mark, as written.
    pub(super) point: Range,
    pub(super) comma: Range,
    pub(super) serials: u64,
    /// Eight digits that are a day, as `20261031`.
    pub(super) compact: u64,
    pub(super) seconds: u64,
    pub(super) millis: u64,
    /// An example of a number that can be read in two ways.
    pub(super) unclear: Option<String>,
}

/// The least and the greatest, with their texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Range(pub(super) Option<(i128, String)>, pub(super) Option<(i128, String)>);

/// The dates of a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Dates {
    pub(super) all: u64,
    pub(super) times: u64,
    pub(super) foreign: u64,
    /// Without a day.
    pub(super) months: u64,
    /// By form: the cells that it fits, the first and the last day.
    pub(super) forms: BTreeMap<String, (u64, i32, i32)>,
    /// By form without the order of day and month: the cells that both orders fit.
    pub(super) both: BTreeMap<String, u64>,
    /// An example of each form.
    pub(super) example: BTreeMap<String, String>,
}

/// The cells of a column.
#[derive(Debug, Default)]
pub(super) struct Column {
    pub(super) filled: u64,
    pub(super) blank: u64,
    /// Cells that no column can read, by the reason.
    pub(super) broken: BTreeMap<&'static str, u64>,
    pub(super) nulls: BTreeMap<String, u64>,
    pub(super) exact_numbers: u64,
    pub(super) exact_dates: u64,
    pub(super) numbers: Numbers,
    pub(super) dates: Dates,
    pub(super) times: u64,
    pub(super) texts: u64,
    /// The first texts that are neither number nor date.
    pub(super) odd: Vec<String>,
    pub(super) first_filled: bool,
    /// Filled cells with a blank one below.
    pub(super) groups: u64,
    above: bool,
    /// Where in `known` a text stands.
    places: HashMap<Box<str>, usize>,
    known: Vec<(String, u64, Shape)>,
    counted: HashSet<u64>,
    uncounted: bool,
    rows: u64,
}

impl Column {
    pub(super) fn take(&mut self, cell: &Cell<'_>) {
        self.rows += 1;
        self.groups += u64::from(self.above && cell.is_blank());
        self.above = !cell.is_blank();
        match cell {
            Cell::Blank => self.blank += 1,
            Cell::Broken(why) => {
                self.filled += 1;
                *self.broken.entry(why).or_default() += 1;
            }
            Cell::Exact(text) => {
                self.fill(text);
                self.exact(text);
            }
            Cell::Text(text) => {
                self.fill(text);
                self.text(text);
            }
        }
    }

    /// Rows that ended before the column.
    pub(super) fn blanks(&mut self, rows: u64) {
        (self.rows, self.blank) = (self.rows + rows, self.blank + rows);
    }

    fn fill(&mut self, text: &str) {
        self.filled += 1;
        self.first_filled |= self.rows == 1;
        if !self.uncounted {
            self.counted.insert(crate::data::look::hash(text));
            self.uncounted = self.counted.len() > MOST_COUNTED;
        }
    }

    fn exact(&mut self, text: &str) {
        if let Some(date) = date::read(text) {
            self.exact_dates += 1;
            self.dates.add(&date, text, 1);
        } else if let Some(number) = Number::of(text) {
            self.exact_numbers += 1;
            self.numbers.add_exact(&number, text);
        } else {
            self.exact_numbers += 1;
            self.numbers.all += 1;
        }
        if !self.again(text) {
            self.remember(text, Shape::Counted);
        }
    }

    /// Counts a text that is kept.
    fn again(&mut self, text: &str) -> bool {
        let at = self.places.get(text).copied();
        at.into_iter().for_each(|at| self.known[at].1 += 1);
        at.is_some()
    }

    fn text(&mut self, text: &str) {
        if self.again(text) {
            return;
        }
        let shape = shape(text);
        if self.known.len() < MOST_TEXTS {
            self.remember(text, shape);
        } else {
            self.count(&shape, text, 1);
        }
    }

    /// Keeps a distinct text.
    fn remember(&mut self, text: &str, shape: Shape) {
        if self.known.len() < MOST_TEXTS {
            self.places.insert(text.into(), self.known.len());
            self.known.push((text.to_owned(), 1, shape));
        }
    }

    fn count(&mut self, shape: &Shape, text: &str, times: u64) {
        match shape {
            Shape::Counted => {}
            Shape::Null => *self.nulls.entry(text.to_owned()).or_default() += times,
            Shape::Number(number) => self.numbers.add(number, text, times),
            Shape::Date(date) => self.dates.add(date, text, times),
            Shape::Time => self.times += times,
            Shape::Text => {
                self.texts += times;
                if self.odd.len() < 3 {
                    self.odd.push(text.to_owned());
                }
            }
        }
    }

    /// Counts what was only kept, once all cells were seen.
    pub(super) fn settle(&mut self) {
        let known = std::mem::take(&mut self.known);
        for (text, times, shape) in &known {
            self.count(shape, text, *times);
        }
        self.known = known;
        self.places.clear();
    }

    /// Distinct values, and whether there are more.
    pub(super) fn distinct(&self) -> (usize, bool) {
        (self.counted.len().min(MOST_COUNTED), self.uncounted)
    }

    /// The distinct texts in order of appearance with their counts, where all are known.
    pub(super) fn texts(&self) -> Option<impl Iterator<Item = (&str, u64)>> {
        let all = self.known.len() < MOST_TEXTS;
        all.then(|| self.known.iter().map(|(text, times, _)| (text.as_str(), *times)))
    }

    pub(super) fn examples(&self) -> Vec<String> {
        let short = |text: &str| match text.char_indices().nth(40) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        };
        self.known.iter().take(3).map(|(text, ..)| short(text)).collect()
    }

    /// Whether any value stands in both columns, as far as they were counted.
    pub(super) fn shares(&self, other: &Self) -> bool {
        !self.counted.is_disjoint(&other.counted)
    }

    /// Whether each value of this column stands in the other one too.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        !self.uncounted && self.counted.is_subset(&other.counted)
    }

    /// Cells that hold more than a word for nothing.
    pub(super) fn told(&self) -> u64 {
        self.filled - self.nulls.values().sum::<u64>()
    }

    pub(super) fn is_unique(&self) -> bool {
        let (distinct, more) = self.distinct();
        !more && distinct as u64 == self.filled && self.filled > 1
    }
}

fn shape(text: &str) -> Shape {
    if words().is_null(text) {
        return Shape::Null;
    }
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Shape::Text;
    }
    if let Some(date) = date::read(text).filter(|_| text.len() > 8 || !is_digits(text)) {
        return Shape::Date(date);
    }
    if let Some(number) = Number::of(text) {
        return Shape::Number(number);
    }
    if date::is_time(text) { Shape::Time } else { Shape::Text }
}

/// A number, a date, a month, a time.
pub(super) fn is_typed(text: &str) -> bool {
    !matches!(shape(text), Shape::Text | Shape::Null)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Numbers {
    fn add(&mut self, number: &Number, text: &str, times: u64) {
        self.all += times;
        self.plain += if number.is_plain() { times } else { 0 };
        self.whole += if number.is_whole() { times } else { 0 };
        self.percent += if number.percent { times } else { 0 };
        self.leading_zero += if number.leading_zero { times } else { 0 };
        let marks = [
            (&mut self.decimal, number.marks.decimal),
            (&mut self.grouping, number.marks.grouping),
            (&mut self.either, number.marks.either),
        ];
        for (counts, mark) in marks {
            if let Some(mark) = mark {
                *counts.entry(mark).or_default() += times;
            }
        }
        if number.marks.either.is_some() && self.unclear.is_none() {
            self.unclear = Some(text.to_owned());
        }
        if let Some(money) = &number.money {
            *self.money.entry(money.clone()).or_default() += times;
        }
        if let Some(suffix) = &number.suffix {
            *self.suffix.entry(suffix.clone()).or_default() += times;
        }
        if let Some(size) = number.size(',') {
            self.comma.add(size, text);
        }
        self.size(number, text, times);
    }

    /// A number of a workbook: its point is a decimal mark, wherever it stands.
    fn add_exact(&mut self, number: &Number, text: &str) {
        self.all += 1;
        self.whole += u64::from(number.is_plain());
        if let Some(size) = number.size('.') {
            self.comma.add(size, text);
        }
        self.size(number, text, 1);
    }

    fn size(&mut self, number: &Number, text: &str, times: u64) {
        let Some(size) = number.size('.') else { return };
        self.point.add(size, text);
        let whole = size.div_euclid(1_000_000);
        let fits = number.is_plain() && size.rem_euclid(1_000_000) == 0;
        let add = |yes: bool| if yes { times } else { 0 };
        self.serials += add(SERIALS.contains(&whole));
        self.seconds += add(fits && SECONDS.contains(&whole));
        self.millis += add(fits && SECONDS.contains(&(whole / 1000)));
        self.compact += add(fits && number.core.len() == 8 && date::read(&number.core).is_some());
    }
}

impl Range {
    fn add(&mut self, size: i128, text: &str) {
        if self.0.as_ref().is_none_or(|(least, _)| size < *least) {
            self.0 = Some((size, text.to_owned()));
        }
        if self.1.as_ref().is_none_or(|(most, _)| size > *most) {
            self.1 = Some((size, text.to_owned()));
        }
    }
}

impl Dates {
    fn add(&mut self, date: &date::Date, text: &str, times: u64) {
        self.all += times;
        self.times += if date.time { times } else { 0 };
        self.foreign += if date.foreign { times } else { 0 };
        self.months += if date.month { times } else { 0 };
        let blind = |form: &String| form.replace("%d", "%#").replace("%m", "%#");
        if let [(form, _), (other, _), ..] = &date.forms[..]
            && form.contains("%m")
            && blind(form) == blind(other)
        {
            *self.both.entry(blind(form)).or_default() += times;
        }
        for (form, day) in &date.forms {
            match self.forms.get_mut(form) {
                Some((count, first, last)) => {
                    *count += times;
                    (*first, *last) = ((*first).min(*day), (*last).max(*day));
                }
                None => {
                    self.forms.insert(form.clone(), (times, *day, *day));
                    self.example.insert(form.clone(), text.to_owned());
                }
            }
        }
    }
}
