//! Attestations and waivers against the as-of date.

use super::rows;
use super::{Bench, Finding, FindingKind, RowCount, UsedAnswer, UsedWaiver, Why};
use crate::catalog::{Answer, Check};
use crate::domain::{Day, Decimal, Outcome};
use crate::kinds::{CheckSource, EachAnswer};
use crate::measure::AsOf;

/// What the answers to a check say.
pub(super) struct Said {
    /// The answer's grade; none where nothing stands.
    pub(super) value: Option<Decimal>,
    /// Unknown or expired where nothing stands.
    pub(super) outcome: Outcome,
    pub(super) why: Option<Why>,
    pub(super) answer: Option<UsedAnswer>,
    pub(super) rows: Option<RowCount>,
}

/// Whether something with an end still holds.
enum Standing {
    Stands,
    Past(Day),
    Unknown,
    NotYet(Day),
}

fn standing(from: Option<Day>, until: Option<Day>, as_of: AsOf) -> Standing {
    match (as_of.told(), until) {
        (Some(today), _) if from.is_some_and(|f| f > today) => {
            Standing::NotYet(from.unwrap_or(today))
        }
        (Some(today), Some(end)) if today > end => Standing::Past(end),
        (None, Some(_)) => Standing::Unknown,
        _ => Standing::Stands,
    }
}

/// The last day of an answer: its own, or the check's term, whichever comes first.
fn end_of(answer: &Answer, check: &Check) -> Option<Day> {
    let CheckSource::Answer { valid_for: Some(days), .. } = &check.body.source else {
        return answer.expires;
    };
    let term = answer.date.0.checked_add_unsigned(*days).map(Day);
    match (answer.expires, term) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn used(answer: &Answer, check: &Check) -> UsedAnswer {
    UsedAnswer {
        id: answer.id.clone(),
        word: answer.word.clone(),
        owner: answer.owner.clone(),
        date: answer.date,
        expires: end_of(answer, check),
        link: answer.link.clone(),
        note: answer.note.clone(),
        place: answer.place.clone(),
    }
}

/// What is said of a check, or of one row of it: the newest answer decides.
fn newest<'a>(bench: Bench<'a>, check: &Check, subject: Option<&str>) -> Option<&'a Answer> {
    let answers = bench.catalog.answers.iter();
    answers
        .filter(|a| a.check == check.id && a.subject.as_deref() == subject)
        .max_by(|a, b| (a.date, &b.id).cmp(&(b.date, &a.id)))
}

/// The one answer to a check.
pub(super) fn single(bench: Bench<'_>, check: &Check, findings: &mut Vec<Finding>) -> Said {
    let nothing = |outcome, why| Said { value: None, outcome, why, answer: None, rows: None };
    let Some(answer) = newest(bench, check, None) else {
        return nothing(Outcome::Unknown, Some(Why::NoAnswer));
    };
    let shown = Some(used(answer, check));
    let as_of = bench.measurements.as_of;
    let mut said = match standing(Some(answer.date), end_of(answer, check), as_of) {
        Standing::Stands => {
            let value = Some(Decimal::new(answer.grade.into(), 3));
            return Said { value, answer: shown, ..nothing(Outcome::Unknown, None) };
        }
        Standing::Past(on) => {
            findings.push(expired(check, answer, on));
            nothing(Outcome::Expired, Some(Why::Expired { on }))
        }
        Standing::Unknown => nothing(Outcome::Unknown, Some(Why::ExpiryUnknown)),
        Standing::NotYet(date) => nothing(Outcome::Unknown, Some(Why::NotYet { date })),
    };
    said.answer = shown;
    said
}

fn expired(check: &Check, answer: &Answer, on: Day) -> Finding {
    let what = FindingKind::AnswerExpired { answer: answer.id.clone(), on };
    Finding { check: check.id.clone(), what, place: answer.place.clone() }
}

/// One answer for each row: the mean, in which a row without a standing answer is 0 once any row has one.
pub(super) fn each(
    bench: Bench<'_>,
    check: &Check,
    each: &EachAnswer,
    findings: &mut Vec<Finding>,
) -> Said {
    let keys = rows::keys(bench, each);
    let (mut sum, mut answered) = (0i128, 0u64);
    let (mut last_end, mut doubt) = (None, None);
    for key in &keys {
        let Some(answer) = newest(bench, check, Some(key)) else { continue };
        match standing(Some(answer.date), end_of(answer, check), bench.measurements.as_of) {
            Standing::Stands => {
                sum += i128::from(answer.grade);
                answered += 1;
            }
            Standing::Past(on) => {
                findings.push(expired(check, answer, on));
                last_end = last_end.max(Some(on));
            }
            Standing::Unknown => doubt = doubt.or(Some(Why::ExpiryUnknown)),
            Standing::NotYet(date) => doubt = doubt.or(Some(Why::NotYet { date })),
        }
    }
    findings.extend(strangers(bench, check, &keys));
    let of = keys.len() as u64;
    let rows = Some(RowCount { answered, of });
    let value = (answered > 0)
        .then(|| Decimal::new(sum, 3).checked_div(Decimal::from(of), super::SCALE).ok())
        .flatten();
    let (outcome, why) = match (value, last_end) {
        (Some(_), _) => (Outcome::Unknown, None),
        _ if of == 0 => (Outcome::Unknown, Some(Why::NoRows { dataset: each.dataset.clone() })),
        (None, Some(on)) if doubt.is_none() => (Outcome::Expired, Some(Why::Expired { on })),
        _ => (Outcome::Unknown, doubt.or(Some(Why::NoAnswer))),
    };
    Said { value, outcome, why, answer: None, rows }
}

/// Answers for rows that are not there.
fn strangers(bench: Bench<'_>, check: &Check, keys: &[String]) -> Vec<Finding> {
    let answers = bench.catalog.answers.iter().filter(|a| a.check == check.id);
    let strange = answers.filter_map(|a| {
        let subject = a.subject.as_ref().filter(|s| !keys.contains(s))?.clone();
        let what = FindingKind::NoSuchRow { answer: a.id.clone(), subject };
        Some(Finding { check: check.id.clone(), what, place: a.place.clone() })
    });
    strange.collect()
}

/// The waiver that stands for a check; ends are findings.
pub(super) fn waiver(
    bench: Bench<'_>,
    check: &Check,
    truth: Outcome,
    findings: &mut Vec<Finding>,
) -> Option<UsedWaiver> {
    let mut found = None;
    for waiver in bench.catalog.waivers.iter().filter(|w| w.check == check.id) {
        let name = waiver.id.clone();
        let what = match standing(None, Some(waiver.until), bench.measurements.as_of) {
            Standing::Past(on) => Some(FindingKind::WaiverExpired { waiver: name, on }),
            Standing::Unknown => Some(FindingKind::WaiverUnknown { waiver: name }),
            _ if truth == Outcome::Met => Some(FindingKind::WaiverNotNeeded { waiver: name }),
            _ => None,
        };
        if let Some(what) = what {
            findings.push(Finding { check: check.id.clone(), what, place: waiver.place.clone() });
        } else {
            found = Some(UsedWaiver {
                id: waiver.id.clone(),
                reason: waiver.reason.clone(),
                owner: waiver.owner.clone(),
                until: waiver.until,
                place: waiver.place.clone(),
            });
        }
    }
    found
}
