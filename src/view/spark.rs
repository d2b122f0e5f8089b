//! A small line of the last buckets: geometry only, the numbers stand in the table beside it.

use super::words::say;
use super::{PeriodView, Spark, ValueView};
use crate::domain::Decimal;

const WIDTH: u32 = 132;
const HEIGHT: u32 = 34;
const EDGE: f64 = 4.0;

/// The drawing of a metric's values over time; none under two values.
pub(super) fn spark(title: &str, values: &[Option<&ValueView>]) -> Option<Spark> {
    let known: Vec<_> = values.iter().filter_map(|v| number(*v)).collect();
    let low = known.iter().min_by_key(|(n, _)| *n)?;
    let high = known.iter().max_by_key(|(n, _)| *n)?;
    if known.len() < 2 {
        return None;
    }
    let points: Vec<Option<(String, String)>> = values
        .iter()
        .enumerate()
        .map(|(at, v)| Some(place(at, values.len(), number(*v)?.0, low.0, high.0)))
        .collect();
    let count = values.len().to_string();
    let ends = (values.first()?.map(period_of), values.last()?.map(period_of));
    let (first, last) = (ends.0.unwrap_or_default(), ends.1.unwrap_or_default());
    let (least, most) = (low.1.text.text(), high.1.text.text());
    let fill = [
        ("title", title),
        ("count", &count),
        ("first", &first),
        ("last", &last),
        ("low", &least),
        ("high", &most),
    ];
    let (lines, dots) = strokes(&points);
    Some(Spark { width: WIDTH, height: HEIGHT, lines, dots, text: say("spark.text", &fill) })
}

fn number(value: Option<&ValueView>) -> Option<(Decimal, &ValueView)> {
    let view = value.filter(|v| v.status == "ok")?;
    Some((view.value.number()?, view))
}

fn period_of(view: &ValueView) -> String {
    view.period.as_ref().map(PeriodView::text).unwrap_or_default()
}

fn place(at: usize, of: usize, n: Decimal, low: Decimal, high: Decimal) -> (String, String) {
    let steps = u32::try_from(of.saturating_sub(1)).unwrap_or(u32::MAX).max(1);
    let step = u32::try_from(at).unwrap_or(u32::MAX);
    let across = (f64::from(WIDTH) - 2.0 * EDGE) * f64::from(step) / f64::from(steps);
    let span = high.to_f64() - low.to_f64();
    let up = if span > 0.0 { (n.to_f64() - low.to_f64()) / span } else { 0.5 };
    let down = (f64::from(HEIGHT) - 2.0 * EDGE) * (1.0 - up);
    (format!("{:.1}", EDGE + across), format!("{:.1}", EDGE + down))
}

/// Unbroken runs as lines; single values and the last one as dots.
fn strokes(points: &[Option<(String, String)>]) -> (Vec<String>, Vec<(String, String)>) {
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
