//! `milepost.checks/1` and the text of `check`.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::feeds::feed;
use super::json::{Json, list, maybe, number, object, raw, text, texts};
use super::metrics::{as_of, period};
use super::table::harmless;
use crate::view::{
    CheckValueView, CheckView, ChecksView, ContradictionView, ElementView, FindingView,
    FrameworkView, HeadingView, NextView, say,
};

/// The JSON of `check`.
pub fn checks_json(view: &ChecksView) -> String {
    let next: Vec<&NextView> = view.frameworks.iter().flat_map(|f| &f.next).collect();
    let json = object([
        ("schema", text("milepost.checks/1")),
        ("project", text(&view.project.name)),
        ("as_of", as_of(&view.as_of)),
        ("period", period(&view.period)),
        ("frameworks", list(&view.frameworks, framework)),
        ("checks", list(&view.checks, check)),
        ("next", list(next, step)),
        ("contradictions", list(&view.contradictions, contradiction)),
        ("findings", list(&view.findings, finding)),
        ("feeds", list(&view.feeds, feed)),
    ]);
    json.pretty()
}

fn framework(view: &FrameworkView) -> Json<'_> {
    let level = view.level.as_ref().map(|level| {
        object([
            ("gated", maybe(level.gated.as_deref())),
            ("number", number(level.number)),
            ("of", number(level.of)),
        ])
    });
    object([
        ("id", text(&view.id)),
        ("level", level.unwrap_or(Json::Null)),
        ("share", raw(&view.tally.share)),
        ("coverage", raw(&view.tally.coverage)),
        ("applicable", number(view.tally.applicable)),
        ("evaluated", number(view.tally.evaluated)),
        ("waived", number(view.tally.waived)),
        ("headline", Json::Bool(view.headline)),
        ("levels", list(&view.levels, heading)),
        ("groups", list(&view.groups, heading)),
        ("elements", list(&view.elements, element)),
    ])
}

fn heading(view: &HeadingView) -> Json<'_> {
    object([
        ("id", text(&view.id)),
        ("share", raw(&view.tally.share)),
        ("coverage", raw(&view.tally.coverage)),
        ("met", number(view.tally.met)),
        ("of", number(view.tally.of)),
    ])
}

fn element(view: &ElementView) -> Json<'_> {
    object([
        ("id", text(&view.id)),
        ("level", maybe(view.level.as_deref())),
        ("groups", texts(&view.groups)),
        ("outcome", text(view.outcome)),
        ("score", raw(&view.score)),
        ("checks", texts(&view.checks)),
    ])
}

fn value(value: &CheckValueView) -> Json<'_> {
    object([("metric", text(&value.metric)), ("value", raw(&value.value)), ("n", raw(&value.n))])
}

fn check(view: &CheckView) -> Json<'_> {
    object([
        ("id", text(&view.id)),
        ("outcome", text(view.outcome)),
        ("grade", raw(&view.grade)),
        ("evidence", text(view.evidence)),
        ("values", list(&view.values, value)),
        ("reason", maybe(view.reason.as_deref())),
        ("owner", text(&view.owner)),
        ("remedy", text(&view.remedy)),
        ("place", text(&view.place)),
    ])
}

fn step(view: &NextView) -> Json<'_> {
    object([
        ("framework", text(&view.framework)),
        ("element", text(&view.element)),
        ("gap", raw(&view.gap)),
        ("effort", number(view.effort)),
        ("owner", text(&view.owner)),
    ])
}

fn contradiction(view: &ContradictionView) -> Json<'_> {
    object([
        ("kind", text(view.kind)),
        ("check", maybe(view.check.as_deref())),
        ("title", text(&view.title)),
        ("text", text(&view.text)),
        ("rows", raw(&view.rows)),
        ("of", raw(&view.of)),
        ("share", raw(&view.share)),
        ("places", texts(&view.places)),
        ("next", text(&view.next)),
    ])
}

fn finding(view: &FindingView) -> Json<'_> {
    object([
        ("check", text(&view.check)),
        ("kind", text(view.kind)),
        ("text", text(&view.text)),
        ("place", text(&view.place)),
    ])
}

/// The text of `check`: by framework and level, then the checks of no framework, findings, next steps.
pub fn checks_text(view: &ChecksView) -> String {
    let mut out = format!("{} · {} · {}\n", view.project.name, view.period.text(), view.as_of.text);
    let mut used = BTreeSet::new();
    for framework in &view.frameworks {
        used.extend(framework.elements.iter().flat_map(|e| &e.checks).map(String::as_str));
        framework_text(&mut out, view, framework);
    }
    // What stands in for an attestation is shown with it.
    used.extend(view.checks.iter().filter_map(|c| c.shown_by.as_deref()));
    let others: Vec<_> = view.checks.iter().filter(|c| !used.contains(c.id.as_str())).collect();
    if !others.is_empty() {
        let _ = writeln!(out, "\n{}", say("text.other-checks", &[]));
        others.into_iter().for_each(|check| check_text(&mut out, check, "  "));
    }
    if !view.contradictions.is_empty() {
        let _ = writeln!(out, "\n{}", say("contradiction.title", &[]));
        view.contradictions.iter().for_each(|found| contradiction_text(&mut out, found));
    }
    if !view.findings.is_empty() {
        let _ = writeln!(out, "\n{}", say("text.findings", &[]));
        for finding in &view.findings {
            let _ = writeln!(out, "  {}: {}", finding.check, harmless(&finding.text));
            let _ = writeln!(out, "    {}", finding.place);
        }
    }
    let steps: Vec<&NextView> = view.frameworks.iter().flat_map(|f| &f.next).collect();
    if !steps.is_empty() {
        let _ = writeln!(out, "\n{}", say("text.next", &[]));
        for (at, step) in (1..).zip(steps) {
            let _ = writeln!(out, "  {at}. {}", step_text(step));
        }
    }
    out
}

fn contradiction_text(out: &mut String, found: &ContradictionView) {
    let _ = writeln!(out, "  {}", harmless(&found.title));
    let mut lines = vec![found.text.clone()];
    if !found.places.is_empty() {
        lines.push(found.places.join(", "));
    }
    lines.push(say("text.remedy", &[("remedy", &found.next)]));
    if let Some(id) = &found.check {
        lines.push(say("contradiction.explain", &[("check", id)]));
    }
    for line in lines {
        let _ = writeln!(out, "      {}", harmless(&line));
    }
}

fn framework_text(out: &mut String, view: &ChecksView, framework: &FrameworkView) {
    let _ = writeln!(out, "\n{}\n{}", framework.title, framework.sentence);
    for level in &framework.levels {
        let _ = writeln!(out, "\n{}: {}", level.title, level.tally.text);
        for element in level.elements.iter().filter_map(|at| framework.elements.get(*at)) {
            element_text(out, view, element);
        }
    }
    let rest: Vec<_> = framework.elements.iter().filter(|e| e.level.is_none()).collect();
    if !rest.is_empty() {
        let _ = writeln!(out, "\n{}", say("text.other-elements", &[]));
        rest.into_iter().for_each(|element| element_text(out, view, element));
    }
}

fn element_text(out: &mut String, view: &ChecksView, element: &ElementView) {
    let score = (!element.score.is_none()).then(|| format!(", {}", element.score.text()));
    let score = score.filter(|_| element.outcome == "partly-met").unwrap_or_default();
    let _ = writeln!(out, "  {} {}: {}{score}", element.glyph, element.title, element.text);
    if let Some(reason) = &element.not_applicable {
        let _ = writeln!(out, "      {}", harmless(reason));
        return;
    }
    for id in &element.checks {
        if let Some(check) = view.checks.iter().find(|c| c.id == *id) {
            check_text(out, check, "      ");
        }
    }
}

fn check_text(out: &mut String, check: &CheckView, indent: &str) {
    let _ = writeln!(out, "{indent}{} {}: {}", check.glyph, harmless(&check.title), check.text);
    let mut lines = Vec::new();
    lines.extend(Some(check.measured.clone()).filter(|m| !m.is_empty()));
    if check.outcome != "met" && !check.wanted.is_empty() {
        lines.push(say("text.wanted", &[("wanted", &check.wanted)]));
    }
    lines.extend(check.reason.clone());
    lines.extend(check.waiver.as_ref().map(|w| {
        let fill = [("owner", w.owner.as_str()), ("until", &w.until), ("reason", &w.reason)];
        say("text.waived", &fill)
    }));
    if !matches!(check.outcome, "met" | "not-applicable") {
        let first = check.remedy.lines().map(|l| l.trim_start_matches(['-', '*', ' ']));
        let first = first.into_iter().find(|l| !l.is_empty());
        lines.extend(first.map(|remedy| say("text.remedy", &[("remedy", remedy.trim())])));
        lines.push(check.place.clone());
    }
    for line in lines {
        let _ = writeln!(out, "{indent}    {}", harmless(&line));
    }
}

fn step_text(step: &NextView) -> String {
    let effort = step.effort.to_string();
    let fill = [
        ("title", step.title.as_str()),
        ("gap", &step.gap.text()),
        ("effort", &effort),
        ("owner", &step.owner),
    ];
    if step.owner.is_empty() { say("text.step", &fill) } else { say("text.step-owner", &fill) }
}
