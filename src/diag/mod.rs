//! The shape of a diagnostic: an author's or a file's mistake, with a place and a next step.
//!
//! Owns shapes only. Words belong to one constructor per code, in the `diags.rs` of the stage that finds the
//! mistake; drawing belongs to `cli`. A diagnostic is never a verdict (a check not met) nor a fault (the
//! machine failed).

use crate::text::Place;

/// Whose mistake it is; decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blame {
    /// Usage, config, rule or template: exit code 2.
    Author,
    /// Missing, unreadable or broken data: exit code 3.
    Data,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, kebab-case; one constructor per code.
    pub code: &'static str,
    pub severity: Severity,
    pub blame: Blame,
    /// Lower case, no full stop: what is wrong.
    pub headline: String,
    /// Where, with the words that stand under the marker.
    pub place: Option<Place>,
    pub label: String,
    /// Other places that belong to it, such as the first of two equal ids.
    pub others: Vec<(Place, String)>,
    /// The next step, in one or two sentences.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An author's mistake. The code stands literally at the call: tests read the source for the list of codes.
    pub fn author(code: &'static str, headline: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, Blame::Author, headline.into())
    }

    /// A mistake in the data.
    pub fn data(code: &'static str, headline: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, Blame::Data, headline.into())
    }

    /// Something that does not stop the run.
    pub fn warning(code: &'static str, headline: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, Blame::Author, headline.into())
    }

    fn new(code: &'static str, severity: Severity, blame: Blame, headline: String) -> Self {
        let (label, others, help) = (String::new(), Vec::new(), Vec::new());
        Self { code, severity, blame, headline, place: None, label, others, help }
    }

    #[must_use]
    pub fn at(mut self, place: impl Into<Option<Place>>) -> Self {
        self.place = place.into();
        self
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn also(mut self, place: Place, label: impl Into<String>) -> Self {
        self.others.push((place, label.into()));
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds "did you mean `x`?" where a near name is known.
    #[must_use]
    pub fn near(self, near: Option<&str>) -> Self {
        match near {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The nearest of some names, if one is near enough to be a typo.
pub fn near<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let score = |k: &str| {
        let known = k.to_lowercase().replace('-', "_");
        strsim::jaro_winkler(&wanted.replace('-', "_"), &known)
    };
    let mut best: Option<(f64, &str)> = None;
    for k in known {
        let s = score(k);
        if s >= 0.82 && best.is_none_or(|(b, n)| s > b || (s == b && k < n)) {
            best = Some((s, k));
        }
    }
    best.map(|(_, name)| name)
}

/// The machine failed: disk full, access denied, a file that vanished while it was read.
#[derive(Debug)]
pub struct Fault {
    /// What was being done, such as "writing out/maturity.html".
    pub doing: String,
    pub cause: std::io::Error,
    /// The next step, where one is known.
    pub help: Option<String>,
}

impl Fault {
    pub fn new(doing: impl Into<String>, cause: std::io::Error) -> Self {
        Self { doing: doing.into(), cause, help: None }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.doing, self.cause)
    }
}

impl std::error::Error for Fault {}

/// How many rows, in words.
pub(crate) fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

/// Names as code, the first five of them.
pub(crate) fn few<T: std::fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    let named: Vec<String> = names.into_iter().take(5).map(|name| format!("`{name}`")).collect();
    named.join(", ")
}
