//! The first sentences of a report: what moved, made from the numbers.

use super::bridge::Bridged;
use super::words::say;
use super::{Facts, MetricView, bridge};
use crate::domain::Id;

/// How many metrics are named where no bridge tells the whole.
const NAMED: usize = 4;

/// What moved, from the first bridge that has a value; else how the first metrics changed.
pub(super) fn lede(facts: &Facts<'_>, metrics: &[MetricView]) -> String {
    let bridged = metrics.iter().find_map(|view| {
        let rule = facts.catalog.metrics.get(&Id::from(view.id.as_str()))?;
        bridge::of(facts, rule, &view.value)
    });
    bridged.map_or_else(|| changes(metrics), |bridged| moved(&bridged))
}

fn moved(bridged: &Bridged) -> String {
    let (then, now) = (bridged.then.text(), bridged.now.text());
    let fill = [
        ("title", bridged.title.as_str()),
        ("now", &now),
        ("period", &bridged.period),
        ("then", &then),
        ("earlier", &bridged.earlier),
    ];
    let mut sentences = vec![say("lede.bridge", &fill)];
    for (key, down) in [("lede.up", false), ("lede.down", true)] {
        let moved = bridged.parts.iter().filter(|(_, part)| {
            part.number().is_some_and(|n| !n.is_zero() && n.is_negative() == down)
        });
        let parts: Vec<String> =
            moved.map(|(name, part)| format!("{name} {}", part.signed())).collect();
        if !parts.is_empty() {
            sentences.push(say(key, &[("parts", &parts.join(", "))]));
        }
    }
    sentences.join(" ")
}

fn changes(metrics: &[MetricView]) -> String {
    let ok = metrics.iter().filter(|m| m.value.status == "ok");
    let mut against = None;
    let told: Vec<String> = ok
        .take(NAMED)
        .map(|metric| {
            let title = metric.title.as_str();
            let change = metric.value.comparisons.first().filter(|c| c.withheld.is_none());
            let Some(change) = change else {
                let value = metric.value.text.text();
                return say("lede.value", &[("title", title), ("value", &value)]);
            };
            against = against.take().or_else(|| Some(change.period.text()));
            let (sign, text) = (say(&format!("sign.{}", change.sign), &[]), change.change.text());
            say("lede.change", &[("title", title), ("sign", &sign), ("change", &text)])
        })
        .collect();
    let parts = told.join("; ");
    match against {
        _ if told.is_empty() => String::new(),
        Some(period) => say("lede.against", &[("parts", &parts), ("period", &period)]),
        None => say("lede.plain", &[("parts", &parts)]),
    }
}
