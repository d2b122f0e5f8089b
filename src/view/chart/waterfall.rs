//! From one total to another by what moved it.

use serde::Serialize;

use super::scale::{Scale, ticks};
use super::{Label, at, nth, wrapped};
use crate::domain::Decimal;
use crate::view::Shown;
use crate::view::words::say;

const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 250.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 48.0;
/// Characters of a name in one line under its bar.
const NAME: usize = 18;

/// One bar before it is drawn.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) value: Shown,
    /// A total stands on the ground; a part goes on from where the one before ended.
    pub(crate) total: bool,
}

/// A bridge of bars.
#[derive(Debug, Clone, Serialize)]
pub struct WaterfallView {
    pub width: String,
    pub height: String,
    pub bars: Vec<Bar>,
    /// Height of zero, or of the ground where the axis is cut.
    pub ground: String,
    /// The value at which the totals are cut, in words; none where the axis begins at zero.
    pub cut: Option<String>,
    pub text: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Bar {
    /// `total`, `up` or `down`.
    pub kind: &'static str,
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
    /// The value's text, above it.
    pub value: Label,
    /// The name below, in lines.
    pub names: Vec<Label>,
    /// To the next bar, at the height where this one ends.
    pub joint: Option<(String, String, String)>,
    /// The zigzag of a cut total.
    pub cut: Option<String>,
}

/// The drawing; none where a value is missing.
pub(crate) fn waterfall(title: &str, steps: &[Step]) -> Option<WaterfallView> {
    let spans = spans(steps)?;
    let ends = || spans.iter().flat_map(|(from, to)| [*from, *to]);
    let (low, high) = (ends().min()?, ends().max()?);
    let cut = cut(steps, &spans, high);
    let low = cut.unwrap_or_else(|| low.min(Decimal::ZERO));
    let scale = Scale { low, high: high.max(low), from: HEIGHT - BOTTOM, to: TOP };
    let ground = if low < Decimal::ZERO { scale.at(Decimal::ZERO) } else { HEIGHT - BOTTOM };
    let room = WIDTH / nth(steps.len().max(1));
    let bars = steps.iter().zip(&spans).enumerate();
    let bars = bars.map(|(place, (step, span))| {
        let last = place + 1 == steps.len();
        bar(step, *span, &scale, room, place, last, cut)
    });
    let (first, last) = (steps.first()?, steps.last()?);
    let (from, to) = (first.value.text(), last.value.text());
    let parts = steps.iter().filter(|step| !step.total);
    let parts: Vec<String> =
        parts.map(|step| format!("{} {}", step.name, step.value.signed())).collect();
    let fill = [("title", title), ("from", &from), ("to", &to), ("parts", &parts.join(", "))];
    Some(WaterfallView {
        width: at(WIDTH),
        height: at(HEIGHT),
        bars: bars.collect(),
        ground: at(ground),
        cut: cut.map(|value| first.value.like(value).short()),
        text: say("waterfall.text", &fill),
    })
}

/// From where to where each bar goes.
fn spans(steps: &[Step]) -> Option<Vec<(Decimal, Decimal)>> {
    let mut level = Decimal::ZERO;
    let mut spans = Vec::new();
    for step in steps {
        let value = step.value.number()?;
        let from = if step.total { Decimal::ZERO } else { level };
        level = from.checked_add(value).ok()?;
        spans.push((from, level));
    }
    Some(spans)
}

/// Where the axis begins when the parts would be slivers beside their totals; none where it begins at zero.
fn cut(steps: &[Step], spans: &[(Decimal, Decimal)], high: Decimal) -> Option<Decimal> {
    let parts = steps.iter().zip(spans).filter(|(step, _)| !step.total);
    let lowest = parts.flat_map(|(_, (from, to))| [*from, *to]).min()?;
    let range = high.to_f64() - lowest.to_f64();
    if lowest <= Decimal::ZERO || range > high.to_f64() * 0.4 {
        return None;
    }
    // Room below the lowest part, so that every total keeps a foot.
    let margin = Decimal::new(6, 1).checked_mul(high.checked_sub(lowest).ok()?).ok()?;
    let below = lowest.checked_sub(margin).ok().filter(|b| *b > Decimal::ZERO)?;
    ticks(below, high, 6).first().copied().filter(|tick| *tick > Decimal::ZERO)
}

fn bar(
    step: &Step,
    (from, to): (Decimal, Decimal),
    scale: &Scale,
    room: f64,
    place: usize,
    last: bool,
    cut: Option<Decimal>,
) -> Bar {
    let width = (room * 0.62).min(84.0);
    let middle = room * (nth(place) + 0.5);
    let foot = if step.total { scale.at(from.max(scale.low)) } else { scale.at(from) };
    let head = scale.at(to);
    let (upper, lower) = (head.min(foot), head.max(foot));
    let down = to < from;
    let names = wrapped(&step.name, NAME);
    let names = names.into_iter().take(3).enumerate().map(|(line, text)| Label {
        x: at(middle),
        y: at(HEIGHT - BOTTOM + 18.0 + 14.0 * nth(line)),
        text,
    });
    let value = if step.total { step.value.short() } else { step.value.short_signed() };
    let right = middle + width / 2.0;
    Bar {
        kind: if step.total {
            "total"
        } else if down {
            "down"
        } else {
            "up"
        },
        x: at(middle - width / 2.0),
        y: at(upper),
        width: at(width),
        height: at((lower - upper).max(1.0)),
        value: Label { x: at(middle), y: at(upper - 7.0), text: value },
        names: names.collect(),
        joint: (!last).then(|| (at(right), at(right + room - width), at(head))),
        cut: cut.filter(|_| step.total).map(|_| zigzag(middle - width / 2.0, width)),
    }
}

/// Across the foot of a bar.
fn zigzag(left: f64, width: f64) -> String {
    let y = HEIGHT - BOTTOM - 12.0;
    let quarter = width / 4.0;
    let points = (0..=4u32).map(|n| {
        let up = if n % 2 == 1 { -5.0 } else { 0.0 };
        format!("{},{}", at(left - 3.0 + f64::from(n) * (quarter + 1.5)), at(y + up))
    });
    points.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Unit, Value};

    fn step(name: &str, value: &str, total: bool) -> Step {
        let value = Value::Number(Decimal::parse(value).unwrap());
        Step { name: name.to_owned(), value: crate::view::shown(&value, &Unit::Number), total }
    }

    #[test]
    fn parts_hang_between_their_totals_and_small_ones_cut_the_axis() {
        let steps = [
            step("before", "1000", true),
            step("flow", "30", false),
            step("price", "-10", false),
            step("after", "1020", true),
        ];
        let drawn = waterfall("Bridge", &steps).unwrap();
        let kinds: Vec<_> = drawn.bars.iter().map(|bar| bar.kind).collect();
        assert_eq!(kinds, ["total", "up", "down", "total"]);
        assert!(drawn.cut.is_some(), "the parts would be slivers");
        assert_eq!(drawn.bars[1].y, drawn.bars[2].y, "a fall begins where the rise ended");
    }

    #[test]
    fn totals_below_zero_hang_from_it() {
        let steps =
            [step("before", "10", true), step("flow", "-30", false), step("after", "-20", true)];
        let drawn = waterfall("Bridge", &steps).unwrap();
        assert_eq!(drawn.cut, None);
        assert_eq!(drawn.bars[2].y, drawn.ground);
    }

    #[test]
    fn without_a_value_there_is_no_drawing() {
        let mut steps = vec![step("before", "10", true)];
        steps.push(Step { name: "flow".into(), value: crate::view::none(), total: false });
        assert!(waterfall("Bridge", &steps).is_none());
    }
}
