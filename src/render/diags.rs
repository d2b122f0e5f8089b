//! The mistakes that a template's author can make.

use crate::diag::Diagnostic;
use crate::text::Place;

pub(super) fn syntax(place: Place, what: &str) -> Diagnostic {
    Diagnostic::author("template-syntax", format!("this template cannot be read: {what}"))
        .at(place)
        .label("here")
        .help("templates are written in the language of Jinja; see the shipped ones for examples")
}

pub(super) fn failed(place: Place, what: &str) -> Diagnostic {
    Diagnostic::author("template-failed", format!("this template cannot be filled: {what}"))
        .at(place)
        .label("here")
        .help(
            "ask whether a value is there with `is defined` or `is not none` before it is printed",
        )
}

pub(super) fn too_much(place: Place) -> Diagnostic {
    Diagnostic::author("template-too-long", "this template does not come to an end")
        .at(place)
        .help("look for a loop inside a loop over all values")
}

pub(super) fn unknown_format(name: &str, format: &str) -> Diagnostic {
    let headline = format!("`{format}` is not a format that a template can have");
    Diagnostic::author("template-format", headline)
        .at(Place::File(name.into()))
        .help("name the template main.md.j2 or main.html.j2")
}
