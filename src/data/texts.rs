//! Codes of texts: one number per distinct text of a column, as one worker meets them.
//!
//! A cell's raw bytes are looked up first, so trimming, NFC and null words are done once per distinct
//! spelling, not once per cell.

use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use std::hash::BuildHasher;
use unicode_normalization::UnicodeNormalization;

use super::{Dictionary, RejectReason};

/// The longest spelling that is packed into a word.
const SHORT: usize = 15;

/// What a cell's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    Text(u32),
    Null,
    Rejected(RejectReason),
}

#[derive(Debug, Default)]
pub(super) struct Texts {
    hash: RandomState,
    /// Raw spellings of up to 15 bytes, packed with their length.
    short: HashTable<(u128, Code)>,
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
        self.short.clear();
        self.long.clear();
        self.arena.clear();
        for (code, text) in (0..).zip(&known.texts) {
            let code = if is_null(text, nulls) { Code::Null } else { Code::Text(code) };
            self.learn(text.as_bytes(), code);
        }
    }

    /// The code of the raw bytes `text[start..end]`.
    #[inline]
    pub(super) fn code(
        &mut self,
        known: &mut Dictionary,
        text: &[u8],
        (start, end): (usize, usize),
        nulls: &[String],
    ) -> Code {
        let length = end - start;
        if length == 0 {
            return Code::Null;
        }
        if length <= SHORT {
            let key = packed(text, start, length);
            let hash = self.hash.hash_one(key);
            if let Some(found) = self.short.find(hash, |entry| entry.0 == key) {
                return found.1;
            }
        } else if let Some(code) = self.long_code(&text[start..end]) {
            return code;
        }
        self.new_code(known, &text[start..end], nulls)
    }

    fn long_code(&self, raw: &[u8]) -> Option<Code> {
        let hash = self.hash.hash_one(raw);
        self.long.find(hash, |long| long.is(hash, raw, &self.arena)).map(|long| long.code)
    }

    /// The code of a spelling that was not met before.
    #[cold]
    fn new_code(&mut self, known: &mut Dictionary, raw: &[u8], nulls: &[String]) -> Code {
        let code = match normal(raw) {
            Err(why) => Code::Rejected(why),
            Ok(text) if is_null(&text, nulls) => Code::Null,
            // Another spelling of a text: the text's own spelling is known, or becomes so.
            Ok(text) if text.as_bytes() != raw => {
                let bytes = text.as_bytes();
                self.code(known, bytes, (0, bytes.len()), nulls)
            }
            Ok(text) => {
                known.texts.push(Arc::from(&*text));
                Code::Text(u32::try_from(known.texts.len() - 1).unwrap_or(u32::MAX))
            }
        };
        self.learn(raw, code);
        code
    }

    fn learn(&mut self, raw: &[u8], code: Code) {
        if raw.len() <= SHORT {
            let key = packed(raw, 0, raw.len());
            let hasher = &self.hash;
            let rehash = |entry: &(u128, Code)| hasher.hash_one(entry.0);
            self.short.insert_unique(hasher.hash_one(key), (key, code), rehash);
        } else if let Ok(length) = u32::try_from(raw.len()) {
            let (hash, start) = (self.hash.hash_one(raw), self.arena.len());
            self.arena.extend_from_slice(raw);
            self.long.insert_unique(hash, Long { hash, start, length, code }, |long| long.hash);
        }
    }
}

/// Up to 15 bytes and their count in one word.
#[inline]
fn packed(text: &[u8], start: usize, length: usize) -> u128 {
    let mut sixteen = [0; 16];
    if let Some(window) = text.get(start..start + 16) {
        sixteen.copy_from_slice(window);
        let kept = (1u128 << (length * 8)) - 1;
        (u128::from_le_bytes(sixteen) & kept) | (length as u128) << 120
    } else {
        sixteen[..length].copy_from_slice(&text[start..start + length]);
        u128::from_le_bytes(sixteen) | (length as u128) << 120
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
    let text = text.trim();
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
        assert_eq!(code("A long name of more than fifteen bytes"), Code::Text(1));
        assert_eq!(code("  A long name of more than fifteen bytes"), Code::Text(1));
        assert_eq!(code(" n/a"), Code::Null);
        assert_eq!(code("\u{a0}"), Code::Null);
        assert_eq!(code("a\0"), Code::Rejected(RejectReason::NulByte));
        assert_eq!(code("a"), Code::Text(2), "not the cell that ends in NUL");
    }
}
