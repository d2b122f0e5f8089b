//! The laws of scoring.

use super::*;
use crate::catalog::{Answer, Check, Element, Framework, Heading, Waiver, Words};
use crate::domain::{Day, Evidence, Id, Outcome, Status, Unit, Value};
use crate::kinds::{Body, Bounds, CheckBody, CheckSource, Span};
use crate::measure::{AsOf, AsOfFrom, Key, Measured, Reason};
use crate::plan::Rule;
use crate::rel::ExprId;
use crate::text::Place;

fn d(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn place() -> Place {
    Place::File("x.toml".into())
}

/// A catalog under construction, with what was measured.
#[derive(Default)]
struct World {
    catalog: Catalog,
    measured: Measurements,
}

impl World {
    fn new() -> Self {
        let mut world = Self::default();
        world.measured.as_of = AsOf { day: Some(day("2026-10-31")), from: AsOfFrom::Flag };
        world
    }

    fn check(&mut self, id: &str, evidence: Evidence, source: CheckSource) -> &mut Check {
        let check = Check {
            id: id.into(),
            kind: "filled",
            title: String::new(),
            words: Words { owner: format!("owner of {id}"), ..Words::default() },
            effort: 1,
            evidence,
            body: CheckBody {
                source,
                bounds: Bounds { at_least: true, met: Decimal::ONE, zero: Decimal::ZERO },
                span: Span::Report,
                when_none: None,
                unit: Unit::Ratio,
            },
            pack: None,
            written: Vec::new(),
            place: place(),
        };
        self.catalog.checks.insert(id.into(), check);
        self.catalog.checks.get_mut(id).unwrap()
    }

    /// A check over rows with a value, or without rows.
    fn rows(&mut self, id: &str, value: Option<&str>) -> &mut Check {
        let reason = Reason::NoRows { population: "rows".into() };
        let (status, reason) =
            if value.is_some() { (Status::Ok, None) } else { (Status::NoData, Some(reason)) };
        self.measure(id, status, value, reason);
        let body = Body {
            population: None,
            rel: None,
            value: ExprId(0),
            numerator: None,
            denominator: None,
            sampled: false,
        };
        self.check(id, Evidence::Data, CheckSource::Rows(body))
    }

    fn measure(&mut self, id: &str, status: Status, value: Option<&str>, reason: Option<Reason>) {
        let in_scope = if value.is_some() { 10 } else { 0 };
        let measured = Measured {
            status,
            value: value.map_or(Value::Null, |v| Value::Number(d(v))),
            n: in_scope,
            numerator: None,
            denominator: None,
            in_scope,
            usable: in_scope,
            unplaced: 0,
            coverage: None,
            gaps: Vec::new(),
            reason,
        };
        let values = self.measured.values.entry(Rule::Check(id.into())).or_default();
        values.insert(Key::total(&Period::all()), measured);
    }

    fn asked(&mut self, id: &str, valid_for: Option<u32>) -> &mut Check {
        let source = CheckSource::Answer { scale: Vec::new(), valid_for, each: None };
        self.check(id, Evidence::Answer, source)
    }

    fn answer(&mut self, check: &str, grade: u32, date: &str, expires: Option<&str>) {
        let id = Id::from(format!("answer-{}", self.catalog.answers.len()));
        self.catalog.answers.push(Answer {
            id,
            check: check.into(),
            word: "word".into(),
            grade,
            owner: "someone".into(),
            date: day(date),
            expires: expires.map(day),
            link: String::new(),
            note: String::new(),
            subject: None,
            place: place(),
        });
    }

    fn waive(&mut self, check: &str, until: &str) {
        self.catalog.waivers.push(Waiver {
            id: format!("waiver-{check}").into(),
            check: check.into(),
            reason: "later".into(),
            owner: "someone".into(),
            until: day(until),
            place: place(),
        });
    }

    /// A framework `f` with levels one, two, three and elements `(id, level, checks)`.
    fn framework(&mut self, elements: &[(&str, &str, &[&str])]) -> &mut Framework {
        let heading = |id: &str| Heading { id: id.into(), title: id.into(), doc: String::new() };
        let elements = elements.iter().map(|(id, level, checks)| Element {
            id: (*id).into(),
            title: String::new(),
            doc: String::new(),
            level: (!level.is_empty()).then(|| (*level).into()),
            groups: Vec::new(),
            weight: 1000,
            checks: checks.iter().map(|c| ((*c).into(), 1000)).collect(),
            needs: Vec::new(),
            not_applicable: None,
            place: place(),
        });
        let framework = Framework {
            id: "f".into(),
            title: String::new(),
            source: String::new(),
            doc: String::new(),
            coverage_floor: 600,
            levels: ["one", "two", "three"].map(heading).to_vec(),
            groups: Vec::new(),
            elements: elements.collect(),
            pack: None,
            place: place(),
        };
        self.catalog.frameworks.insert("f".into(), framework);
        self.catalog.frameworks.get_mut("f").unwrap()
    }

    fn judge(&self) -> Assessment {
        judge(&self.catalog, &self.measured, &Period::all())
    }

    fn judged(&self) -> FrameworkResult {
        self.judge().frameworks["f"].clone()
    }

    fn outcome(&self, check: &str) -> Outcome {
        self.judge().checks[check].outcome
    }
}

#[test]
fn unknown_is_never_met_and_never_zero() {
    let mut world = World::new();
    world.rows("a", Some("1"));
    world.rows("b", None);
    world.framework(&[("x", "one", &["a"]), ("y", "one", &["b"])]);
    let judged = world.judged();
    assert_eq!(judged.elements[1].outcome, Outcome::Unknown);
    assert_eq!(judged.total.share, Some(Decimal::ONE), "unknown leaves the score");
    assert_eq!(judged.total.coverage, Some(d("0.5")), "and stays in coverage");
    assert_eq!(judged.gate.unwrap().number, 0, "and blocks the level");
    assert!(!judged.headline);
}

#[test]
fn an_unknown_check_blocks_met_but_half_the_weight_is_enough_to_evaluate() {
    let mut world = World::new();
    world.rows("a", Some("1"));
    world.rows("b", None);
    world.rows("c", None);
    world.framework(&[("x", "one", &["a", "b"]), ("y", "one", &["a", "b", "c"])]);
    let judged = world.judged();
    assert!(judged.elements[0].evaluated && !judged.elements[1].evaluated);
    assert_eq!(judged.elements[0].outcome, Outcome::PartlyMet);
    assert_eq!(judged.elements[0].score, Some(Decimal::ONE));
    assert_eq!(judged.elements[1].outcome, Outcome::Unknown);
    assert_eq!(judged.elements[1].score, None);
}

#[test]
fn a_waiver_never_lifts_a_score_nor_unlocks_a_level() {
    let values = [None, Some("0"), Some("0.4"), Some("1")];
    for at in 0..64 {
        let [a, b, c] = [at % 4, at / 4 % 4, at / 16].map(|n| values[n]);
        let mut world = World::new();
        for (id, value) in [("a", a), ("b", b), ("c", c)] {
            world.rows(id, value);
        }
        let framework = world.framework(&[
            ("x", "one", &["a", "b"]),
            ("y", "one", &["b"]),
            ("z", "two", &["c", "b"]),
        ]);
        framework.elements[0].checks[1].1 = 2000;
        let before = world.judged();
        world.waive("b", "2026-12-31");
        let after = world.judged();
        if before.total.share.is_some() {
            assert!(after.total.share <= before.total.share, "{a:?} {b:?} {c:?}");
        }
        for (e, f) in after.elements.iter().zip(&before.elements) {
            assert!(f.score.is_none() || e.score <= f.score, "{a:?} {b:?} {c:?}");
            assert_eq!(e.truth, f.truth);
        }
        assert_eq!(after.gate, before.gate);
    }
}

#[test]
fn a_waived_element_leaves_score_and_coverage() {
    let mut world = World::new();
    world.rows("a", Some("0.5"));
    world.rows("b", Some("0.9"));
    world.rows("c", None);
    world.framework(&[("x", "one", &["a"]), ("y", "one", &["b"]), ("z", "one", &["c"])]);
    world.waive("b", "2026-12-31");
    world.waive("c", "2026-12-31");
    let judged = world.judged();
    assert_eq!(judged.elements[1].outcome, Outcome::Waived);
    assert_eq!(judged.total.share, Some(d("0.5")));
    assert_eq!((judged.total.applicable, judged.total.waived, judged.total.of), (1, 2, 3));
    assert_eq!(judged.total.coverage, Some(Decimal::ONE));
    assert!(judged.next.iter().all(|n| n.element != *"y"));
}

#[test]
fn a_waiver_of_a_met_check_is_a_finding_and_hides_nothing() {
    let mut world = World::new();
    world.rows("a", Some("1"));
    world.waive("a", "2026-12-31");
    assert_eq!(world.outcome("a"), Outcome::Met);
    let needless = FindingKind::WaiverNotNeeded { waiver: "waiver-a".into() };
    assert_eq!(world.judge().findings[0].what, needless);
}

#[test]
fn an_ended_waiver_does_not_stand() {
    let mut world = World::new();
    world.rows("a", Some("0"));
    world.waive("a", "2026-10-30");
    assert_eq!(world.outcome("a"), Outcome::NotMet);
    world.catalog.waivers[0].until = day("2026-10-31");
    assert_eq!(world.outcome("a"), Outcome::Waived, "the last day counts");
    world.measured.as_of.from = AsOfFrom::Data;
    assert_eq!(world.outcome("a"), Outcome::NotMet, "an end cannot be told from the data");
}

#[test]
fn an_expired_answer_counts_as_unknown() {
    let mut world = World::new();
    world.asked("a", None);
    world.rows("b", Some("0.5"));
    world.answer("a", 1000, "2025-10-01", Some("2026-10-01"));
    world.framework(&[("x", "one", &["a"]), ("y", "one", &["b"])]);
    let judged = world.judged();
    assert_eq!(judged.elements[0].outcome, Outcome::Expired);
    assert_eq!(judged.total.share, Some(d("0.5")));
    assert_eq!(judged.total.coverage, Some(d("0.5")));
}

#[test]
fn an_answer_holds_for_its_checks_term_and_only_at_a_given_as_of() {
    let mut world = World::new();
    world.asked("a", Some(30));
    world.answer("a", 1000, "2026-10-01", None);
    assert_eq!(world.outcome("a"), Outcome::Met);
    world.measured.as_of.from = AsOfFrom::Data;
    assert_eq!(world.outcome("a"), Outcome::Unknown, "expiry is unknown, never met");
    world.measured.as_of = AsOf { day: Some(day("2026-11-01")), from: AsOfFrom::Project };
    assert_eq!(world.outcome("a"), Outcome::Expired);
    world.measured.as_of.day = Some(day("2026-09-30"));
    assert_eq!(world.outcome("a"), Outcome::Unknown, "the answer was not yet given");
}

#[test]
fn an_answer_stands_in_only_where_data_is_absent() {
    let mut world = World::new();
    world.rows("a", Some("0"));
    world.answer("a", 1000, "2026-10-01", None);
    let judged = world.judge();
    assert_eq!(judged.checks["a"].outcome, Outcome::NotMet);
    assert_eq!(judged.checks["a"].evidence, Evidence::Data);
    assert!(matches!(judged.findings[0].what, FindingKind::Contradiction { .. }));

    let no_feed = Reason::NoFeed { dataset: "deals".into() };
    world.measure("a", Status::NoData, None, Some(no_feed));
    let judged = world.judge();
    assert_eq!(judged.checks["a"].outcome, Outcome::Met);
    assert_eq!(judged.checks["a"].evidence, Evidence::Answer);

    let few = Reason::TooFew { n: 2, floor: 10 };
    world.measure("a", Status::TooFew, Some("1"), Some(few));
    assert_eq!(world.outcome("a"), Outcome::Unknown, "a small sample is data, and says nothing");
}

#[test]
fn an_absent_feed_is_not_an_empty_population() {
    let mut world = World::new();
    world.rows("a", None).body.when_none = Some(Outcome::Met);
    assert_eq!(world.outcome("a"), Outcome::Met);
    let no_feed = Reason::NoFeed { dataset: "deals".into() };
    world.measure("a", Status::NoData, None, Some(no_feed));
    assert_eq!(world.outcome("a"), Outcome::Unknown);
}

#[test]
fn the_gate_needs_every_level_below_and_passes_over_empty_ones() {
    let mut world = World::new();
    world.rows("a", Some("1"));
    world.rows("b", Some("0.99"));
    world.framework(&[("x", "two", &["a"]), ("y", "three", &["b"]), ("z", "", &["b"])]);
    let gate = world.judged().gate.unwrap();
    assert_eq!((gate.number, gate.level), (2, Some("two".into())));
    assert_eq!(gate.passed_over, [Id::from("one")]);
    assert_eq!((gate.next, gate.blocking), (Some("three".into()), vec!["y".into()]));

    world.framework(&[("x", "one", &["b"]), ("y", "two", &["a"])]);
    let gate = world.judged().gate.unwrap();
    assert_eq!((gate.number, gate.level), (0, None));
}

#[test]
fn next_steps_go_by_level_then_rank_with_prerequisites_first() {
    let mut world = World::new();
    world.rows("big", Some("0"));
    world.rows("dear", Some("0")).effort = 5;
    world.rows("small", Some("0.9"));
    let framework = world.framework(&[
        ("later", "two", &["big"]),
        ("tiny", "one", &["small"]),
        ("costly", "one", &["dear"]),
        ("best", "one", &["big"]),
    ]);
    framework.elements[3].needs = vec!["later".into()];
    let order: Vec<String> = world.judged().next.iter().map(|n| n.element.to_string()).collect();
    assert_eq!(order, ["later", "best", "costly", "tiny"]);
    assert_eq!(world.judged().next[2].effort, 5);
}
