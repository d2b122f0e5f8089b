//! Bytes of an expression's text: from lines and columns, and from the messages that hold them.

use std::ops::Range;

/// Longest text, in bytes.
pub(super) const MAX_BYTES: usize = 8 * 1024;
/// Deepest tree.
pub(super) const MAX_DEPTH: usize = 200;
/// Deepest nesting of parentheses and words that the parser follows; it needs some 20 kB of stack
/// for each level, and a thread may have no more than 1 MB.
pub(super) const MAX_NESTING: usize = 40;

/// Why a text is no tree.
#[derive(Debug)]
pub(super) enum Trouble {
    Syntax { at: Range<usize>, expected: Option<String> },
    TooLong,
    TooDeep,
    Outside { at: Range<usize>, what: String },
}

/// Turns lines and columns (both from 1, columns counted in characters) into bytes.
pub(super) struct Places<'a> {
    pub(super) text: &'a str,
}

impl Places<'_> {
    fn whole(&self) -> Range<usize> {
        0..self.text.len()
    }

    /// None for the empty place, which is line 0.
    fn offset(&self, (line, column): (u64, u64)) -> Option<usize> {
        let line = usize::try_from(line).ok()?.checked_sub(1)?;
        let column = usize::try_from(column).ok()?.checked_sub(1)?;
        let start = match line {
            0 => 0,
            _ => self.text.match_indices('\n').nth(line - 1)?.0 + 1,
        };
        let rest = &self.text[start..];
        Some(start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at))
    }

    pub(super) fn range(&self, start: (u64, u64), end: (u64, u64)) -> Range<usize> {
        match (self.offset(start), self.offset(end)) {
            (Some(start), Some(end)) if start <= end => start..end,
            _ => self.whole(),
        }
    }

    /// The word or sign that starts at a byte; the last character where the text ends there.
    fn token_at(&self, start: usize) -> Range<usize> {
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else {
            let last = self.text.trim_end();
            return last.char_indices().next_back().map_or(0, |(at, _)| at)..last.len();
        };
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let len = if word(first) {
            rest.find(|c| !word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        start..start + len
    }

    /// A text that cannot be cut into words and signs.
    pub(super) fn broken(&self, at: (u64, u64), message: &str) -> Trouble {
        let start = self.offset(at).unwrap_or(self.text.len());
        let quote = message.to_lowercase().contains("unterminated string");
        let expected = quote.then(|| "a closing quote".to_owned());
        Trouble::Syntax { at: self.token_at(start), expected }
    }

    /// Where the parser stopped, which it says only inside its message:
    /// `Expected: ), found: EOF at Line: 1, Column: 5`.
    pub(super) fn stopped(&self, message: &str) -> Trouble {
        let place = message.rsplit_once(" at Line: ").and_then(|(_, place)| {
            let (line, column) = place.split_once(", Column: ")?;
            self.offset((line.trim().parse().ok()?, column.trim().parse().ok()?))
        });
        let expected = message
            .strip_prefix("Expected: ")
            .and_then(|rest| rest.split_once(", found"))
            .map(|(what, _)| what.to_owned())
            .filter(|what| what.len() <= 24);
        let at = match place {
            _ if message.contains("found: EOF") => self.token_at(self.text.len()),
            Some(start) => self.token_at(start),
            None => self.whole(),
        };
        Trouble::Syntax { at, expected }
    }
}
