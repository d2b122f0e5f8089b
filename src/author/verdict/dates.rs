//! Dates: in which forms they are written, and whether the day or the month comes first.

use super::{Around, First, Kind, Sure, Verdict, cells};
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
