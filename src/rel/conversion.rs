//! A money column at the rates of some day: a column beside the one it is made of.
//!
//! It is named like one, `amount@closed_at` or `amount@2026-10-31`, which no declared column can be: so expressions,
//! coverage and evidence treat it as any other.

use crate::domain::{Day, Id};

const AT: char = '@';

/// A money column, each amount at the rate of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    pub money: Id,
    pub day: DayOf,
}

/// Which day's rate counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayOf {
    /// The row's own, by a column of dates.
    Column(Id),
    Day(Day),
    /// No day is known, so nothing is converted.
    Nowhere,
}

impl Conversion {
    /// The name of its column.
    pub fn id(&self) -> Id {
        let day = match &self.day {
            DayOf::Column(column) => column.to_string(),
            DayOf::Day(day) => day.to_string(),
            DayOf::Nowhere => String::new(),
        };
        Id::from(format!("{}{AT}{day}", self.money).as_str())
    }

    /// What a column's name says; none of a column that feeds or config give.
    pub fn of(id: &Id) -> Option<Self> {
        let (money, day) = id.as_str().split_once(AT)?;
        let day = match (day, Day::parse(day)) {
            ("", _) => DayOf::Nowhere,
            (_, Some(day)) => DayOf::Day(day),
            (column, None) => DayOf::Column(Id::from(column)),
        };
        Some(Self { money: Id::from(money), day })
    }

    /// The column that feeds or config give: the id itself, or what it is made of.
    pub fn plain(id: &str) -> &str {
        id.split_once(AT).map_or(id, |(money, _)| money)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_made_it() {
        let days = [DayOf::Column("closed_at".into()), DayOf::Day(Day(20_000)), DayOf::Nowhere];
        for day in days {
            let conversion = Conversion { money: "amount".into(), day };
            assert_eq!(Conversion::of(&conversion.id()), Some(conversion.clone()));
            assert_eq!(Conversion::plain(conversion.id().as_str()), "amount");
        }
        assert_eq!(Conversion::of(&"amount".into()), None);
    }
}
