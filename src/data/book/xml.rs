//! XML of workbooks, tag by tag, in bounded memory.

use std::borrow::Cow;
use std::io::{BufReader, Read};

use quick_xml::events::{BytesRef, BytesStart, Event};

use super::Stop;
use super::package::Tame;

const BUFFER: usize = 64 * 1024;

/// The most that one cell's text may be put together from.
const LONGEST: usize = 8 << 20;

pub(super) type Xml<R> = quick_xml::Reader<BufReader<Tame<R>>>;

pub(super) fn xml<R: Read>(part: R) -> Xml<R> {
    let mut reader =
        quick_xml::Reader::from_reader(BufReader::with_capacity(BUFFER, Tame::new(part)));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.check_comments = false;
    config.expand_empty_elements = true;
    reader
}

impl From<quick_xml::Error> for Stop {
    fn from(error: quick_xml::Error) -> Self {
        match &error {
            quick_xml::Error::Io(cause) => Self::of(cause),
            _ => Self::Broken(error.to_string()),
        }
    }
}

/// The keys and raw values of a tag; what is no attribute ends them.
pub(super) struct Attributes<'a>(&'a str);

impl<'a> Attributes<'a> {
    pub(super) fn of(tag: &'a BytesStart<'_>) -> Self {
        Self(tag.attributes_raw())
    }

    /// Of what stands behind a tag's name.
    pub(super) fn raw(text: &'a str) -> Self {
        Self(text)
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_ascii_start();
        let equals = memchr::memchr(b'=', rest.as_bytes())?;
        let key = rest[..equals].trim_ascii_end();
        let value = rest[equals + 1..].trim_ascii_start();
        let quote = *value.as_bytes().first().filter(|quote| matches!(quote, b'"' | b'\''))?;
        let end = memchr::memchr(quote, &value.as_bytes()[1..])? + 1;
        self.0 = &value[end + 1..];
        Some((key, &value[1..end]))
    }
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The value of an attribute, whatever its prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let raw = Attributes::of(tag).find(|(key, _)| local(key) == name)?.1;
    Some(unescaped(raw).into_owned())
}

/// With its entities as what they mean; what means nothing stays as it stands.
pub(super) fn unescaped(raw: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw))
}

/// Adds what an event holds of text.
pub(super) fn push_text(event: &Event<'_>, text: &mut String) -> Result<(), Stop> {
    match event {
        Event::Text(more) => text.push_str(&more.xml10_content()),
        Event::CData(more) => text.push_str(&more.xml10_content()),
        Event::GeneralRef(entity) => push_entity(entity, text)?,
        _ => {}
    }
    if text.len() > LONGEST {
        return Err(Stop::broken(format!("a cell in it is longer than {} MB", LONGEST >> 20)));
    }
    Ok(())
}

fn push_entity(entity: &BytesRef<'_>, text: &mut String) -> Result<(), Stop> {
    match quick_xml::escape::resolve_predefined_entity(entity) {
        Some(known) => text.push_str(known),
        None => match entity.resolve_char_ref()? {
            Some(char) => text.push(char),
            None => return Err(Stop::broken(format!("`&{};` in it means nothing", &**entity))),
        },
    }
    Ok(())
}
