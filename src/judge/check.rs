//! One check: its value or its answer, then its waiver.

use super::answers::{self, Said};
use super::plans::{self, Planned};
use super::{Bench, CheckResult, Finding, FindingKind, Why, grade};
use crate::catalog::Check;
use crate::domain::{Decimal, Evidence, Id, Outcome, Period, Status, Value};
use crate::kinds::{CheckSource, PlanBody, Span};
use crate::measure::{Key, Measured, Member, Reason};
use crate::plan::Rule;

pub(super) fn judge(bench: Bench<'_>, check: &Check, findings: &mut Vec<Finding>) -> CheckResult {
    let mut result = match &check.body.source {
        CheckSource::Answer { shown_by: Some(id), .. } if shows(bench, id) => {
            shown_by(bench, check, id, findings)
        }
        CheckSource::Plans(plans) => planned(bench, check, plans),
        CheckSource::Answer { each: Some(each), .. } => {
            said(check, answers::each(bench, check, each, findings))
        }
        CheckSource::Answer { .. } => said(check, answers::single(bench, check, findings)),
        CheckSource::Rows(_) | CheckSource::Metrics { .. } => valued(bench, check, findings),
    };
    result.waiver = answers::waiver(bench, check, result.truth, findings);
    if result.waiver.is_some() && result.truth != Outcome::NotApplicable {
        result.outcome = Outcome::Waived;
    }
    result
}

fn result(check: &Check, truth: Outcome, grade: Option<Decimal>) -> CheckResult {
    CheckResult {
        check: check.id.clone(),
        outcome: truth,
        truth,
        grade,
        evidence: check.evidence,
        value: None,
        parts: Vec::new(),
        lacking: Vec::new(),
        shown_by: None,
        why: None,
        answer: None,
        waiver: None,
        rows: None,
    }
}

fn failed(check: &Check, reason: Reason) -> CheckResult {
    CheckResult { why: Some(Why::Value(reason)), ..result(check, Outcome::Failed, None) }
}

/// Whether the data of a check is there.
fn shows(bench: Bench<'_>, id: &Id) -> bool {
    let check = bench.catalog.checks.get(id);
    let value = check.and_then(|check| find(bench, check, &looks_at(check, bench.period)));
    check.zip(value).is_some_and(|(check, value)| !is_absent(check, &value))
}

/// The result of the check whose data answers instead.
fn shown_by(bench: Bench<'_>, check: &Check, id: &Id, findings: &mut Vec<Finding>) -> CheckResult {
    let Some(other) = bench.catalog.checks.get(id) else {
        return result(check, Outcome::Unknown, None);
    };
    let data = valued(bench, other, findings);
    CheckResult { check: check.id.clone(), shown_by: Some(id.clone()), ..data }
}

/// The result of what plans say.
fn planned(bench: Bench<'_>, check: &Check, plans: &PlanBody) -> CheckResult {
    let Planned { measured, lacking } = plans::judge(bench, plans);
    let judged = of_value(bench, check, &measured);
    CheckResult { value: Some(measured), lacking, ..judged }
}

/// The result of what people said.
fn said(check: &Check, said: Said) -> CheckResult {
    let Said { value, outcome, why, answer, rows } = said;
    let base = match value.map(|v| grade::of(&check.body.bounds, v)) {
        None => result(check, outcome, None),
        Some(Ok((outcome, grade))) => result(check, outcome, Some(grade)),
        Some(Err(_)) => return failed(check, Reason::Overflow),
    };
    CheckResult { evidence: Evidence::Answer, why, answer, rows, ..base }
}

/// The result of a value; an answer stands in only where its data is absent.
fn valued(bench: Bench<'_>, check: &Check, findings: &mut Vec<Finding>) -> CheckResult {
    let key = looks_at(check, bench.period);
    if let Some(dataset) = check.body.needs_rows.as_ref().filter(|id| is_bare(bench, id)) {
        let why = Some(Why::NothingDeclared { dataset: dataset.clone() });
        return CheckResult { why, ..result(check, Outcome::Unknown, None) };
    }
    let value = find(bench, check, &key);
    let mut data = match &value {
        Some(measured) => of_value(bench, check, measured),
        None => {
            CheckResult { why: Some(Why::NotMeasured), ..result(check, Outcome::Unknown, None) }
        }
    };
    data.parts = parts(bench, check, &key);
    let absent = value.as_ref().is_some_and(|m| is_absent(check, m));
    data.value = value;
    let mut expiries = Vec::new();
    let spoken = answers::single(bench, check, &mut expiries);
    if spoken.answer.is_none() {
        return data;
    }
    if absent {
        findings.append(&mut expiries);
        return CheckResult { value: data.value, parts: data.parts, ..said(check, spoken) };
    }
    let spoken = said(check, spoken);
    if let (true, true, Some(answer)) = (spoken.is_scored(), data.is_scored(), &spoken.answer)
        && spoken.outcome != data.outcome
    {
        let what = FindingKind::Contradiction {
            answer: answer.id.clone(),
            says: spoken.outcome,
            data: data.outcome,
        };
        findings.push(Finding { check: check.id.clone(), what, place: answer.place.clone() });
    }
    data
}

/// Whether a config dataset has no rows.
fn is_bare(bench: Bench<'_>, dataset: &Id) -> bool {
    let config = bench.catalog.datasets.get(dataset).is_some_and(|d| d.config);
    config && bench.catalog.rows.get(dataset).is_none_or(Vec::is_empty)
}

/// Period and slice in which a check looks.
pub fn looks_at(check: &Check, period: &Period) -> Key {
    let period = match check.body.span {
        Span::Report => period.clone(),
        Span::All => Period::all(),
    };
    let slice = match &check.body.source {
        CheckSource::Metrics { slice: Some((dimension, member)), .. } => {
            vec![(dimension.clone(), Member::Named(member.as_str().into()))]
        }
        _ => Vec::new(),
    };
    Key { period, slice }
}

/// The check's value; a member of which no row speaks has an empty population.
fn find(bench: Bench<'_>, check: &Check, key: &Key) -> Option<Measured> {
    let values = bench.measurements.values.get(&Rule::Check(check.id.clone()))?;
    if let Some(found) = values.get(key) {
        return Some(found.clone());
    }
    let (_, member) = key.slice.first()?;
    let Member::Named(population) = member else { return None };
    let lacking = values.values().find(|value| is_absent(check, value));
    if let Some(lacking) = lacking {
        return Some(lacking.clone());
    }
    Some(Measured {
        status: Status::NoData,
        value: Value::Null,
        n: 0,
        numerator: None,
        denominator: None,
        in_scope: 0,
        usable: 0,
        unplaced: 0,
        coverage: None,
        gaps: Vec::new(),
        beside: Vec::new(),
        reason: Some(Reason::NoRows {
            population: format!("rows of {population}"),
            undeclared: None,
        }),
    })
}

/// The metrics that a check compares.
fn parts(bench: Bench<'_>, check: &Check, key: &Key) -> Vec<(Id, Measured)> {
    let CheckSource::Metrics { body, .. } = &check.body.source else { return Vec::new() };
    let metrics = body.metrics(&bench.catalog.arena);
    let measured = metrics.into_iter().filter_map(|id| {
        let values = bench.measurements.values.get(&Rule::Metric(id.clone()))?;
        Some((id, values.get(key)?.clone()))
    });
    measured.collect()
}

/// Whether the data is not there at all: no feed, no column. Gaps and small samples are data.
fn is_absent(check: &Check, measured: &Measured) -> bool {
    fn absent(reason: &Reason) -> bool {
        match reason {
            Reason::NoFeed { .. } | Reason::NotInFeed { .. } => true,
            Reason::Part { because: Some(because), .. } => absent(because),
            _ => false,
        }
    }
    check.evidence == Evidence::Data && measured.reason.as_ref().is_some_and(absent)
}

fn of_value(bench: Bench<'_>, check: &Check, measured: &Measured) -> CheckResult {
    let unknown = |why| CheckResult { why, ..result(check, Outcome::Unknown, None) };
    let reason = measured.reason.clone();
    match measured.status {
        Status::Failed => failed(check, reason.unwrap_or(Reason::Overflow)),
        Status::Ok => {
            let number = match number(bench, &measured.value) {
                Ok(number) => number,
                Err(why) => return unknown(Some(why)),
            };
            match grade::of(&check.body.bounds, number) {
                Ok((outcome, grade)) => result(check, outcome, Some(grade)),
                Err(_) => failed(check, Reason::Overflow),
            }
        }
        _ if measured.in_scope == 0 && !is_absent(check, measured) => match check.body.when_none {
            Some(Outcome::Met) => result(check, Outcome::Met, Some(Decimal::ONE)),
            Some(Outcome::NotMet) => CheckResult {
                why: reason.map(Why::Value),
                ..result(check, Outcome::NotMet, Some(Decimal::ZERO))
            },
            Some(other) => {
                CheckResult { why: reason.map(Why::Value), ..result(check, other, None) }
            }
            None => unknown(Some(reason.map_or(Why::NotMeasured, Why::Value))),
        },
        _ => unknown(Some(reason.map_or(Why::NotMeasured, Why::Value))),
    }
}

/// A value as a number: truth is 1 or 0, a date is its age in days at a given as-of date.
fn number(bench: Bench<'_>, value: &Value) -> Result<Decimal, Why> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Bool(truth) => Ok(if *truth { Decimal::ONE } else { Decimal::ZERO }),
        Value::Date(day) => match bench.measurements.as_of.told() {
            Some(today) => Ok(Decimal::from(i64::from(today.0) - i64::from(day.0))),
            None => Err(Why::Value(Reason::AsOfFromData)),
        },
        _ => Err(Why::NotMeasured),
    }
}
