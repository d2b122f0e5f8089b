//! TOML's numbers, exactly.

use crate::domain::Decimal;

/// Reads a float as TOML writes it, underscores already gone: `-1.5e-3`. Nothing for `inf`, `nan` and for
/// numbers beyond 30 digits behind the point or the range of a [`Decimal`].
pub(super) fn float(text: &str) -> Option<Decimal> {
    let Some(at) = text.find(['e', 'E']) else { return Decimal::parse(text) };
    let mantissa = Decimal::parse(&text[..at])?.trimmed(0);
    let exponent: i32 = text[at + 1..].parse().ok()?;
    let scale = i32::from(mantissa.scale()).checked_sub(exponent)?;
    if mantissa.is_zero() {
        return Some(Decimal::ZERO);
    }
    if scale >= 0 {
        let scale = u8::try_from(scale).ok().filter(|s| *s <= 30)?;
        return Some(Decimal::new(mantissa.units(), scale));
    }
    let factor = 10i128.checked_pow(scale.unsigned_abs())?;
    Some(Decimal::new(mantissa.units().checked_mul(factor)?, 0))
}

/// Reads an integer's digits in its radix.
pub(super) fn integer(digits: &str, radix: u32) -> Option<i64> {
    i64::from_str_radix(digits, radix).ok()
}
