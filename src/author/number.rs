//! What the writing of a number shows of its marks, its money and its unit.

use std::sync::LazyLock;

use super::words::words;

/// The longest number, and the most that stands before its digits: `(NZ$ -`, with room.
const MOST: usize = 48;
const MOST_BEFORE: usize = 7;

/// A text that is a number in some reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    /// Its digits and marks.
    pub(super) core: String,
    pub(super) negative: bool,
    pub(super) marks: Marks,
    /// The sign or code of a currency.
    pub(super) money: Option<String>,
    pub(super) percent: bool,
    pub(super) suffix: Option<String>,
    /// `007`: a number would lose the noughts.
    pub(super) leading_zero: bool,
}

/// Which marks a number has, and what they can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks {
    /// Can only be the decimal mark.
    pub(super) decimal: Option<char>,
    /// Can only group digits.
    pub(super) grouping: Option<char>,
    /// Can be either: three digits stand behind it.
    pub(super) either: Option<char>,
}

impl Number {
    /// None where no reading makes it a number.
    pub(super) fn of(text: &str) -> Option<Self> {
        if text.len() > MOST {
            return None;
        }
        let core = digits(text)?;
        let before = text[..*core.start()].chars().count();
        if before > MOST_BEFORE || !text[core].chars().all(is_mark_or_digit) {
            return None;
        }
        if let Some((number, mark)) = without_dash(text) {
            let whole = Self::of(&number)?;
            let grouping = whole.marks.grouping.or(whole.marks.either);
            let fits = whole.marks.decimal.is_none() && grouping != Some(mark);
            let marks = Marks { decimal: Some(mark), grouping, either: None };
            return fits.then_some(Self { marks, ..whole });
        }
        let (negative, rest) = signed(text.trim());
        let plain = rest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
        let (money, rest) = if plain { (None, rest) } else { money(rest) };
        let (signed_inside, rest) = signed(rest);
        let (percent, rest) = match rest.strip_suffix('%').or_else(|| rest.strip_prefix('%')) {
            Some(rest) => (true, rest.trim()),
            None => (false, rest),
        };
        let (suffix, core) = suffix(rest);
        let marks = marks(core)?;
        let zeros =
            core.len() > 1 && core.starts_with('0') && core.bytes().all(|b| b.is_ascii_digit());
        Some(Self {
            core: core.to_owned(),
            negative: negative ^ signed_inside,
            marks,
            money,
            percent,
            suffix,
            leading_zero: zeros,
        })
    }

    /// Whether it can have digits behind a decimal mark.
    pub(super) fn is_whole(&self) -> bool {
        self.marks.decimal.is_none() && self.marks.either.is_none()
    }

    pub(super) fn is_plain(&self) -> bool {
        self.marks == Marks::default()
    }

    /// Its size in millionths, for the least and the greatest; none where it is too large to tell.
    pub(super) fn size(&self, decimal: char) -> Option<i128> {
        let (whole, part) = self.core.rsplit_once(decimal).unwrap_or((&self.core, ""));
        let digits = |text: &'_ str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
        let (whole, part) = (digits(whole), digits(part));
        if whole.len() > 24 {
            return None;
        }
        let part = part.iter().chain(std::iter::repeat(&b'0')).take(6);
        let size = whole.iter().chain(part).fold(0i128, |all, d| all * 10 + i128::from(d - b'0'));
        let times = self.suffix.as_ref().and_then(|s| words().suffixes.get(s)).copied();
        let size = size.checked_mul(times.unwrap_or(1).into())?;
        Some(if self.negative { -size } else { size })
    }
}

/// From the first digit to the last.
fn digits(text: &str) -> Option<std::ops::RangeInclusive<usize>> {
    let digit = |byte: u8| byte.is_ascii_digit();
    Some(text.bytes().position(digit)?..=text.bytes().rposition(digit)?)
}

/// What may stand between the first digit of a number and the last.
fn is_mark_or_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '\u{2019}') || is_space(c)
}

/// `1.200,-` and `1'200.--` without the dash that stands for no hundredths, and the decimal mark.
fn without_dash(text: &str) -> Option<(String, char)> {
    let dashes = ['-', '\u{2013}', '\u{2014}', '\u{2212}'];
    let (number, behind) = text.split_at(text.rfind(|c: char| c.is_ascii_digit())? + 1);
    let mark = behind.chars().next().filter(|mark| matches!(mark, '.' | ','))?;
    let dash = behind[1..].strip_prefix(dashes)?;
    Some((format!("{number}{}", dash.trim_start_matches(dashes)), mark))
}

fn signed(text: &str) -> (bool, &str) {
    if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        return (true, inner.trim());
    }
    let minus = ['-', '\u{2212}'];
    if let Some(rest) = text.strip_prefix(minus).or_else(|| text.strip_suffix(minus)) {
        return (true, rest.trim());
    }
    (false, text.strip_prefix('+').unwrap_or(text).trim())
}

/// The signs of money, the longest first.
static SIGNS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut signs: Vec<String> = words().signs.keys().cloned().collect();
    signs.sort_by_key(|sign| std::cmp::Reverse(sign.len()));
    signs
});

/// The longest sign or code at either end.
fn money(text: &str) -> (Option<String>, &str) {
    let without = |sign: &str| text.strip_prefix(sign).or_else(|| text.strip_suffix(sign));
    for sign in SIGNS.iter() {
        if let Some(rest) = without(sign) {
            return (Some(sign.clone()), rest.trim());
        }
    }
    let code =
        |code: Option<&str>| code.filter(|code| words().is_currency(code)).map(str::to_owned);
    if let Some(found) = code(text.get(..3)) {
        return (Some(found), text[3..].trim());
    }
    let end = text.len().saturating_sub(3);
    match code(text.get(end..)) {
        Some(found) => (Some(found), text[..end].trim()),
        None => (None, text),
    }
}

fn suffix(text: &str) -> (Option<String>, &str) {
    let end = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1);
    let (core, behind) = text.split_at(end);
    match behind.trim() {
        word if words().suffixes.contains_key(word) => (Some(word.to_owned()), core),
        _ => (None, text),
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// The marks of some digits; none where they stand as in no number.
fn marks(core: &str) -> Option<Marks> {
    let as_one = |c: char| match c {
        c if is_space(c) => ' ',
        '\u{2019}' => '\'',
        c => c,
    };
    let found: Vec<char> = core.chars().filter(|c| !c.is_ascii_digit()).map(as_one).collect();
    if !core.bytes().any(|b| b.is_ascii_digit()) || found.iter().any(|c| !".,' ".contains(*c)) {
        return None;
    }
    let parts: Vec<&str> = core.split(|c: char| !c.is_ascii_digit()).collect();
    let Some((last, before)) = found.split_last() else { return Some(Marks::default()) };
    let (first, inner) = parts.split_first()?;
    let (end, middle) = inner.split_last()?;
    let thirds = |list: &[&str]| list.iter().all(|part| part.len() == 3);
    let groups = |middle: &[&str], end: &str| {
        let indian = (1..=2).contains(&first.len()) && middle.iter().all(|part| part.len() == 2);
        let head = (1..=3).contains(&first.len()) && !first.starts_with('0');
        head && end.len() == 3 && (thirds(middle) || indian)
    };
    let dot = matches!(last, '.' | ',');
    if before.is_empty() {
        return match (dot, groups(&[], end)) {
            (true, true) => Some(Marks { either: Some(*last), ..Marks::default() }),
            (false, true) => Some(Marks { grouping: Some(*last), ..Marks::default() }),
            (true, false) => Some(Marks { decimal: Some(*last), ..Marks::default() }),
            (false, false) => None,
        };
    }
    let group = before[0];
    if before.iter().any(|mark| *mark != group) {
        return None;
    }
    if *last == group {
        return groups(middle, end).then_some(Marks { grouping: Some(group), ..Marks::default() });
    }
    // The last mark is another one: the decimal mark, behind groups.
    let (group_end, group_middle) = middle.split_last()?;
    let marks = Marks { decimal: Some(*last), grouping: Some(group), either: None };
    (dot && groups(group_middle, group_end)).then_some(marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<(Option<char>, Option<char>, Option<char>)> {
        Number::of(text).map(|n| (n.marks.decimal, n.marks.grouping, n.marks.either))
    }

    #[test]
    fn marks_say_what_they_can_only_be() {
        let point = Some('.');
        let comma = Some(',');
        for (text, expected) in [
            ("12", Some((None, None, None))),
            ("12,345", Some((None, None, comma))),
            ("12.500", Some((None, None, point))),
            ("0.500", Some((point, None, None))),
            ("7307,37", Some((comma, None, None))),
            ("1.355,90", Some((comma, point, None))),
            ("$1,117.10K", Some((point, comma, None))),
            ("R$ 1.234,50", Some((comma, point, None))),
            ("1,234,567", Some((None, comma, None))),
            ("12,34,567.5", Some((point, comma, None))),
            ("1 234,5", Some((comma, Some(' '), None))),
            ("1'234.50", Some((point, Some('\''), None))),
            ("1 000", Some((None, Some(' '), None))),
            ("(1.234,50 €)", Some((comma, point, None))),
            ("$101,2000.00", None),
            ("01.02.2018", None),
            ("1.2.3", None),
            ("12a", None),
            ("1.200,-", Some((comma, point, None))),
            ("CHF 1'200.--", Some((point, Some('\''), None))),
            ("28 072,- kr", Some((comma, Some(' '), None))),
            ("1200.-", Some((point, None, None))),
            ("1.200.-", None),
            ("555-1234", None),
            ("EUR", None),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn money_percent_and_suffix_are_seen() {
        let number = Number::of("$1,117.10K").unwrap();
        assert_eq!((number.money.as_deref(), number.suffix.as_deref()), (Some("$"), Some("K")));
        assert_eq!(number.size('.'), Some(1_117_100_000_000));
        let number = Number::of("R$ -1.234,50").unwrap();
        assert_eq!((number.money.as_deref(), number.negative), (Some("R$"), true));
        assert_eq!(number.size(','), Some(-1_234_500_000));
        assert_eq!(Number::of("12 EUR").unwrap().money.as_deref(), Some("EUR"));
        assert!(Number::of("75.00%").unwrap().percent);
        assert!(Number::of("007").unwrap().leading_zero && !Number::of("0").unwrap().leading_zero);
        assert_eq!(Number::of("3,4 Mio.").unwrap().suffix.as_deref(), Some("Mio."));
    }
}
