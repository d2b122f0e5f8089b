//! Codes of texts: one number per distinct text of a column, as one worker meets them.
//!
//! A cell's raw bytes are looked up first, so trimming, NFC and null words are done once per
//! distinct spelling, not once per cell.

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use std::hash::BuildHasher;
use unicode_normalization::UnicodeNormalization;

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
    /// Forgets what spellings mean, for a feed with other null words; codes stay.
    pub(super) fn forget_spellings(&mut self, known: &Dictionary, nulls: &[String]) {
        self.short = Short::default();
        self.long.clear();
        self.arena.clear();
        for (number, text) in (0..).zip(known.iter()) {
            let code = if is_null(text, nulls) { Code::NULL } else { Code(number) };
            self.learn(text.as_bytes(), code);
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
        nulls: &[String],
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
        found.unwrap_or_else(|| self.new_code(known, &text[start..end], nulls))
    }

    fn long_code(&self, raw: &[u8]) -> Option<Code> {
        let hash = self.hash.hash_one(raw);
        self.long.find(hash, |long| long.is(hash, raw, &self.arena)).map(|long| long.code)
    }

    /// The code of a spelling that was not met before.
    #[cold]
    fn new_code(&mut self, known: &mut Dictionary, raw: &[u8], nulls: &[String]) -> Code {
        let code = match normal(raw) {
            Err(RejectReason::NulByte) => Code::NUL,
            Err(RejectReason::FormulaError) => Code::FAILED,
            Err(RejectReason::FormulaUnstored) => Code::UNSTORED,
            Err(_) => Code::NOT_UTF8,
            Ok(text) if is_null(&text, nulls) => Code::NULL,
            // Another spelling of a text: the text's own spelling is known, or becomes so.
            Ok(text) if text.as_bytes() != raw => {
                let bytes = text.as_bytes();
                self.code(known, bytes, (0, bytes.len()), nulls)
            }
            Ok(text) => Code(known.push(&text)),
        };
        self.learn(raw, code);
        code
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

/// Whether a trimmed text means "nothing".
pub(super) fn is_null(text: &str, nulls: &[String]) -> bool {
    text.is_empty() || nulls.iter().any(|word| word == text)
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

    #[test]
    fn spellings_of_one_text_share_its_code() {
        let (mut texts, mut known) = (Texts::default(), Dictionary::default());
        let mut code =
            |raw: &str| texts.code(&mut known, raw.as_bytes(), (0, raw.len()), &["n/a".into()]);
        let first = code("Zoe\u{308}");
        assert_eq!(code(" Zo\u{eb} "), first);
        assert_eq!(code("A long name of more than fifteen bytes"), Code(1));
        assert_eq!(code("  A long name of more than fifteen bytes"), Code(1));
        assert_eq!(code(" n/a"), Code::NULL);
        assert_eq!(code("\u{a0}"), Code::NULL);
        assert_eq!(code("a\0"), Code::NUL);
        assert_eq!(code("a"), Code(2), "not the cell that ends in NUL");
        let nulls = ["a".to_owned()];
        texts.forget_spellings(&known, &nulls);
        let mut code = |raw: &str| texts.code(&mut known, raw.as_bytes(), (0, raw.len()), &nulls);
        assert_eq!((code("a "), code("n/a"), code("Zo\u{eb}")), (Code::NULL, Code(3), first));
    }
}
