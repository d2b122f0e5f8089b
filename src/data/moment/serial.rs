//! Moments that are counted: days as Excel counts them, seconds since 1970.

use super::{DAY_MICROS, Moment};

/// What a serial number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::data) enum Serial {
    /// Days since the end of 1899, as Excel counts.
    Excel,
    /// Days since the start of 1904, as Excel of the Mac counted.
    Excel1904,
    /// Seconds since 1970, in UTC.
    Unix,
    UnixMillis,
}

impl Serial {
    pub(super) fn read(self, text: &str) -> Option<Moment> {
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 15 || !is_number(whole) || !is_number(part) {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let digits = &part.as_bytes()[..part.len().min(12)];
        let part = digits.iter().fold(0i128, |n, byte| n * 10 + i128::from(byte - b'0'));
        let below = 10i128.pow(u32::try_from(digits.len()).ok()?);
        // Micros of the fraction of one unit, to the nearest millisecond: a serial holds no more.
        let fraction = |unit: i64| {
            let millis = (part * i128::from(unit) * 2 + below * 1000) / (below * 2000);
            i64::try_from(millis * 1000).ok()
        };
        let (day, time, offset) = match self {
            Self::Excel | Self::Excel1904 => {
                let zero = if self == Self::Excel { -25_569 } else { -24_107 };
                // Excel has a 29th of February 1900: days before it are one less.
                let early = i64::from(self == Self::Excel && whole < 60);
                let first = i64::from(self == Self::Excel);
                if whole < first || whole > 2_958_465 || self == Self::Excel && whole == 60 {
                    return None;
                }
                (zero + whole + early, fraction(DAY_MICROS)?, None)
            }
            Self::Unix | Self::UnixMillis => {
                let unit = if self == Self::Unix { 1_000_000 } else { 1000 };
                let micros = whole.checked_mul(unit)?.checked_add(fraction(unit)?)?;
                (micros.div_euclid(DAY_MICROS), micros.rem_euclid(DAY_MICROS), Some(0))
            }
        };
        let day = day + time / DAY_MICROS;
        let day = i32::try_from(day).ok().filter(|day| *day < 2_932_897)?;
        Some(Moment { day, time: Some(time % DAY_MICROS), offset })
    }
}
