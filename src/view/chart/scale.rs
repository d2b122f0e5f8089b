//! From values to places, and the round values at which lines are drawn.

use crate::domain::Decimal;

/// Values on a line of places; the greater value may have the smaller place, as heights do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    pub(super) low: Decimal,
    pub(super) high: Decimal,
    /// Where `low` and `high` stand.
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Scale {
    pub(super) fn at(&self, value: Decimal) -> f64 {
        let span = self.high.to_f64() - self.low.to_f64();
        let share = if span > 0.0 { (value.to_f64() - self.low.to_f64()) / span } else { 0.5 };
        self.from + (self.to - self.from) * share
    }
}

/// Round values from at or below the lowest to at or above the highest, with about `many` steps between.
pub(super) fn ticks(low: Decimal, high: Decimal, many: u32) -> Vec<Decimal> {
    let high = if high > low { high } else { low.checked_add(Decimal::ONE).unwrap_or(high) };
    let step = step(low, high, many);
    let floor = |value: Decimal| value.checked_div(step, 0).map(|n| whole(value, n, step));
    let (Ok(first), Ok(last)) = (floor(low), floor(high)) else { return vec![low, high] };
    let mut ticks = vec![first];
    let enough = |tick: &Decimal| *tick >= high;
    while !ticks.last().is_some_and(enough) && ticks.len() < 32 {
        let next = ticks.last().and_then(|tick| tick.checked_add(step).ok());
        let Some(next) = next.filter(|next| *next > last || *next <= high) else { break };
        ticks.push(next);
    }
    ticks
}

/// The whole number of steps at or below a value, as a value.
fn whole(value: Decimal, rounded: Decimal, step: Decimal) -> Decimal {
    let at = rounded.checked_mul(step).unwrap_or(value);
    if at > value { at.checked_sub(step).unwrap_or(at) } else { at }
}

/// 1, 2 or 5 with zeros: the smallest that makes no more than so many steps.
fn step(low: Decimal, high: Decimal, many: u32) -> Decimal {
    let span = high.to_f64() - low.to_f64();
    let rough = if span > 0.0 { span / f64::from(many.max(1)) } else { 1.0 };
    let mut power = -9i32;
    loop {
        for digit in [1i128, 2, 5] {
            let step = match u8::try_from(-power) {
                Ok(scale) => Decimal::new(digit, scale),
                Err(_) => {
                    let zeros = u32::try_from(power).unwrap_or(0);
                    Decimal::new(digit * 10i128.saturating_pow(zeros), 0)
                }
            };
            if step.to_f64() >= rough * 0.999_999 || power > 30 {
                return step.trimmed(0);
            }
        }
        power += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    fn told(low: &str, high: &str) -> Vec<String> {
        ticks(d(low), d(high), 3).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn ticks_are_round_and_hold_the_values() {
        assert_eq!(told("0", "67"), ["0", "50", "100"]);
        assert_eq!(told("0", "0.486"), ["0.0", "0.2", "0.4", "0.6"]);
        assert_eq!(told("0", "341700"), ["0", "200000", "400000"]);
        assert_eq!(told("-30", "50"), ["-50", "0", "50"]);
        assert_eq!(told("0", "0.0004"), ["0.0000", "0.0002", "0.0004"]);
        assert_eq!(told("1500000", "1980000"), ["1400000", "1600000", "1800000", "2000000"]);
        assert!(told("0", "0").len() >= 2);
    }
}
