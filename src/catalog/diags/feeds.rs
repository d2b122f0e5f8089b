//! Of feeds: how files are read, and what is made of their columns.

use crate::decode::Text;
use crate::diag::Diagnostic;
use crate::domain::Type;
use crate::rel::ColumnPath;
use crate::text::Place;

pub(in crate::catalog) fn skip_form(place: Place) -> Diagnostic {
    let headline = "a skip names one column and what its cell says".to_owned();
    Diagnostic::author("skip-form", headline).at(place).help(
        "write `{ column = \"Deal ID\", starts-with = [\"Grand Total\"] }`, or `is = […]`, `like = [\"* Total\"]`, `blank = true`",
    )
}

pub(in crate::catalog) fn from_and_value(name: &Text, second: &str, place: Place) -> Diagnostic {
    let headline = format!("`{}` comes from two places", name.text);
    Diagnostic::author("from-and-value", headline)
        .at(place)
        .label(format!("`{second}` is the second"))
        .help("keep one of `from`, `value`, `expression` and `row`")
}

pub(in crate::catalog) fn header_rows_form(place: Place) -> Diagnostic {
    Diagnostic::author("header-rows-form", "the rows of a header stand one below the other")
        .at(place)
        .help("write their numbers from the top, such as `header-row = [3, 4]`")
}

pub(in crate::catalog) fn names_no_column(key: &str, place: Place) -> Diagnostic {
    Diagnostic::author("names-no-column", format!("`{key}` names columns of the file"))
        .at(place)
        .help("write a header such as `\"Region\"`, or a column's number counted from 1")
}

pub(in crate::catalog) fn two_reshapes(place: Place) -> Diagnostic {
    Diagnostic::author("two-reshapes", "a feed has either `unpivot` or `events`")
        .at(place)
        .help("keep one of them; another feed may read the same file in the other way")
}

pub(in crate::catalog) fn events_without_event(place: Place) -> Diagnostic {
    Diagnostic::author(
        "events-without-event",
        "`first` and `last` ask which event a record tells of",
    )
    .at(place)
    .help("name the column that says so: `event = \"New Stage\"`")
}

pub(in crate::catalog) fn formula_type(
    name: &Text,
    text: &Text,
    wanted: Type,
    found: Type,
) -> Diagnostic {
    let (wanted, found) = (wanted.word(), found.word());
    let headline = format!("`{}` is {wanted}, and its expression gives {found}", name.text);
    Diagnostic::author("formula-type", headline)
        .at(text.place())
        .help(format!("change the expression, or cast it: `cast(… as {wanted})`"))
}

pub(in crate::catalog) fn formula_reach(path: &ColumnPath, text: &Text) -> Diagnostic {
    let headline = format!("an expression of a feed cannot use `{path}`");
    Diagnostic::author("formula-reach", headline)
        .at(text.place())
        .help("it sees the columns that the feed takes from its file; look-ups and made columns come later")
}
