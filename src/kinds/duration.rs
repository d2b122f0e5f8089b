//! `duration`: the exact time between two dates or moments of a row.

use std::sync::Arc;

use super::rows::{DATASET, POPULATION, TIME, WHERE};
use super::{Body, Context, MetricKind, Written, build, diags, optional, required, rows};
use crate::decode::Reader;
use crate::domain::{Decimal, Hours, Id, Type, Unit};
use crate::rel::{Aggregate, Arena, ExprId, Op};

pub(super) const KIND: MetricKind = MetricKind {
    name: "duration",
    doc: "The time between two dates or moments of a row, in days, hours or minutes: the mean, or the median, with \
          both and the 75th and 90th percentile beside it. Time that runs backwards is a mistake in the data, and \
          lowers coverage.",
    fields: &[
        DATASET,
        WHERE,
        POPULATION,
        TIME,
        required("from", "the date or moment at which it begins: a row expression"),
        required("to", "the one at which it ends"),
        optional("headline", "mean (unless said) or median"),
        optional(
            "clock",
            "calendar (unless said), or business: only the project's `business-hours`",
        ),
    ],
    example: r#"
        unit = "days"
        dataset = "deals"
        time = "closed_at"
        where = "stage.outcome = 'won'"
        population = "won deals"
        from = "created_at"
        to = "closed_at"
        headline = "median"
        sample-floor = 1

        period = "2026-01"
        tables.deals = """
        deal_id, stage, created_at, closed_at
        1, won, 2026-01-01, 2026-01-03
        2, won, 2026-01-01, 2026-01-05
        3, won, 2026-01-01, 2026-01-31
        """
        expect = { value = 4, figures = { mean = 12, median = 4, p75 = 17, p90 = 24.8 } }
    "#,
    read,
};

const PERCENTILES: [(&str, u32); 3] = [("median", 500_000), ("p75", 750_000), ("p90", 900_000)];

const MINUTE_MICROS: i64 = 60_000_000;

fn read(reader: &mut Reader<'_>, cx: &mut dyn Context) -> Option<Body> {
    let (from, to) = (reader.required_text("from"), reader.required_text("to"));
    let median = reader.word("headline", &[("mean", false), ("median", true)]).unwrap_or(false);
    let business =
        reader.word("clock", &[("calendar", false), ("business", true)]).unwrap_or(false);
    let unit = unit(reader);
    let population = rows::population(reader, cx)?;
    let (from, to, unit) = (from?, to?, unit?);
    let ends = [moment(cx, &population.dataset, &from)?, moment(cx, &population.dataset, &to)?];
    let dated = ends.iter().zip([&from, &to]).find(|((_, ty), _)| *ty == Type::Date);
    if let (Some((_, text)), Unit::Hours | Unit::Minutes) = (dated, &unit) {
        cx.report(diags::days_have_no_hours(text, &unit));
        return None;
    }
    let hours = match business {
        true => Some(cx.hours().or_else(|| {
            let found = diags::no_business_hours(reader.what(), reader.place("clock"));
            cx.report(found);
            None
        })?),
        false => None,
    };
    let per = per(&unit, hours.as_deref());
    let arena = cx.arena();
    let span = elapsed(arena, ends, dated.is_some(), hours);
    let figures = figures(arena, span, per);
    let cubed = build::cube(arena, build::rows(&population), population.time, &figures);
    let names = ["mean"].into_iter().chain(PERCENTILES.map(|(name, _)| name));
    let (value, trees) = (cubed.trees[usize::from(median)], cubed.trees.clone());
    let beside = names.map(str::to_owned).zip(trees).collect();
    Some(Body { value, beside, sampled: true, ..build::over_rows(population, cubed) })
}

/// The metric's unit, which must be one of time; what else is wrong with it is reported with the metric.
fn unit(reader: &mut Reader<'_>) -> Option<Unit> {
    let word = reader.source().get("unit")?.value.as_text()?;
    match &*word.text {
        "days" => Some(Unit::Days),
        "hours" => Some(Unit::Hours),
        "minutes" => Some(Unit::Minutes),
        _ => {
            let found = diags::not_a_unit_of_time(reader.what(), reader.place("unit"));
            reader.report(found);
            None
        }
    }
}

/// Microseconds of one unit; a working day is as long as its hours.
fn per(unit: &Unit, hours: Option<&Hours>) -> i64 {
    match unit {
        Unit::Minutes => MINUTE_MICROS,
        Unit::Hours => 60 * MINUTE_MICROS,
        _ => hours.map_or(24 * 60 * MINUTE_MICROS, Hours::day_micros),
    }
}

fn moment(cx: &mut dyn Context, dataset: &Id, text: &Written) -> Option<(ExprId, Type)> {
    let id = cx.row(dataset, text)?;
    let ty = cx.arena().get(id).ty;
    if !ty.is_time() {
        cx.report(diags::not_a_time(text, ty));
        return None;
    }
    Some((id, ty))
}

/// The time between in microseconds; beside a day, a moment is its day.
fn elapsed(
    arena: &mut Arena,
    ends: [(ExprId, Type); 2],
    by_day: bool,
    hours: Option<Arc<Hours>>,
) -> ExprId {
    let ends = ends.map(|(id, ty)| match ty {
        Type::DateTime if by_day => {
            build::node(arena, Op::Cast(Type::Date), vec![id], Type::Date, true)
        }
        _ => id,
    });
    build::node(arena, Op::Elapsed(hours), ends.to_vec(), Type::Integer, true)
}

/// Mean, median, 75th and 90th percentile in the unit; one division ends each.
fn figures(arena: &mut Arena, span: ExprId, per: i64) -> Vec<ExprId> {
    let per = build::number(arena, Decimal::from(per));
    let sum = build::aggregate(arena, Aggregate::Sum, span, Type::Integer);
    let count = build::aggregate(arena, Aggregate::Count, span, Type::Integer);
    let bottom = build::node(arena, Op::Multiply, vec![count, per], Type::Integer, true);
    let mut figures = vec![build::quotient(arena, sum, bottom)];
    for (_, p) in PERCENTILES {
        let value = build::aggregate(arena, Aggregate::Percentile(p), span, Type::Number);
        figures.push(build::quotient(arena, value, per));
    }
    figures
}
