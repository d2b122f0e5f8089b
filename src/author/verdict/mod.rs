//! What a column is, how sure that is, and why; what is not decided stays a question with both readings.

mod dates;
mod numbers;
mod order;

pub(in crate::author) use order::Order;

use super::column::Column;
use super::words::{About, words};

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(in crate::author) enum Sure {
    /// Nothing else fits, or a mark says so.
    #[default]
    Certain,
    /// There is evidence.
    Likely,
    /// A question, with its readings.
    Open,
}

impl Sure {
    pub(in crate::author) fn word(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Open => "open",
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::author) enum Kind {
    #[default]
    Blank,
    /// Names its row.
    Id,
    /// One of few texts.
    Choice,
    Text,
    Integer,
    Number,
    Money,
    Percent,
    Boolean,
    Date,
    Moment,
    Month,
    /// A clock's time or a length of time, as `00:12:30`.
    Time,
}

impl Kind {
    pub(in crate::author) fn word(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Id => "id",
            Self::Choice => "one of few",
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Money => "money",
            Self::Percent => "percent",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Moment => "datetime",
            Self::Month => "month",
            Self::Time => "time",
        }
    }

    /// The type that a dataset's column would have.
    pub(in crate::author) fn type_word(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Number | Self::Percent => "number",
            Self::Money => "money",
            Self::Boolean => "boolean",
            Self::Date | Self::Month => "date",
            Self::Moment => "datetime",
            _ => "text",
        }
    }

    pub(in crate::author) fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Number | Self::Money | Self::Percent)
    }

    pub(in crate::author) fn is_time(self) -> bool {
        matches!(self, Self::Date | Self::Moment | Self::Month)
    }
}

/// What the other columns of a table decide.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::author) struct Around {
    pub(in crate::author) first: Option<Order>,
    pub(in crate::author) decimal: Option<char>,
}

/// A column, judged.
#[derive(Debug, Clone, Default)]
pub(in crate::author) struct Verdict {
    pub(in crate::author) kind: Kind,
    pub(in crate::author) sure: Sure,
    pub(in crate::author) because: String,
    pub(in crate::author) least: String,
    pub(in crate::author) most: String,
    /// What is open, with all readings.
    pub(in crate::author) questions: Vec<String>,
    /// What else there is to know.
    pub(in crate::author) notes: Vec<String>,
    pub(in crate::author) decimal: Option<char>,
    pub(in crate::author) grouping: Option<char>,
    pub(in crate::author) dates: Vec<String>,
    /// Of an open order of days, months and years: the forms of each other reading.
    pub(in crate::author) dates_else: Vec<Vec<String>>,
    /// Of numbers that can be read in two ways: the decimal mark of each, and what groups digits then.
    pub(in crate::author) marks_else: Vec<(char, Option<char>)>,
    /// Whether its numbers are meant a thousand or a million times over is a question.
    pub(in crate::author) scaled: Option<u64>,
    /// `sign` or `points`.
    pub(in crate::author) percent: Option<&'static str>,
    pub(in crate::author) suffixes: Vec<(String, u64)>,
    pub(in crate::author) currencies: Vec<String>,
    /// Words for nothing that have to be declared for the type to fit.
    pub(in crate::author) nulls: Vec<String>,
    pub(in crate::author) first: Option<Order>,
}

impl Verdict {
    pub(in crate::author) fn of(header: &str, column: &Column, around: Around) -> Self {
        let told = column.told();
        let mut verdict = Self { nulls: nulls(column), ..Self::default() };
        let (numbers, dates) = (column.numbers.all, column.dates.all);
        let most = |count: u64| count == told || told >= 5 && count * 5 >= told * 4;
        if told == 0 {
            verdict.because = "no cell is filled".into();
        } else if dates > 0 && most(dates) {
            verdict.of_dates(&column.dates, around);
            verdict.misfits(column, dates, told);
        } else if numbers > 0 && most(numbers) {
            verdict.of_numbers(header, column, around);
            verdict.misfits(column, numbers, told);
        } else if most(column.times) && column.times > 0 {
            verdict.kind = Kind::Time;
            verdict.because = format!("{} of {told} cells are hours and minutes", column.times);
            verdict.misfits(column, column.times, told);
        } else {
            verdict.of_texts(header, column, told);
        }
        if !verdict.nulls.is_empty() && matches!(verdict.kind, Kind::Text | Kind::Choice | Kind::Id)
        {
            let list = list(&verdict.nulls);
            verdict
                .notes
                .push(format!("{list} may stand for nothing: if so, write it into `null-words`"));
        }
        for (why, count) in &column.broken {
            verdict.notes.push(format!("{} cannot be read: {why}", cells(*count)));
        }
        verdict
    }

    /// Cells that the kind of the column does not fit.
    fn misfits(&mut self, column: &Column, fit: u64, told: u64) {
        if fit < told {
            self.sure = self.sure.max(Sure::Likely);
            let odd: Vec<String> = column.odd.clone();
            let broken = column.broken.values().sum::<u64>();
            if !odd.is_empty() || told - fit > broken {
                let such = if odd.is_empty() {
                    String::new()
                } else {
                    format!(", such as {}", list(&odd))
                };
                let (are, they) = if told - fit == 1 { ("is", "it") } else { ("are", "they") };
                self.notes.push(format!(
                    "{} {are} none{such}: {they} would be rejected",
                    cells(told - fit)
                ));
            }
        }
    }

    fn of_texts(&mut self, header: &str, column: &Column, told: u64) {
        let (distinct, more) = column.distinct();
        let truths = column
            .texts()
            .map(|texts| texts.map(|(text, _)| words().truth(text)).collect::<Vec<_>>());
        let truths = truths.filter(|truths| truths.iter().all(Option::is_some));
        if let Some(truths) = truths.filter(|truths| !truths.is_empty() && truths.len() <= 4) {
            let shown =
                column.texts().map(|texts| texts.map(|(text, _)| text.to_owned()).collect());
            let shown: Vec<String> = shown.unwrap_or_default();
            self.kind = Kind::Boolean;
            self.because = format!("every filled cell is {}", either(&shown));
            self.sure = if truths.len() > 1 { Sure::Certain } else { Sure::Likely };
            return;
        }
        let one_word = column.examples().iter().all(|text| !text.contains(' '));
        if column.is_unique() && (one_word || words().speaks(header, About::Id)) {
            self.kind = Kind::Id;
            self.because = format!("all {distinct} are different");
        } else if !more && distinct <= 50 && (distinct as u64) * 3 <= told {
            self.kind = Kind::Choice;
            self.because = format!("{} in {told} cells", texts(distinct));
        } else {
            self.kind = Kind::Text;
            let more = if more { "more than " } else { "" };
            self.because = format!("{more}{} in {told} cells", texts(distinct));
        }
        let numbers = column.numbers.all + column.dates.all;
        if numbers * 4 >= told {
            self.sure = Sure::Likely;
            self.notes
                .push(format!("{} look like numbers or dates, the others do not", cells(numbers)));
        }
    }
}

fn nulls(column: &Column) -> Vec<String> {
    column.nulls.keys().cloned().collect()
}

pub(in crate::author) fn cells(count: u64) -> String {
    if count == 1 { "1 cell".into() } else { format!("{count} cells") }
}

fn texts(count: usize) -> String {
    if count == 1 { "1 text".into() } else { format!("{count} different texts") }
}

pub(in crate::author) fn list(items: &[String]) -> String {
    let shown: Vec<String> = items.iter().take(6).map(|item| format!("`{item}`")).collect();
    let more = if items.len() > 6 { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn either(items: &[String]) -> String {
    items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(" or ")
}
