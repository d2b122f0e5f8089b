//! The nouns everything else is said in: ids, exact numbers, values, types, periods, outcomes.
//!
//! Owns meaning, not words or places: nothing here prints for people, reads a file or knows a rule.

mod calendar;
mod decimal;
mod hours;
mod id;
mod outcome;
mod period;
mod status;
mod value;
mod weeks;

pub use calendar::{Calendar, Grain};
pub use decimal::{Decimal, MAX_SCALE, NumberError, divide_half_even};
pub use hours::Hours;
pub use id::{Id, is_kebab, is_snake};
pub use outcome::{Evidence, Outcome};
pub use period::{Period, PeriodError};
pub use status::{Direction, Status, Unit};
pub use value::{Currency, Day, Instant, Type, Value};
pub use weeks::{FiscalWeeks, FiscalWeeksError};
