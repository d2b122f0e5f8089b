//! Values made of other values.

use std::collections::{BTreeMap, BTreeSet};

use super::leaf::tidy;
use super::model::{Key, Measured, Measurements, Member, Reason};
use crate::domain::{Calendar, Day, Decimal, Id, Period, Status, Value};
use crate::expr::{self, Env, EvalError};
use crate::kinds::{Against, Link, Making};
use crate::plan::{DerivedPlan, Plan, Rule};
use crate::rel::Op;

/// Computes all derived rules, parts first, and gives aliases their values.
pub(super) fn derive(plan: &Plan, calendar: &Calendar, measurements: &mut Measurements) {
    for derived in &plan.derived {
        let values = values(plan, derived, calendar, measurements);
        measurements.values.insert(derived.rule.clone(), values);
    }
    for (alias, target) in &plan.aliases {
        let values = measurements.values.get(target).cloned().unwrap_or_default();
        measurements.values.insert(alias.clone(), values);
    }
}

fn values(
    plan: &Plan,
    derived: &DerivedPlan,
    calendar: &Calendar,
    known: &Measurements,
) -> BTreeMap<Key, Measured> {
    let making = Deriving { plan, derived, calendar, known };
    let mut all = BTreeMap::new();
    for (by, periods) in &derived.asks {
        for period in periods {
            let mut keys = making.keys(by, period);
            if by.is_empty() {
                keys.insert(Key::total(period));
            }
            for key in keys {
                let measured = making.one(&key);
                all.insert(key, measured);
            }
        }
    }
    all
}

/// One derived rule, and the values that it may be made of.
struct Deriving<'a> {
    plan: &'a Plan,
    derived: &'a DerivedPlan,
    calendar: &'a Calendar,
    known: &'a Measurements,
}

impl<'a> Deriving<'a> {
    /// The values of a part: an alias has none of its own.
    fn of(&self, metric: &Id) -> Option<&'a BTreeMap<Key, Measured>> {
        let named = Rule::Metric(metric.clone());
        let alias = self.plan.aliases.iter().find(|(alias, _)| *alias == named);
        self.known.values.get(alias.map_or(&named, |(_, target)| target))
    }

    /// A period's keys in one crossing, wherever a part has a value that is needed for it.
    fn keys(&self, by: &[Id], period: &Period) -> BTreeSet<Key> {
        let sources = self.derived.making.periods(period, self.calendar, self.as_of());
        let mut keys = BTreeSet::new();
        for values in self.derived.parts.iter().filter_map(|part| self.of(part)) {
            let mine =
                |k: &&Key| sources.contains(&k.period) && k.slice.iter().map(|(d, _)| d).eq(by);
            let here = |k: &Key| Key { period: period.clone(), slice: k.slice.clone() };
            keys.extend(values.keys().filter(mine).map(here));
        }
        keys
    }

    fn one(&self, key: &Key) -> Measured {
        match &self.derived.making {
            Making::Tree => self.tree(key),
            Making::Window(_) if key.period.is_ahead(self.known.as_of.day) => {
                Measured { status: Status::NoData, ..none(Reason::NotBegun) }
            }
            Making::Window(window) => match window.of(&key.period, self.calendar, self.as_of()) {
                Some(period) => self.tree(&Key { period, slice: key.slice.clone() }),
                None => none(Reason::NoEnd),
            },
            Making::Bridge { chain, against } => self.bridge(key, chain, *against),
        }
    }

    /// The as-of date that a person gave.
    fn as_of(&self) -> Option<Day> {
        self.known.as_of.told()
    }

    fn tree(&self, key: &Key) -> Measured {
        let mut from = key.clone();
        if let Some((dimension, member)) = &self.derived.slice {
            from.slice = vec![(dimension.clone(), Member::Named(member.as_str().into()))];
        }
        let part = |id: &Id| (id.clone(), self.of(id).and_then(|values| values.get(&from)));
        let parts: BTreeMap<Id, Option<&Measured>> = self.derived.parts.iter().map(part).collect();
        let mut result = blank(&parts);
        if let (Making::Window(_), Some(part)) =
            (&self.derived.making, parts.values().flatten().next())
        {
            (result.numerator, result.denominator) = (part.numerator, part.denominator);
        }
        let lacking = parts.iter().find(|(_, m)| !m.is_some_and(is_usable));
        if let Some((part, measured)) = lacking {
            return lacks(result, part, *measured);
        }
        let values =
            parts.iter().filter_map(|(id, m)| Some((id.clone(), m.as_ref()?.value.clone())));
        let env = MetricEnv { values: values.collect() };
        match expr::evaluate(&self.plan.arena, self.derived.value, &env) {
            Ok(Value::Null) => {
                result.status = Status::NotComputable;
                result.reason = Some(Reason::ZeroDenominator { population: String::new() });
            }
            Ok(value) => result.value = tidy(value),
            Err(_) => {
                result.status = Status::Failed;
                result.reason = Some(Reason::Overflow);
            }
        }
        result
    }

    fn bridge(&self, key: &Key, chain: &[Link], against: Against) -> Measured {
        if self.as_of().is_none() && !key.period.complete(self.known.as_of.day) {
            return none(Reason::NotOver);
        }
        let Some(earlier) = against.of(&key.period, self.calendar, self.as_of()) else {
            return none(Reason::NoEarlier);
        };
        if let Some(first) = self.begin_after(chain, &earlier) {
            return Measured { status: Status::NoData, ..none(Reason::BeforeData { first }) };
        }
        let mut seen = BTreeMap::new();
        let levels = [&earlier, &key.period].map(|period| {
            let end = Key { period: period.clone(), slice: key.slice.clone() };
            self.levels(&end, chain, &mut seen)
        });
        let [before, after] = match levels {
            [Ok(before), Ok(after)] => [before, after],
            [Err((part, measured)), _] | [_, Err((part, measured))] => {
                return lacks(blank(&BTreeMap::new()), part, measured);
            }
        };
        let mut names: Vec<String> = chain.iter().map(|link| link.factor.clone()).collect();
        if !key.slice.is_empty() {
            names.insert(1, MIX.to_owned());
        }
        let mut result = blank(&seen);
        match super::bridge::bridge(&before, &after) {
            Some(bridged) => {
                result.value = tidy(Value::Number(bridged.change));
                let effects = bridged.effects.into_iter().map(|e| tidy(Value::Number(e)));
                result.beside = names.into_iter().zip(effects).collect();
            }
            None => (result.status, result.reason) = (Status::Failed, Some(Reason::Overflow)),
        }
        result
    }

    /// The levels of a chain at a key. Of a slice, the first factor is the whole's, and the second its share of that.
    fn levels<'l>(
        &self,
        key: &Key,
        chain: &'l [Link],
        seen: &mut BTreeMap<Id, Option<&'a Measured>>,
    ) -> Result<Vec<Decimal>, Lacking<'l, 'a>> {
        let total = Key::total(&key.period);
        let whole = chain.first().filter(|_| !key.slice.is_empty()).map(|link| (link, &total));
        let mut levels = Vec::new();
        for (link, at) in whole.into_iter().chain(chain.iter().map(|link| (link, key))) {
            let (level, measured) =
                self.level(&link.metric, at).map_err(|measured| (&link.metric, measured))?;
            levels.push(level);
            seen.insert(link.metric.clone(), measured);
        }
        Ok(levels)
    }

    /// The first day of the data behind a chain, where a period is over before it: what nobody knows of is no zero.
    fn begin_after(&self, chain: &[Link], period: &Period) -> Option<Day> {
        let first = chain.iter().filter_map(|link| {
            let rule = Rule::Metric(link.metric.clone());
            let value = self.plan.values.iter().find(|value| value.rule == rule)?;
            let Op::Column(path) = &self.plan.arena.get(value.time?.from()).op else { return None };
            let dataset = &self.plan.scans.get(value.scan)?.dataset;
            self.known.first_day(dataset, path.base())
        });
        first.max().filter(|first| period.to.is_some_and(|to| to < *first))
    }

    /// A link's level at a key: nothing there is a level of 0. The error is a part that has no value.
    fn level(
        &self,
        metric: &Id,
        key: &Key,
    ) -> Result<(Decimal, Option<&'a Measured>), Option<&'a Measured>> {
        let measured = self.of(metric).and_then(|values| values.get(key));
        match measured {
            None if !key.slice.is_empty() => Ok((Decimal::ZERO, None)),
            Some(found) if matches!(found.reason, Some(Reason::NoRows { .. })) => {
                Ok((Decimal::ZERO, measured))
            }
            Some(found) if is_usable(found) => match found.value.number() {
                Some(level) => Ok((level, measured)),
                None => Err(measured),
            },
            _ => Err(measured),
        }
    }
}

/// A part that has no value, and what was measured of it.
type Lacking<'l, 'a> = (&'l Id, Option<&'a Measured>);

/// The factor of a slice's share of the whole.
const MIX: &str = "mix";

fn is_usable(measured: &Measured) -> bool {
    matches!(measured.status, Status::Ok | Status::TooFew)
}

/// A value that another one keeps from being.
fn lacks(mut result: Measured, part: &Id, measured: Option<&Measured>) -> Measured {
    let because = measured.and_then(|m| m.reason.clone()).map(Box::new);
    result.reason = Some(Reason::Part { metric: part.clone(), because });
    result.status = match measured.map(|m| m.status) {
        Some(Status::Failed) => Status::Failed,
        Some(Status::NoData) | None => Status::NoData,
        _ => Status::NotComputable,
    };
    result
}

/// No value, for a reason of the period's.
fn none(reason: Reason) -> Measured {
    let result = blank(&BTreeMap::new());
    Measured { status: Status::NotComputable, reason: Some(reason), ..result }
}

/// Coverage and sample of the weakest part.
fn blank(parts: &BTreeMap<Id, Option<&Measured>>) -> Measured {
    let known = || parts.values().flatten();
    let least = |get: fn(&Measured) -> u64| known().map(|m| get(m)).min().unwrap_or(0);
    let few = known().find(|m| m.status == Status::TooFew);
    let weakest = known().filter(|m| m.coverage.is_some()).min_by_key(|m| m.coverage);
    Measured {
        status: if few.is_some() { Status::TooFew } else { Status::Ok },
        value: Value::Null,
        n: least(|m| m.n),
        numerator: None,
        denominator: None,
        in_scope: weakest.map_or(0, |m| m.in_scope),
        usable: weakest.map_or(0, |m| m.usable),
        unplaced: weakest.map_or(0, |m| m.unplaced),
        coverage: weakest.and_then(|m| m.coverage),
        gaps: weakest.map(|m| m.gaps.clone()).unwrap_or_default(),
        beside: Vec::new(),
        reason: few.and_then(|m| m.reason.clone()),
    }
}

struct MetricEnv {
    values: BTreeMap<Id, Value>,
}

impl Env for MetricEnv {
    fn metric(&self, id: &Id) -> Result<Value, EvalError> {
        Ok(self.values.get(id).cloned().unwrap_or(Value::Null))
    }

    fn division_scale(&self) -> u8 {
        18
    }
}
