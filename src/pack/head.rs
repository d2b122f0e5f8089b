//! `pack.toml`.

use super::{PackText, diags};
use crate::decode::{self, Reader, Text};
use crate::diag::Diagnostic;
use crate::domain::{Id, is_kebab};
use crate::text::{Place, Sources};

/// What a pack says of itself.
#[derive(Debug, Clone)]
pub struct Head {
    pub id: Id,
    pub title: String,
    pub version: String,
    pub source: String,
    /// Packs that it builds on.
    pub requires: Vec<Text>,
    /// Whether a project without a list of packs has it.
    pub default: bool,
    pub place: Place,
}

/// Reads a pack's head; a pack whose head cannot be read is left out.
pub fn read_head(
    sources: &mut Sources,
    pack: &PackText,
    sink: &mut Vec<Diagnostic>,
) -> Option<Head> {
    let source = sources.add(pack.head.name.clone(), pack.head.text.clone());
    let table = decode::decode(source, &pack.head.text, sink);
    let mut reader = Reader::new(&table, format!("pack `{}`", pack.folder));
    let id = reader.required_text("id");
    let title = reader.required_words("title");
    let version = reader.required_words("version");
    let source = reader.words("source");
    let requires = reader.texts("requires");
    let default = reader.bool("default").unwrap_or(false);
    reader.words("doc");
    reader.finish(sink);
    let id = id?;
    if !is_kebab(&id.text) || *id.text != *pack.folder {
        sink.push(diags::pack_id(&id.text, &pack.folder, id.place()));
        return None;
    }
    let place = id.place();
    Some(Head { id: Id::new(id.text), title, version, source, requires, default, place })
}
