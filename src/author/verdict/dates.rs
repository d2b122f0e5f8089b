//! Dates: in which forms they are written.

use std::collections::BTreeSet;

use super::order::{self, Order};
use super::{Around, Kind, Sure, Verdict, cells};
use crate::author::column::Dates;
use crate::author::date::ISO;
use crate::domain::Day;

impl Verdict {
    pub(super) fn of_dates(&mut self, dates: &Dates, around: Around) {
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
        let chosen = order::of_marks(dates, around, self);
        self.dates = forms(dates, |order, mark| chosen[&mark].order == order);
        if self.sure == Sure::Open {
            let others: BTreeSet<Order> =
                chosen.values().flat_map(|chosen| chosen.others.iter().copied()).collect();
            let other = |other: Order| {
                forms(dates, |order, mark| {
                    let chosen = &chosen[&mark];
                    let open = chosen.others.contains(&other);
                    order == if open { other } else { chosen.order }
                })
            };
            self.dates_else = others.into_iter().map(other).collect();
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
}

/// Forms, those of the most cells first.
fn by_count(dates: &Dates) -> Vec<(&String, u64)> {
    let mut forms: Vec<(&String, u64)> =
        dates.forms.iter().map(|(form, (count, ..))| (form, *count)).collect();
    forms.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    forms
}

/// The forms that stand, of those whose order is one of several, where this order of this mark does.
fn forms(dates: &Dates, stands: impl Fn(Order, char) -> bool) -> Vec<String> {
    let iso = dates.forms.get(ISO).map_or(0, |(count, ..)| *count);
    let literal = dates.forms.keys().any(|form| form.starts_with("%Y-%m-%d"));
    let kept = |form: &&String| {
        // ISO 8601 alone needs no form; beside others, it is said as the others are.
        let twice = iso == dates.all && *form != ISO || *form == ISO && iso < dates.all && literal;
        !twice && order::of_form(form).is_none_or(|(order, mark)| stands(order, mark))
    };
    by_count(dates).into_iter().map(|(form, _)| form).filter(kept).cloned().collect()
}
