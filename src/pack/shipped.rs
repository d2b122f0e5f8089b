//! What ships inside the binary.

use include_dir::{Dir, include_dir};

use super::reports::source;
use super::{PackText, REPORTS, Shipped};
use crate::text::Source;

static RULES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");
static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/report-templates");

/// Every folder of `rules/` with a `pack.toml`, in order of name; and the files of `report-templates/`, in
/// path order.
pub fn shipped() -> Shipped {
    let mut packs: Vec<PackText> = RULES.dirs().filter_map(pack).collect();
    packs.sort_by(|a, b| a.folder.cmp(&b.folder));
    let mut reports = Vec::new();
    gather(&TEMPLATES, REPORTS, &mut reports);
    reports.sort_by(|a, b| a.name.cmp(&b.name));
    Shipped { packs, reports }
}

fn pack(folder: &Dir<'_>) -> Option<PackText> {
    let mut files = Vec::new();
    gather(folder, "rules/", &mut files);
    files.retain(|f| f.name.ends_with(".toml"));
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let name = folder.path().to_str()?.to_owned();
    let head = format!("rules/{name}/pack.toml");
    let at = files.iter().position(|f| *f.name == *head)?;
    let head = files.remove(at);
    Some(PackText { folder: name, head, files })
}

fn gather(folder: &Dir<'_>, prefix: &str, files: &mut Vec<Source>) {
    for file in folder.files() {
        if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            files.push(source(format!("{prefix}{}", path.replace('\\', "/")), text));
        }
    }
    for inner in folder.dirs() {
        gather(inner, prefix, files);
    }
}
