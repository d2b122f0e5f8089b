//! Numbers as people and exports write them, never guessed.
//!
//! Marks that the feed does not declare are a reject: `1.355,90` and `12,345` mean different things
//! to different people.

use super::RejectReason;
use crate::catalog::{CellForm, Percent};
use crate::domain::{Currency, Type};

/// Whole digits and scale together; leaves room for the sum of every row that a file can hold.
const MOST_DIGITS: usize = 27;

/// What stands behind a decimal mark in place of noughts.
const DASHES: [char; 4] = ['-', '\u{2013}', '\u{2014}', '\u{2212}'];

/// How a column writes numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NumberForm {
    pub(super) decimal: char,
    pub(super) grouping: Option<char>,
    pub(super) scale: u8,
    pub(super) integer: bool,
    pub(super) currency: Option<Currency>,
    /// Letters behind the number and what they multiply it by, the longest first.
    pub(super) suffixes: Vec<(String, u64)>,
    pub(super) percent: Option<Percent>,
    /// Nothing says that the point is the decimal mark: `1.500` has two readings, so it has none.
    pub(super) unsure: bool,
}

impl NumberForm {
    pub(super) fn new(ty: Type, scale: u8, cells: &CellForm) -> Self {
        let currency = if let Type::Money(currency) = ty { Some(currency) } else { None };
        let integer = ty == Type::Integer;
        Self {
            decimal: cells.decimal.unwrap_or('.'),
            grouping: cells.grouping,
            scale: if integer { 0 } else { scale.min(crate::domain::MAX_SCALE) },
            integer,
            currency,
            suffixes: cells.suffixes.clone(),
            percent: cells.percent,
            unsure: false,
        }
    }

    /// How a workbook's own numbers are read: they have no marks, and a share is written with the sign by their format.
    pub(super) fn of_exact(&self) -> Self {
        let percent = self.percent.filter(|percent| *percent == Percent::Points);
        let suffixes = Vec::new();
        Self { decimal: '.', grouping: None, unsure: false, suffixes, percent, ..self.clone() }
    }
}

/// Units at the form's scale, and whether digits were rounded away.
pub(super) type Units = (i128, bool);

/// The common case: digits, perhaps a minus, perhaps a decimal mark, nothing to round.
#[inline]
pub(super) fn quick(bytes: &[u8], form: &NumberForm) -> Option<Units> {
    if form.percent.is_some() {
        return None;
    }
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let (mut value, mut mark) = (0u64, None);
    for (at, byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            value = value * 10 + u64::from(digit);
        } else if mark.is_none() && u32::from(*byte) == u32::from(form.decimal) {
            mark = Some(at);
        } else {
            return None;
        }
    }
    let part = mark.map_or(0, |at| digits.len() - 1 - at);
    if mark == Some(0) || mark.is_some() && part == 0 || part > usize::from(form.scale) {
        return None;
    }
    if part == 3 && form.unsure {
        return None;
    }
    let units = i128::from(value) * i128::from(POWERS[usize::from(form.scale) - part]);
    Some((if negative { -units } else { units }, false))
}

const POWERS: [u64; 10] =
    [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

/// Any number of the form; the text is trimmed.
pub(super) fn read(text: &str, form: &NumberForm) -> Result<Units, RejectReason> {
    let not = if form.integer { RejectReason::NotAnInteger } else { RejectReason::NotANumber };
    let text = without_dash(text, form.decimal);
    let (text, hundredths) = without_percent(&text, form.percent, not)?;
    let (negative, body) = without_sign(&text, form.currency).ok_or(not)?;
    if !body.bytes().any(|b| b.is_ascii_digit()) {
        return Err(not);
    }
    let (body, factor) = without_suffix(body, &form.suffixes);
    if body.chars().any(|c| !c.is_ascii_digit() && !is_mark(c)) {
        let foreign = form.currency.is_some() && has_money_sign(body);
        let suffix = if ends_in_letters(body) { RejectReason::Suffix } else { not };
        return Err(if foreign { RejectReason::Currency } else { suffix });
    }
    let (whole, part) = match body.split_once(form.decimal) {
        Some((whole, part)) => (whole, part),
        None => (body, ""),
    };
    if form.unsure && may_be_group(whole, part) {
        return Err(RejectReason::NumberMarks);
    }
    let whole = without_groups(whole, form.grouping).ok_or(RejectReason::NumberMarks)?;
    if part.bytes().any(|b| !b.is_ascii_digit()) {
        return Err(RejectReason::NumberMarks);
    }
    let scaled = match (factor, hundredths) {
        (1, false) => units(&whole, part, form.scale),
        _ => multiplied(&whole, part, form.scale, (factor, hundredths)),
    };
    let (units, rounded) = scaled.ok_or(RejectReason::OutOfRange)?;
    let plain = factor == 1 && !hundredths;
    if form.integer && (rounded || plain && part.bytes().any(|b| b != b'0')) {
        return Err(RejectReason::NotAnInteger);
    }
    Ok((if negative { -units } else { units }, rounded))
}

/// `1.200,-` and `1'200.--` have no hundredths: the dash behind the decimal mark is no sign.
fn without_dash(text: &str, decimal: char) -> std::borrow::Cow<'_, str> {
    let Some(end) = text.rfind(|c: char| c.is_ascii_digit()) else { return text.into() };
    let (number, behind) = text.split_at(end + 1);
    match behind.strip_prefix(decimal).filter(|dash| dash.starts_with(DASHES)) {
        Some(dash) => format!("{number}{}", dash.trim_start_matches(DASHES)).into(),
        None => text.into(),
    }
}

/// The text without its one percent sign, which no digits surround, and whether it counts hundredths.
fn without_percent(
    text: &str,
    percent: Option<Percent>,
    not: RejectReason,
) -> Result<(std::borrow::Cow<'_, str>, bool), RejectReason> {
    let digits = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    match (text.split_once('%'), percent) {
        (None, None) => Ok((text.into(), false)),
        (None, Some(Percent::Points)) => Ok((text.into(), true)),
        (None, Some(Percent::Sign)) if digits(text) => Err(RejectReason::PercentMissing),
        (Some((before, behind)), declared) if digits(before) != digits(behind) => {
            let number = format!("{before}{behind}");
            let other = |c: char| !c.is_ascii_digit() && !is_mark(c) && !"+-\u{2212}()".contains(c);
            match declared {
                _ if number.contains(other) => Err(not),
                Some(_) => Ok((number.into(), true)),
                None => Err(RejectReason::Percent),
            }
        }
        _ => Err(not),
    }
}

/// The number without a declared suffix, and what that multiplies it by.
fn without_suffix<'t>(body: &'t str, suffixes: &[(String, u64)]) -> (&'t str, u64) {
    for (suffix, factor) in suffixes {
        let Some(at) = body.len().checked_sub(suffix.len()) else { continue };
        let (Some(number), Some(end)) = (body.get(..at), body.get(at..)) else { continue };
        if end.to_lowercase() == suffix.to_lowercase() {
            return (number.trim_end_matches(is_space), *factor);
        }
    }
    (body, 1)
}

/// A number with a few letters behind it.
fn ends_in_letters(body: &str) -> bool {
    let number = body.trim_end_matches(|c: char| c.is_alphabetic() || c == '.' || is_space(c));
    let letters = body.len() - number.len();
    let is_number = number.chars().all(|c| c.is_ascii_digit() || is_mark(c));
    is_number && number.ends_with(|c: char| c.is_ascii_digit()) && (1..=6).contains(&letters)
}

/// A character that may stand between digits somewhere in the world.
fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',' | '\'' | '\u{2019}' | '\u{66b}' | '\u{66c}') || is_space(c)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// One sign (leading, trailing or parentheses) and one currency sign that is the column's own.
fn without_sign(text: &str, currency: Option<Currency>) -> Option<(bool, &str)> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        let inner = without_currency(inner.trim(), currency);
        return (!inner.starts_with(['-', '+', '\u{2212}', '('])).then_some((true, inner));
    }
    let outer = without_currency(text, currency);
    let (negative, body) = if let Some(rest) = outer.strip_prefix(['-', '\u{2212}']) {
        (true, rest)
    } else if let Some(rest) = outer.strip_prefix('+') {
        (false, rest)
    } else if let Some(rest) = outer.strip_suffix(['-', '\u{2212}']) {
        (true, rest)
    } else {
        (false, outer)
    };
    let signed = body.len() != outer.len();
    let body = body.trim();
    let body =
        if signed && outer.len() == text.len() { without_currency(body, currency) } else { body };
    Some((negative, body))
}

fn without_currency(text: &str, currency: Option<Currency>) -> &str {
    let Some(currency) = currency else { return text };
    let code = currency.code();
    let without = |sign: &str| text.strip_prefix(sign).or_else(|| text.strip_suffix(sign));
    let mut signs = signs(code).iter().copied().chain([code]);
    signs.find_map(without).map_or(text, str::trim)
}

/// Signs that a currency is written with, the longest first.
fn signs(code: &str) -> &'static [&'static str] {
    match code {
        "EUR" => &["€"],
        "GBP" => &["£"],
        "JPY" | "CNY" => &["¥"],
        "BRL" => &["R$"],
        "USD" => &["US$", "$"],
        "AUD" => &["A$", "$"],
        "CAD" => &["C$", "$"],
        "HKD" => &["HK$", "$"],
        "MXN" => &["MX$", "$"],
        "NZD" => &["NZ$", "$"],
        "CLP" | "COP" | "SGD" | "ARS" => &["$"],
        "INR" => &["₹"],
        "RUB" => &["₽"],
        "KRW" => &["₩"],
        "TRY" => &["₺"],
        "UAH" => &["₴"],
        "ILS" => &["₪"],
        "PLN" => &["zł"],
        "CZK" => &["Kč"],
        "HUF" => &["Ft"],
        "SEK" | "NOK" => &["kr"],
        "DKK" => &["kr.", "kr"],
        "CHF" => &["Fr."],
        _ => &[],
    }
}

/// Whether it is a number with a sign of money before or behind it, and perhaps letters that multiply it.
fn has_money_sign(body: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let (Some(first), Some(last)) = (body.find(digit), body.rfind(digit)) else { return false };
    let (before, number, behind) = (&body[..first], &body[first..=last], &body[last + 1..]);
    let is_sign = |text: &str| {
        let text = text.trim_matches(is_space);
        let sign = |c: char| matches!(c, '$' | '£' | '¥' | '\u{20a0}'..='\u{20cf}');
        let code = text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
        code || text.chars().count() <= 4 && text.contains(sign)
    };
    let suffix = behind.trim_matches(is_space).chars().all(char::is_alphabetic);
    number.chars().all(|c| c.is_ascii_digit() || is_mark(c))
        && (is_sign(before) && suffix || before.is_empty() && is_sign(behind))
}

/// Whether the digits behind a point may as well be thousands.
pub(super) fn may_be_group(whole: &str, part: &str) -> bool {
    part.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0')
}

/// Whole digits without grouping marks; none where marks are undeclared or stand wrongly.
fn without_groups(whole: &str, grouping: Option<char>) -> Option<std::borrow::Cow<'_, str>> {
    if whole.bytes().all(|b| b.is_ascii_digit()) {
        return Some(whole.into());
    }
    let declared = grouping?;
    let same = |c: char| {
        c == declared
            || is_space(c) && is_space(declared)
            || matches!((c, declared), ('\u{2019}', '\'') | ('\'', '\u{2019}'))
    };
    let groups: Vec<&str> = whole.split(same).collect();
    let (last, before) = groups.split_last()?;
    let (first, middle) = before.split_first()?;
    let digits = groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_digit()));
    if first.starts_with('0') {
        return None;
    }
    let thirds = (1..=3).contains(&first.len()) && middle.iter().all(|g| g.len() == 3);
    let indian = (1..=2).contains(&first.len()) && middle.iter().all(|g| g.len() == 2);
    (digits && last.len() == 3 && (thirds || indian)).then(|| groups.concat().into())
}

/// Half to even where the part is finer than the scale. None where it is too large.
fn units(whole: &str, part: &str, scale: u8) -> Option<Units> {
    let whole = whole.trim_start_matches('0');
    let scale = usize::from(scale);
    if whole.len() + scale > MOST_DIGITS {
        return None;
    }
    let (kept, dropped) = part.split_at(part.len().min(scale));
    let mut units: i128 = 0;
    for byte in whole.bytes().chain(kept.bytes()) {
        units = units * 10 + i128::from(byte - b'0');
    }
    units *= i128::from(POWERS[scale - kept.len()]);
    let rounded = dropped.bytes().any(|b| b != b'0');
    let half = dropped.bytes().next().map_or(0, |b| b - b'0');
    let above_half = half > 5 || half == 5 && dropped.bytes().skip(1).any(|b| b != b'0');
    if above_half || half == 5 && units % 2 == 1 {
        units += 1;
    }
    Some((units, rounded))
}

/// The same of a number that letters multiply, or of hundredths.
fn multiplied(
    whole: &str,
    part: &str,
    scale: u8,
    (factor, hundredths): (u64, bool),
) -> Option<Units> {
    let whole = whole.trim_start_matches('0');
    if whole.len() + part.len() > MOST_DIGITS {
        return None;
    }
    let digits = whole.bytes().chain(part.bytes());
    let number = digits.fold(0i128, |units, byte| units * 10 + i128::from(byte - b'0'));
    let number = number.checked_mul(i128::from(factor))?;
    let number = number.checked_mul(i128::from(POWERS[usize::from(scale)]))?;
    let below = u32::try_from(part.len() + if hundredths { 2 } else { 0 }).ok()?;
    let by = 10i128.checked_pow(below)?;
    let (units, rest) = (number / by, number % by);
    let up = rest * 2 > by || rest * 2 == by && units % 2 == 1;
    let units = units + i128::from(up);
    (units < 10i128.pow(MOST_DIGITS as u32)).then_some((units, rest != 0))
}

#[cfg(test)]
mod tests;
