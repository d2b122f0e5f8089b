//! Phrases beside a value, formed when asked: what stands in its place, and what it rests on.

use serde::{Serialize, Serializer};

use super::number::Shown;
use super::words::say;
use crate::domain::Status;

/// What stands where a value should: the value, or in a word why it does not.
#[derive(Debug, Clone)]
pub struct Said {
    pub(crate) status: Status,
    pub(crate) value: Shown,
}

impl Said {
    pub fn text(&self) -> String {
        match self.status {
            Status::Ok => self.value.text(),
            Status::NoData => say("value.no-data", &[]),
            Status::TooFew => say("value.too-few", &[]),
            Status::NotComputable => say("value.withheld", &[]),
            Status::Failed => say("value.failed", &[]),
        }
    }
}

/// What a value rests on: "34 of 109 closed deals".
#[derive(Debug, Clone)]
pub struct Basis {
    pub(crate) form: BasisForm,
    /// The population in words, or the titles of the parts.
    pub(crate) of: String,
}

#[derive(Debug, Clone)]
pub(crate) enum BasisForm {
    /// Other metrics.
    Parts,
    /// Usable rows, of so many in scope.
    Usable(Shown, Shown),
    /// A share of the population's rows.
    Share(Shown, Shown),
    /// One number over another, and the rows.
    Ratio(Shown, Shown, Shown),
    Rows(Shown),
}

impl Basis {
    pub fn text(&self) -> String {
        let of = self.of.as_str();
        match &self.form {
            BasisForm::Parts => say("evidence.derived", &[("parts", of)]),
            BasisForm::Usable(usable, in_scope) => {
                let (usable, in_scope) = (usable.text(), in_scope.text());
                let fill = [("usable", usable.as_str()), ("in_scope", &in_scope)];
                say("evidence.usable", &[fill[0], fill[1], ("population", of)])
            }
            BasisForm::Share(top, bottom) => {
                let (top, bottom) = (top.text(), bottom.text());
                let fill = [("numerator", top.as_str()), ("denominator", &bottom)];
                say("evidence.share", &[fill[0], fill[1], ("population", of)])
            }
            BasisForm::Ratio(top, bottom, n) => {
                let (top, bottom, n) = (top.text(), bottom.text(), n.text());
                let fill = [("numerator", top.as_str()), ("denominator", &bottom), ("n", &n)];
                say("evidence.ratio", &[fill[0], fill[1], fill[2], ("population", of)])
            }
            BasisForm::Rows(n) => {
                say("evidence.total", &[("n", n.text().as_str()), ("population", of)])
            }
        }
    }
}

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl Serialize for Basis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}
