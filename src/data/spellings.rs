//! A table of short spellings: four slots for each place, so that one look finds nearly all.

use std::hash::BuildHasher;

use super::texts::Code;

/// The longest spelling that is packed into a word.
pub(super) const SHORT: usize = 15;

/// Keys of one place: what a processor fetches at once.
const SLOTS: usize = 4;
/// Keys for each place, on average, at which the table grows.
const FULL: usize = 3;

/// The keys of a place, in one line of the processor's memory.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Keys([u128; SLOTS]);

/// Keys are [`packed`] and never 0, which marks a free slot.
#[derive(Debug)]
pub(super) struct Short {
    keys: Vec<Keys>,
    codes: Vec<[Code; SLOTS]>,
    count: usize,
}

impl Default for Short {
    fn default() -> Self {
        Self::with_places(32)
    }
}

impl Short {
    fn with_places(places: usize) -> Self {
        let codes = vec![[Code::PENDING; SLOTS]; places];
        Self { keys: vec![Keys([0; SLOTS]); places], codes, count: 0 }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a mask cuts it anyway")]
    fn place(&self, hash: u64) -> usize {
        hash as usize & (self.keys.len() - 1)
    }

    /// The key's code if it stands in its first place.
    #[inline]
    pub(super) fn quick(&self, key: u128, hash: u64) -> Code {
        let place = self.place(hash);
        let slots = self.keys[place].0.iter().zip(&self.codes[place]);
        slots.fold(Code::PENDING, |found, (known, code)| if *known == key { *code } else { found })
    }

    pub(super) fn find(&self, key: u128, hash: u64) -> Option<Code> {
        let mut place = self.place(hash);
        loop {
            for (known, code) in self.keys[place].0.iter().zip(&self.codes[place]) {
                match *known {
                    0 => return None,
                    known if known == key => return Some(*code),
                    _ => {}
                }
            }
            place = (place + 1) & (self.keys.len() - 1);
        }
    }

    /// Adds a key that is not there.
    pub(super) fn insert(&mut self, key: u128, code: Code, hasher: &impl BuildHasher) {
        if self.count >= self.keys.len() * FULL {
            let mut larger = Self::with_places(self.keys.len() * 2);
            for (keys, codes) in self.keys.iter().zip(&self.codes) {
                for (key, code) in keys.0.iter().zip(codes).filter(|(key, _)| **key != 0) {
                    larger.put(*key, *code, hasher.hash_one(*key));
                }
            }
            *self = larger;
        }
        self.put(key, code, hasher.hash_one(key));
    }

    fn put(&mut self, key: u128, code: Code, hash: u64) {
        let mut place = self.place(hash);
        loop {
            if let Some(slot) = self.keys[place].0.iter().position(|known| *known == 0) {
                self.keys[place].0[slot] = key;
                self.codes[place][slot] = code;
                self.count += 1;
                return;
            }
            place = (place + 1) & (self.keys.len() - 1);
        }
    }
}

/// Up to 15 bytes and their count in one word.
#[inline]
pub(super) fn packed(text: &[u8], start: usize, length: usize) -> u128 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_again_with_its_code() {
        let hasher = foldhash::fast::RandomState::default();
        let (mut table, mut quick) = (Short::default(), 0);
        let key = |n: u32| packed(n.to_string().as_bytes(), 0, n.to_string().len());
        for n in 0..10_000 {
            assert_eq!(table.find(key(n), hasher.hash_one(key(n))), None);
            table.insert(key(n), Code::of(n), &hasher);
        }
        for n in 0..10_000 {
            let hash = hasher.hash_one(key(n));
            assert_eq!(table.find(key(n), hash), Some(Code::of(n)));
            let found = table.quick(key(n), hash);
            assert!(found == Code::of(n) || found == Code::PENDING);
            quick += usize::from(found == Code::of(n));
        }
        assert!(quick > 8_000, "{quick} of 10000 at first sight");
    }
}
