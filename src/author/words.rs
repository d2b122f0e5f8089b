//! The words of `rules/words.toml`, in lower case.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// By which words cells and headers are known.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Words {
    nulls: Vec<String>,
    totals: Vec<String>,
    totals_behind: Vec<String>,
    counts: Vec<String>,
    row_sums: Vec<String>,
    footers: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
    dates: Vec<String>,
    ids: Vec<String>,
    money: Vec<String>,
    stages: Vec<String>,
    generic: Vec<String>,
    doubts: Vec<String>,
    ends: Vec<String>,
    planned: Vec<String>,
    sql: Vec<String>,
    events: Vec<String>,
    others: Vec<String>,
    becomes: Vec<String>,
    thousands: Vec<String>,
    millions: Vec<String>,
    converted: Vec<String>,
    under_way: Vec<String>,
    befores: Vec<String>,
    grouped: Vec<String>,
    pub(super) suffixes: BTreeMap<String, u64>,
    pub(super) signs: BTreeMap<String, Vec<String>>,
    currencies: Codes,
    files: BTreeMap<String, Vec<String>>,
    /// By column and value: words that say it.
    choices: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

#[derive(Debug, Default, Deserialize)]
struct Codes {
    codes: Vec<String>,
    /// By name, in lower case.
    names: BTreeMap<String, String>,
}

/// Which kind of words a header is searched for.
#[derive(Debug, Clone, Copy)]
pub(super) enum About {
    Id,
    Money,
    Stage,
    End,
    Event,
    Planned,
    /// What something became.
    Becomes,
    /// What it was before.
    Before,
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("../../rules/words.toml")).unwrap_or_default());

pub(super) fn words() -> &'static Words {
    &WORDS
}

impl Words {
    /// Whether the text stands for nothing.
    pub(super) fn is_null(&self, text: &str) -> bool {
        text.len() <= 24 && holds(&self.nulls, text)
    }

    /// Whether the text begins as a line does that adds up others.
    pub(super) fn is_total(&self, text: &str) -> bool {
        begins(&self.totals, text)
    }

    /// Whether the text is nothing but such a word.
    pub(super) fn is_bare_total(&self, text: &str) -> bool {
        holds(&self.totals, text.trim_end_matches(':').trim())
    }

    /// Whether the text is such a word, with at most a number, a bracket or a colon behind it.
    pub(super) fn is_plain_total(&self, text: &str) -> bool {
        let end = text.find(['(', '[', ':']).unwrap_or(text.len());
        let word = text[..end].trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
        self.is_bare_total(word.trim_start_matches(['*', '=', '-', ' ', '(', '[']))
    }

    /// The word that adds up others, where the text ends with it and says something before.
    pub(super) fn total_behind<'a>(&self, text: &'a str) -> Option<&'a str> {
        [&self.totals, &self.totals_behind].into_iter().find_map(|list| ends(list, text))
    }

    /// Whether the text ends with a word that counts others or tells their average.
    pub(super) fn is_count(&self, text: &str) -> bool {
        holds(&self.counts, text.trim_end_matches(':').trim()) || ends(&self.counts, text).is_some()
    }

    /// Whether a header speaks of the sum of its row's periods.
    pub(super) fn is_row_sum(&self, header: &str) -> bool {
        let tokens = tokens(header);
        self.is_bare_total(header) || tokens.iter().any(|token| self.row_sums.contains(token))
    }

    pub(super) fn is_footer(&self, text: &str) -> bool {
        begins(&self.footers, text)
    }

    /// What a word of yes and no says.
    pub(super) fn truth(&self, text: &str) -> Option<bool> {
        if holds(&self.yes, text) { Some(true) } else { holds(&self.no, text).then_some(false) }
    }

    /// Whether a header speaks of something.
    pub(super) fn speaks(&self, header: &str, about: About) -> bool {
        let list = match about {
            About::Id => &self.ids,
            About::Money => &self.money,
            About::Stage => &self.stages,
            About::End => &self.ends,
            About::Event => &self.events,
            About::Planned => &self.planned,
            About::Becomes => &self.becomes,
            About::Before => &self.befores,
        };
        let tokens = tokens(header);
        if matches!(about, About::Id) {
            // `Number of seats` counts.
            let ends = [tokens.last(), tokens.first().filter(|token| *token == "id")];
            return ends.into_iter().flatten().any(|token| list.contains(token));
        }
        tokens.iter().any(|token| list.contains(token))
    }

    /// Whether a header names a day: its last word does, or its first before `of` and the like.
    pub(super) fn is_dated(&self, header: &str) -> bool {
        let tokens = tokens(header);
        let of = tokens
            .get(1)
            .is_some_and(|t| matches!(t.as_str(), "of" | "de" | "da" | "do" | "du" | "di"));
        let telling = [tokens.last(), tokens.first().filter(|_| of)];
        telling.into_iter().flatten().any(|token| self.dates.contains(token))
    }

    /// How many times over a header says that its numbers are meant.
    pub(super) fn scale(&self, header: &str) -> Option<u64> {
        let tokens = tokens(header);
        let any = |list: &[String]| tokens.iter().any(|token| list.contains(token));
        if any(&self.millions) { Some(1_000_000) } else { any(&self.thousands).then_some(1000) }
    }

    /// What a header would be called without its words for converted; none where it has no such word.
    pub(super) fn unconverted(&self, header: &str) -> Option<String> {
        let all = tokens(header);
        let left: Vec<&str> =
            all.iter().filter(|t| !self.converted.contains(t)).map(String::as_str).collect();
        (left.len() < all.len()).then(|| left.join(" "))
    }

    /// Whether a member's name says that what stands there is under way.
    pub(super) fn is_under_way(&self, name: &str) -> bool {
        let begins = |token: &String| self.under_way.iter().any(|word| token.starts_with(word));
        tokens(name).iter().any(begins)
    }

    /// Whether a word of a header says nothing alone.
    pub(super) fn is_generic(&self, token: &String) -> bool {
        token.chars().count() < 3 || self.generic.contains(token)
    }

    pub(super) fn is_currency(&self, code: &str) -> bool {
        let written = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
        written && self.currencies.codes.iter().any(|known| known == code)
    }

    /// The code of a currency, of its code or its name.
    pub(super) fn currency(&self, text: &str) -> Option<String> {
        let code = text.to_uppercase();
        let named = || self.currencies.names.get(&text.to_lowercase()).cloned();
        if self.is_currency(&code) { Some(code) } else { named() }
    }

    /// Whether a header ends with a mark of a column by which a report is grouped.
    pub(super) fn is_grouped(&self, header: &str) -> bool {
        self.grouped.iter().any(|mark| header.ends_with(mark.as_str()))
    }

    /// Whether a word is the name of a month in some language, or its short form.
    pub(super) fn is_month(&self, word: &str) -> bool {
        crate::data::look::is_month(&word.to_lowercase())
    }

    /// How strongly a file's or a sheet's name speaks of a dataset: 0 or 1.
    pub(super) fn names(&self, name: &str, dataset: &str) -> bool {
        let tokens = tokens(name);
        let known = self.files.get(dataset).map(Vec::as_slice).unwrap_or_default();
        let named = |token: &String| {
            dataset.starts_with(token.as_str()) && token.len() > 3
                || known.iter().any(|word| token.starts_with(word.as_str()))
        };
        tokens.iter().any(named)
    }
}

impl Words {
    /// Whether a name would be a word of expressions.
    pub(super) fn is_sql(&self, id: &str) -> bool {
        self.sql.iter().any(|word| word == id)
    }

    /// Whether a member's name says that a column of it has a value.
    pub(super) fn means(&self, name: &str, column: &str, value: &str) -> bool {
        let list = self.choices.get(column).and_then(|values| values.get(value));
        let tokens = tokens(name);
        list.is_some_and(|list| {
            // A short word is a whole one: `perso` is no beginning of `personal`.
            let is = |token: &String, word: &String| match word.chars().count() {
                ..=5 => token == word,
                _ => token.starts_with(word.as_str()),
            };
            list.iter().any(|word| tokens.iter().any(|token| is(token, word)))
        })
    }

    /// Whether a member's name says that what else it says may not hold.
    pub(super) fn doubts(&self, name: &str) -> bool {
        let doubt = |token: &String| self.doubts.iter().any(|word| word == token);
        tokens(name).iter().any(doubt)
    }

    /// Whether a file's or a sheet's name speaks of what no dataset that ships holds.
    pub(super) fn names_other(&self, name: &str) -> bool {
        tokens(name)
            .iter()
            .any(|token| self.others.iter().any(|word| token.starts_with(word.as_str())))
    }
}

/// The words of a name, in lower case: `CloseDate`, `close_date` and `Close Date` are `close`, `date`.
pub(super) fn tokens(name: &str) -> Vec<String> {
    let (mut tokens, mut token, mut before) = (Vec::new(), String::new(), ' ');
    for c in name.chars() {
        let edge = !c.is_alphanumeric() || c.is_uppercase() && before.is_lowercase();
        if edge && !token.is_empty() {
            tokens.push(std::mem::take(&mut token));
        }
        if c.is_alphanumeric() {
            token.extend(c.to_lowercase());
        }
        before = c;
    }
    if !token.is_empty() {
        tokens.push(token);
    }
    tokens
}

fn holds(list: &[String], text: &str) -> bool {
    if text.is_ascii() {
        return list.iter().any(|word| word.eq_ignore_ascii_case(text));
    }
    let text = text.to_lowercase();
    list.contains(&text)
}

/// Whether a text is one of the words, or begins with one that ends there.
fn begins(list: &[String], text: &str) -> bool {
    let text = text.trim_start_matches(['*', '=', '-', ' ', '(', '[']);
    let Some(first) = text.chars().next().and_then(|c| c.to_lowercase().next()) else {
        return false;
    };
    let mut near = list.iter().filter(|word| word.starts_with(first)).peekable();
    if near.peek().is_none() {
        return false;
    }
    let text = text.to_lowercase();
    near.any(|word| {
        let rest = text.strip_prefix(word.as_str());
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

/// The end of a text that is one of the words, behind others.
fn ends<'a>(list: &[String], text: &'a str) -> Option<&'a str> {
    let text = text.trim_end_matches([':', '*', ' ']);
    list.iter().find_map(|word| {
        // Letter case may change how long a word is: count from the end in letters.
        let letters = word.chars().count();
        let (at, _) = text.char_indices().rev().nth(letters.checked_sub(1)?)?;
        let (before, end) = text.split_at(at);
        let stands = before.ends_with(|c: char| !c.is_alphanumeric()) && !before.trim().is_empty();
        (stands && end.to_lowercase() == *word).then_some(end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_its_words_are_in_lower_case() {
        let words: Words = toml::from_str(include_str!("../../rules/words.toml")).unwrap();
        let lists = [&words.nulls, &words.totals, &words.footers, &words.yes, &words.no];
        let more = [&words.dates, &words.ids, &words.money, &words.stages];
        for word in lists.into_iter().chain(more).flatten() {
            assert_eq!(*word, word.to_lowercase());
        }
    }

    #[test]
    fn totals_are_words_not_beginnings_of_names() {
        for text in ["Total", "Grand Totals (12 records)", "SUMME:", "Total général", "= Gesamt"]
        {
            assert!(words().is_total(text), "{text}");
        }
        for text in ["Totalenergies", "Summer Ltd", "", "Gesamtverband"] {
            assert!(!words().is_total(text), "{text}");
        }
    }

    #[test]
    fn a_word_at_the_end_adds_up_and_counts() {
        let behind = |text| words().total_behind(text);
        assert_eq!(behind("Closed Won Total"), Some("Total"));
        assert_eq!(behind("Nord Ergebnis:"), Some("Ergebnis"));
        assert_eq!(behind("Google totaal"), Some("totaal"));
        assert!(behind("Total").is_none() && behind("Subtotals-x").is_none());
        assert!(words().is_count("Closed Won Count") && words().is_count("Avg"));
        assert!(!words().is_count("Discount") && !words().is_count("Key Account"));
        assert!(words().is_plain_total("Grand Totals (3 records)"));
        assert!(words().is_plain_total("Total 2026:") && !words().is_plain_total("Total Wine"));
        assert!(words().is_row_sum("FY") && words().is_row_sum("Total"));
        assert!(!words().is_row_sum("Total cost center"));
    }

    #[test]
    fn names_are_cut_into_words() {
        assert_eq!(tokens("CloseDate"), ["close", "date"]);
        assert_eq!(tokens("hs_close-date (UTC)"), ["hs", "close", "date", "utc"]);
        assert_eq!(tokens("ID"), ["id"]);
    }
}
