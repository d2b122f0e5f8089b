//! Exact decimals: an i128 with a scale.
//!
//! `+ − ×` are exact or fail; division rounds half to even at a stated scale. No floats.

use std::cmp::Ordering;
use std::fmt;

mod wide;

/// The finest scale of a product.
const PRODUCT_SCALE: u8 = 18;

/// The finest scale of a column.
pub const MAX_SCALE: u8 = 9;

/// `units ÷ 10^scale`. Equality and order are by value: 1.0 equals 1.00.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    units: i128,
    scale: u8,
}

/// Arithmetic that has no exact answer in an i128.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    Overflow,
    DivisionByZero,
}

impl Decimal {
    pub const ZERO: Self = Self { units: 0, scale: 0 };
    pub const ONE: Self = Self { units: 1, scale: 0 };

    pub const fn new(units: i128, scale: u8) -> Self {
        Self { units, scale }
    }

    pub fn units(self) -> i128 {
        self.units
    }

    pub fn scale(self) -> u8 {
        self.scale
    }

    pub fn is_zero(self) -> bool {
        self.units == 0
    }

    pub fn is_negative(self) -> bool {
        self.units < 0
    }

    /// Reads a plain literal: `-12.50`. No grouping, no exponent, no blanks.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && part.is_empty() || part.len() > 30 {
            return None;
        }
        let mut units: i128 = 0;
        for b in whole.bytes().chain(part.bytes()) {
            let digit = b.is_ascii_digit().then(|| i128::from(b - b'0'))?;
            units = units.checked_mul(10)?.checked_add(digit)?;
        }
        let scale = u8::try_from(part.len()).ok()?;
        Some(Self { units: if negative { -units } else { units }, scale })
    }

    pub fn checked_add(self, other: Self) -> Result<Self, NumberError> {
        let (a, b, scale) = align(self, other)?;
        Ok(Self { units: a.checked_add(b).ok_or(NumberError::Overflow)?, scale })
    }

    pub fn checked_sub(self, other: Self) -> Result<Self, NumberError> {
        let (a, b, scale) = align(self, other)?;
        Ok(Self { units: a.checked_sub(b).ok_or(NumberError::Overflow)?, scale })
    }

    /// The product; digits behind the 18th are rounded half to even.
    pub fn checked_mul(self, other: Self) -> Result<Self, NumberError> {
        let scale = self.scale.saturating_add(other.scale);
        match self.units.checked_mul(other.units) {
            Some(units) => Ok(Self { units, scale }.trimmed_to(PRODUCT_SCALE)),
            None if scale > PRODUCT_SCALE => {
                let units = wide::product(self.units, other.units, scale - PRODUCT_SCALE);
                Ok(Self { units: units.ok_or(NumberError::Overflow)?, scale: PRODUCT_SCALE })
            }
            None => Err(NumberError::Overflow),
        }
    }

    /// The quotient at `scale`, half to even.
    pub fn checked_div(self, other: Self, scale: u8) -> Result<Self, NumberError> {
        if other.units == 0 {
            return Err(NumberError::DivisionByZero);
        }
        let shift = i32::from(scale) + i32::from(other.scale) - i32::from(self.scale);
        let units = if shift >= 0 {
            wide::quotient(self.units, other.units, shift.unsigned_abs())
        } else {
            let bottom = other.units.checked_mul(power(-shift)?);
            bottom.map(|bottom| divide_half_even(self.units, bottom))
        };
        Ok(Self { units: units.ok_or(NumberError::Overflow)?, scale })
    }

    pub fn negated(self) -> Self {
        Self { units: -self.units, scale: self.scale }
    }

    /// The same value at another scale, half to even where digits are lost.
    pub fn at_scale(self, scale: u8) -> Result<Self, NumberError> {
        let units = match scale.cmp(&self.scale) {
            Ordering::Equal => self.units,
            Ordering::Greater => self
                .units
                .checked_mul(power(i32::from(scale - self.scale))?)
                .ok_or(NumberError::Overflow)?,
            Ordering::Less => divide_half_even(self.units, power(i32::from(self.scale - scale))?),
        };
        Ok(Self { units, scale })
    }

    /// Drops trailing zeros behind the point, down to `least` digits.
    #[must_use]
    pub fn trimmed(self, least: u8) -> Self {
        let Self { mut units, mut scale } = self;
        while scale > least && units % 10 == 0 {
            units /= 10;
            scale -= 1;
        }
        if scale < least { self.at_scale(least).unwrap_or(self) } else { Self { units, scale } }
    }

    fn trimmed_to(self, most: u8) -> Self {
        if self.scale <= most { self } else { self.at_scale(most).unwrap_or(self) }
    }

    /// For geometry in charts only; never for a value that is printed or judged.
    #[expect(clippy::cast_precision_loss, reason = "pixels need no more")]
    pub fn to_f64(self) -> f64 {
        self.units as f64 / 10f64.powi(i32::from(self.scale))
    }
}

/// Integer division, half to even. The divisor is not zero.
pub fn divide_half_even(top: i128, bottom: i128) -> i128 {
    let (quotient, rest) = (top / bottom, top % bottom);
    if rest == 0 {
        return quotient;
    }
    let away = if (top < 0) == (bottom < 0) { 1 } else { -1 };
    match rest.unsigned_abs().cmp(&(bottom.unsigned_abs() - rest.unsigned_abs())) {
        Ordering::Greater => quotient + away,
        Ordering::Equal if quotient % 2 != 0 => quotient + away,
        _ => quotient,
    }
}

fn power(exponent: i32) -> Result<i128, NumberError> {
    u32::try_from(exponent).ok().and_then(|e| 10i128.checked_pow(e)).ok_or(NumberError::Overflow)
}

fn align(a: Decimal, b: Decimal) -> Result<(i128, i128, u8), NumberError> {
    let scale = a.scale.max(b.scale);
    Ok((a.at_scale(scale)?.units, b.at_scale(scale)?.units, scale))
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Self {
        Self { units: whole.into(), scale: 0 }
    }
}

impl From<u64> for Decimal {
    fn from(whole: u64) -> Self {
        Self { units: whole.into(), scale: 0 }
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match align(*self, *other) {
            Ok((a, b, _)) => a.cmp(&b),
            // Only magnitudes near 10^38 cannot be aligned; whole parts then decide.
            Err(_) => {
                let whole = |d: &Self| d.units / 10i128.pow(u32::from(d.scale.min(38)));
                whole(self).cmp(&whole(other))
            }
        }
    }
}

impl std::hash::Hash for Decimal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let plain = self.trimmed(0);
        plain.units.hash(state);
        plain.scale.hash(state);
    }
}

/// A plain decimal literal at its scale: `-0.50`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // From the last digit to the first: at most 39 digits, zeros up to the scale, a point and a sign.
        let mut out = [0u8; 39 + 255 + 2];
        let (mut at, mut rest, mut digits) = (out.len(), self.units.unsigned_abs(), 0u32);
        while rest > 0 || digits <= u32::from(self.scale) {
            // Machine words divide many times faster.
            let digit = match u64::try_from(rest) {
                Ok(small) => {
                    rest = (small / 10).into();
                    small % 10
                }
                Err(_) => {
                    let digit = rest % 10;
                    rest /= 10;
                    u64::try_from(digit).unwrap_or_default()
                }
            };
            if digits == u32::from(self.scale) && digits > 0 {
                at -= 1;
                out[at] = b'.';
            }
            at -= 1;
            out[at] = b'0' + u8::try_from(digit).unwrap_or_default();
            digits += 1;
        }
        if self.units < 0 {
            at -= 1;
            out[at] = b'-';
        }
        f.write_str(std::str::from_utf8(&out[at..]).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn arithmetic_is_exact_and_division_rounds_half_to_even() {
        assert_eq!(d("0.1").checked_add(d("0.2")).unwrap().to_string(), "0.3");
        assert_eq!(d("1").checked_div(d("8"), 2).unwrap().to_string(), "0.12");
        assert_eq!(d("3").checked_div(d("8"), 2).unwrap().to_string(), "0.38");
        assert_eq!(d("-1").checked_div(d("8"), 2).unwrap().to_string(), "-0.12");
        assert_eq!(d("1").checked_div(d("0"), 2), Err(NumberError::DivisionByZero));
        // What stands between may be wider than the answer.
        let fine = |text: &str| d(text).at_scale(18).unwrap();
        assert_eq!(fine("5000").checked_mul(fine("30.5")).unwrap(), d("152500"));
        assert_eq!(d("5000").checked_div(fine("0.25"), 18).unwrap(), d("20000"));
        assert_eq!(Decimal::new(i128::MAX, 0).checked_mul(d("2")), Err(NumberError::Overflow));
        assert_eq!(Decimal::new(i128::MAX, 0).checked_div(d("0.5"), 0), Err(NumberError::Overflow));
        assert_eq!(Decimal::new(i128::MAX, 0).checked_add(d("1")), Err(NumberError::Overflow));
    }

    #[test]
    fn equality_and_trimming_are_by_value() {
        assert_eq!(d("1.50"), d("1.5"));
        assert_eq!(d("1.500").trimmed(2).to_string(), "1.50");
        assert_eq!(d("7").trimmed(2).to_string(), "7.00");
        assert!(d("-0.01") < Decimal::ZERO);
        assert!(Decimal::parse("1e3").is_none() && Decimal::parse("").is_none());
    }
}
