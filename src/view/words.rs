//! The words of the program, by key: a language is a table.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static ENGLISH: LazyLock<BTreeMap<String, BTreeMap<String, String>>> =
    LazyLock::new(|| toml::from_str(include_str!("words.toml")).unwrap_or_default());

/// The first of some names, and how many more there are.
pub(super) fn first_of(names: &[String], most: usize) -> String {
    let first = names[..names.len().min(most)].join(", ");
    match names.len().saturating_sub(most) {
        0 => first,
        more => say("list.and-more", &[("names", &first), ("n", &more.to_string())]),
    }
}

/// The sentence of a key such as `reason.no-rows`, filled in; the key itself where the table lacks it.
pub fn say(key: &str, fill: &[(&str, &str)]) -> String {
    let found = key.split_once('.').and_then(|(group, name)| ENGLISH.get(group)?.get(name));
    let Some(mut rest) = found.map(String::as_str) else { return key.to_owned() };
    let mut out = String::with_capacity(rest.len() + 32);
    while let Some((before, after)) = rest.split_once('{') {
        let Some((slot, tail)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(filled(slot, fill));
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// `name`, or `name:one|many` for the form that its number wants.
fn filled<'a>(slot: &'a str, fill: &[(&str, &'a str)]) -> &'a str {
    let (name, forms) = slot.split_once(':').unwrap_or((slot, ""));
    let value = fill.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| *v);
    match forms.split_once('|') {
        Some((one, _)) if value == "1" => one,
        Some((_, many)) => many,
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_filled_in_with_the_form_of_the_number() {
        assert_eq!(say("evidence.rows", &[("n", "1")]), "1 row");
        assert_eq!(say("evidence.rows", &[("n", "1,412")]), "1,412 rows");
        assert_eq!(say("no.such-key", &[]), "no.such-key");
    }

    #[test]
    fn every_key_that_the_view_says_is_in_the_table() {
        let sources = [
            include_str!("reason.rs"),
            include_str!("time.rs"),
            include_str!("value.rs"),
            include_str!("number.rs"),
            include_str!("frameworks.rs"),
            include_str!("checks.rs"),
            include_str!("feeds.rs"),
            include_str!("contradictions.rs"),
            include_str!("report.rs"),
            include_str!("arrange.rs"),
            include_str!("bridge.rs"),
            include_str!("lede.rs"),
            include_str!("chart/line.rs"),
            include_str!("chart/waterfall.rs"),
            include_str!("../../report-templates/maturity/main.html.j2"),
            include_str!("../../report-templates/maturity/main.md.j2"),
            include_str!("../../report-templates/performance/main.html.j2"),
            include_str!("../../report-templates/performance/main.md.j2"),
            include_str!("../../report-templates/_shared/data.html.j2"),
            include_str!("../../report-templates/_shared/values.html.j2"),
            include_str!("tables.rs"),
            include_str!("explain.rs"),
            include_str!("phrase.rs"),
        ];
        let mut seen = 0;
        for source in sources {
            for (at, _) in source.match_indices("say(\"") {
                let key = source[at + 5..].split('"').next().unwrap();
                // The rest of such a key is put behind it.
                if key.ends_with('.') {
                    continue;
                }
                assert_ne!(say(key, &[]), key, "{key} is missing");
                seen += 1;
            }
        }
        assert!(seen > 30);
    }
}
