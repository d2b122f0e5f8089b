//! Products and quotients whose middle is wider than an i128 although the answer is not.

use std::cmp::Ordering;

/// `a × b ÷ 10^digits`, half to even; none where it does not fit.
pub(super) fn product(a: i128, b: i128, digits: u8) -> Option<i128> {
    let mut limbs = multiply(a.unsigned_abs(), b.unsigned_abs());
    // One digit after the other: the last that falls decides the rounding, the ones before it break
    // a tie.
    let (mut last, mut below) = (0u64, false);
    for _ in 0..digits {
        below |= last != 0;
        last = divide_by_ten(&mut limbs);
    }
    let odd = limbs[0] % 2 == 1;
    let up = last > 5 || last == 5 && (below || odd);
    signed(limbs, up, (a < 0) != (b < 0))
}

/// `top × 10^digits ÷ bottom`, half to even; none where it does not fit. The bottom is not zero.
pub(super) fn quotient(top: i128, bottom: i128, digits: u32) -> Option<i128> {
    let (a, b) = (top.unsigned_abs(), bottom.unsigned_abs());
    let (mut whole, mut rest) = (a / b, a % b);
    for _ in 0..digits {
        if rest == 0 && whole == 0 {
            break;
        }
        let wide = rest.checked_mul(10)?;
        whole = whole.checked_mul(10)?.checked_add(wide / b)?;
        rest = wide % b;
    }
    let up = match rest.cmp(&(b - rest)) {
        Ordering::Greater => true,
        Ordering::Equal => whole % 2 == 1,
        Ordering::Less => false,
    };
    let whole = i128::try_from(whole.checked_add(u128::from(up))?).ok()?;
    Some(if (top < 0) == (bottom < 0) { whole } else { -whole })
}

/// Limbs of 64 bits, lowest first.
fn multiply(a: u128, b: u128) -> [u64; 4] {
    let halves = |n: u128| [low(n), low(n >> 64)];
    let mut limbs = [0u64; 4];
    for (i, x) in halves(a).into_iter().enumerate() {
        let mut carry = 0u128;
        for (j, y) in halves(b).into_iter().enumerate() {
            let sum = u128::from(x) * u128::from(y) + u128::from(limbs[i + j]) + carry;
            limbs[i + j] = low(sum);
            carry = sum >> 64;
        }
        limbs[i + 2] = low(carry);
    }
    limbs
}

fn divide_by_ten(limbs: &mut [u64; 4]) -> u64 {
    let mut rest = 0u128;
    for limb in limbs.iter_mut().rev() {
        let part = (rest << 64) | u128::from(*limb);
        *limb = low(part / 10);
        rest = part % 10;
    }
    low(rest)
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn low(n: u128) -> u64 {
    n as u64
}

fn signed(limbs: [u64; 4], up: bool, negative: bool) -> Option<i128> {
    if limbs[2] != 0 || limbs[3] != 0 {
        return None;
    }
    let whole = (u128::from(limbs[1]) << 64) | u128::from(limbs[0]);
    let whole = i128::try_from(whole.checked_add(u128::from(up))?).ok()?;
    Some(if negative { -whole } else { whole })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::divide_half_even;
    use super::*;

    proptest! {
        #[test]
        fn wide_and_narrow_agree(
            a in -10i128.pow(15)..10i128.pow(15),
            b in -10i128.pow(15)..10i128.pow(15),
            digits in 0u8..18,
        ) {
            let shift = 10i128.pow(u32::from(digits));
            prop_assert_eq!(product(a, b, digits), Some(divide_half_even(a * b, shift)));
            if b != 0 {
                let narrow = divide_half_even(a * shift, b);
                prop_assert_eq!(quotient(a, b, digits.into()), Some(narrow));
            }
        }

        #[test]
        fn a_product_divided_is_its_factor(
            a in -10i128.pow(30)..10i128.pow(30),
            b in 10i128.pow(17)..10i128.pow(18),
        ) {
            // a × b needs more than 127 bits; ÷ 10^18 brings it back below a.
            let product = product(a, b, 18).unwrap();
            let again = quotient(product, b, 18).unwrap();
            prop_assert!((again - a).abs() <= 10);
        }
    }
}
