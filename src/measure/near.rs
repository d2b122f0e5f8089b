//! What a text that leads nowhere may mean: a known one that reads nearly the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::strays::StrayText;

/// How many strays are compared, those on most rows first.
const COMPARED: usize = 40;
/// With how many known texts; beyond it only those that read the same but for case, blanks and marks are found.
const KNOWN: usize = 4_000;
/// Longer texts are no names.
const LONGEST: usize = 80;
/// How much of the longer text may differ.
const ALIKE: f64 = 0.82;

/// Notes beside each stray what it may mean, if something reads nearly the same.
pub(super) fn find(strays: &mut [StrayText], known: Vec<&Arc<str>>) {
    if strays.is_empty() || known.is_empty() {
        return;
    }
    // Of several that read the same, the first by text.
    let mut plain: BTreeMap<String, &Arc<str>> = BTreeMap::new();
    for text in known {
        let form = squeezed(text);
        if !form.is_empty() {
            let first = plain.entry(form).or_insert(text);
            *first = text.min(first);
        }
    }
    for stray in strays.iter_mut().take(COMPARED) {
        let form = squeezed(&stray.text);
        let same = plain.get(&form).copied();
        let alike = || (plain.len() <= KNOWN).then(|| nearest(&form, &plain)).flatten();
        stray.near = same.or_else(alike).map(Arc::clone);
    }
}

/// In small letters, without blanks and marks; beside digits, letters that look like one are that digit.
fn squeezed(text: &str) -> String {
    let numbered = digits(text).next().is_some();
    let plain = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    let looked = plain.map(|c| match c {
        'o' if numbered => '0',
        'l' | 'i' if numbered => '1',
        c => c,
    });
    looked.collect()
}

fn digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(char::is_ascii_digit)
}

/// The known text that is nearest, if it is near enough. Numbers in it must be the same: one more is another thing.
fn nearest<'a>(form: &str, known: &BTreeMap<String, &'a Arc<str>>) -> Option<&'a Arc<str>> {
    let letters = form.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 4 || form.len() > LONGEST {
        return None;
    }
    let mut best: Option<(f64, &Arc<str>)> = None;
    for (other, text) in known {
        let close = other.len() <= LONGEST && other.len().abs_diff(form.len()) <= form.len() / 3;
        if !close || !digits(other).eq(digits(form)) {
            continue;
        }
        let score = strsim::normalized_damerau_levenshtein(form, other);
        if score >= ALIKE && best.is_none_or(|(most, _)| score > most) {
            best = Some((score, text));
        }
    }
    best.map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(stray: &str, known: &[&str]) -> Option<String> {
        let known: Vec<Arc<str>> = known.iter().map(|text| Arc::from(*text)).collect();
        let mut strays = vec![StrayText { text: stray.into(), rows: 1, near: None }];
        find(&mut strays, known.iter().collect());
        strays[0].near.as_ref().map(ToString::to_string)
    }

    #[test]
    fn what_reads_the_same_but_for_case_blanks_and_marks_is_near() {
        assert_eq!(near("GTXPro", &["GTX Basic", "GTX Pro"]).as_deref(), Some("GTX Pro"));
        assert_eq!(near("won", &["Lost", "Won "]).as_deref(), Some("Won "));
        assert_eq!(near("a-1", &["A1", "A 2"]).as_deref(), Some("A1"));
        assert_eq!(near("D-1O234", &["D-10234", "D-10235"]).as_deref(), Some("D-10234"));
        assert_eq!(near("!!", &["??"]), None);
    }

    #[test]
    fn a_letter_may_differ_in_a_name_and_a_digit_in_none() {
        assert_eq!(near("technolgy", &["technology", "retail"]).as_deref(), Some("technology"));
        assert_eq!(near("Müller GmbH", &["Muller GmbH"]).as_deref(), Some("Muller GmbH"));
        assert_eq!(near("deal-1001", &["deal-1002"]), None);
        assert_eq!(near("won", &["wan"]), None, "too short to say");
        assert_eq!(near("marketing", &["accounting"]), None);
    }

    #[test]
    fn of_equals_the_first_by_text_is_taken_whatever_their_order() {
        assert_eq!(near("gtxpro", &["GTX-Pro", "GTX Pro"]).as_deref(), Some("GTX Pro"));
        assert_eq!(near("gtxpro", &["GTX Pro", "GTX-Pro"]).as_deref(), Some("GTX Pro"));
    }
}
