//! The one frozen, versioned, serialisable view: all that templates and machine formats may see.
//!
//! Owns the words (a table by key) and the form of numbers. A pure function of catalog, measurements and
//! assessment; draws nothing and writes nothing.

mod arrange;
mod bridge;
mod chart;
mod checks;
mod contradictions;
mod explain;
mod facts;
mod feeds;
mod frameworks;
mod known;
mod lede;
mod list;
mod maturity;
mod model;
mod model_data;
mod needs;
mod number;
mod phrase;
mod profile;
mod reason;
mod report;
mod tables;
mod time;
mod value;
mod words;

pub use chart::{HeatView, LineView, RoadView, Spark, WaterfallView};
#[cfg(test)]
pub(crate) use chart::{Shade, Step, heat, line, road, waterfall};
pub use checks::{glyph_of, mark_of};
pub use contradictions::contradictions;
pub use explain::{CellView, ExplainView, RowView, explain_check, explain_metric};
pub use facts::{Facts, is_state};
pub use feeds::feeds;
pub use list::{
    CheckItem, ColumnItem, DatasetItem, FrameworkItem, ListView, MetricItem, ReportItem, list,
};
pub use maturity::*;
pub use model::*;
pub use model_data::*;
pub use needs::{buckets, check_needs, metric_needs, needs};
pub use number::Shown;
#[cfg(test)]
pub(crate) use number::{change, none, share, shown};
#[cfg(test)]
pub(crate) use phrase::BasisForm;
pub use phrase::{Basis, Said};
pub use profile::*;
pub use reason::{reason, why};
pub use report::{checks, metrics, report};
pub use time::PeriodView;
#[cfg(test)]
pub(crate) use time::period;
pub use words::say;

/// The version of what templates see.
pub const SCHEMA: &str = "milepost.view/1";
