//! Where certain bytes stand, 64 at a time, as bits of a word.
//!
//! Owns the arithmetic on such words. Knows nothing of records.

/// Bits of the bytes that equal `needle`; the first byte is the lowest bit.
#[inline]
pub(super) fn equal(bytes: &[u8; 64], needle: u8) -> u64 {
    // Each hit is marked by its place's bit among eight bytes (this much becomes vector code), and a
    // multiplication then adds the eight bytes up, which cannot carry.
    let mut marks = [0u8; 64];
    for (at, (mark, byte)) in marks.iter_mut().zip(bytes).enumerate() {
        *mark = if *byte == needle { 1 << (at % 8) } else { 0 };
    }
    let (eights, _) = marks.as_chunks::<8>();
    let mut bits = 0;
    for (at, eight) in eights.iter().enumerate() {
        let sum = u64::from_le_bytes(*eight).wrapping_mul(0x0101_0101_0101_0101) >> 56;
        bits |= sum << (at * 8);
    }
    bits
}

/// Each bit becomes the parity of all bits up to and with itself.
#[inline]
pub(super) fn running_parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// The lowest `count` bits; all for 64 and more.
#[inline]
pub(super) fn lowest(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

/// Calls `visit` with each 64 bytes, their offset and their count; the last are padded with NUL.
#[inline]
pub(super) fn each_64(
    bytes: &[u8],
    mut visit: impl FnMut(&[u8; 64], usize, usize) -> std::ops::ControlFlow<()>,
) {
    let (whole, rest) = bytes.as_chunks::<64>();
    for (index, chunk) in whole.iter().enumerate() {
        if visit(chunk, index * 64, 64).is_break() {
            return;
        }
    }
    if !rest.is_empty() {
        let mut last = [0; 64];
        last[..rest.len()].copy_from_slice(rest);
        let _ = visit(&last, whole.len() * 64, rest.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain_equal(bytes: &[u8; 64], needle: u8) -> u64 {
        let hits = bytes.iter().enumerate().filter(|(_, byte)| **byte == needle);
        hits.fold(0, |bits, (at, _)| bits | 1 << at)
    }

    #[test]
    fn the_fast_comparison_finds_what_the_plain_one_finds() {
        let mut bytes = [0u8; 64];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::try_from(at * 37 % 256).unwrap();
        }
        bytes[5] = b'"';
        bytes[63] = b'"';
        for needle in 0..=255 {
            assert_eq!(equal(&bytes, needle), plain_equal(&bytes, needle), "{needle}");
        }
    }

    #[test]
    fn parity_runs_from_the_first_bit() {
        assert_eq!(running_parity(0b0100_0100), 0b0011_1100);
        assert_eq!(running_parity(1 << 63), 1 << 63);
        assert_eq!(running_parity(1), u64::MAX);
    }
}
