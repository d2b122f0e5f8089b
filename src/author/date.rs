//! In which forms a text can be a date: the forms are made from the text itself.

use super::words::words;
use crate::data::look::DateForm;

/// How a text can be read as a date.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Date {
    /// The forms, as `dates` declares them (`iso` for ISO 8601), and the day that each gives.
    pub(super) forms: Vec<(String, i32)>,
    pub(super) time: bool,
    /// It has no day: it is a month of a year.
    pub(super) month: bool,
    /// The name of a month is not English, so no form of `dates` reads it.
    pub(super) foreign: bool,
}

/// The word for ISO 8601, which needs no declaration.
pub(super) const ISO: &str = "iso";

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'a> {
    Digits(&'a str),
    Letters(&'a str),
    Between(&'a str),
}

/// None where the text is no date in any form.
pub(super) fn read(text: &str) -> Option<Date> {
    if text.len() > 40 || text.len() < 6 || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    // A word at the front is a month or a day of the week, or this is none; most texts end here.
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let front = &text[..end];
    if !front.is_empty() && !is_weekday(front) && !words().is_month(front) {
        return None;
    }
    if let Some((day, time)) = DateForm::iso().read(text) {
        // Where other cells are written otherwise, the form has to be said in full.
        let mut date = in_words(text).unwrap_or_default();
        date.forms.insert(0, (ISO.to_owned(), day));
        return Some(Date { time, foreign: false, ..date });
    }
    in_words(text)
}

/// The forms that are made from the text.
fn in_words(text: &str) -> Option<Date> {
    let tokens = tokens(text)?;
    let clock = clock_at(&tokens);
    let (front, behind) = tokens.split_at(clock.unwrap_or(tokens.len()));
    let time = if clock.is_some() { time_form(behind)? } else { String::new() };
    let (forms, named) = day_forms(front)?;
    let month = !forms.iter().any(|form| form.contains("%d"));
    if month && clock.is_some() {
        return None;
    }
    let mut date = Date { time: clock.is_some(), month, ..Date::default() };
    for form in forms {
        let form = format!("{form}{time}");
        if let Some((day, _)) = DateForm::new(&form).and_then(|form| form.read(text)) {
            date.forms.push((form, day));
        }
    }
    date.foreign = named && date.forms.is_empty();
    (!date.forms.is_empty() || date.foreign).then_some(date)
}

/// A clock's time without a day.
pub(super) fn is_time(text: &str) -> bool {
    let tokens = if text.len() > 24 { None } else { tokens(text) };
    tokens.is_some_and(|tokens| clock_at(&tokens) == Some(0) && time_form(&tokens).is_some())
}

/// A year alone.
pub(super) fn is_year(text: &str) -> bool {
    text.len() == 4 && (1900..2200).contains(&number(text))
}

fn number(digits: &str) -> u32 {
    digits.parse().unwrap_or(u32::MAX)
}

/// Runs of digits, of letters, and what stands between; none where there are too many for a date.
fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let kind = |c: char| (c.is_ascii_digit(), c.is_alphabetic());
    let (mut tokens, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| kind(c) != kind(first)).unwrap_or(rest.len());
        let (token, behind) = rest.split_at(end);
        tokens.push(match kind(first) {
            (true, _) => Token::Digits(token),
            (_, true) => Token::Letters(token),
            _ => Token::Between(token),
        });
        rest = behind;
        if tokens.len() > 20 {
            return None;
        }
    }
    Some(tokens)
}

/// Where the time of day begins.
fn clock_at(tokens: &[Token<'_>]) -> Option<usize> {
    tokens.windows(3).position(|three| {
        matches!(three, [Token::Digits(hour), Token::Between(":"), Token::Digits(minute)]
            if hour.len() <= 2 && minute.len() == 2)
    })
}

/// The form of a time of day, with a zone's offset behind it.
fn time_form(tokens: &[Token<'_>]) -> Option<String> {
    let half = tokens.iter().any(
        |t| matches!(t, Token::Letters(word) if ["am", "pm"].contains(&word.to_lowercase().as_str())),
    );
    let mut form = String::from(if half { "%I:%M" } else { "%H:%M" });
    let mut rest = &tokens[3..];
    if let [Token::Between(":"), Token::Digits(second), behind @ ..] = rest {
        if second.len() != 2 {
            return None;
        }
        form.push_str(":%S");
        rest = behind;
        if let [Token::Between("."), Token::Digits(_), behind @ ..] = rest {
            form.push_str("%.f");
            rest = behind;
        }
    }
    if let [Token::Between(" "), behind @ ..] = rest {
        form.push(' ');
        rest = behind;
    }
    match rest {
        [] => Some(form.trim_end().to_owned()),
        [Token::Letters(_)] if half => Some(form + "%p"),
        [Token::Letters("Z")] | [Token::Letters("UTC" | "GMT")] => None,
        [Token::Between("+" | "-" | " +" | " -"), Token::Digits(offset)] if offset.len() == 4 => {
            Some(form + "%z")
        }
        [
            Token::Between("+" | "-" | " +" | " -"),
            Token::Digits(h),
            Token::Between(":"),
            Token::Digits(m),
        ] if h.len() == 2 && m.len() == 2 => Some(form + "%:z"),
        _ => None,
    }
}

/// The forms of the day, and whether a month is named.
fn day_forms(tokens: &[Token<'_>]) -> Option<(Vec<String>, bool)> {
    let mut places = Vec::new();
    let mut month = None;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Digits(digits) => places.push((at, *digits)),
            Token::Letters(word) if at == 0 && is_weekday(word) => {}
            Token::Letters("T") => {}
            Token::Letters(word) => {
                if month.is_some() {
                    return None;
                }
                month = words().is_month(word).then_some(at);
                month?;
            }
            Token::Between(text) if text.len() > 3 || text.contains([':', '+', '%']) => {
                return None;
            }
            Token::Between(_) => {}
        }
    }
    let write = |roles: &[(usize, &str)]| written(tokens, roles);
    let forms = match (month, &places[..]) {
        (Some(at), [a, b]) => {
            let year_first = a.1.len() == 4;
            let (day, year) = if year_first { (b, a) } else { (a, b) };
            let year_form = if year.1.len() == 4 { "%Y" } else { "%y" };
            vec![write(&[(at, "%b"), (day.0, "%d"), (year.0, year_form)])]
        }
        (Some(at), [year]) if year.1.len() == 2 || is_year(year.1) => {
            vec![write(&[(at, "%b"), (year.0, if year.1.len() == 2 { "%y" } else { "%Y" })])]
        }
        (None, [a, b])
            if matches!(
                tokens,
                [Token::Digits(_), Token::Between("-" | "/"), Token::Digits(_)]
            ) =>
        {
            let month = |digits: &str| digits.len() <= 2 && (1..=12).contains(&number(digits));
            if is_year(a.1) && month(b.1) {
                vec![write(&[(a.0, "%Y"), (b.0, "%m")])]
            } else if month(a.1) && is_year(b.1) {
                vec![write(&[(a.0, "%m"), (b.0, "%Y")])]
            } else {
                return None;
            }
        }
        (None, [a, b, c]) => orders(a.1, b.1, c.1)?
            .iter()
            .map(|[x, y, z]| write(&[(a.0, x), (b.0, y), (c.0, z)]))
            .collect(),
        (None, [one]) if one.1.len() == 8 && tokens.len() == 1 => vec!["%Y%m%d".to_owned()],
        _ => return None,
    };
    Some((forms, month.is_some()))
}

/// A form: directives in their places, and the rest as it stands.
fn written(tokens: &[Token<'_>], roles: &[(usize, &str)]) -> String {
    let one = |(at, token): (usize, &Token<'_>)| {
        let role = roles.iter().find(|(place, _)| *place == at).map(|(_, role)| *role);
        match (role, token) {
            (Some(role), _) => role.to_owned(),
            (None, Token::Letters(word)) if at == 0 && is_weekday(word) => {
                if word.len() > 3 { "%A" } else { "%a" }.to_owned()
            }
            (None, Token::Digits(text) | Token::Letters(text) | Token::Between(text)) => {
                (*text).to_owned()
            }
        }
    };
    tokens.iter().enumerate().map(one).collect()
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let word = word.to_lowercase();
    word.get(..3).is_some_and(|start| DAYS.contains(&start))
        && (word.len() == 3 || word.ends_with("day"))
}

/// The orders in which three numbers can be a date.
fn orders(a: &str, b: &str, c: &str) -> Option<&'static [[&'static str; 3]]> {
    match (a.len(), b.len(), c.len()) {
        (4, 1..=2, 1..=2) if number(b) > 12 => Some(&[["%Y", "%d", "%m"]]),
        (4, 1..=2, 1..=2) => Some(&[["%Y", "%m", "%d"]]),
        (1..=2, 1..=2, 4) => Some(&[["%d", "%m", "%Y"], ["%m", "%d", "%Y"]]),
        (2, 1..=2, 1..=2) if number(a) > 31 => Some(&[["%y", "%m", "%d"]]),
        (2, 2, 2) => Some(&[["%d", "%m", "%y"], ["%m", "%d", "%y"], ["%y", "%m", "%d"]]),
        (1..=2, 1..=2, 2) => Some(&[["%d", "%m", "%y"], ["%m", "%d", "%y"]]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Vec<String> {
        read(text)
            .map(|date| date.forms.into_iter().map(|(form, _)| form).collect())
            .unwrap_or_default()
    }

    #[test]
    fn a_text_gives_its_own_forms() {
        for (text, expected) in [
            ("2026-10-31", &["iso", "%Y-%m-%d"][..]),
            ("2026-10-31 12:00", &["iso", "%Y-%m-%d %H:%M"]),
            ("2026-10-31T12:00:00Z", &["iso"]),
            ("01-02-2018", &["%d-%m-%Y", "%m-%d-%Y"]),
            ("31/10/2026", &["%d/%m/%Y"]),
            ("10/31/2026", &["%m/%d/%Y"]),
            ("31.10.26", &["%d.%m.%y", "%y.%m.%d"]),
            ("26-01-16", &["%d-%m-%y", "%y-%m-%d"]),
            ("9/30/19", &["%m/%d/%y"]),
            ("15 Apr, 2021 00:02:00", &["%d %b, %Y %H:%M:%S"]),
            ("Apr 15, 2021", &["%b %d, %Y"]),
            ("15-May-21", &["%d-%b-%y"]),
            ("09-07-2024 03:00", &["%d-%m-%Y %H:%M", "%m-%d-%Y %H:%M"]),
            ("1/2/2026 3:04 PM", &["%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M %p"]),
            ("2026/10/31", &["%Y/%m/%d"]),
            ("20261031", &["%Y%m%d"]),
        ] {
            assert_eq!(forms(text), expected, "{text}");
        }
        for text in
            ["32/13/2026", "1.2.3", "12345", "00:12:00", "A-2e4581", "2026-13-45", "416-810-9897"]
        {
            assert!(read(text).is_none(), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn months_have_no_day_and_times_no_date() {
        for (text, form) in [
            ("Jan 2026", "%b %Y"),
            ("2026-01", "%Y-%m"),
            ("01/2026", "%m/%Y"),
            ("März 2026", "%b %Y"),
            ("Jan-26", "%b-%y"),
        ] {
            assert!(read(text).is_some_and(|date| date.month), "{text}");
            assert_eq!(forms(text), [form], "{text}");
        }
        for text in ["00:12:00", "9:30", "9:30 AM"] {
            assert!(is_time(text) && read(text).is_none(), "{text}");
        }
        for text in ["2026", "12-34", "John 12", "a:b", "2019.05"] {
            assert!(!is_time(text) && read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn months_are_named_in_many_languages() {
        let read = |text: &str| read(text).map(|date| date.forms);
        let march = Some(vec![("%d %b %Y".to_owned(), 20_527)]);
        for text in
            ["15 March 2026", "15 März 2026", "15 mars 2026", "15 marzo 2026", "15 março 2026"]
        {
            assert_eq!(read(text), march, "{text}");
        }
    }
}
