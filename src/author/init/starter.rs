//! Skeletons of projects, by the name of the program that the exports come from. All of it is data in `samples/starters/`.

use include_dir::{Dir, include_dir};

use super::Texts;
use crate::author::diags;
use crate::author::quoted;
use crate::diag::Diagnostic;

static STARTERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/samples/starters");

/// Stands in a starter for the project's name.
const NAME: &str = "\"{name}\"";

/// The names of the starters, sorted.
pub fn starters() -> Vec<&'static str> {
    let mut names: Vec<&str> =
        STARTERS.dirs().filter_map(|folder| folder.path().to_str()).collect();
    names.sort_unstable();
    names
}

pub(super) fn texts(starter: &str, name: &str) -> Result<Texts, Box<Diagnostic>> {
    let Some(folder) = STARTERS.get_dir(starter) else {
        return Err(Box::new(diags::no_such_starter(starter, &starters())));
    };
    let mut texts = Texts::new();
    for file in folder.files() {
        let path = file.path().file_name().and_then(|name| name.to_str());
        if let (Some(path), Some(text)) = (path, file.contents_utf8()) {
            let text = text.replace(NAME, &quoted::text(name));
            texts.push((path.to_owned(), text.into_bytes()));
        }
    }
    texts.sort();
    Ok(texts)
}
