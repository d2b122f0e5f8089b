//! A small world of columns and metrics for the tests of expressions.

mod hostile;
mod meaning;
mod mistakes;
mod normal;

use std::collections::BTreeMap;

use super::*;
use crate::domain::{Currency, Id, Type, Value};
use crate::rel::ColumnPath;
use crate::text::{SourceId, Span};

struct World;

fn money(code: &str) -> Type {
    Type::Money(Currency::new(code).unwrap())
}

const DEALS: &[&str] = &[
    "amount",
    "cost_usd",
    "n",
    "rate",
    "name",
    "won",
    "created_at",
    "closed_at",
    "called_at",
    "stage",
    "order",
];

impl Columns for World {
    fn column(&self, dataset: &Id, name: &str) -> Option<ColumnInfo> {
        let ty = match (dataset.as_str(), name) {
            ("deals", "amount") => money("EUR"),
            ("deals", "cost_usd") => money("USD"),
            ("deals", "n") | ("stage", "order") => Type::Integer,
            ("deals", "rate") => Type::Number,
            ("deals", "name" | "stage" | "order") | ("stage", "id" | "outcome") => Type::Text,
            ("deals", "won") => Type::Boolean,
            ("deals", "created_at" | "closed_at") => Type::Date,
            ("deals", "called_at") => Type::DateTime,
            _ => return None,
        };
        let references = (name == "stage").then(|| Id::from("stage"));
        Some(ColumnInfo { ty, references, nullable: name != "name" })
    }

    fn names(&self, dataset: &Id) -> Vec<String> {
        let names = if *dataset == "deals" { DEALS } else { &["id", "outcome", "order"] };
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    fn one_of(&self, _dataset: &Id, name: &str) -> Vec<String> {
        if name == "outcome" { vec!["open".into(), "won".into()] } else { Vec::new() }
    }
}

impl Metrics for World {
    fn metric(&self, name: &str) -> Option<Type> {
        match name {
            "revenue" | "spend" => Some(money("EUR")),
            "deals_won" => Some(Type::Integer),
            _ => None,
        }
    }

    fn names(&self) -> Vec<String> {
        ["revenue", "spend", "deals_won"].map(str::to_owned).to_vec()
    }
}

#[derive(Clone, Copy)]
enum In {
    Row,
    Many,
    Metric,
}

fn read(text: &str, scope: In, arena: &mut Arena) -> Result<ExprId, Vec<Diagnostic>> {
    let raw = format!("\"{text}\"");
    let end = u32::try_from(raw.len()).unwrap();
    let span = Span { source: SourceId(0), start: 0, end };
    let origin = Origin { text, span, raw: &raw };
    let deals = Id::from("deals");
    let scope = match scope {
        In::Row => Scope::Row { dataset: &deals, columns: &World },
        In::Many => Scope::Aggregate { dataset: &deals, columns: &World },
        In::Metric => Scope::Metric { metrics: &World },
    };
    let mut sink = Vec::new();
    let id = parse(&origin, &scope, arena, &mut sink);
    // An expression without a mistake, or mistakes without an expression.
    assert_eq!(id.is_some(), sink.is_empty(), "{text}: {sink:?}");
    id.ok_or(sink)
}

/// One row by column name.
#[derive(Default)]
struct Row {
    cells: BTreeMap<String, Value>,
    zone: Option<jiff::tz::TimeZone>,
}

impl Env for Row {
    fn column(&self, path: &ColumnPath) -> Value {
        self.cells.get(&path.to_string()).cloned().unwrap_or(Value::Null)
    }

    fn zone(&self) -> &jiff::tz::TimeZone {
        static UTC: jiff::tz::TimeZone = jiff::tz::TimeZone::UTC;
        self.zone.as_ref().unwrap_or(&UTC)
    }
}

/// The value of a row expression.
fn value(text: &str, row: &Row) -> Result<Value, EvalError> {
    let mut arena = Arena::default();
    let id = read(text, In::Row, &mut arena).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    evaluate(&arena, id, row)
}

fn shown(text: &str) -> String {
    match value(text, &Row::default()).unwrap() {
        Value::Null => "null".to_owned(),
        other => other.to_string(),
    }
}
