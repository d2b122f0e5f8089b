//! Periods of time with their labels.

use std::sync::Arc;

use jiff::ToSpan;

use super::calendar::{first_of, month_number};
use super::{Calendar, Day, Grain};

/// A span of days, both ends included; an open end means "since ever" or "for ever".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// `2026-10`, `2026-Q3`, `2026`, `FY2026-P03`, `FY2026-Q1`, `FY2026`, `2026-W41`, `2026-10-31`,
    /// `2026-01-01..2026-06-30` or `all`.
    pub label: Arc<str>,
}

/// Why a period's text could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodError(pub String);

/// What a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    All,
    Year(i32),
    Quarter(i32, i32),
    Fiscal(i32),
    FiscalQuarter(i32, i32),
    /// Of a year of weeks.
    FiscalMonth(i32, i32),
    Month(i32, i32),
    Week(i32, i32),
    Day(Day),
    Range(Day, Day),
}

/// Years that a label may name.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9998;

impl Period {
    /// All of time.
    pub fn all() -> Self {
        Self { from: None, to: None, label: "all".into() }
    }

    pub fn is_all(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    pub fn holds(&self, day: Day) -> bool {
        self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day <= t)
    }

    /// Whether the period is over on a day: the as-of date is its last day or later.
    pub fn complete(&self, as_of: Option<Day>) -> bool {
        match (self.to, as_of) {
            (Some(to), Some(as_of)) => to <= as_of,
            _ => true,
        }
    }

    /// Whether it begins after a day.
    pub fn is_ahead(&self, as_of: Option<Day>) -> bool {
        as_of.zip(self.from).is_some_and(|(as_of, from)| from > as_of)
    }

    /// Reads a period as the command line and config write it.
    ///
    /// # Errors
    /// Says what is wrong and what the forms are.
    pub fn parse(text: &str, calendar: &Calendar) -> Result<Self, PeriodError> {
        let error = |why: String| PeriodError(format!("{why}; {FORMS}"));
        match Form::parse(text) {
            Some(Form::Range(from, to)) if to < from => {
                Err(error(format!("`{text}` ends before it begins")))
            }
            Some(form) => form
                .period(calendar)
                .ok_or_else(|| error(format!("there is no period `{text}` in the calendar"))),
            None => Err(error(format!("`{text}` is not a period"))),
        }
    }

    /// The bucket of a grain that holds a day. Quarters and years are the organisation's: fiscal
    /// ones where its fiscal year is not the calendar year. Outside a table of fiscal years it is the calendar's.
    pub fn of(day: Day, grain: Grain, calendar: &Calendar) -> Self {
        let own = bucket(day, grain, calendar.has_fiscal_year(), calendar);
        own.unwrap_or_else(|| months_bucket(day, grain, false, calendar))
    }

    /// The last month that is over on a day; a month is over on its last day.
    pub fn last_complete_month(as_of: Day, calendar: &Calendar) -> Self {
        let month = Self::of(as_of, Grain::Month, calendar);
        if month.complete(Some(as_of)) {
            month.clone()
        } else {
            month.prior(calendar).unwrap_or(month)
        }
    }

    /// The period before, of the same kind, by calendar: March has all of February. A free range
    /// has the same number of days before it.
    pub fn prior(&self, calendar: &Calendar) -> Option<Self> {
        let from = self.from?;
        let before = Day(from.0 - 1);
        let of = |grain, fiscal| bucket(before, grain, fiscal, calendar);
        match self.form(calendar)? {
            Form::All => None,
            Form::Year(_) => of(Grain::Year, false),
            Form::Quarter(..) => of(Grain::Quarter, false),
            Form::Fiscal(_) => of(Grain::Year, true),
            Form::FiscalQuarter(..) => of(Grain::Quarter, true),
            Form::FiscalMonth(..) => of(Grain::Month, true),
            Form::Month(..) => of(Grain::Month, false),
            Form::Week(..) => of(Grain::Week, false),
            Form::Day(_) => of(Grain::Day, false),
            Form::Range(from, to) => {
                Form::Range(Day(from.0 - (to.0 - from.0) - 1), before).period(calendar)
            }
        }
    }

    /// The period of the same name a year before; none where that year lacks it, as a 53rd week.
    /// The 29th of February becomes the 28th.
    pub fn year_before(&self, calendar: &Calendar) -> Option<Self> {
        let earlier = |day: Day| day.date().checked_sub(1.year()).ok().map(Day::of);
        let form = match self.form(calendar)? {
            Form::All => return None,
            Form::Year(y) => Form::Year(y - 1),
            Form::Quarter(y, q) => Form::Quarter(y - 1, q),
            Form::Fiscal(y) => Form::Fiscal(y - 1),
            Form::FiscalQuarter(y, q) => Form::FiscalQuarter(y - 1, q),
            Form::FiscalMonth(y, m) => Form::FiscalMonth(y - 1, m),
            Form::Month(y, m) => Form::Month(y - 1, m),
            Form::Week(y, w) => Form::Week(y - 1, w),
            Form::Day(day) => Form::Day(earlier(day)?),
            Form::Range(from, to) => Form::Range(earlier(from)?, earlier(to)?),
        };
        form.period(calendar)
    }

    /// The part of it that is over on a day, where only a part is.
    #[must_use]
    pub fn until(&self, day: Option<Day>) -> Self {
        match (self.from, self.to, day) {
            (Some(from), Some(to), Some(day)) if from <= day && day < to => range(from, day),
            _ => self.clone(),
        }
    }

    /// Of an earlier period: the part that was gone by when as much of it was as of this one on a day. Whole months
    /// apart it is the same day of the month; else as many days. None where this period is over, or has not begun.
    pub fn same_point(&self, earlier: &Self, on: Day) -> Option<Self> {
        let (from, to) = (self.from?, self.to?);
        let (earlier_from, earlier_to) = (earlier.from?, earlier.to?);
        if on >= to || on < from {
            return None;
        }
        let months = month_number(from) - month_number(earlier_from);
        let first = |day: Day| first_of(month_number(day)) == day;
        let point = if first(from) && first(earlier_from) {
            Day::of(on.date().checked_sub(i64::from(months).months()).ok()?)
        } else {
            Day(earlier_from.0 + (on.0 - from.0))
        };
        Some(range(earlier_from, point.min(earlier_to)))
    }

    /// From the start of the bucket of a grain that holds its last day, up to that day; none without an end.
    pub fn to_date(&self, grain: Grain, calendar: &Calendar) -> Option<Self> {
        let to = self.to?;
        let whole = Self::of(to, grain, calendar);
        Some(if whole.to == Some(to) { whole } else { range(whole.from?, to) })
    }

    /// The last so many of a grain up to its last day, by calendar; none without an end.
    pub fn trailing(&self, many: u32, grain: Grain, calendar: &Calendar) -> Option<Self> {
        let to = self.to?;
        let last = Self::of(to, grain, calendar);
        let behind = i64::from(many.max(1));
        if last.to == Some(to) || calendar.weeks.is_some() {
            let first = (1..behind).try_fold(last, |bucket, _| bucket.prior(calendar))?;
            return Some(range(first.from?, to));
        }
        let span = match grain {
            Grain::Day => behind.days(),
            Grain::Week => behind.weeks(),
            Grain::Month => behind.months(),
            Grain::Quarter => (3 * behind).months(),
            Grain::Year => behind.years(),
        };
        let from = Day(to.0 + 1).date().checked_sub(span).ok()?;
        Some(range(Day::of(from), to))
    }

    /// The buckets of a grain that tile the period, cut at its ends; needs two ends. Quarters are
    /// calendar ones in a calendar year or quarter, else as [`Period::of`] has them.
    pub fn split(&self, grain: Grain, calendar: &Calendar) -> Vec<Self> {
        let (Some(from), Some(to)) = (self.from, self.to) else { return Vec::new() };
        let fiscal = calendar.has_fiscal_year()
            && !matches!(self.form(calendar), Some(Form::Year(_) | Form::Quarter(..)));
        let mut buckets = Vec::new();
        let mut at = from;
        while at <= to {
            let whole = bucket(at, grain, fiscal, calendar)
                .unwrap_or_else(|| months_bucket(at, grain, false, calendar));
            let last = whole.to.unwrap_or(to).min(to);
            let cut = whole.from != Some(at) || whole.to != Some(last);
            buckets.push(if cut { range(at, last) } else { whole });
            at = Day(last.0.max(at.0) + 1);
        }
        buckets
    }

    /// What the label says; a label of another calendar is a range.
    fn form(&self, calendar: &Calendar) -> Option<Form> {
        let read = Form::parse(&self.label).filter(|form| {
            form.period(calendar).is_some_and(|p| (p.from, p.to) == (self.from, self.to))
        });
        read.or_else(|| Some(Form::Range(self.from?, self.to?)))
    }
}

const FORMS: &str = "write 2026-10, 2026-Q3, 2026, FY2026-Q1, FY2026, 2026-W41, 2026-10-31, \
                     2026-01-01..2026-06-30 or all; a month of a fiscal year of weeks is FY2026-P03";

impl Form {
    fn parse(text: &str) -> Option<Self> {
        if text == "all" {
            return Some(Self::All);
        }
        if let Some((from, to)) = text.split_once("..") {
            return Some(Self::Range(Day::parse(from)?, Day::parse(to)?));
        }
        if let Some(fiscal) = text.strip_prefix("FY") {
            return Some(match fiscal.split_once('-') {
                None => Self::Fiscal(number(fiscal, 4)?),
                Some((year, part)) => match part.strip_prefix('P') {
                    Some(month) => Self::FiscalMonth(number(year, 4)?, number(month, 2)?),
                    None => Self::FiscalQuarter(number(year, 4)?, quarter_of(part)?),
                },
            });
        }
        let Some((year, rest)) = text.split_once('-') else {
            return Some(Self::Year(number(text, 4)?));
        };
        let year = number(year, 4)?;
        Some(match rest.as_bytes().first()? {
            b'Q' => Self::Quarter(year, quarter_of(rest)?),
            b'W' => Self::Week(year, number(&rest[1..], 2)?),
            _ if rest.len() == 2 => Self::Month(year, number(rest, 2)?),
            _ => Self::Day(Day::parse(text)?),
        })
    }

    /// None where the calendar has no such period.
    fn period(self, calendar: &Calendar) -> Option<Period> {
        let months =
            |first: i32, count: i32| Some((first_of(first), Day(first_of(first + count).0 - 1)));
        let good = |year: i32| YEARS.contains(&year).then_some(year);
        if let (Some(weeks), Some((year, grain, number))) = (&calendar.weeks, self.fiscal()) {
            let bucket = weeks.named(year, grain, number)?;
            let label = self.label().into();
            return Some(Period { from: Some(bucket.from), to: Some(bucket.to), label });
        }
        let (from, to) = match self {
            Self::All => return Some(Period::all()),
            Self::Year(y) => months(good(y)? * 12, 12),
            Self::Quarter(y, q @ 1..=4) => months(good(y)? * 12 + (q - 1) * 3, 3),
            Self::Month(y, m @ 1..=12) => months(good(y)? * 12 + m - 1, 1),
            Self::Fiscal(y) => months(month_number(calendar.fiscal_year_start(good(y)?)), 12),
            Self::FiscalQuarter(y, q @ 1..=4) => {
                months(month_number(calendar.fiscal_year_start(good(y)?)) + (q - 1) * 3, 3)
            }
            Self::Week(y, w) => {
                calendar.week_start_of(good(y)?, w).map(|start| (start, Day(start.0 + 6)))
            }
            Self::Day(day) => Some((day, day)),
            Self::Range(from, to) if from <= to => Some((from, to)),
            _ => None,
        }?;
        Some(Period { from: Some(from), to: Some(to), label: self.label().into() })
    }

    /// Year, grain and number of what is of a fiscal year.
    fn fiscal(self) -> Option<(i32, Grain, i32)> {
        match self {
            Self::Fiscal(y) => Some((y, Grain::Year, 0)),
            Self::FiscalQuarter(y, q) => Some((y, Grain::Quarter, q)),
            Self::FiscalMonth(y, m) => Some((y, Grain::Month, m)),
            _ => None,
        }
    }

    fn label(self) -> String {
        match self {
            Self::FiscalMonth(y, m) => format!("FY{y:04}-P{m:02}"),
            Self::All => "all".to_owned(),
            Self::Year(y) => format!("{y:04}"),
            Self::Quarter(y, q) => format!("{y:04}-Q{q}"),
            Self::Fiscal(y) => format!("FY{y:04}"),
            Self::FiscalQuarter(y, q) => format!("FY{y:04}-Q{q}"),
            Self::Month(y, m) => format!("{y:04}-{m:02}"),
            Self::Week(y, w) => format!("{y:04}-W{w:02}"),
            Self::Day(day) => day.to_string(),
            Self::Range(from, to) => format!("{from}..{to}"),
        }
    }
}

fn range(from: Day, to: Day) -> Period {
    let label = if from == to { from.to_string() } else { Form::Range(from, to).label() };
    Period { from: Some(from), to: Some(to), label: label.into() }
}

/// The bucket that holds a day; none outside a table of fiscal years.
fn bucket(day: Day, grain: Grain, fiscal: bool, calendar: &Calendar) -> Option<Period> {
    let Some(weeks) = calendar.weeks.as_ref().filter(|_| fiscal && grain > Grain::Week) else {
        return Some(months_bucket(day, grain, fiscal && calendar.weeks.is_none(), calendar));
    };
    let bucket = weeks.holding(day, grain)?;
    let form = match grain {
        Grain::Year => Form::Fiscal(bucket.year),
        Grain::Quarter => Form::FiscalQuarter(bucket.year, bucket.number),
        _ => Form::FiscalMonth(bucket.year, bucket.number),
    };
    Some(Period { from: Some(bucket.from), to: Some(bucket.to), label: form.label().into() })
}

/// The bucket of a calendar of months.
fn months_bucket(day: Day, grain: Grain, fiscal: bool, calendar: &Calendar) -> Period {
    let from = calendar.start_of(day, grain, fiscal);
    let to = Day(calendar.next_start(from, grain, fiscal).0 - 1);
    let months = month_number(from);
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
    let form = match grain {
        Grain::Day => Form::Day(from),
        Grain::Week => {
            let (year, week) = calendar.week_of(from);
            Form::Week(year, week)
        }
        Grain::Month => Form::Month(year, month + 1),
        Grain::Quarter if fiscal => {
            let year = calendar.fiscal_year(from);
            let gone = months - month_number(calendar.fiscal_year_start(year));
            Form::FiscalQuarter(year, gone / 3 + 1)
        }
        Grain::Quarter => Form::Quarter(year, month / 3 + 1),
        Grain::Year if fiscal => Form::Fiscal(calendar.fiscal_year(from)),
        Grain::Year => Form::Year(year),
    };
    Period { from: Some(from), to: Some(to), label: form.label().into() }
}

/// Digits of exactly this many places.
fn number(text: &str, places: usize) -> Option<i32> {
    let digits = text.len() == places && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

fn quarter_of(text: &str) -> Option<i32> {
    number(text.strip_prefix('Q')?, 1)
}

#[cfg(test)]
mod tests;
