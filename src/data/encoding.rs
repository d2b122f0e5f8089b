//! Which encoding a file is in: by its mark, its declaration, its pattern, or a guess that is
//! reported.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How to read a file's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// None is UTF-8.
    pub(super) encoding: Option<&'static Encoding>,
    /// Bytes of the byte order mark.
    pub(super) skip: usize,
    /// Nothing in the file or the feed says so.
    pub(super) guessed: bool,
}

/// The encoding of the label that a feed declares.
pub(super) fn by_label(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.trim().as_bytes())
}

/// Decides by the file's first bytes; `whole` says that there are no more.
pub(super) fn find(head: &[u8], declared: Option<&'static Encoding>, whole: bool) -> Found {
    let known = |encoding: &'static Encoding, skip, guessed| {
        let encoding = (encoding != UTF_8).then_some(encoding);
        Found { encoding, skip, guessed }
    };
    if let Some((encoding, skip)) = Encoding::for_bom(head) {
        return known(encoding, skip, false);
    }
    if let Some(encoding) = declared {
        return known(encoding, 0, false);
    }
    if let Some(encoding) = by_nul_pattern(head) {
        return known(encoding, 0, true);
    }
    if is_utf8(head, whole) {
        return known(UTF_8, 0, false);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, whole);
    known(detector.guess(None, Utf8Detection::Deny), 0, true)
}

fn is_utf8(head: &[u8], whole: bool) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        // A character that is cut at the end of what was read.
        Err(error) => !whole && error.error_len().is_none(),
    }
}

/// Latin text in UTF-16 has a NUL in every other place.
fn by_nul_pattern(head: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = head[..head.len().min(4096)].as_chunks::<2>();
    let high = pairs.iter().filter(|pair| pair[0] == 0).count();
    let low = pairs.iter().filter(|pair| pair[1] == 0).count();
    let (often, seldom) = (pairs.len() * 2 / 5, pairs.len() / 20);
    if pairs.len() < 4 {
        None
    } else if low >= often && high <= seldom {
        Some(UTF_16LE)
    } else if high >= often && low <= seldom {
        Some(UTF_16BE)
    } else {
        None
    }
}
