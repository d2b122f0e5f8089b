//! The laws of scoring.

mod world;

use super::*;
use crate::catalog::ConfigRow;
use crate::domain::{Evidence, Id, Outcome, Status, Type, Value};
use crate::kinds::{CheckSource, EachAnswer};
use crate::measure::{AsOf, AsOfFrom, Reason};
use crate::rel::Op;
use world::{World, column, d, dataset, day, place};

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

#[test]
fn each_row_wants_its_answer_and_a_missing_one_is_0_once_any_is_there() {
    let mut world = World::new();
    let key = column("id", true);
    let dataset = dataset("person", vec![key, column("role", false)]);
    let path = crate::rel::ColumnPath { dataset: "person".into(), steps: vec!["role".into()] };
    let mut node =
        |op, args, ty| world.catalog.arena.add(crate::rel::Node { op, args, ty, nullable: true });
    let role = node(Op::Column(path), vec![], Type::Text);
    let seller = node(Op::Literal(Value::text("seller")), vec![], Type::Text);
    let filter = node(Op::Equal, vec![role, seller], Type::Boolean);
    world.catalog.datasets.insert("person".into(), dataset);
    let row = |id: &str, role: &str| ConfigRow {
        values: vec![Value::text(id), Value::text(role)],
        spellings: Vec::new(),
        place: place(),
    };
    let rows = vec![row("ann", "seller"), row("bo", "seller"), row("cy", "buyer")];
    world.catalog.rows.insert("person".into(), rows);
    let each = Some(EachAnswer { dataset: "person".into(), filter: Some(filter) });
    let source = CheckSource::Answer { scale: Vec::new(), valid_for: None, each, shown_by: None };
    world.check("a", Evidence::Answer, source);
    assert_eq!(world.outcome("a"), Outcome::Unknown, "nobody answered: nothing is known");
    world.answer("a", 1000, "2026-10-01", None);
    world.catalog.answers[0].subject = Some("ann".into());
    world.answer("a", 1000, "2026-10-01", None);
    world.catalog.answers[1].subject = Some("cy".into());
    let judged = world.judge();
    assert_eq!(judged.checks["a"].grade, Some(d("0.5")));
    assert_eq!(judged.checks["a"].rows, Some(RowCount { answered: 1, of: 2 }));
    let stranger = FindingKind::NoSuchRow { answer: "answer-1".into(), subject: "cy".into() };
    assert_eq!(judged.findings[0].what, stranger);
    world.measured.as_of.day = Some(day("2026-09-01"));
    assert_eq!(world.outcome("a"), Outcome::Unknown, "no answer was given yet");
}
