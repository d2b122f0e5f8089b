//! A small line of the last buckets: its course, without an axis. The numbers stand beside it and in the table.

use serde::Serialize;

use super::line::strokes;
use super::scale::Scale;
use super::{at, nth};
use crate::domain::Decimal;
use crate::view::words::say;
use crate::view::{PeriodView, ValueView};

const WIDTH: f64 = 132.0;
const HEIGHT: f64 = 34.0;
const EDGE: f64 = 4.0;

/// A small line drawing, in units of its box.
#[derive(Debug, Clone, Serialize)]
pub struct Spark {
    pub width: String,
    pub height: String,
    /// Point lists of polylines; a missing value breaks the line.
    pub lines: Vec<String>,
    /// Where single values stand, and the last one.
    pub dots: Vec<(String, String)>,
    /// What the drawing says, for those who cannot see it.
    pub text: String,
}

/// The drawing of a metric's values over time; none under two values.
pub(crate) fn spark(title: &str, values: &[Option<&ValueView>]) -> Option<Spark> {
    let known: Vec<Decimal> = values.iter().filter_map(|v| number(*v)).map(|(n, _)| n).collect();
    if known.len() < 2 {
        return None;
    }
    let (low, high) = (*known.iter().min()?, *known.iter().max()?);
    let scale = Scale { low, high, from: HEIGHT - EDGE, to: EDGE };
    let step = (WIDTH - 2.0 * EDGE) / nth(values.len().saturating_sub(1).max(1));
    let point = |(place, v): (usize, &Option<&ValueView>)| {
        let (n, _) = number(*v)?;
        Some((at(EDGE + step * nth(place)), at(scale.at(n))))
    };
    let points: Vec<Option<(String, String)>> = values.iter().enumerate().map(point).collect();
    let (lines, dots) = strokes(&points);
    let (width, height) = (at(WIDTH), at(HEIGHT));
    Some(Spark { width, height, lines, dots, text: words(title, values)? })
}

fn number(value: Option<&ValueView>) -> Option<(Decimal, &ValueView)> {
    let view = value.filter(|v| v.status == "ok")?;
    Some((view.value.number()?, view))
}

/// What a line over time says: from when to when, lowest and highest.
pub(super) fn words(title: &str, values: &[Option<&ValueView>]) -> Option<String> {
    let known: Vec<_> = values.iter().filter_map(|v| number(*v)).collect();
    let low = known.iter().min_by_key(|(n, _)| *n)?;
    let high = known.iter().max_by_key(|(n, _)| *n)?;
    let period = |value: Option<&Option<&ValueView>>| {
        let period = value.copied().flatten().and_then(|v| v.period.as_ref());
        period.map(PeriodView::text).unwrap_or_default()
    };
    let fill = [
        ("title", title),
        ("count", &values.len().to_string()),
        ("first", &period(values.first())),
        ("last", &period(values.last())),
        ("low", &low.1.text.text()),
        ("high", &high.1.text.text()),
    ];
    Some(say("spark.text", &fill))
}
