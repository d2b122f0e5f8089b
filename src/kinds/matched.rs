//! `matched`: the share of rows that have a counterpart in another dataset.

use super::rows::{DATASET, MET, POPULATION, TIME, WHEN_NONE, WHERE, ZERO};
use super::{CheckBody, CheckKind, Context, build, diags, optional, required, rows};
use crate::decode::Reader;
use crate::domain::{Id, Type};
use crate::rel::{Aggregate, Arena, ExprId, Op, Rel, Take};

pub(super) const KIND: CheckKind = CheckKind {
    name: "matched",
    doc: "Rows with a value have a row elsewhere that holds the same value. Rows without one are left to \
          `filled`.",
    fields: &[
        DATASET,
        required("column", "a row expression"),
        WHERE,
        POPULATION,
        TIME,
        required("in", "the other dataset"),
        required("in-column", "a row expression there"),
        optional("in-where", "which rows there count"),
        optional("distinct", "true: each value of the column counts once, not each row"),
        optional("covers", "period: rows there must overlap the report's period"),
        optional("in-from", "first day of a row there"),
        optional("in-to", "last day of a row there"),
        optional(
            "in-when-none",
            "unknown: where that config dataset has no rows (unless said: nothing matches)",
        ),
        MET,
        ZERO,
        WHEN_NONE,
    ],
    read,
};

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<CheckBody> {
    let left_text = reader.required_text("column");
    let (bounds, when_none) = (rows::share_bounds(reader), rows::when_none(reader));
    let distinct = reader.bool("distinct").unwrap_or(false);
    let unknown = reader.word("in-when-none", &[("unknown", ())]).is_some();
    let other = other(reader, cx);
    let mut population = rows::population(reader, cx)?;
    let left_key = cx.row(&population.dataset, &left_text?)?;
    let (right, right_key) = other?;
    let needs_rows = right.datasets().first().filter(|_| unknown).map(|id| (*id).clone());
    let arena = cx.arena();
    let filled = build::not_null(arena, left_key);
    let parts = population.filter.into_iter().chain([filled]).collect();
    population.filter = build::conjunction(arena, parts);
    let input = Rel::Match {
        left: Box::new(build::rows(&population)),
        right: Box::new(right),
        left_key,
        right_key,
        window: None,
        take: Take::First,
    };
    let (top, bottom) = match distinct {
        true => (values(arena, left_key, Some(right_key)), values(arena, left_key, None)),
        false => (
            build::aggregate(arena, Aggregate::Count, right_key, Type::Integer),
            build::count_rows(arena, None),
        ),
    };
    let body = build::ratio(arena, population, input, top, bottom);
    Some(CheckBody { needs_rows, ..rows::share_check(body, bounds?, when_none) })
}

/// How many values a column has, of rows with a match if that is asked.
fn values(arena: &mut Arena, column: ExprId, matched: Option<ExprId>) -> ExprId {
    let filter = matched.map(|key| build::not_null(arena, key));
    let op = Op::Aggregate { function: Aggregate::CountDistinct, filter };
    build::node(arena, op, vec![column], Type::Integer, false)
}

/// The relation that is matched with, and its key.
fn other(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<(Rel, ExprId)> {
    let name = reader.required_text("in");
    let (key, filter) = (reader.required_text("in-column"), reader.text("in-where"));
    let covers = reader.word("covers", &[("period", ())]);
    let (from, to) = (reader.text("in-from"), reader.text("in-to"));
    let dataset = cx.dataset(&name?)?;
    let key = cx.row(&dataset, &key?)?;
    let mut filters = Vec::new();
    if let Some(text) = filter {
        filters.push(cx.condition(&dataset, &text)?);
    }
    if covers.is_some() {
        let (Some(from), Some(to)) = (from, to) else {
            let found = diags::covers_without_dates(reader.what(), reader.place("covers"));
            reader.report(found);
            return None;
        };
        for (text, starts) in [(from, true), (to, false)] {
            let (column, _, ty) = cx.column(&dataset, &text)?;
            if ty != Type::Date {
                cx.report(diags::not_a_time(&text, ty));
                return None;
            }
            filters.push(overlaps(cx.arena(), column, starts));
        }
    }
    Some((filtered(cx.arena(), dataset, filters), key))
}

/// A row starts before the period ends (or ends after it starts); an open end always does.
fn overlaps(arena: &mut Arena, column: ExprId, starts: bool) -> ExprId {
    let (edge, test) = match starts {
        true => (Op::PeriodTo, Op::LessOrEqual),
        false => (Op::PeriodFrom, Op::GreaterOrEqual),
    };
    let edge = build::node(arena, edge, Vec::new(), Type::Date, true);
    let open = build::is_null(arena, column);
    let endless = build::is_null(arena, edge);
    let within = build::node(arena, test, vec![column, edge], Type::Boolean, true);
    build::node(arena, Op::Or, vec![open, endless, within], Type::Boolean, true)
}

fn filtered(arena: &mut Arena, dataset: Id, filters: Vec<ExprId>) -> Rel {
    let feed = Rel::Feed { dataset };
    match build::conjunction(arena, filters) {
        Some(keep) => Rel::Filter { input: Box::new(feed), keep },
        None => feed,
    }
}
