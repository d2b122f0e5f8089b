//! View and template to text: Markdown and HTML.
//!
//! Owns the template language's settings and the escaping of data. Forms no number and no sentence: what a
//! template prints is already text. Same view and template, same bytes.

mod diags;
mod environment;
mod escape;
mod prose;
#[cfg(test)]
mod tests;

use minijinja::value::Serde;
use minijinja::{Environment, Error, ErrorKind};

use crate::catalog::Report;
use crate::diag::Diagnostic;
use crate::text::{Place, Sources, Span};
use crate::view::ReportView;
use environment::Part;

/// Bytes that one report may have.
const MOST_BYTES: usize = 64 << 20;

/// The mistakes in a report's templates that can be seen without data.
pub fn check(report: &Report, sources: &mut Sources) -> Vec<Diagnostic> {
    environment::build(report).1.into_iter().map(|(at, e)| told(report, sources, at, &e)).collect()
}

/// The formats that a report has a template for, in order.
pub fn formats(report: &Report) -> Vec<&str> {
    report.templates.iter().map(|t| t.format.as_str()).collect()
}

/// A report in one of its formats.
///
/// # Errors
/// A mistake in the template, with its place.
pub fn render(
    report: &Report,
    format: &str,
    view: &ReportView,
    sources: &mut Sources,
) -> Result<String, Box<Diagnostic>> {
    let unknown = || Box::new(diags::unknown_format(report.id.as_str(), format));
    let at = report.templates.iter().position(|t| t.format == format);
    let at = at.filter(|_| environment::ESCAPED.contains(&format)).ok_or_else(unknown)?;
    let (environment, mistakes) = environment::build(report);
    let run = match mistakes.into_iter().next() {
        Some((at, mistake)) => return Err(Box::new(told(report, sources, at, &mistake))),
        None => filled(&environment, &format!("{}/main.{format}.j2", report.id), view),
    };
    run.map(tidy).map_err(|e| Box::new(told(report, sources, at, &e)))
}

fn filled(environment: &Environment<'_>, name: &str, view: &ReportView) -> Result<String, Error> {
    let template = environment.get_template(name)?;
    let mut out = Capped(Vec::new());
    template.render_captured_to(Serde(view), &mut out)?;
    String::from_utf8(out.0).map_err(|_| Error::new(ErrorKind::WriteFailure, "not text"))
}

/// Bytes up to a limit: fuel counts steps, not what they write.
struct Capped(Vec<u8>);

impl std::io::Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > MOST_BYTES {
            return Err(std::io::Error::from(std::io::ErrorKind::FileTooLarge));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// No blanks at line ends, no two blank lines in a row, one line end at the end.
fn tidy(text: String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && blank) {
            out.push_str(line);
            out.push('\n');
        }
        blank = line.is_empty();
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// A mistake of the template engine at its deepest place: an include's error names the part.
fn told(report: &Report, sources: &mut Sources, at: usize, error: &Error) -> Diagnostic {
    let mut deepest = error;
    let mut next: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(cause) = next {
        if let Some(inner) = cause.downcast_ref::<Error>().filter(|e| e.name().is_some()) {
            deepest = inner;
        }
        next = cause.source();
    }
    let parts = environment::parts(report);
    let part = parts.iter().find(|p| Some(p.key.as_str()) == deepest.name()).or(parts.get(at));
    let place = part.map_or(Place::File(report.id.text()), |p| place(sources, p, deepest));
    let what = match deepest.detail() {
        Some(detail) => detail.to_owned(),
        None => deepest.kind().to_string(),
    };
    match deepest.kind() {
        ErrorKind::OutOfFuel | ErrorKind::WriteFailure => diags::too_much(place),
        ErrorKind::SyntaxError | ErrorKind::BadEscape => diags::syntax(place, &what),
        _ => diags::failed(place, &what),
    }
}

/// The range of the error, else its line, else the template.
fn place(sources: &mut Sources, template: &Part<'_>, error: &Error) -> Place {
    let line = || {
        let number = error.line()?;
        let start: usize = template.text.split_inclusive('\n').take(number - 1).map(str::len).sum();
        let length = template.text.get(start..)?.lines().next()?.len();
        Some(start..start + length)
    };
    let range = error.range().filter(|r| !r.is_empty() && r.end <= template.text.len());
    let Some(range) = range.or_else(line) else {
        return Place::File(template.name.as_str().into());
    };
    let source = sources.add(template.name.as_str(), template.text.clone());
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Place::Text(Span { source, start: offset(range.start), end: offset(range.end) })
}
