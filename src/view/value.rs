//! One measured value with all that must stand beside it.

use std::collections::BTreeMap;

use super::facts::{has_past, is_change, is_state};
use super::known::begins_within;
use super::needs::{Earlier, earlier};
use super::number::{self, count, none, of_type, share, shown};
use super::phrase::{BasisForm, Said};
use super::words::say;
use super::{
    Basis, Comparison, Facts, FigureView, GapView, MemberView, TargetView, ValueView, reason, time,
};
use crate::catalog::Metric;
use crate::domain::{Day, Decimal, Direction, Id, Period, Status, Type, Unit, Value};
use crate::judge::{Target, Targets};
use crate::kinds::{Body, Making, Window};
use crate::measure::{Key, Measured, Member};
use crate::plan::Rule;

/// The comparison with the period before.
pub(super) const PRIOR: &str = "prior-period";

/// The word of a unit.
pub(super) fn unit_word(unit: &Unit) -> &'static str {
    match unit {
        Unit::Count(_) => "count",
        Unit::Money(_) => "money",
        Unit::Ratio => "ratio",
        Unit::Days => "days",
        Unit::Hours => "hours",
        Unit::Minutes => "minutes",
        Unit::Number => "number",
    }
}

/// A value of a rule at a key.
pub(super) fn value(
    facts: &Facts<'_>,
    body: &Body,
    unit: &Unit,
    key: &Key,
    measured: &Measured,
) -> ValueView {
    let value = shown(&measured.value, unit);
    let parts = of_what(facts, body);
    let gaps = measured.gaps.iter().map(|gap| GapView {
        column: gap.column.clone(),
        blank: count(gap.blank),
        rejected: count(gap.rejected),
        undeclared: count(gap.undeclared),
        foreign: count(gap.foreign),
        text: super::reason::kinds(gap),
    });
    ValueView {
        period: Some(time::period(&key.period, facts.measurements.as_of.day)),
        slice: key.slice.iter().map(|(d, m)| member(facts, d, m)).collect(),
        text: Said { status: measured.status, value: value.clone() },
        value,
        unit: unit_word(unit),
        status: measured.status.word(),
        n: count(measured.n),
        numerator: of_type(measured.numerator, type_of(facts, parts.numerator)),
        denominator: of_type(measured.denominator, type_of(facts, parts.denominator)),
        coverage: share(measured.coverage),
        partial: measured.coverage.is_some_and(|c| c < Decimal::ONE),
        reason: measured.reason.as_ref().map(|r| reason::reason(facts.catalog, r)),
        caveat: None,
        evidence: evidence(facts, body, unit, Some(key), measured),
        gaps: gaps.collect(),
        figures: figures(unit, measured),
        target: None,
        comparisons: Vec::new(),
    }
}

fn figures(unit: &Unit, measured: &Measured) -> Vec<FigureView> {
    let figure = |(name, value): &(String, Value)| FigureView {
        name: name.clone(),
        value: shown(value, unit),
    };
    measured.beside.iter().map(figure).collect()
}

fn type_of(facts: &Facts<'_>, expr: Option<crate::rel::ExprId>) -> Type {
    expr.map_or(Type::Number, |e| facts.catalog.arena.get(e).ty)
}

/// The body that says what a value is of: of a metric over a longer period, that metric's.
pub(super) fn of_what<'a>(facts: &Facts<'a>, body: &'a Body) -> &'a Body {
    let part = match body.making {
        Making::Window(_) => body.metrics(&facts.catalog.arena).into_iter().next(),
        _ => None,
    };
    match part.and_then(|id| facts.catalog.metrics.get(&id)) {
        Some(metric) => of_what(facts, &metric.body),
        None => body,
    }
}

/// What a value rests on: "34 of 109 closed deals".
pub(super) fn evidence(
    facts: &Facts<'_>,
    body: &Body,
    unit: &Unit,
    key: Option<&Key>,
    measured: &Measured,
) -> Basis {
    let body = of_what(facts, body);
    let Some(population) = body.population.as_ref().map(|p| p.words.clone()) else {
        let parts = body.metrics(&facts.catalog.arena).into_iter();
        let part = |id: Id| {
            let Some(metric) = facts.catalog.metrics.get(&id) else { return id.to_string() };
            let values = key.and_then(|key| {
                let values = facts.measurements.values.get(&Rule::Metric(id))?;
                values.get(key).filter(|part| part.status == Status::Ok)
            });
            match values.map(|part| shown(&part.value, &metric.unit).text()) {
                Some(value) => say("evidence.part", &[("title", &metric.title), ("value", &value)]),
                None => metric.title.clone(),
            }
        };
        let parts = parts.map(part).collect::<Vec<_>>().join("; ");
        return Basis { form: BasisForm::Parts, of: parts };
    };
    let n = count(measured.n);
    let part = |number, expr| of_type(number, type_of(facts, expr));
    let top = part(measured.numerator, body.numerator);
    let bottom = part(measured.denominator, body.denominator);
    let form = match measured.denominator {
        _ if measured.status == Status::NotComputable && measured.usable < measured.in_scope => {
            BasisForm::Usable(count(measured.usable), count(measured.in_scope))
        }
        Some(rows) if *unit == Unit::Ratio && rows == Decimal::from(measured.n) => {
            BasisForm::Share(top, bottom)
        }
        Some(_) if measured.numerator.is_some() => BasisForm::Ratio(top, bottom, n),
        _ => BasisForm::Rows(n),
    };
    Basis { form, of: population }
}

/// A member with its title, where config declares one.
pub(super) fn member(facts: &Facts<'_>, dimension: &Id, member: &Member) -> MemberView {
    let (id, text) = match member {
        Member::Unset => (None, say("value.unset", &[])),
        Member::Named(name) => {
            let title = facts.declared_member(dimension, name).and_then(|(_, title)| title);
            (Some(name.to_string()), title.unwrap_or_else(|| name.to_string()))
        }
    };
    MemberView { dimension: dimension.to_string(), member: id, text }
}

/// Gives the values of one metric, each beside its earlier ones.
pub(super) struct Comparing<'a> {
    facts: Facts<'a>,
    metric: &'a Metric,
    values: Option<&'a BTreeMap<Key, Measured>>,
    state: bool,
    has_past: bool,
    /// The period asked for last, and those that it is compared with.
    earlier: Option<(Period, [Earlier; 2])>,
    targets: Targets<'a>,
    /// The first day of the data that it rests on.
    first: Option<Day>,
}

impl<'a> Comparing<'a> {
    pub(super) fn new(facts: &Facts<'a>, metric: &'a Metric) -> Self {
        Self {
            facts: *facts,
            metric,
            values: facts.measurements.values.get(&Rule::Metric(facts.computed(metric))),
            state: is_state(facts.catalog, metric),
            has_past: has_past(facts.catalog, metric) && !is_change(metric),
            earlier: None,
            targets: Targets::of(facts.catalog, metric),
            first: facts.first_day(metric),
        }
    }

    /// The days that a longer value of a period rests on.
    fn window(&self, window: Window, period: &Period) -> Period {
        let (calendar, as_of) =
            (&self.facts.catalog.project.calendar, self.facts.measurements.as_of.told());
        window.of(period, calendar, as_of).unwrap_or_else(|| period.clone())
    }

    /// The value at a key; none where it was not measured.
    pub(super) fn at(&mut self, key: &Key) -> Option<ValueView> {
        let (values, metric) = (self.values?, self.metric);
        let now = values.get(key)?;
        let mut view = value(&self.facts, &metric.body, &metric.unit, key, now);
        let as_of = self.facts.measurements.as_of.day;
        let target = self.targets.at(metric, key, now, as_of);
        view.target = target.map(|target| target_view(metric, target));
        if self.state {
            view.period = None;
        }
        if !self.has_past {
            return Some(view);
        }
        if self.earlier.as_ref().is_none_or(|(period, _)| *period != key.period) {
            let calendar = &self.facts.catalog.project.calendar;
            let told = self.facts.measurements.as_of.told();
            let earlier = earlier(&key.period, calendar, told);
            self.earlier = Some((key.period.clone(), earlier));
        }
        let earlier = self.earlier.iter().flat_map(|(_, earlier)| earlier);
        // What is told since the year began has no like in the period before.
        let to_date = matches!(metric.body.making, Making::Window(Window::ToDate(_)));
        let compared = |(kind, earlier): (&'static str, &Earlier)| {
            if to_date && kind == PRIOR {
                return None;
            }
            let (period, part) = earlier.clone()?;
            let then = Key { period, slice: key.slice.clone() };
            let value = values.get(&then)?;
            let over = part || key.period.complete(self.facts.measurements.as_of.day);
            let earlier = (&then.period, part);
            let rests_on = match &metric.body.making {
                Making::Window(window) => self.window(*window, &then.period),
                _ => then.period.clone(),
            };
            let before = self.first.filter(|first| begins_within(*first, &rests_on));
            let told = comparison(&self.facts, metric, kind, over, now, earlier, value);
            Some(match before {
                Some(first) => unknown_then(told, first),
                None => told,
            })
        };
        view.comparisons =
            [PRIOR, "year-before"].into_iter().zip(earlier).filter_map(compared).collect();
        Some(view)
    }
}

fn target_view(metric: &Metric, target: Target) -> TargetView {
    TargetView {
        value: shown(&Value::Number(target.value), &metric.unit),
        attainment: target.attainment.map_or_else(none, number::ratio),
        pro_rata: target.pro_rata,
        pace: target.pace.map_or_else(none, number::ratio),
        plans: target.plans,
    }
}

/// A metric's value with its comparisons; none where it was not measured.
pub(super) fn compared(facts: &Facts<'_>, metric: &Metric, key: &Key) -> Option<ValueView> {
    Comparing::new(facts, metric).at(key)
}

/// A value beside an earlier one: rates in points, the rest in percent of what was above zero.
fn comparison(
    facts: &Facts<'_>,
    metric: &Metric,
    kind: &'static str,
    over: bool,
    now: &Measured,
    (earlier, same_point): (&Period, bool),
    then: &Measured,
) -> Comparison {
    let as_of = facts.measurements.as_of;
    let told = as_of.told().is_some();
    let points = metric.unit == Unit::Ratio;
    let unit = if points { "points" } else { "percent" };
    let missing = match then.status {
        _ if number(now).is_none() => "change.no-value",
        Status::TooFew => "change.too-few-then",
        Status::NoData => "change.nothing-then",
        _ => "change.withheld-then",
    };
    let change = match (number(now), number(then)) {
        (Some(_), Some(_)) if !over => {
            Err(say(if told { "change.not-over" } else { "change.not-over-by-data" }, &[]))
        }
        (Some(a), Some(b)) => change(a, b, points).ok_or_else(|| say("change.zero-base", &[])),
        _ => Err(say(missing, &[])),
    };
    let sign = match &change {
        Err(_) => "",
        Ok(c) if c.is_zero() => "flat",
        Ok(c) if c.is_negative() => "down",
        Ok(_) => "up",
    };
    Comparison {
        kind,
        period: time::period(earlier, as_of.day),
        same_point,
        value: shown(&then_value(then), &metric.unit),
        change: change.as_ref().map_or_else(|_| none(), |c| number::change(*c, points)),
        unit,
        sign,
        goodness: match &change {
            Ok(c) if is_small(*c) => "neutral",
            _ => goodness(metric.better, sign),
        },
        withheld: change.err(),
    }
}

/// A comparison with a period before the data begin: nothing is known of it.
fn unknown_then(told: Comparison, first: Day) -> Comparison {
    let withheld = say("reason.before-data", &[("date", &time::date(first))]);
    Comparison {
        value: none(),
        change: none(),
        sign: "",
        goodness: "neutral",
        withheld: Some(withheld),
        ..told
    }
}

/// The earlier value, withheld where it is too few to say.
fn then_value(then: &Measured) -> Value {
    if then.status == Status::Ok { then.value.clone() } else { Value::Null }
}

fn number(measured: &Measured) -> Option<Decimal> {
    if measured.status == Status::Ok { measured.value.number() } else { None }
}

pub(super) fn change(now: Decimal, then: Decimal, points: bool) -> Option<Decimal> {
    let difference = now.checked_sub(then).ok()?;
    let part = if points {
        difference
    } else if then > Decimal::ZERO {
        difference.checked_div(then, 6).ok()?
    } else {
        return None;
    };
    Some(part.checked_mul(Decimal::from(100i64)).ok()?.trimmed(0))
}

/// Less than half a point or half a percent is neither good nor bad.
pub(super) fn is_small(change: Decimal) -> bool {
    let half = Decimal::new(5, 1);
    change < half && change > half.negated()
}

pub(super) fn goodness(better: Direction, sign: &str) -> &'static str {
    match (better, sign) {
        (Direction::Higher, "up") | (Direction::Lower, "down") => "good",
        (Direction::Higher, "down") | (Direction::Lower, "up") => "bad",
        _ => "neutral",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_rates_are_points_and_percent_needs_a_base() {
        let d = |t: &str| Decimal::parse(t).unwrap();
        assert_eq!(change(d("0.312"), d("0.287"), true), Some(d("2.5")));
        assert_eq!(change(d("110"), d("100"), false), Some(d("10")));
        assert_eq!(change(d("5"), d("0"), false), None);
        assert_eq!(change(d("5"), d("-3"), false), None);
        assert_eq!(change(d("0"), d("0"), true), Some(d("0")));
        assert_eq!(goodness(Direction::Lower, "down"), "good");
        assert_eq!(goodness(Direction::Neither, "down"), "neutral");
    }
}
