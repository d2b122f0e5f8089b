//! Measurements: the plan run over the feeds.
//!
//! Owns the scan, the order-free states and their end: values with population, coverage and reasons. Judges
//! nothing and has no words for people.

mod asking;
mod bridge;
mod currencies;
mod cut;
mod declared;
mod derive;
mod diags;
mod dictionaries;
mod doubles;
mod eval;
mod facts;
mod feeder;
mod finish;
mod grid;
mod groups;
mod later;
mod leaf;
mod marked;
mod met;
mod model;
mod near;
mod newest;
mod rates;
mod refused;
mod run;
mod runs;
mod scan;
mod short;
mod state;
mod strays;
mod supply;
mod table;
mod tally;
mod vector;
mod vectorise;
mod withheld;
mod witness;
mod worker;

pub use currencies::{Converted, Foreign};
pub use doubles::DoubleKeys;
pub use model::*;
pub use newest::{Lone, Newest, newest};
pub use refused::Refused;
pub use run::{Measuring, Options, measure};
pub use short::ShortRow;
pub use strays::{StrayText, Strays};

/// The day of a moment in a zone.
fn local_day(micros: i64, zone: &jiff::tz::TimeZone) -> Option<i32> {
    let moment = jiff::Timestamp::from_microsecond(micros).ok()?;
    Some(crate::domain::Day::of(moment.to_zoned(zone.clone()).date()).0)
}
