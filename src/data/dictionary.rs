//! The distinct texts of a column by code, in little memory.

use std::sync::Arc;

/// Texts up to this code are kept so that each can be shared; later ones stand one behind the other. A column with
/// more texts than that has few rows for each.
const SHARED: usize = 1 << 15;

/// The distinct texts of a column as one worker met them, after trim and NFC. Codes never leave the
/// worker.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    shared: Vec<Arc<str>>,
    /// The later texts, and where each of them ends.
    later: String,
    ends: Vec<usize>,
}

impl Dictionary {
    pub fn len(&self) -> usize {
        self.shared.len() + self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.shared.is_empty()
    }

    /// Appends a text that is not there; its code.
    pub fn push(&mut self, text: &str) -> u32 {
        let code = u32::try_from(self.len()).unwrap_or(u32::MAX);
        if self.shared.len() < SHARED {
            self.shared.push(Arc::from(text));
        } else {
            self.later.push_str(text);
            self.ends.push(self.later.len());
        }
        code
    }

    pub fn get(&self, code: usize) -> Option<&str> {
        match self.shared.get(code) {
            Some(text) => Some(text),
            None => self.late(code.checked_sub(SHARED)?),
        }
    }

    /// The text of a code as a value holds it.
    pub fn shared(&self, code: usize) -> Option<Arc<str>> {
        match self.shared.get(code) {
            Some(text) => Some(Arc::clone(text)),
            None => self.late(code.checked_sub(SHARED)?).map(Arc::from),
        }
    }

    /// The texts from a code on.
    pub fn iter_from(&self, code: usize) -> impl Iterator<Item = &str> {
        (code..self.len()).filter_map(|code| self.get(code))
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.iter_from(0)
    }

    fn late(&self, place: usize) -> Option<&str> {
        let end = *self.ends.get(place)?;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.later.get(start..end)
    }
}

impl<T: AsRef<str>> FromIterator<T> for Dictionary {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut dictionary = Self::default();
        texts.into_iter().for_each(|text| {
            dictionary.push(text.as_ref());
        });
        dictionary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_gives_its_text_however_many_there_are() {
        let many = SHARED + 100;
        let texts: Dictionary = (0..many).map(|n| "x".repeat(n % 7) + &n.to_string()).collect();
        assert_eq!(texts.len(), many);
        for (code, text) in texts.iter().enumerate() {
            assert_eq!(text, "x".repeat(code % 7) + &code.to_string());
            assert_eq!(texts.shared(code).as_deref(), Some(text));
        }
        assert_eq!(texts.get(many), None);
    }
}
