//! A column of computed values for one chunk.

use crate::domain::{Day, Decimal, Instant, Type, Value};

/// Values of one expression over a chunk's rows; where not present, the value is its type's zero.
#[derive(Debug, Clone)]
pub(super) struct Vector {
    pub(super) values: Values,
    pub(super) present: Vec<bool>,
}

/// Texts are codes of the expression's own dictionary.
#[derive(Debug, Clone)]
pub(super) enum Values {
    Text(Vec<u32>),
    Number { scale: u8, units: Vec<i128> },
    Date(Vec<i32>),
    DateTime(Vec<i64>),
    Bool(Vec<bool>),
}

impl Vector {
    /// An empty vector of a type; numbers at the scale.
    pub(super) fn empty(ty: Type, scale: u8) -> Self {
        let values = match ty {
            Type::Text | Type::Null => Values::Text(Vec::new()),
            Type::Integer | Type::Number | Type::Money(_) => {
                Values::Number { scale, units: Vec::new() }
            }
            Type::Date => Values::Date(Vec::new()),
            Type::DateTime => Values::DateTime(Vec::new()),
            Type::Boolean => Values::Bool(Vec::new()),
        };
        Self { values, present: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.present.len()
    }

    /// Appends a value that is not a text; `None` on overflow of the vector's scale.
    pub(super) fn push(&mut self, value: &Value) -> Option<()> {
        self.present.push(!value.is_null());
        match (&mut self.values, value) {
            (Values::Number { scale, units }, Value::Number(number)) => {
                units.push(number.at_scale(*scale).ok()?.units());
            }
            (Values::Number { units, .. }, _) => units.push(0),
            (Values::Date(days), value) => days.push(value.day().map_or(0, |d| d.0)),
            (Values::DateTime(micros), Value::DateTime(at)) => micros.push(at.0),
            (Values::DateTime(micros), _) => micros.push(0),
            (Values::Bool(truths), value) => truths.push(value.as_bool().unwrap_or(false)),
            (Values::Text(codes), _) => codes.push(0),
        }
        Some(())
    }

    /// Appends a text's code, or null.
    pub(super) fn push_code(&mut self, code: Option<u32>) {
        self.present.push(code.is_some());
        if let Values::Text(codes) = &mut self.values {
            codes.push(code.unwrap_or(0));
        }
    }

    /// The vector of `self` at each code; null where the code's row is not present.
    pub(super) fn gather(&self, codes: &[u32], present: &[bool]) -> Self {
        let at = |i: usize| codes[i] as usize;
        let live = |i: usize| present[i] && self.present[at(i)];
        let n = codes.len();
        let values = match &self.values {
            Values::Text(v) => Values::Text(pick(n, live, |i| v[at(i)])),
            Values::Number { scale, units } => {
                Values::Number { scale: *scale, units: pick(n, live, |i| units[at(i)]) }
            }
            Values::Date(v) => Values::Date(pick(n, live, |i| v[at(i)])),
            Values::DateTime(v) => Values::DateTime(pick(n, live, |i| v[at(i)])),
            Values::Bool(v) => Values::Bool(pick(n, live, |i| v[at(i)])),
        };
        Self { values, present: (0..n).map(live).collect() }
    }

    /// The value of a row that is not a text.
    pub(super) fn value(&self, row: usize) -> Value {
        if !self.present[row] {
            return Value::Null;
        }
        match &self.values {
            Values::Text(_) => Value::Null,
            Values::Number { scale, units } => Value::Number(Decimal::new(units[row], *scale)),
            Values::Date(days) => Value::Date(Day(days[row])),
            Values::DateTime(micros) => Value::DateTime(Instant(micros[row])),
            Values::Bool(truths) => Value::Bool(truths[row]),
        }
    }

    /// Orderable integers of a vector that is not text: units, days, microseconds, 0 or 1.
    pub(super) fn integer(&self, row: usize) -> i128 {
        match &self.values {
            Values::Text(codes) => codes[row].into(),
            Values::Number { units, .. } => units[row],
            Values::Date(days) => days[row].into(),
            Values::DateTime(micros) => micros[row].into(),
            Values::Bool(truths) => truths[row].into(),
        }
    }
}

fn pick<T: Default>(n: usize, live: impl Fn(usize) -> bool, get: impl Fn(usize) -> T) -> Vec<T> {
    (0..n).map(|i| if live(i) { get(i) } else { T::default() }).collect()
}
