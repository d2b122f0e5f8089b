//! Checks and findings in words.

use super::Shown;
use super::number::{count, none, of_type, share, shown};
use super::phrase::{BasisForm, Said};
use super::time::date;
use super::value::{evidence, of_what};
use super::words::{first_of, say};
use super::{
    AnswerView, Basis, CheckValueView, CheckView, ExampleView, Facts, FindingView, WaiverView,
    reason,
};
use crate::catalog::{Check, RowDetail};
use crate::domain::{Decimal, Evidence, Id, Outcome, Type, Unit, Value};
use crate::judge::{CheckResult, Finding, FindingKind, UsedAnswer, looks_at};
use crate::kinds::{Body, CheckSource, PlanBody};
use crate::measure::{Key, Measured, ShortRow};

/// The mark that stands for an outcome: its shape says outcome and evidence.
pub fn mark_of(outcome: Outcome, evidence: Option<Evidence>) -> &'static str {
    match (outcome, evidence) {
        (Outcome::Met, Some(Evidence::Config)) => "met-config",
        (Outcome::Met, Some(Evidence::Answer)) => "met-answer",
        (Outcome::Met, _) => "met-data",
        (other, _) => other.word(),
    }
}

/// All marks, in the order of a key.
pub(super) const MARKS: [&str; 10] = [
    "met-data",
    "met-config",
    "met-answer",
    "partly-met",
    "not-met",
    "unknown",
    "expired",
    "waived",
    "not-applicable",
    "failed",
];

/// A mark as one character, for texts without drawings.
pub fn glyph_of(mark: &str) -> &'static str {
    match mark {
        "met-data" => "●",
        "met-config" => "◉",
        "met-answer" => "○",
        "partly-met" => "◐",
        "not-met" => "✕",
        "expired" => "△",
        "waived" => "□",
        "not-applicable" => "–",
        "failed" => "!",
        _ => "◌",
    }
}

pub(super) fn outcome_text(outcome: Outcome) -> String {
    say(&format!("outcome.{}", outcome.word()), &[])
}

/// One check; none where it was not judged.
pub(super) fn check(facts: &Facts<'_>, rule: &Check) -> Option<CheckView> {
    let result = facts.assessment.checks.get(&rule.id)?;
    let words = rule.words.clone();
    let evidence = result.evidence;
    // Where another check's data answers, it is that check's value that is shown.
    let shown =
        result.shown_by.as_ref().and_then(|id| facts.catalog.checks.get(id)).unwrap_or(rule);
    Some(CheckView {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        kind: rule.kind,
        outcome: result.outcome.word(),
        truth: result.truth.word(),
        text: outcome_text(result.outcome),
        mark: mark_of(result.outcome, Some(evidence)),
        glyph: glyph_of(mark_of(result.outcome, Some(evidence))),
        grade: result.grade.map_or_else(none, |g| share(Some(g))),
        evidence: evidence.word(),
        evidence_text: say(&format!("evidence.{}", evidence.word()), &[]),
        values: values(facts, shown, result),
        measured: measured(facts, shown, result),
        wanted: wanted(shown),
        reason: result.why.as_ref().map(|w| reason::why(facts.catalog, w)),
        question: words.question,
        why: words.why,
        how: words.how,
        remedy: words.remedy,
        owner: words.owner,
        source: words.source,
        effort: rule.effort,
        place: facts.place(&rule.place),
        answer: result.answer.as_ref().map(|a| answer(facts, a)),
        shown_by: match &rule.body.source {
            CheckSource::Answer { shown_by, .. } => shown_by.as_ref().map(ToString::to_string),
            _ => None,
        },
        waiver: result.waiver.as_ref().map(|w| WaiverView {
            reason: w.reason.clone(),
            owner: w.owner.clone(),
            until: date(w.until),
            place: facts.place(&w.place),
        }),
        examples: examples(facts, shown, result),
        examples_more: short_of(result),
    })
}

/// How many rows fall short.
fn short_of(result: &CheckResult) -> Shown {
    let value = result.value.as_ref();
    let parts = value.and_then(|value| value.denominator.zip(value.numerator));
    let short = parts.and_then(|(all, met)| all.checked_sub(met).ok());
    short.map_or_else(none, |short| shown(&Value::Number(short), &Unit::Number))
}

/// The first rows that keep a check from being met, as far as the project shows rows.
pub(super) fn examples(facts: &Facts<'_>, rule: &Check, result: &CheckResult) -> Vec<ExampleView> {
    let rows = facts.catalog.project.rows;
    let short = matches!(result.truth, Outcome::PartlyMet | Outcome::NotMet);
    let found = facts.measurements.short.get(&rule.id).filter(|_| short);
    let example = |row: &ShortRow| ExampleView {
        place: facts.place(&row.place),
        key: (!row.key.is_null()).then(|| literal(&row.key)),
        cells: match rows {
            RowDetail::Full => cells(&row.cells),
            RowDetail::Keys | RowDetail::None => Vec::new(),
        },
    };
    let found = found.filter(|_| rows != RowDetail::None);
    found.into_iter().flatten().map(example).collect()
}

/// A cell as it would be written: a number without the zeros behind it.
fn literal(value: &Value) -> String {
    match value {
        Value::Number(number) => number.trimmed(0).to_string(),
        other => other.to_string(),
    }
}

fn cells(cells: &[(String, Value)]) -> Vec<(String, String)> {
    let there = cells.iter().filter(|(_, value)| !value.is_null());
    there.map(|(name, value)| (name.clone(), literal(value))).collect()
}

fn answer(facts: &Facts<'_>, answer: &UsedAnswer) -> AnswerView {
    AnswerView {
        word: answer.word.clone(),
        owner: answer.owner.clone(),
        date: date(answer.date),
        expires: answer.expires.map(date),
        link: answer.link.clone(),
        note: answer.note.clone(),
        place: facts.place(&answer.place),
    }
}

/// The metrics that a check compares, else its own value.
fn values(facts: &Facts<'_>, rule: &Check, result: &CheckResult) -> Vec<CheckValueView> {
    let key = looks_at(rule, facts.period);
    let parts = result.parts.iter().filter_map(|(id, measured)| {
        let metric = facts.catalog.metrics.get(id)?;
        Some(value(facts, id.as_str(), &metric.body, &metric.unit, Some(&key), measured))
    });
    let parts: Vec<_> = parts.collect();
    if !parts.is_empty() {
        return parts;
    }
    let Some(own) = &result.value else { return Vec::new() };
    match &rule.body.source {
        CheckSource::Rows(body) | CheckSource::Metrics { body, .. } => {
            vec![value(facts, rule.kind, body, &rule.body.unit, Some(&key), own)]
        }
        CheckSource::Plans(plans) => vec![of_plans(rule.kind, plans, own)],
        CheckSource::Answer { .. } => Vec::new(),
    }
}

/// What plans say: one number of another.
fn of_plans(kind: &str, plans: &PlanBody, measured: &Measured) -> CheckValueView {
    let part = |number: Option<Decimal>| {
        number.map_or_else(none, |n| shown(&Value::Number(n), &plans.unit))
    };
    let (numerator, denominator) = (part(measured.numerator), part(measured.denominator));
    let form = BasisForm::Share(numerator.clone(), denominator.clone());
    let value = shown(&measured.value, &Unit::Ratio);
    let words = Some(plans.words.clone()).filter(|words| !words.is_empty());
    let words = words.unwrap_or_else(|| say("evidence.planned", &[]));
    CheckValueView {
        metric: kind.to_owned(),
        text: Said { status: measured.status, value: value.clone() },
        value,
        n: count(measured.n),
        numerator,
        denominator,
        coverage: share(measured.coverage),
        status: measured.status.word(),
        evidence: Basis { form, of: words },
    }
}

fn value(
    facts: &Facts<'_>,
    metric: &str,
    body: &Body,
    unit: &Unit,
    key: Option<&Key>,
    measured: &Measured,
) -> CheckValueView {
    let value = shown(&measured.value, unit);
    let ty =
        |e: Option<crate::rel::ExprId>| e.map_or(Type::Number, |e| facts.catalog.arena.get(e).ty);
    let parts = of_what(facts, body);
    CheckValueView {
        metric: metric.to_owned(),
        text: Said { status: measured.status, value: value.clone() },
        value,
        n: count(measured.n),
        numerator: of_type(measured.numerator, ty(parts.numerator)),
        denominator: of_type(measured.denominator, ty(parts.denominator)),
        coverage: share(measured.coverage),
        status: measured.status.word(),
        evidence: evidence(facts, body, unit, key, measured),
    }
}

/// What was found, as one phrase: a value with what it rests on, or who said what when.
fn measured(facts: &Facts<'_>, rule: &Check, result: &CheckResult) -> String {
    if let Some(rows) = result.rows.filter(|rows| rows.of > 0) {
        let (answered, of) = (count(rows.answered).text(), count(rows.of).text());
        return say("check.each", &[("answered", &answered), ("of", &of)]);
    }
    if result.evidence == Evidence::Answer {
        return result.answer.as_ref().map(said).unwrap_or_default();
    }
    let told: Vec<_> =
        values(facts, rule, result).into_iter().filter(|v| v.status == "ok").collect();
    let phrases: Vec<String> = told.iter().map(phrase).collect();
    let own = result.value.as_ref().filter(|_| rule.body.unit == Unit::Ratio && told.len() > 1);
    let found = match own {
        // Two metrics and how far they are apart.
        Some(own) => {
            let value = shown(&own.value, &rule.body.unit).text();
            say("check.value", &[("value", &value), ("evidence", &phrases.join("; "))])
        }
        None => phrases.join("; "),
    };
    if result.lacking.is_empty() {
        return found;
    }
    let names = listed(facts, &result.lacking);
    say(&format!("check.lacking-{}", rule.kind), &[("found", &found), ("names", &names)])
}

/// The titles of the first members, and how many more there are.
fn listed(facts: &Facts<'_>, members: &[(Id, String)]) -> String {
    const SHOWN: usize = 6;
    let title = |(dimension, name): &(Id, String)| {
        let title = facts.declared_member(dimension, name).and_then(|(_, title)| title);
        title.unwrap_or_else(|| name.clone())
    };
    let names: Vec<String> = members.iter().map(title).collect();
    first_of(&names, SHOWN)
}

/// "61.4%: 183 of 298 won deals"; a count says itself: "13 won deals".
fn phrase(value: &CheckValueView) -> String {
    let (text, evidence) = (value.text.text(), value.evidence.text());
    let counted = evidence.split_once(' ').is_some_and(|(n, _)| n == text);
    if counted && value.numerator.is_none() {
        return evidence;
    }
    say("check.value", &[("value", &text), ("evidence", &evidence)])
}

fn said(answer: &UsedAnswer) -> String {
    let (day, end) = (date(answer.date), answer.expires.map(date).unwrap_or_default());
    let fill =
        [("word", answer.word.as_str()), ("owner", &answer.owner), ("date", &day), ("end", &end)];
    if end.is_empty() { say("check.answered", &fill) } else { say("check.answered-until", &fill) }
}

/// The bound from which a check is met; nothing for answers.
fn wanted(rule: &Check) -> String {
    if matches!(rule.body.source, CheckSource::Answer { .. }) {
        return String::new();
    }
    // A comparison has no bound but itself.
    if let Some((_, text)) = rule.written.iter().find(|(field, _)| field == rule.kind) {
        return text.clone();
    }
    let bound = shown(&Value::Number(rule.body.bounds.met), &rule.body.unit).text();
    if rule.body.bounds.at_least
        && rule.body.unit == Unit::Ratio
        && rule.body.bounds.met == Decimal::ONE
    {
        say("check.all", &[("bound", &bound)])
    } else if rule.body.bounds.at_least {
        say("check.at-least", &[("bound", &bound)])
    } else {
        say("check.at-most", &[("bound", &bound)])
    }
}

/// The findings of some checks.
pub(super) fn findings(facts: &Facts<'_>, wanted: &dyn Fn(&Id) -> bool) -> Vec<FindingView> {
    let findings = facts.assessment.findings.iter().filter(|f| wanted(&f.check));
    findings.map(|f| finding(facts, f)).collect()
}

fn finding(facts: &Facts<'_>, finding: &Finding) -> FindingView {
    let (kind, text) = match &finding.what {
        FindingKind::Contradiction { answer, says, data } => {
            let (says, data) = (outcome_text(*says), outcome_text(*data));
            let fill = [("answer", answer.as_str()), ("says", &says), ("data", &data)];
            ("contradiction", say("finding.contradiction", &fill))
        }
        FindingKind::AnswerExpired { answer, on } => {
            let fill = [("answer", answer.as_str()), ("date", &date(*on))];
            ("answer-expired", say("finding.answer-expired", &fill))
        }
        FindingKind::WaiverExpired { waiver, on } => {
            let fill = [("waiver", waiver.as_str()), ("date", &date(*on))];
            ("waiver-expired", say("finding.waiver-expired", &fill))
        }
        FindingKind::WaiverUnknown { waiver } => {
            ("waiver-unknown", say("finding.waiver-unknown", &[("waiver", waiver.as_str())]))
        }
        FindingKind::WaiverNotNeeded { waiver } => {
            let fill = [("waiver", waiver.as_str())];
            ("waiver-not-needed", say("finding.waiver-not-needed", &fill))
        }
        FindingKind::NoSuchRow { answer, subject } => {
            let fill = [("answer", answer.as_str()), ("subject", subject.as_str())];
            ("no-such-row", say("finding.no-such-row", &fill))
        }
    };
    let place = facts.place(&finding.place);
    let title = facts.catalog.checks.get(&finding.check).map(|c| c.title.clone());
    let title = title.unwrap_or_else(|| finding.check.to_string());
    FindingView { check: finding.check.to_string(), title, kind, text, place }
}
