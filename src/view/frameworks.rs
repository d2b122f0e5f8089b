//! Frameworks in words: levels, groups, elements, headline, next steps.

use std::collections::{BTreeMap, BTreeSet};

use super::checks::{MARKS, glyph_of, mark_of, outcome_text};
use super::number::{share, shown};
use super::words::{first_of, say};
use super::{ElementView, Facts, FrameworkView, HeadingView, LevelView, NextView, TallyView};
use super::{HeatView, MarkView, RoadView, chart};
use crate::catalog::{Element, Framework, Heading};
use crate::domain::{Decimal, Id, Outcome, Unit, Value};
use crate::judge::{ElementResult, FrameworkResult, Gate, HeadingResult, NextStep, Tally};
use crate::kinds::CheckSource;

/// One framework; none where it was not judged.
pub(super) fn framework(facts: &Facts<'_>, rule: &Framework) -> Option<FrameworkView> {
    let result = facts.assessment.frameworks.get(&rule.id)?;
    let level = result.gate.as_ref().map(|gate| level(rule, gate));
    let mut met_by = BTreeMap::new();
    for element in result.elements.iter().filter(|e| e.truth == Outcome::Met) {
        if let Some(evidence) = element.evidence {
            *met_by.entry(evidence.word()).or_insert(0) += 1;
        }
    }
    let headings = |declared: &[Heading], results: &[HeadingResult], level: bool| {
        let pairs = declared.iter().zip(results);
        let headings =
            pairs.enumerate().map(|(at, (h, r))| heading(rule, h, r, level.then_some(at + 1)));
        headings.collect::<Vec<_>>()
    };
    Some(FrameworkView {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        source: rule.source.clone(),
        doc: rule.doc.clone(),
        headline: result.headline,
        sentence: sentence(rule, result),
        toward: level.as_ref().map(toward).unwrap_or_default(),
        marks: marks(facts, rule, result),
        level,
        tally: tally(&result.total),
        levels: headings(&rule.levels, &result.levels, true),
        groups: headings(&rule.groups, &result.groups, false),
        elements: rule
            .elements
            .iter()
            .zip(&result.elements)
            .map(|(e, r)| element(facts, e, r))
            .collect(),
        beside: beside(rule),
        heat: heat(rule, result),
        next: result.next.iter().filter_map(|n| next(facts, rule, n)).collect(),
        met_by,
    })
}

fn level(rule: &Framework, gate: &Gate) -> LevelView {
    let titles = |ids: &[Id]| ids.iter().map(|id| element_title(rule, id)).collect::<Vec<_>>();
    let gated = gate.level.as_ref();
    LevelView {
        gated: gated.map(ToString::to_string),
        title: gated.map_or_else(|| say("framework.below", &[]), |id| level_title(rule, id)),
        number: gate.number,
        of: gate.of,
        next: gate.next.as_ref().map(|id| level_title(rule, id)),
        passed_over: gate.passed_over.iter().map(|id| level_title(rule, id)).collect(),
        blocking: titles(&gate.blocking),
    }
}

/// The marks that a framework shows, in the order of the key.
fn marks(facts: &Facts<'_>, rule: &Framework, result: &FrameworkResult) -> Vec<MarkView> {
    let elements = result.elements.iter().map(|e| mark_of(e.outcome, e.evidence));
    let checks = rule.elements.iter().flat_map(|e| &e.checks);
    let checks = checks.filter_map(|(id, _)| facts.assessment.checks.get(id));
    let checks = checks.map(|c| mark_of(c.outcome, Some(c.evidence)));
    let used: BTreeSet<&str> = elements.chain(checks).collect();
    let known = MARKS.iter().filter(|word| used.contains(*word));
    known.map(|word| MarkView { word, glyph: glyph_of(word) }).collect()
}

/// What stands before the next level, by name.
fn toward(level: &LevelView) -> String {
    const SHOWN: usize = 3;
    let Some(next) = level.next.as_ref().filter(|_| !level.blocking.is_empty()) else {
        return String::new();
    };
    let n = level.blocking.len();
    let names = first_of(&level.blocking, SHOWN);
    let n = n.to_string();
    say("framework.toward", &[("level", next), ("n", &n), ("names", &names)])
}

fn level_title(rule: &Framework, id: &Id) -> String {
    let found = rule.levels.iter().find(|l| l.id == *id);
    found.map_or_else(|| id.to_string(), |l| l.title.clone())
}

fn element_title(rule: &Framework, id: &Id) -> String {
    let found = rule.elements.iter().find(|e| e.id == *id);
    found.map_or_else(|| id.to_string(), |e| e.title.clone())
}

/// The headline, always with its coverage; below the floor there is none, and it says so.
fn sentence(rule: &Framework, result: &FrameworkResult) -> String {
    let line = coverage_line(&result.total);
    if result.total.of == 0 {
        return say("framework.nothing", &[]);
    }
    if !result.headline {
        let floor = share(Some(Decimal::new(rule.coverage_floor.into(), 3))).text();
        return say("framework.no-headline", &[("coverage_line", &line), ("floor", &floor)]);
    }
    let mut parts = Vec::new();
    if let Some(gate) = &result.gate {
        let (number, of) = (gate.number.to_string(), gate.of.to_string());
        let title = gate.level.as_ref().map(|id| level_title(rule, id));
        parts.push(match title {
            Some(title) => {
                say("framework.level", &[("number", &number), ("of", &of), ("title", &title)])
            }
            None => say("framework.no-level", &[("of", &of)]),
        });
    }
    if result.total.share.is_some() {
        let share = share(result.total.share).text();
        parts.push(say("framework.share", &[("share", &share)]));
    }
    parts.push(format!("{line}."));
    parts.join(" ")
}

fn coverage_line(tally: &Tally) -> String {
    let [evaluated, applicable, waived] =
        [tally.evaluated, tally.applicable, tally.waived].map(|n| n.to_string());
    let coverage = share(tally.coverage).text();
    let fill = [
        ("evaluated", evaluated.as_str()),
        ("applicable", &applicable),
        ("coverage", &coverage),
        ("waived", &waived),
    ];
    if tally.waived == 0 {
        say("framework.coverage", &fill)
    } else {
        say("framework.coverage-waived", &fill)
    }
}

fn tally(tally: &Tally) -> TallyView {
    let (met, of) = (tally.met.to_string(), tally.of.to_string());
    let text = if tally.of == 0 {
        say("framework.nothing", &[])
    } else {
        let met = say("framework.met", &[("met", &met), ("of", &of)]);
        format!("{met}; {}", coverage_line(tally))
    };
    TallyView {
        share: share(tally.share),
        coverage: share(tally.coverage),
        applicable: tally.applicable,
        evaluated: tally.evaluated,
        waived: tally.waived,
        met: tally.met,
        of: tally.of,
        short: say("framework.met", &[("met", &met), ("of", &of)]),
        text,
    }
}

fn heading(
    rule: &Framework,
    heading: &Heading,
    result: &HeadingResult,
    number: Option<usize>,
) -> HeadingView {
    let belongs = |e: &Element| {
        if number.is_some() {
            e.level.as_ref() == Some(&heading.id)
        } else {
            e.groups.contains(&heading.id)
        }
    };
    let elements = rule.elements.iter().enumerate().filter(|(_, e)| belongs(e));
    let elements: Vec<usize> = elements.map(|(at, _)| at).collect();
    HeadingView {
        id: heading.id.to_string(),
        title: heading.title.clone(),
        doc: heading.doc.clone(),
        tally: tally(&result.tally),
        road: number.map(|number| chart::road(&elements, Some(number))),
        elements,
    }
}

/// The elements that are in no level, and their stretch.
fn beside(rule: &Framework) -> Option<(Vec<usize>, RoadView)> {
    let elements = rule.elements.iter().enumerate().filter(|(_, e)| e.level.is_none());
    let elements: Vec<usize> = elements.map(|(at, _)| at).collect();
    let road = chart::road(&elements, None);
    (!elements.is_empty() && !rule.levels.is_empty()).then_some((elements, road))
}

/// How much is met, by group and level.
fn heat(rule: &Framework, result: &FrameworkResult) -> Option<HeatView> {
    if rule.levels.is_empty() || rule.groups.is_empty() {
        return None;
    }
    let shade = |group: &Heading, level: &Heading| {
        let here = rule.elements.iter().zip(&result.elements).filter(|(e, r)| {
            e.groups.contains(&group.id)
                && e.level.as_ref() == Some(&level.id)
                && r.truth != Outcome::NotApplicable
        });
        let truths: Vec<Outcome> = here.map(|(_, r)| r.truth).collect();
        let known = truths.iter().any(|t| !matches!(t, Outcome::Unknown | Outcome::Expired));
        let met = truths.iter().filter(|t| **t == Outcome::Met).count();
        let (number, of) = (Decimal::from(met as u64), Decimal::from(truths.len() as u64));
        let (met, all) = (met.to_string(), truths.len().to_string());
        let text = say("framework.of", &[("met", &met), ("of", &all)]);
        let share = number.checked_div(of, 6).ok().filter(|_| known);
        (!truths.is_empty()).then_some(chart::Shade { share, text })
    };
    let heads: Vec<String> = rule.levels.iter().map(|level| level.title.clone()).collect();
    let row = |group: &Heading| {
        (group.title.clone(), rule.levels.iter().map(|level| shade(group, level)).collect())
    };
    let rows: Vec<_> = rule.groups.iter().map(row).collect();
    Some(chart::heat(&heads, &rows))
}

fn element(facts: &Facts<'_>, rule: &Element, result: &ElementResult) -> ElementView {
    let weight = Decimal::new(rule.weight.into(), 3);
    ElementView {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        doc: rule.doc.clone(),
        level: rule.level.as_ref().map(ToString::to_string),
        groups: rule.groups.iter().map(ToString::to_string).collect(),
        outcome: result.outcome.word(),
        truth: result.truth.word(),
        text: outcome_text(result.outcome),
        truth_text: outcome_text(result.truth),
        mark: mark_of(result.outcome, result.evidence),
        glyph: glyph_of(mark_of(result.outcome, result.evidence)),
        score: share(result.score),
        score_text: score_text(facts, rule, result),
        weight: shown(&Value::Number(weight), &Unit::Number),
        evidence: result.evidence.map(crate::domain::Evidence::word),
        not_applicable: rule.not_applicable.clone(),
        checks: rule.checks.iter().map(|(id, _)| id.to_string()).collect(),
        place: facts.place(&rule.place),
    }
}

fn score_text(facts: &Facts<'_>, rule: &Element, result: &ElementResult) -> String {
    let text = share(result.score).text();
    let checks = rule.checks.iter().filter_map(|(id, _)| facts.assessment.checks.get(id));
    let mut open = checks.filter(|c| c.truth != Outcome::NotApplicable && !c.is_scored());
    match open.next() {
        Some(_) => say("maturity.of-known", &[("share", &text)]),
        None => text,
    }
}

fn next(facts: &Facts<'_>, rule: &Framework, step: &NextStep) -> Option<NextView> {
    let element = rule.elements.iter().find(|e| e.id == step.element)?;
    let metrics = step.checks.iter().filter_map(|id| facts.catalog.checks.get(id));
    let metrics = metrics.filter_map(|check| match &check.body.source {
        CheckSource::Metrics { body, .. } => Some(body.metrics(&facts.catalog.arena)),
        CheckSource::Plans(plans) => Some(vec![plans.ask.metric().clone()]),
        _ => None,
    });
    let levers: BTreeSet<String> = metrics
        .flatten()
        .filter_map(|id| facts.catalog.metrics.get(&id))
        .flat_map(|m| m.levers.iter().cloned())
        .collect();
    Some(NextView {
        framework: rule.id.to_string(),
        element: element.id.to_string(),
        title: element.title.clone(),
        level: element.level.as_ref().map(|id| level_title(rule, id)),
        gap: share(Some(step.gap)),
        effort: step.effort,
        owner: step.owner.clone(),
        checks: step.checks.iter().map(ToString::to_string).collect(),
        levers: levers.into_iter().collect(),
    })
}
