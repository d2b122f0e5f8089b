//! Values made of other values.

use std::collections::{BTreeMap, BTreeSet};

use super::leaf::tidy;
use super::model::{Key, Measured, Measurements, Member, Reason};
use crate::domain::{Id, Status, Value};
use crate::expr::{self, Env, EvalError};
use crate::plan::{DerivedPlan, Plan, Rule};

/// Computes all derived rules, parts first, and gives aliases their values.
pub(super) fn derive(plan: &Plan, measurements: &mut Measurements) {
    for derived in &plan.derived {
        let values = values(plan, derived, measurements);
        measurements.values.insert(derived.rule.clone(), values);
    }
    for (alias, target) in &plan.aliases {
        let values = measurements.values.get(target).cloned().unwrap_or_default();
        measurements.values.insert(alias.clone(), values);
    }
}

fn values(plan: &Plan, derived: &DerivedPlan, known: &Measurements) -> BTreeMap<Key, Measured> {
    let mut all = BTreeMap::new();
    for (by, periods) in &derived.asks {
        let mut keys: BTreeSet<Key> = BTreeSet::new();
        for part in &derived.parts {
            let values = known.values.get(&rule(plan, part)).into_iter().flatten();
            let mine =
                |k: &&Key| periods.contains(&k.period) && k.slice.iter().map(|(d, _)| d).eq(by);
            keys.extend(values.map(|(k, _)| k).filter(mine).cloned());
        }
        if by.is_empty() {
            keys.extend(periods.iter().map(Key::total));
        }
        for key in keys {
            let measured = one(plan, derived, known, &key);
            all.insert(key, measured);
        }
    }
    all
}

/// The rule that a metric's name stands for.
fn rule(plan: &Plan, metric: &Id) -> Rule {
    let named = Rule::Metric(metric.clone());
    let alias = plan.aliases.iter().find(|(alias, _)| *alias == named);
    alias.map_or(named.clone(), |(_, target)| target.clone())
}

fn one(plan: &Plan, derived: &DerivedPlan, known: &Measurements, key: &Key) -> Measured {
    let mut from = key.clone();
    if let Some((dimension, member)) = &derived.slice {
        from.slice = vec![(dimension.clone(), Member::Named(member.as_str().into()))];
    }
    let mut parts = BTreeMap::new();
    for part in &derived.parts {
        let measured = known.values.get(&rule(plan, part)).and_then(|v| v.get(&from));
        parts.insert(part.clone(), measured);
    }
    let mut result = blank(&parts);
    let usable = |m: &Measured| matches!(m.status, Status::Ok | Status::TooFew);
    let lacking = parts.iter().find(|(_, m)| !m.is_some_and(usable));
    if let Some((part, measured)) = lacking {
        let because = measured.and_then(|m| m.reason.clone()).map(Box::new);
        result.reason = Some(Reason::Part { metric: part.clone(), because });
        result.status = match measured.map(|m| m.status) {
            Some(Status::Failed) => Status::Failed,
            Some(Status::NoData) | None => Status::NoData,
            _ => Status::NotComputable,
        };
        return result;
    }
    let values = parts.iter().filter_map(|(id, m)| Some((id.clone(), m.as_ref()?.value.clone())));
    let env = MetricEnv { values: values.collect() };
    match expr::evaluate(&plan.arena, derived.value, &env) {
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
