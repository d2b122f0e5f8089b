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
    /// Codes by text.
    by_text: HashTable<u32>,
    /// Raw spellings of up to 15 bytes, packed with their length.
    short: HashTable<(u128, Code)>,
    long: HashTable<Long>,
    /// Bytes of the long spellings.
    arena: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Long {
    start: usize,
    length: u32,
    code: Code,
}

impl Texts {
    /// Forgets raw spellings, for a feed with other null words; codes stay.
    pub(super) fn forget_spellings(&mut self) {
        self.short.clear();
        self.long.clear();
        self.arena.clear();
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
        if length > 15 {
            return self.long_code(known, &text[start..end], nulls);
        }
        let key = packed(text, start, length);
        let hash = self.hash.hash_one(key);
        if let Some(found) = self.short.find(hash, |entry| entry.0 == key) {
            return found.1;
        }
        let code = self.new_code(known, &text[start..end], nulls);
        let hasher = &self.hash;
        self.short.insert_unique(hash, (key, code), |entry| hasher.hash_one(entry.0));
        code
    }

    fn long_code(&mut self, known: &mut Dictionary, raw: &[u8], nulls: &[String]) -> Code {
        let hash = self.hash.hash_one(raw);
        let arena = &self.arena;
        let bytes = |long: &Long| &arena[long.start..long.start + long.length as usize];
        if let Some(found) = self.long.find(hash, |long| bytes(long) == raw) {
            return found.code;
        }
        let code = self.new_code(known, raw, nulls);
        let Ok(length) = u32::try_from(raw.len()) else { return code };
        let start = self.arena.len();
        self.arena.extend_from_slice(raw);
        let (arena, hasher) = (&self.arena, &self.hash);
        let rehash =
            |long: &Long| hasher.hash_one(&arena[long.start..long.start + long.length as usize]);
        self.long.insert_unique(hash, Long { start, length, code }, rehash);
        code
    }

    fn new_code(&mut self, known: &mut Dictionary, raw: &[u8], nulls: &[String]) -> Code {
        match normal(raw) {
            Err(why) => Code::Rejected(why),
            Ok(text) if is_null(&text, nulls) => Code::Null,
            Ok(text) => Code::Text(self.intern(known, &text)),
        }
    }

    /// The code of a text that is already trimmed and NFC.
    fn intern(&mut self, known: &mut Dictionary, text: &str) -> u32 {
        let hash = self.hash.hash_one(text);
        let texts = &mut known.texts;
        if let Some(code) = self.by_text.find(hash, |code| &*texts[*code as usize] == text) {
            return *code;
        }
        let code = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        texts.push(Arc::from(text));
        let hasher = &self.hash;
        let rehash = |code: &u32| hasher.hash_one(&*texts[*code as usize]);
        self.by_text.insert_unique(hash, code, rehash);
        code
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
