//! The records of old workbooks, and how texts are written in them.

use encoding_rs::Encoding;

use super::cut;
use crate::data::book::Stop;
use crate::data::book::cfb::u16_at;
use crate::data::book::segments::Segments;

/// How texts are written.
#[derive(Clone, Copy)]
pub(super) struct Letters {
    /// Excel 97 and later: in one or two bytes a letter, whatever the code page.
    pub(super) unicode: bool,
    /// None is a code page that nobody knows here.
    pub(super) page: Option<&'static Encoding>,
}

impl Letters {
    /// A text with its length in front, in one byte or in two.
    pub(super) fn sized(self, bytes: &[u8], wide: bool) -> Result<String, Stop> {
        let (length, rest) = if wide {
            (u16_at(bytes, 0).ok_or_else(cut)?, bytes.get(2..))
        } else {
            (u16::from(*bytes.first().ok_or_else(cut)?), bytes.get(1..))
        };
        self.text(rest.unwrap_or_default(), length.into())
    }

    /// So many letters; in Unicode behind a flag.
    pub(super) fn text(self, bytes: &[u8], length: usize) -> Result<String, Stop> {
        if length == 0 {
            return Ok(String::new());
        }
        if self.unicode {
            let (flags, rest) = bytes.split_first().ok_or_else(cut)?;
            return Segments::new(vec![rest]).chars(length, flags & 1 == 1);
        }
        let bytes = bytes.get(..length).ok_or_else(cut)?;
        match self.page {
            Some(page) => Ok(page.decode_without_bom_handling(bytes).0.into_owned()),
            None if bytes.is_ascii() => Ok(bytes.iter().copied().map(char::from).collect()),
            None => Err(Stop::broken("its texts are in a code page that is not known")),
        }
    }
}

/// The encoding of a code page by its number.
pub(super) fn code_page(number: u16) -> Option<&'static Encoding> {
    let label = match number {
        0x8000 => "macintosh".to_owned(),
        0x8001 | 1250..=1258 => format!("windows-{}", if number == 0x8001 { 1252 } else { number }),
        367 => "windows-1252".into(),
        866 => "ibm866".into(),
        874 => "windows-874".into(),
        932 => "shift_jis".into(),
        936 => "gbk".into(),
        949 => "euc-kr".into(),
        950 => "big5".into(),
        1200 => "utf-16le".into(),
        10000 => "macintosh".into(),
        20866 => "koi8-r".into(),
        65001 => "utf-8".into(),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// The text of a formula, which may run over several records.
pub(super) fn long_text(records: &[&[u8]]) -> Result<String, Stop> {
    let first = records.first().copied().unwrap_or_default();
    let Some(length) = u16_at(first, 0) else { return Ok(String::new()) };
    if length == 0 {
        return Ok(String::new());
    }
    let flags = *first.get(2).ok_or_else(cut)?;
    let mut all = vec![&first[3..]];
    all.extend(&records[1..]);
    Segments::new(all).chars(length.into(), flags & 1 == 1)
}

/// The records of a stream: a kind, a length, bytes.
pub(super) struct Records<'a> {
    pub(super) stream: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Records<'a> {
    pub(super) fn next(&mut self) -> Result<Option<(u16, &'a [u8])>, Stop> {
        let Some(rest) = self.stream.get(self.at..).filter(|rest| rest.len() >= 4) else {
            return Ok(None);
        };
        let (kind, length) = (u16_at(rest, 0).unwrap_or(0), u16_at(rest, 2).unwrap_or(0));
        let data = rest.get(4..4 + usize::from(length)).ok_or_else(cut)?;
        self.at += 4 + data.len();
        Ok(Some((kind, data)))
    }

    /// A record with those that continue it.
    pub(super) fn continued(&mut self, first: &'a [u8]) -> Vec<&'a [u8]> {
        let mut all = vec![first];
        while let Some(rest) = self.stream.get(self.at..)
            && u16_at(rest, 0) == Some(0x003C)
            && let Some(data) =
                u16_at(rest, 2).and_then(|length| rest.get(4..4 + usize::from(length)))
        {
            all.push(data);
            self.at += 4 + data.len();
        }
        all
    }
}
