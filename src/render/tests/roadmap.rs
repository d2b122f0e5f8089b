//! A framework made by hand, with one element of each mark.

use super::fixture::shown;
use crate::view::*;

pub(super) fn check(id: &str, title: &str, mark: &'static str, outcome: &'static str) -> CheckView {
    let waived = outcome == "waived";
    CheckView {
        id: id.into(),
        title: title.into(),
        kind: "filled",
        outcome,
        truth: if waived { "not-met" } else { outcome },
        text: outcome.replace('-', " "),
        mark,
        glyph: glyph_of(mark),
        grade: shown("61%"),
        evidence: "data",
        evidence_text: "shown by data".into(),
        values: Vec::new(),
        measured: "61.4%: 183 of 298 won deals".into(),
        wanted: "at least 90%".into(),
        reason: (outcome == "unknown").then(|| "nobody has answered".into()),
        question: "Does every won deal say what it earned?".into(),
        why: "Without it, growth and profit cannot be told apart.".into(),
        how: "Share of won deals with a profit.".into(),
        remedy: "Make the field **required** at the stage *won*:\n\n- in the CRM\n- in the import"
            .into(),
        owner: "M. Lindqvist".into(),
        source: String::new(),
        effort: 2,
        place: "rules/pro/checks/deals.toml:41:1".into(),
        answer: None,
        shown_by: None,
        waiver: waived.then(|| WaiverView {
            reason: "The partner portal comes first".into(),
            owner: "R. Sato".into(),
            until: "31 December 2026".into(),
            place: "answers.toml:9:1".into(),
        }),
        examples: vec![ExampleView {
            place: "exports/deals.csv!7:7".into(),
            key: Some("D|7 <b>".into()),
            cells: vec![("cost".into(), "`x` | y".into())],
        }],
        examples_more: shown("115"),
    }
}

pub(super) const ELEMENTS: [(&str, &str, &str); 10] = [
    ("Central sales records", "met-data", "met"),
    ("Lead source and channel tracking of everything that comes in", "met-config", "met"),
    ("Sales team training", "met-answer", "met"),
    ("Deal profit field", "partly-met", "partly-met"),
    ("Channel plans", "not-met", "not-met"),
    ("Manager plans", "expired", "expired"),
    ("Contribution analysis", "unknown", "unknown"),
    ("UTM tracking", "waived", "waived"),
    ("Segments", "not-applicable", "not-applicable"),
    ("Org chart", "failed", "failed"),
];

fn tally() -> TallyView {
    TallyView {
        share: shown("66.4%"),
        coverage: shown("84.8%"),
        applicable: 33,
        evaluated: 28,
        waived: 1,
        met: 8,
        of: 12,
        short: "8 of 12 met".into(),
        text: "8 of 12 met; 28 of 33 elements evaluated (84.8%), 1 waived".into(),
    }
}

fn elements() -> Vec<ElementView> {
    let elements = ELEMENTS.iter().enumerate().map(|(at, (title, mark, outcome))| ElementView {
        id: format!("e{at}"),
        title: (*title).into(),
        doc: String::new(),
        level: (at < 9).then(|| "one".into()),
        groups: vec!["g".into()],
        outcome,
        truth: if *outcome == "waived" { "not-met" } else { outcome },
        text: outcome.replace('-', " "),
        truth_text: outcome.replace('-', " "),
        mark,
        glyph: glyph_of(mark),
        score: shown("61.4%"),
        score_text: "61.4%".into(),
        weight: shown("1"),
        evidence: Some("data"),
        not_applicable: (*outcome == "not-applicable").then(|| "There is one segment.".into()),
        checks: vec![format!("c{at}")],
        place: "rules/pro/frameworks/pro.toml:80:1".into(),
    });
    elements.collect()
}

pub(super) fn framework() -> FrameworkView {
    let heading = |id: &str, title: &str, elements: Vec<usize>| HeadingView {
        id: id.into(),
        title: title.into(),
        doc: "Deals, owners and sources are recorded.".into(),
        tally: tally(),
        road: Some(road(&elements, Some(1))),
        elements,
    };
    FrameworkView {
        id: "f".into(),
        title: "The roadmap".into(),
        source: String::new(),
        doc: String::new(),
        headline: true,
        toward: "Before Optimization stands Deal profit field.".into(),
        marks: ELEMENTS.map(|(_, word, _)| MarkView { word, glyph: glyph_of(word) }).to_vec(),
        beside: Some((vec![9], road(&[9], None))),
        heat: Some(heat(&["Foundation".into()], &[("Profit & margin".into(), shades())])),
        sentence: "Level 1 of 3: Foundation. 66.4% of the weight done. 28 of 33 evaluated.".into(),
        level: Some(LevelView {
            gated: Some("one".into()),
            title: "Foundation".into(),
            number: 1,
            of: 3,
            next: Some("Optimization".into()),
            passed_over: Vec::new(),
            blocking: vec!["Deal profit field".into()],
        }),
        tally: tally(),
        levels: vec![
            heading("one", "Foundation", (0..4).collect()),
            heading("two", "Optimization", (4..7).collect()),
            heading("three", "Predictability", (7..9).collect()),
        ],
        groups: vec![heading("g", "Profit and margin", vec![3, 9])],
        elements: elements(),
        next: [3usize, 4]
            .map(|at| NextView {
                framework: "f".into(),
                element: format!("e{at}"),
                title: ELEMENTS[at].0.into(),
                level: Some("Foundation".into()),
                gap: shown("38.6%"),
                effort: 2,
                owner: "M. Lindqvist".into(),
                checks: vec![format!("c{at}")],
                levers: vec!["Ask for it at the stage".into()],
            })
            .to_vec(),
        met_by: [("data", 11), ("config", 7)].into(),
    }
}

fn shades() -> Vec<Option<Shade>> {
    vec![Some(Shade { share: None, text: "0 of 1".into() })]
}
