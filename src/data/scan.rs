//! Where certain bytes stand, 64 at a time, as bits of a word.
//!
//! Owns the arithmetic on such words. Knows nothing of records.

/// Bits of the bytes that equal `needle`; the first byte is the lowest bit.
#[inline]
pub(super) fn equal(bytes: &[u8; 64], needle: u8) -> u64 {
    marked(bytes, |byte| byte == needle)
}

/// Bits of the bytes that equal either needle.
#[inline]
pub(super) fn either(bytes: &[u8; 64], one: u8, other: u8) -> u64 {
    marked(bytes, |byte| (byte == one) | (byte == other))
}

/// For each of 64 bytes, the bit of its eight.
const EIGHTS: [u8; 64] = {
    let (mut bits, mut at) = ([0; 64], 0);
    while at < 64 {
        bits[at] = 1 << (at / 8);
        at += 1;
    }
    bits
};

#[inline]
fn marked(bytes: &[u8; 64], hit: impl Fn(u8) -> bool) -> u64 {
    // Plain loops of this form become vector code; a nested one ran eight times slower.
    let mut marks = [0u8; 64];
    for (mark, (byte, eight)) in marks.iter_mut().zip(bytes.iter().zip(&EIGHTS)) {
        *mark = if hit(*byte) { *eight } else { 0 };
    }
    let lanes = marks.as_chunks::<16>().0.iter();
    let both = lanes.fold(0, |both, lane| both | u128::from_le_bytes(*lane));
    #[expect(clippy::cast_possible_truncation, reason = "the halves are taken apart")]
    transposed(both as u64 | (both >> 64) as u64)
}

/// Turns eight bytes of eight bits over: bit `b` of byte `a` becomes bit `a` of byte `b`.
#[inline]
fn transposed(mut square: u64) -> u64 {
    for (shift, mask) in
        [(7, 0x00AA_00AA_00AA_00AA), (14, 0x0000_CCCC_0000_CCCC), (28, 0x0000_0000_F0F0_F0F0)]
    {
        let swap = (square ^ (square >> shift)) & mask;
        square ^= swap ^ (swap << shift);
    }
    square
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
            let expected = plain_equal(&bytes, needle);
            assert_eq!(equal(&bytes, needle), expected, "{needle}");
            let quotes = plain_equal(&bytes, b'"');
            assert_eq!(either(&bytes, needle, b'"'), expected | quotes, "{needle}");
        }
    }

    #[test]
    fn parity_runs_from_the_first_bit() {
        assert_eq!(running_parity(0b0100_0100), 0b0011_1100);
        assert_eq!(running_parity(1 << 63), 1 << 63);
        assert_eq!(running_parity(1), u64::MAX);
    }
}
