//! Names of months in the languages that exports come in.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// By name and by beginning of a name: its month, counted from 0, and whether it is the whole name. A beginning of two
/// months is of none.
static MONTHS: LazyLock<HashMap<String, Option<(usize, bool)>>> = LazyLock::new(|| {
    let languages: BTreeMap<String, [Vec<String>; 12]> =
        toml::from_str(include_str!("../../rules/months.toml")).unwrap_or_default();
    let names = || languages.values().flat_map(|months| months.iter().enumerate());
    let names = || names().flat_map(|(month, names)| names.iter().map(move |name| (month, name)));
    let mut known: HashMap<String, Option<(usize, bool)>> = HashMap::new();
    for (month, name) in names() {
        for (end, _) in name.char_indices().skip(SHORTEST) {
            let of_two = |found: &mut Option<(usize, bool)>| {
                *found = found.filter(|(other, _)| *other == month);
            };
            known.entry(name[..end].to_owned()).and_modify(of_two).or_insert(Some((month, false)));
        }
    }
    known.extend(names().map(|(month, name)| (name.clone(), Some((month, true)))));
    known
});

/// Letters of the shortest beginning that says a month.
const SHORTEST: usize = 3;

const ENGLISH: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The month that a word names, in lower case.
fn month(word: &str) -> Option<usize> {
    MONTHS.get(word).copied().flatten().map(|(month, _)| month)
}

/// Whether a word, in lower case, is the name of a month in some language, or its short form.
pub fn is_month(word: &str) -> bool {
    MONTHS.get(word).copied().flatten().is_some_and(|(_, whole)| whole)
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
    fn a_name_is_of_one_month_and_a_word_that_begins_like_one_of_none() {
        let languages: BTreeMap<String, Vec<Vec<String>>> =
            toml::from_str(include_str!("../../rules/months.toml")).unwrap();
        for (language, months) in &languages {
            assert_eq!(months.len(), 12, "{language}");
            for (at, names) in months.iter().enumerate() {
                for name in names {
                    assert_eq!((month(name), name.to_lowercase()), (Some(at), name.clone()));
                    assert!(is_month(name));
                }
            }
        }
        for word in ["martin", "marketing", "decade", "majority", "junior", "jui", "ma", "marr"] {
            assert_eq!(month(word), if word == "marr" { Some(10) } else { None }, "{word}");
        }
        assert_eq!(month("marraskuuta"), Some(10), "November, though it begins like March");
        assert_eq!((month("octob"), is_month("octob")), (Some(9), false));
    }
}
