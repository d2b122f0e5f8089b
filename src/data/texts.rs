//! Codes of texts: one number per distinct text of a column, as one worker meets them.
//!
//! A cell's raw bytes are looked up first, so trimming, NFC and null words are done once per
//! distinct spelling, not once per cell.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use unicode_normalization::UnicodeNormalization;

use super::meaning::{Meaning, Meant};
use super::sheet::{EXACT, UNSTORED};
use super::spellings::{SHORT, Short, packed};
use super::{Dictionary, RejectReason};

/// What a cell's text is: a number of the dictionary, nothing, or a reject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Code(u32);

impl Code {
    const NULL: Self = Self(u32::MAX);
    const NOT_UTF8: Self = Self(u32::MAX - 1);
    const NUL: Self = Self(u32::MAX - 2);
    const FAILED: Self = Self(u32::MAX - 3);
    const UNSTORED: Self = Self(u32::MAX - 4);
    /// Not known yet.
    pub(super) const PENDING: Self = Self(u32::MAX - 5);

    /// The dictionary's number; none for a null.
    pub(super) fn read(self) -> Result<Option<u32>, RejectReason> {
        match self {
            Self::NULL => Ok(None),
            Self::NOT_UTF8 => Err(RejectReason::Encoding),
            Self::NUL => Err(RejectReason::NulByte),
            Self::FAILED => Err(RejectReason::FormulaError),
            Self::UNSTORED => Err(RejectReason::FormulaUnstored),
            Self(number) => Ok(Some(number)),
        }
    }

    #[cfg(test)]
    pub(super) fn of(number: u32) -> Self {
        Self(number)
    }

    /// The dictionary's number where it is one.
    #[inline]
    pub(super) fn number(self) -> Option<u32> {
        (self.0 < Self::PENDING.0).then_some(self.0)
    }
}

#[derive(Debug, Default)]
pub(super) struct Texts {
    hash: RandomState,
    short: Short,
    long: HashTable<Long>,
    /// Bytes of the long spellings.
    arena: Vec<u8>,
    /// Codes of texts that others are mapped to.
    targets: BTreeMap<String, u32>,
}

#[derive(Debug, Clone, Copy)]
struct Long {
    hash: u64,
    start: usize,
    length: u32,
    code: Code,
}

impl Long {
    fn is(&self, hash: u64, raw: &[u8], arena: &[u8]) -> bool {
        self.hash == hash && arena[self.start..self.start + self.length as usize] == *raw
    }
}

impl Texts {
    /// Forgets what spellings mean, for a feed in which they mean something else; codes stay.
    pub(super) fn forget_spellings(&mut self, known: &Dictionary, meaning: &Meaning) {
        self.short = Short::default();
        self.long.clear();
        self.arena.clear();
        self.targets.clear();
        for (number, text) in (0..).zip(known.iter()) {
            if meaning.is_target(text) {
                self.targets.insert(text.to_owned(), number);
            }
            match meaning.of(text) {
                Meant::Nothing => self.learn(text.as_bytes(), Code::NULL),
                Meant::Itself => self.learn(text.as_bytes(), Code(number)),
                // Learnt when it is met.
                Meant::Other(_) => {}
            }
        }
    }

    /// The code of a short spelling that is where it should be, else `PENDING`.
    ///
    /// Without a branch on what is found, so the machine looks up several cells at a time: a column
    /// of many texts waits for memory, not for work.
    #[inline]
    pub(super) fn quick(&self, text: &[u8], (start, end): (usize, usize)) -> Code {
        let length = end - start;
        if length == 0 {
            Code::NULL
        } else if length <= SHORT {
            let key = packed(text, start, length);
            self.short.quick(key, self.hash.hash_one(key))
        } else {
            Code::PENDING
        }
    }

    /// The code of the raw bytes `text[start..end]`.
    pub(super) fn code(
        &mut self,
        known: &mut Dictionary,
        text: &[u8],
        (start, end): (usize, usize),
        meaning: &Meaning,
    ) -> Code {
        let length = end - start;
        if length == 0 {
            return Code::NULL;
        }
        let found = if length <= SHORT {
            let key = packed(text, start, length);
            self.short.find(key, self.hash.hash_one(key))
        } else {
            self.long_code(&text[start..end])
        };
        found.unwrap_or_else(|| self.new_code(known, &text[start..end], meaning))
    }

    fn long_code(&self, raw: &[u8]) -> Option<Code> {
        let hash = self.hash.hash_one(raw);
        self.long.find(hash, |long| long.is(hash, raw, &self.arena)).map(|long| long.code)
    }

    /// The code of a spelling that was not met before.
    #[cold]
    fn new_code(&mut self, known: &mut Dictionary, raw: &[u8], meaning: &Meaning) -> Code {
        let code = match normal(raw) {
            Err(RejectReason::NulByte) => Code::NUL,
            Err(RejectReason::FormulaError) => Code::FAILED,
            Err(RejectReason::FormulaUnstored) => Code::UNSTORED,
            Err(_) => Code::NOT_UTF8,
            Ok(text) => match meaning.of(&text) {
                Meant::Nothing => Code::NULL,
                // What a text is mapped to is not mapped again.
                Meant::Other(other) => self.plain_code(known, other, meaning),
                // Another spelling of a text: the text's own spelling is known, or becomes so.
                Meant::Itself if text.as_bytes() != raw => {
                    let bytes = text.as_bytes();
                    return self.known_as(raw, known, bytes, meaning);
                }
                Meant::Itself => self.plain_code(known, &text, meaning),
            },
        };
        self.learn(raw, code);
        code
    }

    fn known_as(
        &mut self,
        raw: &[u8],
        known: &mut Dictionary,
        text: &[u8],
        meaning: &Meaning,
    ) -> Code {
        let code = self.code(known, text, (0, text.len()), meaning);
        self.learn(raw, code);
        code
    }

    /// The dictionary's code of a text; it has the text already where another is mapped to it.
    fn plain_code(&mut self, known: &mut Dictionary, text: &str, meaning: &Meaning) -> Code {
        if !meaning.is_target(text) {
            return Code(known.push(text));
        }
        let number = self.targets.get(text).copied().unwrap_or_else(|| known.push(text));
        self.targets.insert(text.to_owned(), number);
        Code(number)
    }

    fn learn(&mut self, raw: &[u8], code: Code) {
        if raw.len() <= SHORT {
            self.short.insert(packed(raw, 0, raw.len()), code, &self.hash);
        } else if let Ok(length) = u32::try_from(raw.len()) {
            let (hash, start) = (self.hash.hash_one(raw), self.arena.len());
            self.arena.extend_from_slice(raw);
            self.long.insert_unique(hash, Long { hash, start, length, code }, |long| long.hash);
        }
    }
}

/// A cell's text, trimmed and in NFC.
pub(super) fn normal(raw: &[u8]) -> Result<std::borrow::Cow<'_, str>, RejectReason> {
    let text = std::str::from_utf8(raw).map_err(|_| RejectReason::Encoding)?;
    if raw.contains(&0) {
        return Err(RejectReason::NulByte);
    }
    let text = match text.strip_prefix(char::from(EXACT)) {
        Some(exact) if exact.starts_with('#') => return Err(RejectReason::FormulaError),
        Some(exact) if exact.starts_with(UNSTORED) => return Err(RejectReason::FormulaUnstored),
        Some(exact) => exact.trim(),
        None => text.trim(),
    };
    if text.is_ascii() || unicode_normalization::is_nfc(text) {
        return Ok(text.into());
    }
    Ok(text.nfc().collect::<String>().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::CellForm;

    #[test]
    fn spellings_of_one_text_share_its_code() {
        let (mut texts, mut known) = (Texts::default(), Dictionary::default());
        let null = |word: &str| {
            Meaning::new(&CellForm { null_words: vec![word.into()], ..CellForm::default() })
        };
        let meaning = null("n/a");
        let mut code = |raw: &str| texts.code(&mut known, raw.as_bytes(), (0, raw.len()), &meaning);
        let first = code("Zoe\u{308}");
        assert_eq!(code(" Zo\u{eb} "), first);
        assert_eq!(code("A long name of more than fifteen bytes"), Code(1));
        assert_eq!(code("  A long name of more than fifteen bytes"), Code(1));
        assert_eq!(code(" n/a"), Code::NULL);
        assert_eq!(code("\u{a0}"), Code::NULL);
        assert_eq!(code("a\0"), Code::NUL);
        assert_eq!(code("a"), Code(2), "not the cell that ends in NUL");
        let meaning = null("a");
        texts.forget_spellings(&known, &meaning);
        let mut code = |raw: &str| texts.code(&mut known, raw.as_bytes(), (0, raw.len()), &meaning);
        assert_eq!((code("a "), code("n/a"), code("Zo\u{eb}")), (Code::NULL, Code(3), first));
    }

    #[test]
    fn texts_that_mean_another_share_its_code_whichever_comes_first() {
        let values = vec![
            ("Won".to_owned(), vec!["closed won*".to_owned(), "lost".to_owned()]),
            ("Lost".to_owned(), vec!["closed lost".to_owned()]),
            (String::new(), vec!["select".to_owned()]),
        ];
        let meaning = Meaning::new(&CellForm { values, ..CellForm::default() });
        for order in [["Closed Won!", "Won"], ["Won", "CLOSED WON"]] {
            let (mut texts, mut known) = (Texts::default(), Dictionary::default());
            texts.forget_spellings(&known, &meaning);
            let mut code =
                |raw: &str| texts.code(&mut known, raw.as_bytes(), (0, raw.len()), &meaning);
            assert_eq!(code(order[0]), code(order[1]));
            let lost = code(" Closed Lost");
            assert_ne!(lost, code("Won"), "what a text is mapped to is not mapped again");
            assert_eq!(code("Lost"), code("Won"), "but as written in the file it is");
            assert_eq!(code("Select"), Code::NULL);
            assert_eq!(known.iter().collect::<Vec<_>>(), ["Won", "Lost"]);
        }
    }
}
