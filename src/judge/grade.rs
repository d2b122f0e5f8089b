//! A value against its bounds.

use super::SCALE;
use crate::domain::{Decimal, NumberError, Outcome};
use crate::kinds::Bounds;

/// Outcome and grade of a value: 1 from `met`, 0 up to `zero`, linear between.
pub(super) fn of(bounds: &Bounds, value: Decimal) -> Result<(Outcome, Decimal), NumberError> {
    let past = |bound: Decimal| if bounds.at_least { value >= bound } else { value <= bound };
    if past(bounds.met) {
        return Ok((Outcome::Met, Decimal::ONE));
    }
    let short = if bounds.at_least { value <= bounds.zero } else { value >= bounds.zero };
    if short {
        return Ok((Outcome::NotMet, Decimal::ZERO));
    }
    let way = value.checked_sub(bounds.zero)?;
    let whole = bounds.met.checked_sub(bounds.zero)?;
    let grade = way.checked_div(whole, SCALE)?;
    // Rounding must not turn "nearly" into "fully", nor "a little" into "nothing".
    let least = Decimal::new(1, SCALE);
    let most = Decimal::ONE.checked_sub(least)?;
    Ok((Outcome::PartlyMet, grade.clamp(least, most)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    fn bounds(at_least: bool, met: &str, zero: &str) -> Bounds {
        Bounds { at_least, met: d(met), zero: d(zero) }
    }

    #[test]
    fn grades_are_linear_between_the_bounds_in_both_directions() {
        let up = bounds(true, "0.9", "0.5");
        assert_eq!(of(&up, d("0.9")), Ok((Outcome::Met, d("1"))));
        assert_eq!(of(&up, d("0.6")), Ok((Outcome::PartlyMet, d("0.25"))));
        assert_eq!(of(&up, d("0.5")), Ok((Outcome::NotMet, d("0"))));
        let down = bounds(false, "7", "30");
        assert_eq!(of(&down, d("7")), Ok((Outcome::Met, d("1"))));
        assert_eq!(of(&down, d("18.5")), Ok((Outcome::PartlyMet, d("0.5"))));
        assert_eq!(of(&down, d("31")), Ok((Outcome::NotMet, d("0"))));
    }

    #[test]
    fn nearly_met_is_not_met_after_rounding() {
        let up = bounds(true, "1", "0");
        let (outcome, grade) = of(&up, d("0.99999999")).unwrap();
        assert_eq!(outcome, Outcome::PartlyMet);
        assert!(grade < Decimal::ONE);
        let (outcome, grade) = of(&up, d("0.00000001")).unwrap();
        assert_eq!(outcome, Outcome::PartlyMet);
        assert!(grade > Decimal::ZERO);
    }

    #[test]
    fn equal_bounds_are_a_step() {
        let step = bounds(true, "5", "5");
        assert_eq!(of(&step, d("5")).unwrap().0, Outcome::Met);
        assert_eq!(of(&step, d("4.9")).unwrap().0, Outcome::NotMet);
    }
}
