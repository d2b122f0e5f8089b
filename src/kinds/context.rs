//! What a kind may ask while it reads a rule.

use std::sync::Arc;

use crate::diag::Diagnostic;
use crate::domain::{Hours, Id, Type, Unit};
use crate::rel::{Arena, ColumnPath, ExprId};

/// A text of a rule with its place.
pub use crate::decode::Text as Written;

/// The catalog as a kind sees it. Each question that fails has already been reported when it answers `None`.
pub trait Context {
    /// A dataset that exists.
    fn dataset(&mut self, name: &Written) -> Option<Id>;
    /// The dataset's title in lower case, for words.
    fn dataset_words(&self, id: &Id) -> String;
    /// A column of a dataset, or a path through references, as an expression.
    fn column(&mut self, dataset: &Id, path: &Written) -> Option<(ExprId, ColumnPath, Type)>;
    /// The config dataset whose rows a column of another names.
    fn referenced(&mut self, dataset: &Id, column: &Written) -> Option<Id>;
    /// A check that exists.
    fn check(&mut self, name: &Written) -> Option<Id>;
    /// A typed row expression.
    fn row(&mut self, dataset: &Id, text: &Written) -> Option<ExprId>;
    /// A typed row expression that must be boolean.
    fn condition(&mut self, dataset: &Id, text: &Written) -> Option<ExprId>;
    /// A typed aggregate expression.
    fn aggregate(&mut self, dataset: &Id, text: &Written) -> Option<ExprId>;
    /// A typed expression over metrics.
    fn metrics(&mut self, text: &Written) -> Option<ExprId>;
    /// One metric that exists, with its unit.
    fn metric(&mut self, name: &Written) -> Option<(Id, Unit)>;
    /// A dimension that exists.
    fn dimension(&mut self, name: &Written) -> Option<Id>;
    /// The project's working hours, where it declares some.
    fn hours(&self) -> Option<Arc<Hours>>;
    fn arena(&mut self) -> &mut Arena;
    fn report(&mut self, diagnostic: Diagnostic);
}
