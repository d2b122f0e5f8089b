//! What a column is, how sure that is, and why; what is not decided stays a question with both readings.

use super::column::{Column, Dates, Numbers};
use super::date::ISO;
use super::words::{About, words};
use crate::domain::Day;

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Sure {
    /// Nothing else fits, or a mark says so.
    #[default]
    Certain,
    /// There is evidence.
    Likely,
    /// A question, with its readings.
    Open,
}

impl Sure {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Open => "open",
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
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
    pub(super) fn word(self) -> &'static str {
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
    pub(super) fn type_word(self) -> &'static str {
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

    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Number | Self::Money | Self::Percent)
    }

    pub(super) fn is_time(self) -> bool {
        matches!(self, Self::Date | Self::Moment | Self::Month)
    }
}

/// Which comes first in dates of two numbers up to 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    Day,
    Month,
}

/// What the other columns of a table decide.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    pub(super) first: Option<First>,
    pub(super) decimal: Option<char>,
}

/// A column, judged.
#[derive(Debug, Clone, Default)]
pub(super) struct Verdict {
    pub(super) kind: Kind,
    pub(super) sure: Sure,
    pub(super) because: String,
    pub(super) least: String,
    pub(super) most: String,
    /// What is open, with all readings.
    pub(super) questions: Vec<String>,
    /// What else there is to know.
    pub(super) notes: Vec<String>,
    pub(super) decimal: Option<char>,
    pub(super) grouping: Option<char>,
    pub(super) dates: Vec<String>,
    /// Of an open order of days and months: the forms of the other reading.
    pub(super) dates_else: Vec<String>,
    /// `sign` or `points`.
    pub(super) percent: Option<&'static str>,
    pub(super) suffixes: Vec<(String, u64)>,
    pub(super) currencies: Vec<String>,
    /// Words for nothing that have to be declared for the type to fit.
    pub(super) nulls: Vec<String>,
    pub(super) first: Option<First>,
}

impl Verdict {
    pub(super) fn of(header: &str, column: &Column, around: Around) -> Self {
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
                self.notes
                    .push(format!("{} are none{such}: they would be rejected", cells(told - fit)));
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

    fn of_dates(&mut self, dates: &Dates, around: Around) {
        self.kind = if dates.times > 0 { Kind::Moment } else { Kind::Date };
        if dates.months == dates.all {
            self.kind = Kind::Month;
        }
        if dates.times > 0 && dates.times < dates.all {
            self.notes.push(format!(
                "{} of {} have a time of day, the others none: as moments these are rejected, as days all can be read",
                dates.times, dates.all
            ));
            self.kind = Kind::Date;
        }
        if dates.foreign > 0 {
            let foreign = cells(dates.foreign);
            self.questions
                .push(format!("{foreign} name the month in a language that `dates` does not read"));
            self.sure = Sure::Open;
        }
        let chosen = order(dates, around, self);
        let iso = dates.forms.get(ISO).map_or(0, |(count, ..)| *count);
        let literal = dates.forms.keys().any(|form| form.starts_with("%Y-%m-%d"));
        for (form, _) in by_count(dates) {
            // ISO 8601 alone needs no form; beside others, it is said as the others are.
            if iso == dates.all && form != ISO || form == ISO && iso < dates.all && literal {
                continue;
            }
            let fits = !is_ordered(form) || first(form) == Some(chosen);
            if fits {
                self.dates.push(form.clone());
            } else if self.sure == Sure::Open && is_ordered(form) {
                self.dates_else.push(form.clone());
            }
        }
        let days = self.dates.iter().map(|form| dates.forms[form]);
        let least = days.clone().map(|(_, first, _)| first).min();
        let most = days.map(|(_, _, last)| last).max();
        self.least = least.map(|day| Day(day).to_string()).unwrap_or_default();
        self.most = most.map(|day| Day(day).to_string()).unwrap_or_default();
        if self.dates == [ISO] {
            self.because = format!("all {} are written as ISO 8601", dates.all);
        } else if self.because.is_empty() {
            let forms: Vec<String> = self.dates.iter().map(|form| format!("`{form}`")).collect();
            self.because = format!("{} fits all {}", forms.join(" or "), dates.all);
        }
    }

    fn of_numbers(&mut self, header: &str, column: &Column, around: Around) {
        let numbers = &column.numbers;
        if self.is_day_number(header, numbers) || self.is_name(header, column) {
            return;
        }
        self.marks(numbers, column.exact_numbers, around);
        let whole = numbers.whole == numbers.all;
        self.kind = if whole { Kind::Integer } else { Kind::Number };
        if self.because.is_empty() {
            self.because = format!(
                "all {} are {}",
                numbers.all,
                if whole { "whole numbers" } else { "numbers" }
            );
        }
        let range = if self.decimal == Some(',') { &numbers.comma } else { &numbers.point };
        self.least = range.0.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
        self.most = range.1.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
        self.units(header, numbers);
        let (distinct, more) = column.distinct();
        let bits = column
            .texts()
            .is_some_and(|mut texts| texts.all(|(text, _)| matches!(text, "0" | "1")));
        if bits && !more && distinct == 2 {
            self.kind = Kind::Boolean;
            self.sure = Sure::Likely;
            self.because = "every filled cell is `0` or `1`".into();
        }
    }

    /// Days as numbers: a spreadsheet's serials, seconds or milliseconds since 1970, eight digits.
    fn is_day_number(&mut self, header: &str, numbers: &Numbers) -> bool {
        if !words().speaks(header, About::Date) || numbers.all < 2 {
            return false;
        }
        let all = numbers.all;
        let (form, what) = if numbers.compact == all {
            ("%Y%m%d", "eight digits that are a day")
        } else if numbers.serials == all {
            ("excel", "in the range of a spreadsheet's days")
        } else if numbers.seconds == all {
            ("unix", "in the range of seconds since 1970")
        } else if numbers.millis == all {
            ("unix-ms", "in the range of milliseconds since 1970")
        } else {
            return false;
        };
        self.kind = if form.starts_with("unix") { Kind::Moment } else { Kind::Date };
        self.sure = Sure::Likely;
        self.dates = vec![form.to_owned()];
        self.because = format!("its name speaks of time, and all {all} numbers are {what}");
        true
    }

    /// Numbers that count nothing but name something.
    fn is_name(&mut self, header: &str, column: &Column) -> bool {
        let numbers = &column.numbers;
        let plain = numbers.plain == numbers.all
            || column.exact_numbers == numbers.all && numbers.whole == numbers.all;
        if numbers.leading_zero > 0 && numbers.leading_zero * 20 >= numbers.all {
            self.kind = if column.is_unique() { Kind::Id } else { Kind::Text };
            self.because = format!(
                "{} begin with a nought that a number would lose",
                cells(numbers.leading_zero)
            );
            return true;
        }
        if plain && words().speaks(header, About::Id) {
            self.kind = if column.is_unique() { Kind::Id } else { Kind::Text };
            self.sure = Sure::Likely;
            self.because = "its name speaks of an id: the digits name, they do not count".into();
            return true;
        }
        false
    }

    /// Which marks the numbers have.
    fn marks(&mut self, numbers: &Numbers, exact: u64, around: Around) {
        let marks = |counts: &std::collections::BTreeMap<char, u64>| {
            counts.keys().copied().collect::<Vec<_>>()
        };
        let (decimal, grouping, either) =
            (marks(&numbers.decimal), marks(&numbers.grouping), marks(&numbers.either));
        let example = numbers.unclear.clone().unwrap_or_default();
        match (&decimal[..], &grouping[..], &either[..]) {
            ([], [], []) => {}
            ([one], groups, unclear) if !groups.contains(one) => {
                let mut groups: Vec<char> = groups.to_vec();
                groups.extend(unclear.iter().filter(|mark| *mark != one));
                groups.sort_unstable();
                groups.dedup();
                let count = numbers.decimal[one];
                self.decimal = Some(*one);
                self.because = format!(
                    "{count} of {} can only have {} as the decimal mark",
                    numbers.all,
                    name(*one)
                );
                self.grouping(&groups);
            }
            ([], [one], unclear) if unclear.iter().all(|mark| mark == one) => {
                let count = numbers.grouping[one];
                self.decimal = Some(if *one == ',' || *one == '\'' { '.' } else { ',' });
                self.decimal = if *one == ' ' { None } else { self.decimal };
                self.because =
                    format!("in {count} of {} {} can only group digits", numbers.all, name(*one));
                self.grouping(&[*one]);
            }
            ([], [], [one]) if around.decimal.is_some() => {
                let decimal = around.decimal.unwrap_or('.');
                self.decimal = Some(decimal);
                self.sure = Sure::Likely;
                self.because =
                    format!("the other columns have {} as the decimal mark", name(decimal));
                self.grouping(if decimal == *one { &[] } else { std::slice::from_ref(one) });
            }
            ([], [], [one]) => {
                self.sure = Sure::Open;
                let digits: String =
                    example.chars().filter(|c| c.is_ascii_digit() || c == one).collect();
                let (whole, part) = digits.split_once(*one).unwrap_or((&digits, ""));
                self.questions.push(format!(
                    "`{example}` is {whole}{part} if {} groups digits, and {whole}.{part} if it is the decimal mark; no cell decides",
                    name(*one)
                ));
                self.because =
                    format!("{} of {} can be read in two ways", numbers.either[one], numbers.all);
            }
            _ => {
                self.sure = Sure::Open;
                let count = |marks: &[char]| {
                    marks.iter().map(|m| name(*m)).collect::<Vec<_>>().join(" and ")
                };
                self.questions.push(format!(
                    "the marks contradict each other: decimal {}, grouping {}, either {}; no one reading fits all",
                    none(&count(&decimal)), none(&count(&grouping)), none(&count(&either))
                ));
            }
        }
        if exact > 0 && exact < numbers.all {
            self.notes
                .push(format!("{} are numbers of the workbook, the others texts", cells(exact)));
        }
    }

    fn grouping(&mut self, marks: &[char]) {
        match marks {
            [] => {}
            [one] => self.grouping = Some(*one),
            several => {
                self.sure = Sure::Open;
                let marks: Vec<&str> = several.iter().map(|mark| name(*mark)).collect();
                self.questions.push(format!("digits are grouped by {}", marks.join(" and by ")));
            }
        }
    }

    /// Money, percentages, thousands.
    fn units(&mut self, header: &str, numbers: &Numbers) {
        self.suffixes = numbers
            .suffix
            .keys()
            .filter_map(|suffix| Some((suffix.clone(), *words().suffixes.get(suffix)?)))
            .collect();
        if !self.suffixes.is_empty() {
            let count: u64 = numbers.suffix.values().sum();
            let words: Vec<String> =
                self.suffixes.iter().map(|(suffix, _)| suffix.clone()).collect();
            self.notes.push(format!("{} end in {}", cells(count), either(&words)));
            self.sure = self.sure.max(Sure::Likely);
        }
        let named = header.to_lowercase();
        let says_percent = header.contains('%')
            || ["percent", "pct", "prozent"].iter().any(|word| named.contains(word));
        if numbers.percent > 0 {
            self.kind = Kind::Percent;
            self.percent = Some("sign");
            self.notes.push(format!("{} have a percent sign: 25% is 0.25", cells(numbers.percent)));
        } else if says_percent && numbers.money.is_empty() {
            let small = |size: &Option<(i128, String)>| {
                size.as_ref().is_some_and(|(size, _)| size.abs() <= 1_000_000)
            };
            let shares = small(&numbers.point.0) && small(&numbers.point.1);
            self.kind = Kind::Percent;
            self.percent = (!shares).then_some("points");
            self.sure = self.sure.max(Sure::Likely);
            let what = if shares { "shares, 0.25 is a quarter" } else { "points, 25 is a quarter" };
            self.notes.push(format!(
                "its name speaks of percent, without a sign; it seems to hold {what}"
            ));
        }
        self.money(header, numbers);
    }

    fn money(&mut self, header: &str, numbers: &Numbers) {
        if numbers.money.is_empty() {
            if words().speaks(header, About::Money)
                && self.percent.is_none()
                && self.kind != Kind::Percent
            {
                self.kind = Kind::Money;
                self.sure = self.sure.max(Sure::Likely);
                self.because.push_str(if self.because.is_empty() { "" } else { "; " });
                self.because.push_str("its name speaks of money");
            }
            return;
        }
        self.kind = Kind::Money;
        for sign in numbers.money.keys() {
            let means = words().signs.get(sign).cloned().unwrap_or_else(|| vec![sign.clone()]);
            self.currencies.extend(means);
        }
        let signs: Vec<String> = numbers.money.keys().cloned().collect();
        let count: u64 = numbers.money.values().sum();
        if signs.len() > 1 {
            self.sure = Sure::Open;
            self.questions.push(format!("amounts are in several currencies: {}", list(&signs)));
        } else if self.currencies.len() > 1 {
            self.notes.push(format!("{} may be {}", list(&signs), self.currencies.join(", ")));
        }
        self.notes.push(format!("{} have {}", cells(count), either(&signs)));
        if count < numbers.all {
            self.notes.push(format!("{} have no sign of money", cells(numbers.all - count)));
        }
    }
}

/// Forms, those of the most cells first.
fn by_count(dates: &Dates) -> Vec<(&String, u64)> {
    let mut forms: Vec<(&String, u64)> =
        dates.forms.iter().map(|(form, (count, ..))| (form, *count)).collect();
    forms.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    forms
}

fn first(form: &str) -> Option<First> {
    let (day, month) = (form.find("%d")?, form.find("%m")?);
    Some(if day < month { First::Day } else { First::Month })
}

/// Whether the day and the month stand as numbers before the year, in either order.
fn is_ordered(form: &str) -> bool {
    let year = form.find("%Y").or_else(|| form.find("%y"));
    first(form).is_some() && form.find("%d") < year && form.find("%m") < year
}

/// Decides whether days or months come first, by all cells of the column; asks where they do not tell.
fn order(dates: &Dates, around: Around, verdict: &mut Verdict) -> First {
    let count = |order: First| -> u64 {
        let forms =
            dates.forms.iter().filter(|(form, _)| is_ordered(form) && first(form) == Some(order));
        forms.map(|(_, (count, ..))| count).sum()
    };
    let both: u64 = dates.both.values().sum();
    let (days, months) = (count(First::Day) - both, count(First::Month) - both);
    let of = days + months + both;
    match (days, months) {
        (0, 0) if both == 0 => First::Day,
        (0, 0) => undecided(dates, around, verdict),
        (days, 0) => {
            verdict.because =
                format!("{days} of {of} dates have a day above 12 in the first place");
            verdict.first = Some(First::Day);
            First::Day
        }
        (0, months) => {
            verdict.because =
                format!("{months} of {of} dates have a day above 12 in the second place");
            verdict.first = Some(First::Month);
            First::Month
        }
        (days, months) => {
            verdict.sure = Sure::Open;
            verdict.questions.push(format!(
                "two orders stand in one column: {days} dates can only begin with the day, {months} only with the month; {both} others fit both"
            ));
            if months > days { First::Month } else { First::Day }
        }
    }
}

fn undecided(dates: &Dates, around: Around, verdict: &mut Verdict) -> First {
    if let Some(first) = around.first {
        verdict.sure = Sure::Likely;
        let which = if first == First::Day { "the day" } else { "the month" };
        verdict.because = format!("no cell decides, and in the other columns {which} comes first");
        return first;
    }
    verdict.sure = Sure::Open;
    let example = dates.example.iter().find(|(form, _)| first(form) == Some(First::Day));
    if let Some((form, text)) = example {
        let twin = form.replace("%d", "%#").replace("%m", "%d").replace("%#", "%m");
        let day = |form: &str| {
            let read = crate::data::look::DateForm::new(form).and_then(|form| form.read(text));
            read.map_or(String::new(), |(day, _)| Day(day).to_string())
        };
        verdict.questions.push(format!(
            "`{text}` is {} by `{form}` and {} by `{twin}`; no date of {} has a number above 12",
            day(form),
            day(&twin),
            dates.all
        ));
        verdict.because = "every date can begin with the day or the month".into();
    }
    First::Day
}

fn nulls(column: &Column) -> Vec<String> {
    column.nulls.keys().cloned().collect()
}

fn none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

/// A mark, in words.
pub(super) fn name(mark: char) -> &'static str {
    match mark {
        '.' => "the point",
        ',' => "the comma",
        '\'' => "the apostrophe",
        _ => "the blank",
    }
}

pub(super) fn cells(count: u64) -> String {
    if count == 1 { "1 cell".into() } else { format!("{count} cells") }
}

fn texts(count: usize) -> String {
    if count == 1 { "1 text".into() } else { format!("{count} different texts") }
}

pub(super) fn list(items: &[String]) -> String {
    let shown: Vec<String> = items.iter().take(6).map(|item| format!("`{item}`")).collect();
    let more = if items.len() > 6 { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn either(items: &[String]) -> String {
    items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(" or ")
}
