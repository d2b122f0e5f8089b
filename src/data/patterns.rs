//! Patterns of texts: `*` stands for anything, and letter case does not matter.

/// A pattern, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// What stands between the stars, in lower case; one part where there is none.
    parts: Vec<String>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let text = super::dialect::normal(text).to_lowercase();
        Self { parts: text.split('*').map(str::to_owned).collect() }
    }

    pub(super) fn all(texts: &[String]) -> Vec<Self> {
        texts.iter().map(|text| Self::new(text)).collect()
    }

    /// Whether a text fits; it is trimmed.
    pub(super) fn fits(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let Some((first, rest)) = self.parts.split_first() else { return false };
        let Some((last, middle)) = rest.split_last() else { return text == *first };
        let Some(mut inner) = text.strip_prefix(first.as_str()) else { return false };
        for part in middle {
            match inner.find(part.as_str()) {
                Some(at) => inner = &inner[at + part.len()..],
                None => return false,
            }
        }
        inner.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything_and_case_for_nothing() {
        let fits = |pattern: &str, text: &str| Pattern::new(pattern).fits(text);
        for (pattern, text) in [
            ("won", "Won"),
            ("won*", "WON - signed"),
            ("*total", "North Total"),
            ("a*b*c", "aXbYbZc"),
            ("*", ""),
            ("ÜBER*", "über uns"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("won", "won!"), ("a*a", "a"), ("ab*bc", "abc"), ("*x*", "abc")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
