//! Ids made of what people wrote: columns, feeds, members.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::author::words::{tokens, words};

/// Ids of one kind, each once.
#[derive(Debug, Default)]
pub(super) struct Ids {
    taken: BTreeSet<String>,
}

impl Ids {
    /// Ids that are taken already.
    pub(super) fn beside<'a>(taken: impl IntoIterator<Item = &'a str>) -> Self {
        Self { taken: taken.into_iter().map(ToOwned::to_owned).collect() }
    }

    /// `snake_case`, for datasets and columns.
    pub(super) fn snake(&mut self, name: &str, fallback: &str) -> String {
        let id = joined(name, "_");
        let id = if id.is_empty() { fallback.to_owned() } else { id };
        let id = if id.starts_with(|c: char| c.is_ascii_digit()) { format!("n_{id}") } else { id };
        let id = if words().is_sql(&id) { format!("{id}_column") } else { id };
        self.once(id, "_")
    }

    /// `kebab-case`, for feeds and members.
    pub(super) fn kebab(&mut self, name: &str, fallback: &str) -> String {
        let id = joined(name, "-");
        let id = if id.is_empty() { fallback.to_owned() } else { id };
        let id = if id.starts_with(|c: char| c.is_ascii_digit()) { format!("n-{id}") } else { id };
        self.once(id, "-")
    }

    fn once(&mut self, id: String, between: &str) -> String {
        let more = (2..).map(|n: u32| format!("{id}{between}{n}"));
        let free = std::iter::once(id.clone()).chain(more).find(|id| !self.taken.contains(id));
        let free = free.unwrap_or(id);
        self.taken.insert(free.clone());
        free
    }
}

/// The words of a name in plain letters, at most 60 of them.
fn joined(name: &str, between: &str) -> String {
    let plain: String = name.replace('ß', "ss").nfd().filter(char::is_ascii).collect();
    let mut id = String::new();
    let tokens = tokens(&plain);
    let numbered = tokens.iter().take_while(|token| token.bytes().all(|b| b.is_ascii_digit()));
    let skipped = Some(numbered.count()).filter(|count| *count < tokens.len()).unwrap_or(0);
    for token in &tokens[skipped..] {
        if id.len() + token.len() > 60 {
            break;
        }
        id.push_str(if id.is_empty() { "" } else { between });
        id.push_str(token);
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids_of_the_form_that_the_language_wants() {
        let mut ids = Ids::default();
        for (name, id) in [
            ("Close Date", "close_date"),
            ("Close date", "close_date_2"),
            ("Größe (m²)", "grosse_m"),
            ("2016", "n_2016"),
            ("01 Calls", "calls"),
            ("Order", "order_column"),
            ("件数", "column_7"),
        ] {
            let made = ids.snake(name, "column_7");
            assert_eq!(made, id, "{name}");
            assert!(crate::domain::is_snake(&made), "{made}");
        }
        let made = Ids::default().kebab("Closed Won!", "stage");
        assert_eq!(made, "closed-won");
        assert!(crate::domain::is_kebab(&made));
    }
}
