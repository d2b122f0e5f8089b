//! What moved a product of factors: the Shapley average over all orders in which factors may change.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

use crate::domain::Decimal;

/// A change, and the part of each factor in it; the parts add up to it exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bridged {
    pub(super) change: Decimal,
    pub(super) effects: Vec<Decimal>,
}

/// Digits that effects have at least.
const SCALE: u8 = 2;

/// The bridge between two chains of levels: the first factor is the first level, each other one a level over the
/// level before it, so that their product is the last level.
///
/// A factor that is 0 ÷ 0 in one chain is taken from the other. Where a level came of nothing (x ÷ 0), the factor
/// is taken together with the one before it, and the effect of both is its own. None where a part is too large to be held.
pub(super) fn bridge(before: &[Decimal], after: &[Decimal]) -> Option<Bridged> {
    let (first, last) = (last(before), last(after));
    let change = last.checked_sub(first).ok()?;
    let (a, b) = (rationals(before), rationals(after));
    let joined = joined(&a, &b);
    let (x, y) = factors(&a, &b, &joined);
    let exact = shapley(&x, &y);
    let mut effects = vec![BigRational::zero(); before.len()];
    for (place, effect) in joined.iter().zip(exact) {
        effects[*place] = effect;
    }
    let scale = change.scale().max(first.scale()).max(last.scale()).max(SCALE);
    let effects = rounded(&effects, &change, scale)?;
    Some(Bridged { change, effects })
}

fn last(levels: &[Decimal]) -> Decimal {
    levels.last().copied().unwrap_or(Decimal::ZERO)
}

fn rationals(levels: &[Decimal]) -> Vec<BigRational> {
    let one = |level: &Decimal| {
        BigRational::new(BigInt::from(level.units()), BigInt::from(10).pow(level.scale().into()))
    };
    levels.iter().map(one).collect()
}

/// The levels that factors lead to: all, but for those that another level came of while they were 0.
fn joined(a: &[BigRational], b: &[BigRational]) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for place in 0..a.len() {
        let from_nothing = |levels: &[BigRational], from: usize| {
            levels[from].is_zero() && !levels[place].is_zero()
        };
        while kept.last().is_some_and(|from| from_nothing(a, *from) || from_nothing(b, *from)) {
            kept.pop();
        }
        kept.push(place);
    }
    kept
}

/// Both chains' factors; what is 0 ÷ 0 in one is the other's, and 1 where it is so in both.
fn factors(
    a: &[BigRational],
    b: &[BigRational],
    places: &[usize],
) -> (Vec<BigRational>, Vec<BigRational>) {
    let mut before: Option<usize> = None;
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for place in places {
        let factor = |levels: &[BigRational]| match before {
            None => Some(levels[*place].clone()),
            Some(from) if levels[from].is_zero() => None,
            Some(from) => Some(&levels[*place] / &levels[from]),
        };
        let (own, other) = (factor(a), factor(b));
        let either = own.clone().or_else(|| other.clone()).unwrap_or_else(BigRational::one);
        x.push(own.unwrap_or_else(|| either.clone()));
        y.push(other.unwrap_or(either));
        before = Some(*place);
    }
    (x, y)
}

/// The effect of each factor: over all sets of the others that may have changed before it, weighted by orders.
fn shapley(x: &[BigRational], y: &[BigRational]) -> Vec<BigRational> {
    let many = x.len();
    let product = |changed: usize| -> BigRational {
        let factor = |at: usize| if changed >> at & 1 == 1 { &y[at] } else { &x[at] };
        (0..many).map(factor).fold(BigRational::one(), |product, factor| product * factor)
    };
    let products: Vec<BigRational> = (0..1usize << many).map(product).collect();
    let effect = |at: usize| {
        let without = (0..products.len()).filter(|set| set >> at & 1 == 0);
        let step = |set: usize| {
            let before = set.count_ones() as usize;
            let weight =
                BigRational::new(factorial(before) * factorial(many - before - 1), factorial(many));
            (&products[set | 1 << at] - &products[set]) * weight
        };
        without.map(step).fold(BigRational::zero(), |sum, step| sum + step)
    };
    (0..many).map(effect).collect()
}

fn factorial(n: usize) -> BigInt {
    (1..=n).fold(BigInt::one(), |product, k| product * BigInt::from(k))
}

/// Effects cut to a scale; what is lost goes to the largest remainders, the earlier factor first.
fn rounded(effects: &[BigRational], change: &Decimal, scale: u8) -> Option<Vec<Decimal>> {
    let unit = BigInt::from(10).pow(scale.into());
    let scaled: Vec<BigRational> =
        effects.iter().map(|e| e * BigRational::from_integer(unit.clone())).collect();
    let mut units: Vec<BigInt> = scaled.iter().map(|e| e.floor().to_integer()).collect();
    let whole = BigInt::from(change.at_scale(scale).ok()?.units());
    let left = (whole - units.iter().sum::<BigInt>()).to_usize()?;
    let mut order: Vec<usize> = (0..units.len()).collect();
    let rest = |at: usize| &scaled[at] - scaled[at].floor();
    order.sort_by(|a, b| rest(*b).cmp(&rest(*a)).then_with(|| a.cmp(b)));
    for at in order.into_iter().take(left) {
        units[at] += 1;
    }
    units.iter().map(|u| Some(Decimal::new(u.to_i128()?, scale).trimmed(0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(texts: &[&str]) -> Vec<Decimal> {
        texts.iter().map(|t| Decimal::parse(t).unwrap()).collect()
    }

    fn effects(before: &[&str], after: &[&str]) -> (String, Vec<String>) {
        let bridged = bridge(&levels(before), &levels(after)).unwrap();
        let sum = bridged.effects.iter().try_fold(Decimal::ZERO, |s, e| s.checked_add(*e)).unwrap();
        assert_eq!(sum.trimmed(0), bridged.change.trimmed(0), "{before:?} {after:?}");
        let shown = bridged.effects.iter().map(ToString::to_string).collect();
        (bridged.change.trimmed(0).to_string(), shown)
    }

    #[test]
    fn two_factors_share_what_they_do_together() {
        // 10 × 5 to 20 × 8: 10 × 6.5 by the first, 15 × 3 by the second.
        let (change, parts) = effects(&["10", "50"], &["20", "160"]);
        assert_eq!((change.as_str(), parts), ("110", vec!["65".to_owned(), "45".to_owned()]));
    }

    #[test]
    fn a_factor_that_did_not_change_did_nothing() {
        let (_, parts) = effects(&["10", "5", "500"], &["20", "10", "1000"]);
        assert_eq!(parts, ["500", "0", "0"]);
    }

    #[test]
    fn nothing_over_nothing_takes_the_other_periods_factor() {
        // None were won before: conversion did it all, the price is what it is now.
        let (_, parts) = effects(&["10", "0", "0"], &["10", "4", "400"]);
        assert_eq!(parts, ["0", "400", "0"]);
    }

    #[test]
    fn what_came_of_nothing_is_taken_together() {
        // Deals closed that no one opened in the period.
        let (change, parts) = effects(&["0", "3", "300"], &["6", "3", "600"]);
        assert_eq!((change.as_str(), parts[0].as_str()), ("300", "0"));
        assert_eq!(parts, ["0", "0", "300"]);
    }

    #[test]
    fn cents_go_to_the_largest_remainders() {
        let (change, parts) = effects(&["3", "7", "100"], &["4", "5", "33.34"]);
        assert_eq!(change, "-66.66");
        assert_eq!(parts.len(), 3);
    }
}
