//! Names of months in the languages that exports come in.

/// Beginnings of names by month, in lower case without a point; none begins the name of another month.
const MONTHS: [&[&str]; 12] = [
    &["jan", "jän", "janv", "ene", "gen", "sty", "led"],
    &["feb", "fév", "fev", "févr", "lut", "úno"],
    &["mar", "mär", "mrz", "mars", "maa", "mrt", "bře"],
    &["apr", "avr", "abr", "kwi", "dub"],
    &["may", "mai", "maj", "mag", "mei", "kvě"],
    &["jun", "juin", "giu", "cze"],
    &["jul", "juil", "lug", "lipi", "lipc"],
    &["aug", "aoû", "aou", "ago", "sie", "srpen"],
    &["sep", "set", "wrz", "zář"],
    &["oct", "okt", "out", "ott", "paź", "říj"],
    &["nov"],
    &["dec", "dez", "déc", "dic", "gru", "pros"],
];

const ENGLISH: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The month that a word names.
fn month(word: &str) -> Option<usize> {
    if word.chars().count() < 3 {
        return None;
    }
    let begins = |names: &&[&str]| names.iter().any(|name| word.starts_with(name));
    // The longest beginning decides: `juil` is not `jui…`.
    let longest = |names: &[&str]| {
        let fits = names.iter().filter(|name| word.starts_with(**name));
        fits.map(|name| name.len()).max().unwrap_or(0)
    };
    let found = MONTHS.iter().enumerate().filter(|(_, names)| begins(names));
    found.max_by_key(|(_, names)| longest(names)).map(|(at, _)| at)
}

/// The text with its month as three English letters; none where no word names one.
pub(super) fn in_english(text: &str) -> Option<String> {
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match start {
            None if c.is_alphabetic() => start = Some(at),
            Some(from) if !c.is_alphabetic() => {
                if let Some(month) = month(&text[from..at].to_lowercase()) {
                    let rest = text[at..].strip_prefix('.').unwrap_or(&text[at..]);
                    return Some(format!("{}{}{rest}", &text[..from], ENGLISH[month]));
                }
                start = None;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_in_several_languages() {
        for (text, english) in [
            ("15. März 2021", "15. Mar 2021"),
            ("3 juillet 2024", "3 Jul 2024"),
            ("3 juin 2024", "3 Jun 2024"),
            ("31 dez. 2020", "31 Dec 2020"),
            ("FEBRERO 2020", "Feb 2020"),
            ("1 août", "1 Aug"),
            ("15 de abril de 2021", "15 de Apr de 2021"),
            ("Apr-21", "Apr-21"),
            ("12 ottobre 2022", "12 Oct 2022"),
        ] {
            assert_eq!(in_english(text).as_deref(), Some(english), "{text}");
        }
        assert_eq!(in_english("2021-04-15 10:00 pm"), None);
        assert_eq!(in_english("ma 2021"), None);
    }

    #[test]
    fn no_name_is_of_two_months() {
        for (at, names) in MONTHS.iter().enumerate() {
            for name in *names {
                assert_eq!(month(name), Some(at), "{name}");
            }
        }
    }
}
