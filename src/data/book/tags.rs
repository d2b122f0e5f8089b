//! The tags of an XML part, seen before its reader sees them.
//!
//! Cheap: only names of tags are looked at, and the attributes of those that somebody asks for. What makes a reader
//! fill the memory shows here: a text that does not end, a tag that does not end.

use std::io::Read;

use memchr::{memchr, memchr3, memmem};

use super::Stop;
use super::xml::Attributes;

/// What is read at once.
const PIECE: usize = 128 * 1024;

/// The longest text or tag, far beyond what a cell can hold.
pub(super) const LONGEST: usize = 8 << 20;

/// A tag's local name, and its attributes.
pub(super) struct Tag<'a> {
    pub(super) name: &'a [u8],
    /// Whether it ends something.
    pub(super) ends: bool,
    rest: &'a [u8],
}

impl Tag<'_> {
    /// Its attributes; none where they are no text.
    pub(super) fn attributes(&self) -> Attributes<'_> {
        Attributes::raw(std::str::from_utf8(self.rest).unwrap_or_default())
    }

    pub(super) fn length(&self) -> usize {
        self.rest.len()
    }
}

/// Shows the tags of a part, until nothing more is wanted; `anew` are those before which a reader is done with all that
/// it gathered; every tag, where none is named. Gives the bytes that were read.
pub(super) fn each<R: Read>(
    part: R,
    anew: &[&[u8]],
    take: impl FnMut(Tag<'_>) -> Result<bool, Stop>,
) -> Result<u64, Stop> {
    let window = Window { part, piece: PIECE, buffer: Vec::new(), at: 0, read: 0 };
    window.each(anew, take)
}
fn too_long() -> Stop {
    Stop::broken(format!("a text in it is longer than {} MB", LONGEST >> 20))
}

/// The part of a text that is looked at.
struct Window<R> {
    part: R,
    /// Bytes that are read at once, at least.
    piece: usize,
    buffer: Vec<u8>,
    at: usize,
    read: u64,
}

impl<R: Read> Window<R> {
    fn each(
        mut self,
        anew: &[&[u8]],
        mut take: impl FnMut(Tag<'_>) -> Result<bool, Stop>,
    ) -> Result<u64, Stop> {
        self.more()?;
        if matches!(self.rest(), [0xFE | 0xFF, ..] | [0, ..] | [_, 0, ..]) {
            return Err(Stop::broken("a part of it is not in UTF-8"));
        }
        let mut run = 0;
        loop {
            let open = memchr(b'<', self.rest());
            let text = open.unwrap_or(self.rest().len());
            (run, self.at) = (run + text, self.at + text);
            if open.is_some() {
                let length = self.tag()?;
                if length == 0 {
                    return Ok(self.read);
                }
                let tag = tag(&self.rest()[..length]);
                let fresh = anew.is_empty() || !tag.ends && anew.contains(&tag.name);
                run = if fresh { 0 } else { run + length };
                if !take(tag)? {
                    return Ok(self.read);
                }
                self.at += length;
            } else if !self.more()? {
                return Ok(self.read);
            }
            if run > LONGEST {
                return Err(too_long());
            }
        }
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.at..]
    }

    /// Reads as much again as is left, and at least a piece; false at the end.
    fn more(&mut self) -> Result<bool, Stop> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let more = self.buffer.len().max(self.piece);
        let got = self.part.by_ref().take(more as u64).read_to_end(&mut self.buffer)?;
        self.read += got as u64;
        Ok(got > 0)
    }

    /// The length of what begins here; 0 where the part ends in it.
    fn tag(&mut self) -> Result<usize, Stop> {
        loop {
            if let Some(end) = end(self.rest()) {
                return Ok(end);
            }
            if self.rest().len() > LONGEST {
                return Err(too_long());
            }
            if !self.more()? {
                return Ok(0);
            }
        }
    }
}

/// Where a tag, a comment or the like ends.
fn end(text: &[u8]) -> Option<usize> {
    let behind = |mark: &[u8]| memmem::find(text, mark).map(|at| at + mark.len());
    match text {
        [_, b'/', ..] => memchr(b'>', text).map(|at| at + 1),
        [_, b'?', ..] => behind(b"?>"),
        [_, b'!', b'[', ..] => behind(b"]]>"),
        [_, b'!', b'-', ..] => memmem::find(text.get(4..)?, b"-->").map(|at| at + 7),
        [_] | [_, b'!'] => None,
        _ => {
            let mut at = 1;
            loop {
                at += memchr3(b'>', b'"', b'\'', text.get(at..)?)? + 1;
                match text[at - 1] {
                    b'>' => return Some(at),
                    quote => at += memchr(quote, &text[at..])? + 1,
                }
            }
        }
    }
}

fn tag(text: &[u8]) -> Tag<'_> {
    let inside = text.get(1..text.len() - 1).unwrap_or_default();
    let ends = inside.first() == Some(&b'/');
    let inside = &inside[usize::from(ends)..];
    let blank = |b: &u8| b.is_ascii_whitespace() || *b == b'/';
    let length = inside.iter().position(blank).unwrap_or(inside.len());
    let (name, rest) = inside.split_at(length);
    let prefix = memchr(b':', name).map_or(0, |at| at + 1);
    Tag { name: &name[prefix..], ends, rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(xml: &str) -> String {
        let mut found = Vec::new();
        // So that every tag is cut.
        let part = xml.as_bytes();
        let window = Window { part, piece: 3, buffer: Vec::new(), at: 0, read: 0 };
        let bytes = window.each(&[], |tag| {
            let values = tag.attributes().map(|(key, value)| format!(" {key}={value}"));
            let end = if tag.ends { "/" } else { "" };
            found.push(
                end.to_owned() + &String::from_utf8_lossy(tag.name) + &*values.collect::<String>(),
            );
            Ok(true)
        });
        assert_eq!(bytes.unwrap(), xml.len() as u64);
        found.join("|")
    }

    #[test]
    fn tags_are_found_in_any_spelling() {
        assert_eq!(
            names(
                "<?xml a='<c>'?><x:row r=\"1\" hidden = '1'><c/>a > b<t y=\"<>\"\n>&lt;</t></x:row>"
            ),
            "?xml a=<c>|row r=1 hidden=1|c|t y=<>|/t|/row"
        );
        let passed = names("<a><!-- <c> -> --><![CDATA[<c>]]><c z=\"1\" /><d");
        assert_eq!(passed.split('|').filter(|name| name.starts_with('c')).count(), 1, "{passed}");
    }

    #[test]
    fn what_does_not_end_is_refused() {
        let long = "x".repeat(LONGEST);
        let of = |text: &str, anew: &[&[u8]]| each(text.as_bytes(), anew, |_| Ok(true)).is_ok();
        assert!(of(&format!("<a><c>{long}<c>{long}"), &[b"c"]));
        assert!(!of(&format!("<a><c>{long}<d>{long}"), &[b"c"]));
        assert!(!of(&format!("<a><c>{}<![CDATA[<c>]]>{long}", &long[9..]), &[b"c"]));
        for begun in ["<!--", "<![CDATA[", "<a b=\"", "</", "<?"] {
            assert!(
                !of(&format!("<c>{begun}{}", "<c x=''x".repeat(LONGEST / 7)), &[b"c"]),
                "{begun}"
            );
        }
        assert!(!of("<\0a\0>\0", &[]));
    }
}
