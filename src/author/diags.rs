//! Words of what can be wrong with the files that are looked at.

use std::path::Path;

use crate::diag::Diagnostic;
use crate::text::Place;

pub(super) fn no_such_file(path: &Path) -> Diagnostic {
    let path = path.display().to_string();
    Diagnostic::author("no-such-file", format!("there is no file or folder `{path}`"))
        .at(Place::Flag("FILE".into()))
        .help("name exports, such as exports/deals.csv, or the folder that holds them")
}

pub(super) fn no_tables(path: &Path) -> Diagnostic {
    let path = path.display().to_string();
    Diagnostic::data("no-tables", format!("`{path}` holds no file that may be a table"))
        .at(Place::File(path.into()))
        .help("in folders, files are looked at that end as tables do: .csv, .tsv, .txt, .xlsx, .gz, .zip …; name others one by one")
}
