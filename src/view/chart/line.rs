//! A metric over time, with its targets. The axis begins at zero.

use serde::Serialize;

use super::scale::{Scale, ticks};
use super::{Label, at, nth};
use crate::domain::Decimal;
use crate::view::ValueView;

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 168.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 26.0;

/// A line drawing with a grid.
#[derive(Debug, Clone, Serialize)]
pub struct LineView {
    pub width: String,
    pub height: String,
    /// From where to where grid lines go.
    pub left: String,
    pub right: String,
    /// Heights of round values, with their texts.
    pub grid: Vec<Label>,
    /// Point lists of polylines; a missing value breaks the line.
    pub lines: Vec<String>,
    pub dots: Vec<(String, String)>,
    /// Of a period that is not over: from the point before to what there is of it.
    pub open: Option<(String, (String, String))>,
    /// Point lists of what was planned.
    pub targets: Vec<String>,
    /// First and last period, and one between.
    pub labels: Vec<Label>,
    pub text: String,
}

/// The drawing; none under two values.
pub(crate) fn line(title: &str, values: &[Option<&ValueView>]) -> Option<LineView> {
    let known: Vec<Option<Decimal>> = values.iter().map(|v| number(*v)).collect();
    let targets: Vec<Option<Decimal>> =
        values.iter().map(|v| v.and_then(|v| v.target.as_ref()?.value.number())).collect();
    let shown = known.iter().flatten().count();
    if shown < 2 {
        return None;
    }
    let all = || known.iter().chain(&targets).flatten().copied();
    let low = all().min()?.min(Decimal::ZERO);
    let high = all().max()?.max(Decimal::ZERO);
    let ticks = ticks(low, high, 3);
    let (from, to) = (HEIGHT - BOTTOM, TOP);
    let scale = Scale { low: *ticks.first()?, high: *ticks.last()?, from, to };
    let step = (WIDTH - LEFT - RIGHT) / nth(values.len().saturating_sub(1).max(1));
    let point = |place: usize, value: Decimal| (at(LEFT + step * nth(place)), at(scale.at(value)));
    let points = |of: &[Option<Decimal>]| -> Vec<Option<(String, String)>> {
        of.iter().enumerate().map(|(place, v)| v.map(|v| point(place, v))).collect()
    };
    let mut drawn = points(&known);
    let open = open(values, &mut drawn);
    let (lines, dots) = strokes(&drawn);
    let (targets, _) = strokes(&points(&targets));
    let sample = values.iter().flatten().next()?;
    let grid = ticks.iter().map(|tick| Label {
        x: at(LEFT - 8.0),
        y: at(scale.at(*tick)),
        text: sample.value.like(*tick).short(),
    });
    Some(LineView {
        width: at(WIDTH),
        height: at(HEIGHT),
        left: at(LEFT),
        right: at(WIDTH - RIGHT),
        grid: grid.collect(),
        lines,
        dots,
        open,
        targets,
        labels: labels(values, step),
        text: super::spark::words(title, values)?,
    })
}

fn number(value: Option<&ValueView>) -> Option<Decimal> {
    value.filter(|v| v.status == "ok")?.value.number()
}

/// Takes a last period that is not over out of the line: it is drawn apart.
fn open(
    values: &[Option<&ValueView>],
    points: &mut [Option<(String, String)>],
) -> Option<(String, (String, String))> {
    let over = |v: &ValueView| v.period.as_ref().is_none_or(|p| p.complete);
    let last = values.len().checked_sub(1)?;
    if values[last].is_none_or(over) {
        return None;
    }
    let end = points[last].take()?;
    let before = last.checked_sub(1).and_then(|place| points[place].clone());
    let pair = before.map(|(x, y)| format!("{x},{y} {},{}", end.0, end.1));
    Some((pair.unwrap_or_default(), end))
}

/// Unbroken runs as lines; single values and the last one as dots.
pub(super) fn strokes(points: &[Option<(String, String)>]) -> (Vec<String>, Vec<(String, String)>) {
    let (mut lines, mut dots) = (Vec::new(), Vec::new());
    for run in points.split(Option::is_none) {
        let run: Vec<_> = run.iter().flatten().collect();
        match run.as_slice() {
            [] => {}
            [one] => dots.push((*one).clone()),
            many => {
                let pairs: Vec<String> = many.iter().map(|(x, y)| format!("{x},{y}")).collect();
                lines.push(pairs.join(" "));
            }
        }
    }
    if let Some(last) = points.iter().flatten().next_back()
        && dots.last() != Some(last)
    {
        dots.push(last.clone());
    }
    (lines, dots)
}

/// The first, a middle and the last period.
fn labels(values: &[Option<&ValueView>], step: f64) -> Vec<Label> {
    let last = values.len().saturating_sub(1);
    let mut places = vec![0, last / 2, last];
    places.dedup();
    let label = |place: usize| {
        let period = values.get(place).copied().flatten()?.period.as_ref()?;
        let x = at(LEFT + step * nth(place));
        Some(Label { x, y: at(HEIGHT - 6.0), text: period.short() })
    };
    places.into_iter().filter_map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_value_breaks_the_line() {
        let p = |x: &str| Some((x.to_owned(), "1".to_owned()));
        let (lines, dots) = strokes(&[p("1"), p("2"), None, p("4"), None, p("6"), p("7")]);
        assert_eq!(lines, ["1,1 2,1", "6,1 7,1"]);
        assert_eq!(dots.iter().map(|d| d.0.as_str()).collect::<Vec<_>>(), ["4", "7"]);
    }
}
