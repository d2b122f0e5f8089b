//! Words of what can be wrong with the files that are looked at.

use std::path::Path;

use crate::diag::{Diagnostic, near};
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

pub(super) fn outside_project(path: &Path, folder: &Path) -> Diagnostic {
    let (path, folder) = (path.display().to_string(), folder.display().to_string());
    Diagnostic::author("outside-project", format!("`{path}` is not inside `{folder}`"))
        .at(Place::Flag("--from".into()))
        .help(format!("a project reads what lies in its folder: copy the exports into `{folder}/exports`, or add `--copy`"))
}

pub(super) fn would_overwrite(folder: &Path, name: &str) -> Diagnostic {
    let folder = folder.display().to_string();
    Diagnostic::author("would-overwrite", format!("`{folder}` holds a `{name}` already"))
        .at(Place::File(folder.into()))
        .help("nothing was written; name another folder, or move the file away")
}

pub(super) fn no_such_starter(name: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::author("no-such-starter", format!("there is no starter `{name}`"))
        .at(Place::Flag("--starter".into()))
        .near(near(name, known.iter().copied()))
        .help(format!("starters are {}", known.join(", ")))
}
