//! Pairs of a group and a value, each once with its count, in few bytes.
//!
//! New pairs are gathered, sorted, and merged into what is packed: the differences between neighbours, which are
//! small numbers of a byte or two. So memory goes with the pairs that differ, not with rows.

use std::iter::Peekable;
use std::marker::PhantomData;

/// New pairs are packed from this many on, or a third of what is packed.
const FRESH: usize = 1 << 19;

/// A group and a value in one number, in their order.
pub(super) trait Pair: Copy + Ord + Into<u128> {
    /// Whether it is told how often a pair came.
    const COUNTED: bool;
    fn new(group: u32, value: i64) -> Self;
    fn unpacked(pair: u128) -> (u32, i64);
}

/// A group and a code.
impl Pair for u64 {
    const COUNTED: bool = false;

    fn new(group: u32, code: i64) -> Self {
        Self::from(group) << 32 | Self::from(u32::try_from(code).unwrap_or(u32::MAX))
    }

    fn unpacked(pair: u128) -> (u32, i64) {
        (low(pair >> 32), low(pair).into())
    }
}

/// A group and any value.
impl Pair for u128 {
    const COUNTED: bool = true;

    fn new(group: u32, value: i64) -> Self {
        Self::from(group) << 64 | Self::from((value ^ i64::MIN).cast_unsigned())
    }

    fn unpacked(pair: u128) -> (u32, i64) {
        let value = u64::from(low(pair >> 32)) << 32 | u64::from(low(pair));
        (low(pair >> 64), value.cast_signed() ^ i64::MIN)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the rest is taken elsewhere")]
fn low(pair: u128) -> u32 {
    pair as u32
}

/// The pairs of one leaf.
#[derive(Debug, Clone)]
pub(super) struct Runs<P> {
    packed: Packed,
    fresh: Vec<P>,
}

/// Pairs in their order: each as the difference to the one before, doubled, and one more where its count follows.
#[derive(Debug, Clone, Default)]
struct Packed {
    bytes: Vec<u8>,
    pairs: usize,
    last: u128,
}

impl<P: Pair> Runs<P> {
    pub(super) fn new() -> Self {
        Self { packed: Packed::default(), fresh: Vec::new() }
    }

    /// Adds a chunk's pairs.
    pub(super) fn extend(&mut self, pairs: impl Iterator<Item = P>) {
        self.fresh.extend(pairs);
        if self.fresh.len() >= FRESH.max(self.packed.pairs / 3) {
            self.pack();
        }
    }

    /// Calls `visit` with each group and its values and their counts, both ascending.
    pub(super) fn each_group(mut self, mut visit: impl FnMut(u32, &[(i64, u64)])) {
        self.pack();
        let (mut current, mut values) = (0, Vec::new());
        for (pair, count) in self.packed.pairs::<P>() {
            let (group, value) = P::unpacked(pair);
            if group != current && !values.is_empty() {
                visit(current, &values);
                values.clear();
            }
            current = group;
            values.push((value, count));
        }
        if !values.is_empty() {
            visit(current, &values);
        }
    }

    fn pack(&mut self) {
        let mut fresh = std::mem::take(&mut self.fresh);
        fresh.sort_unstable();
        let old = std::mem::take(&mut self.packed);
        self.packed.bytes.reserve(old.bytes.len() + fresh.len() * 2);
        let mut before = old.pairs::<P>().peekable();
        for same in fresh.chunk_by(|a, b| a == b) {
            let (pair, mut count) = (same[0].into(), same.len() as u64);
            self.packed.put_below::<P>(&mut before, pair);
            count += before.next_if(|(known, _)| *known == pair).map_or(0, |(_, count)| count);
            self.packed.put::<P>(pair, count);
        }
        self.packed.put_below::<P>(&mut before, u128::MAX);
        fresh.clear();
        self.fresh = fresh;
    }
}

impl Packed {
    fn pairs<P: Pair>(&self) -> Pairs<'_, P> {
        Pairs { bytes: self.bytes.iter(), last: 0, of: PhantomData }
    }

    fn put_below<P: Pair>(&mut self, pairs: &mut Peekable<Pairs<'_, P>>, end: u128) {
        while let Some((pair, count)) = pairs.next_if(|(pair, _)| *pair < end) {
            self.put::<P>(pair, count);
        }
    }

    fn put<P: Pair>(&mut self, pair: u128, count: u64) {
        let step = pair - self.last;
        (self.last, self.pairs) = (pair, self.pairs + 1);
        if !P::COUNTED {
            return self.number(step);
        }
        self.number(step << 1 | u128::from(count > 1));
        if count > 1 {
            self.number(count.into());
        }
    }

    /// Seven bits a byte, the lowest first.
    fn number(&mut self, mut number: u128) {
        let mut rest = loop {
            match u64::try_from(number) {
                Ok(rest) => break rest,
                Err(_) => self.bytes.push(0x80 | low(number).to_le_bytes()[0]),
            }
            number >>= 7;
        };
        while rest > 0x7F {
            self.bytes.push(0x80 | rest.to_le_bytes()[0]);
            rest >>= 7;
        }
        self.bytes.push(rest.to_le_bytes()[0]);
    }
}

/// Reads what is packed.
struct Pairs<'a, P> {
    bytes: std::slice::Iter<'a, u8>,
    last: u128,
    of: PhantomData<P>,
}

impl<P> Pairs<'_, P> {
    #[inline]
    fn number(&mut self) -> Option<u128> {
        let first = *self.bytes.next()?;
        if first < 0x80 {
            return Some(first.into());
        }
        let (mut number, mut shift) = (u64::from(first & 0x7F), 7);
        for byte in self.bytes.by_ref() {
            if shift > 56 {
                return Some(self.wide(number, *byte));
            }
            number |= u64::from(byte & 0x7F) << shift;
            shift += 7;
            if *byte < 0x80 {
                break;
            }
        }
        Some(number.into())
    }

    /// The rest of a number of more than 63 bits.
    #[cold]
    fn wide(&mut self, number: u64, next: u8) -> u128 {
        let (mut number, mut shift, mut byte) = (u128::from(number), 63, next);
        loop {
            number |= u128::from(byte & 0x7F) << shift;
            shift += 7;
            if byte < 0x80 {
                return number;
            }
            let Some(next) = self.bytes.next() else { return number };
            byte = *next;
        }
    }
}

impl<P: Pair> Iterator for Pairs<'_, P> {
    type Item = (u128, u64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let mut step = self.number()?;
        let mut count = 1;
        if P::COUNTED {
            if step & 1 == 1 {
                count = u64::try_from(self.number()?).unwrap_or(u64::MAX);
            }
            step >>= 1;
        }
        self.last += step;
        Some((self.last, count))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Numbers that repeat, of all sizes.
    fn values() -> impl Iterator<Item = (u32, i64)> {
        let odd = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (0..400_000).map(move |n| {
            let group = u32::try_from(odd(n) >> 61).unwrap();
            let value = match n % 3 {
                0 => odd(n / 7).cast_signed(),
                1 => i64::try_from(odd(n) >> 50).unwrap(),
                _ => -i64::try_from(odd(n) >> 56).unwrap(),
            };
            (group, value)
        })
    }

    /// Packs what is there after each chunk.
    fn counted<P: Pair>(pairs: &[(u32, i64)], chunk: usize) -> BTreeMap<(u32, i64), u64> {
        let (mut runs, mut found) = (Runs::<P>::new(), BTreeMap::new());
        for chunk in pairs.chunks(chunk) {
            runs.extend(chunk.iter().map(|(group, value)| P::new(*group, *value)));
            runs.pack();
        }
        runs.each_group(|group, values| {
            assert!(values.is_sorted());
            for (value, count) in values {
                assert_eq!(found.insert((group, *value), *count), None, "{group} {value}");
            }
        });
        found
    }

    #[test]
    fn every_pair_comes_back_once_with_its_count() {
        let pairs: Vec<_> = values().chain([(0, i64::MIN), (u32::MAX, i64::MAX)]).collect();
        let mut plain = BTreeMap::new();
        pairs.iter().for_each(|pair| *plain.entry(*pair).or_insert(0) += 1);
        assert_eq!(counted::<u128>(&pairs, 30_000), plain);
        assert_eq!(counted::<u128>(&pairs, 1_000_000), plain);
    }

    #[test]
    fn codes_come_back_once() {
        let codes: Vec<_> = values().map(|(group, v)| (group, (v & 0xFFFF_FFFF) % 5000)).collect();
        let plain: Vec<_> =
            codes.iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        let found = counted::<u64>(&codes, 70_000);
        assert_eq!(found.keys().collect::<Vec<_>>(), plain);
    }
}
