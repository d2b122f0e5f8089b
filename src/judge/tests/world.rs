//! A catalog under construction, for the laws.

use crate::catalog::{
    Answer, Catalog, Check, Column, Dataset, Element, Framework, Heading, Waiver, Words,
};
use crate::domain::{Day, Decimal, Evidence, Id, Outcome, Period, Status, Type, Unit, Value};
use crate::judge::{Assessment, FrameworkResult, judge};
use crate::kinds::{Body, Bounds, CheckBody, CheckSource, Making, Span};
use crate::measure::{AsOf, AsOfFrom, Key, Measured, Measurements, Reason};
use crate::plan::Rule;
use crate::rel::ExprId;
use crate::text::Place;

pub(super) fn d(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

pub(super) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub(super) fn place() -> Place {
    Place::File("x.toml".into())
}

/// A catalog under construction, with what was measured.
#[derive(Default)]
pub(super) struct World {
    pub(super) catalog: Catalog,
    pub(super) measured: Measurements,
}

impl World {
    pub(super) fn new() -> Self {
        let mut world = Self::default();
        world.measured.as_of = AsOf { day: Some(day("2026-10-31")), from: AsOfFrom::Flag };
        world
    }

    pub(super) fn check(
        &mut self,
        id: &str,
        evidence: Evidence,
        source: CheckSource,
    ) -> &mut Check {
        let check = Check {
            id: id.into(),
            kind: "filled",
            title: String::new(),
            words: Words { owner: format!("owner of {id}"), ..Words::default() },
            effort: 1,
            contradiction: false,
            evidence,
            body: CheckBody {
                needs_rows: None,
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
    pub(super) fn rows(&mut self, id: &str, value: Option<&str>) -> &mut Check {
        let reason = Reason::NoRows { population: "rows".into(), undeclared: None };
        let (status, reason) =
            if value.is_some() { (Status::Ok, None) } else { (Status::NoData, Some(reason)) };
        self.measure(id, status, value, reason);
        let body = Body {
            population: None,
            rel: None,
            value: ExprId(0),
            numerator: None,
            denominator: None,
            beside: Vec::new(),
            making: Making::Tree,
            sampled: false,
        };
        self.check(id, Evidence::Data, CheckSource::Rows(body))
    }

    pub(super) fn measure(
        &mut self,
        id: &str,
        status: Status,
        value: Option<&str>,
        reason: Option<Reason>,
    ) {
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
            beside: Vec::new(),
            reason,
        };
        let values = self.measured.values.entry(Rule::Check(id.into())).or_default();
        values.insert(Key::total(&Period::all()), measured);
    }

    pub(super) fn asked(&mut self, id: &str, valid_for: Option<u32>) -> &mut Check {
        let source =
            CheckSource::Answer { scale: Vec::new(), valid_for, each: None, shown_by: None };
        self.check(id, Evidence::Answer, source)
    }

    pub(super) fn answer(&mut self, check: &str, grade: u32, date: &str, expires: Option<&str>) {
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

    pub(super) fn waive(&mut self, check: &str, until: &str) {
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
    pub(super) fn framework(&mut self, elements: &[(&str, &str, &[&str])]) -> &mut Framework {
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

    pub(super) fn judge(&self) -> Assessment {
        judge(&self.catalog, &self.measured, &Period::all())
    }

    pub(super) fn judged(&self) -> FrameworkResult {
        self.judge().frameworks["f"].clone()
    }

    pub(super) fn outcome(&self, check: &str) -> Outcome {
        self.judge().checks[check].outcome
    }
}

pub(super) fn column(id: &str, key: bool) -> Column {
    Column {
        id: id.into(),
        ty: Type::Text,
        list: false,
        key,
        required: false,
        references: None,
        currency: None,
        occurred: crate::catalog::Occurred::No,
        scale: 0,
        one_of: Vec::new(),
        aliases: Vec::new(),
        by_rule: None,
        doc: String::new(),
    }
}

pub(super) fn dataset(id: &str, columns: Vec<Column>) -> Dataset {
    Dataset {
        id: id.into(),
        title: String::new(),
        doc: String::new(),
        config: true,
        spellings: None,
        lines: None,
        plan_lines: None,
        rates: None,
        on_duplicate: crate::catalog::OnDuplicate::Error,
        columns,
        pack: None,
        place: place(),
    }
}
