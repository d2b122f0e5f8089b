//! Whether the day, the month or the year comes first in dates of numbers, by what stands between them: who writes points
//! may mean another order than who writes strokes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Around, Sure, Verdict};
use crate::author::column::Dates;
use crate::data::look::DateForm;
use crate::domain::Day;

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::author) enum Order {
    Day,
    Month,
    /// Of two digits: of four, it is none of several.
    Year,
}

/// The order of the dates with one mark, and what else it may be.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) order: Order,
    pub(super) others: Vec<Order>,
}

/// What the dates with one mark fit.
#[derive(Debug, Default)]
struct Fits {
    /// By order: the cells, the first and the last day. Of days and months those that both fit are among both.
    orders: BTreeMap<Order, (u64, i32, i32)>,
    both: u64,
    /// The same of dates whose year has two digits.
    short: BTreeMap<Order, (u64, i32, i32)>,
    short_both: u64,
}

/// The order of a form that could stand in another, and the mark behind its first number.
pub(super) fn of_form(form: &str) -> Option<(Order, char)> {
    let year = form.find("%Y").or_else(|| form.find("%y"))?;
    let (day, month) = (form.find("%d")?, form.find("%m")?);
    let (first, order) = match year {
        _ if day < year && month < year && day < month => (day, Order::Day),
        _ if day < year && month < year => (month, Order::Month),
        _ if year < month && month < day && form.contains("%y") => (year, Order::Year),
        _ => return None,
    };
    Some((order, form[first + 2..].chars().next()?))
}

/// Decides by all cells of the column; asks where they do not tell.
pub(super) fn of_marks(
    dates: &Dates,
    around: Around,
    verdict: &mut Verdict,
) -> BTreeMap<char, Chosen> {
    let mut marks: BTreeMap<char, Fits> = BTreeMap::new();
    for (form, fit) in &dates.forms {
        let Some((order, mark)) = of_form(form) else { continue };
        let fits = marks.entry(mark).or_default();
        add(&mut fits.orders, order, *fit);
        let blind = form.replace("%d", "%#").replace("%m", "%#");
        let both = dates.both.get(&blind).copied().filter(|_| order == Order::Day).unwrap_or(0);
        fits.both += both;
        if form.contains("%y") {
            add(&mut fits.short, order, *fit);
            fits.short_both += both;
        }
    }
    let told: BTreeSet<Order> = marks.values().filter_map(Fits::tells).collect();
    let same = told.first().copied().filter(|_| told.len() == 1);
    let decide = |(mark, fits): (&char, &Fits)| {
        (*mark, fits.decide(*mark, dates, (same, around.first, told.len() > 1), verdict))
    };
    let chosen: BTreeMap<char, Chosen> = marks.iter().map(decide).collect();
    verdict.first = same.filter(|_| verdict.sure != Sure::Open);
    chosen
}

fn add(orders: &mut BTreeMap<Order, (u64, i32, i32)>, order: Order, fit: (u64, i32, i32)) {
    let known = orders.entry(order).or_insert((0, fit.1, fit.2));
    *known = (known.0 + fit.0, known.1.min(fit.1), known.2.max(fit.2));
}

impl Fits {
    fn count(&self, order: Order) -> u64 {
        self.orders.get(&order).map_or(0, |(count, ..)| *count)
    }

    /// Cells that can only begin with the day, and with the month.
    fn only(&self) -> (u64, u64) {
        (self.count(Order::Day) - self.both, self.count(Order::Month) - self.both)
    }

    /// Which of days and months comes first, where cells say so.
    fn tells(&self) -> Option<Order> {
        match self.only() {
            _ if self.year_first() == Some(true) => None,
            (0, 0) => None,
            (_, 0) => Some(Order::Day),
            (0, _) => Some(Order::Month),
            _ => None,
        }
    }

    /// Whether years of two digits stand first; none where they may.
    ///
    /// What runs over one year or two in one reading, and over many in the other, are days there.
    fn year_first(&self) -> Option<bool> {
        let fit = |order: Order| self.short.get(&order).copied();
        let Some((count, first, last)) = fit(Order::Year) else { return Some(false) };
        let ends: Vec<_> = [Order::Day, Order::Month].into_iter().filter_map(fit).collect();
        let others = ends.iter().map(|(count, ..)| count).sum::<u64>() - self.short_both;
        if count != others {
            return Some(count > others);
        }
        let year = |day: i32| Day(day).date().year();
        let years = |first: i32, last: i32| year(last) - year(first);
        let least = ends.iter().map(|(_, first, _)| *first).min().unwrap_or(first);
        let most = ends.iter().map(|(.., last)| *last).max().unwrap_or(last);
        let (front, behind) = (years(first, last), years(least, most));
        if front <= 1 && behind >= 3 || front * 4 <= behind && behind > 0 {
            return Some(true);
        }
        (behind <= 1 && front >= 3 || behind * 4 <= front && front > 0).then_some(false)
    }

    fn decide(
        &self,
        mark: char,
        dates: &Dates,
        (same, around, differ): (Option<Order>, Option<Order>, bool),
        verdict: &mut Verdict,
    ) -> Chosen {
        let sure = |order: Order| Chosen { order, others: Vec::new() };
        let year = self.year_first();
        if year == Some(true) {
            let digits = "the first two digits run over a year or two, the last ones over many";
            verdict.because = if self.count(Order::Day) + self.count(Order::Month) > 0 {
                digits.into()
            } else {
                "no date can begin with its day or its month".into()
            };
            return sure(Order::Year);
        }
        let mut chosen = self.days(dates, (same, around, differ), verdict);
        if year.is_none() {
            verdict.sure = Sure::Open;
            chosen.others.push(Order::Year);
        }
        if let [other, ..] = chosen.others[..]
            && (self.both > 0 && self.only() == (0, 0) || year.is_none())
        {
            verdict.questions.push(question(mark, chosen.order, other, dates));
            verdict.because = match other {
                Order::Year => "every date can begin with the day or the year".into(),
                _ => "every date can begin with the day or the month".into(),
            };
        }
        chosen
    }

    /// Whether the day or the month comes first.
    fn days(
        &self,
        dates: &Dates,
        (same, around, differ): (Option<Order>, Option<Order>, bool),
        verdict: &mut Verdict,
    ) -> Chosen {
        let (days, months) = self.only();
        let of = days + months + self.both;
        let sure = |order: Order| Chosen { order, others: Vec::new() };
        let mut told = |count: u64, place: &str| {
            verdict.because =
                format!("{count} of {of} dates have a day above 12 in the {place} place");
        };
        match (days, months) {
            (0, 0) if self.both == 0 => sure(Order::Day),
            (0, 0) => match same.or(around).filter(|_| !differ) {
                Some(order) => {
                    verdict.sure = verdict.sure.max(Sure::Likely);
                    let which = if order == Order::Day { "the day" } else { "the month" };
                    let place = if same.is_some() { "dates" } else { "columns" };
                    verdict.because =
                        format!("no cell decides, and in the other {place} {which} comes first");
                    sure(order)
                }
                None => {
                    verdict.sure = Sure::Open;
                    Chosen { order: Order::Day, others: vec![Order::Month] }
                }
            },
            (days, 0) => {
                told(days, "first");
                sure(Order::Day)
            }
            (0, months) => {
                told(months, "second");
                sure(Order::Month)
            }
            (days, months) => {
                verdict.sure = Sure::Open;
                let both = self.both;
                verdict.questions.push(format!(
                    "two orders stand in one column: {days} dates can only begin with the day, {months} only with the month; {both} others fit both, of {}",
                    dates.all
                ));
                let (more, less) = if months > days {
                    (Order::Month, Order::Day)
                } else {
                    (Order::Day, Order::Month)
                };
                Chosen { order: more, others: vec![less] }
            }
        }
    }
}

/// What one of the dates is in both readings.
fn question(mark: char, order: Order, other: Order, dates: &Dates) -> String {
    let is = |form: &&String, order: Order| of_form(form) == Some((order, mark));
    let of = |order: Order| dates.forms.keys().find(|form| is(form, order));
    let (Some(form), Some(twin)) = (of(order), of(other)) else { return String::new() };
    let text = dates.example.get(twin).map_or("", String::as_str);
    let day = |form: &str| {
        let read = DateForm::new(form).and_then(|form| form.read(text));
        read.map_or(String::new(), |(day, _)| Day(day).to_string())
    };
    let why = match other {
        Order::Year => format!("none of {} dates tells", dates.all),
        _ => format!("no date of {} has a number above 12", dates.all),
    };
    format!("`{text}` is {} by `{form}` and {} by `{twin}`; {why}", day(form), day(twin))
}
