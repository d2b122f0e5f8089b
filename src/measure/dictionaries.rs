//! Texts by code, whoever keeps them: a parser of files, or rows of config.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::eval::Evaluator;
use crate::data::Dictionary;
use crate::plan::Scan;
use crate::rel::{Aggregate, ExprId};

/// The texts of a worker's columns.
pub(super) trait Dictionaries {
    /// Texts by code of a column; empty where the column is no text.
    fn texts(&self, column: usize) -> &Dictionary;

    /// The same, when all rows are counted.
    fn take(&mut self, column: usize) -> Dictionary;
}

/// Texts that are held here, by column.
pub(super) struct Held(pub(super) Vec<Dictionary>);

impl Dictionaries for Held {
    fn texts(&self, column: usize) -> &Dictionary {
        &self.0[column]
    }

    fn take(&mut self, column: usize) -> Dictionary {
        std::mem::take(&mut self.0[column])
    }
}

/// Codes of distinct numbers and dates.
pub(super) type Numbers = HashMap<i128, u32, foldhash::fast::FixedState>;

/// The texts by code of all that is counted distinct.
pub(super) fn members(
    scan: &Scan,
    evaluator: &mut Evaluator<'_>,
    mut codes: HashMap<ExprId, Numbers>,
    dictionaries: &mut dyn Dictionaries,
) -> BTreeMap<ExprId, Dictionary> {
    let (mut members, mut taken) = (BTreeMap::new(), BTreeMap::new());
    let leaves = scan.leaves.iter().filter(|leaf| leaf.function == Aggregate::CountDistinct);
    for arg in leaves.filter_map(|leaf| leaf.arg) {
        if members.contains_key(&arg) {
            continue;
        }
        let texts = match (codes.remove(&arg), evaluator.texts_of(arg)) {
            (Some(codes), _) => {
                let mut numbers: Vec<(u32, i128)> =
                    codes.into_iter().map(|(n, c)| (c, n)).collect();
                numbers.sort_unstable();
                numbers.into_iter().map(|(_, number)| number.to_string()).collect()
            }
            (None, Some(column)) => match taken.insert(column, arg) {
                Some(other) => Dictionary::clone(&members[&other]),
                None => dictionaries.take(column),
            },
            (None, None) => evaluator.take_texts(arg),
        };
        members.insert(arg, texts);
    }
    members
}

/// The distinct texts of an expression.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) texts: Vec<Arc<str>>,
    index: HashMap<Arc<str>, u32, foldhash::fast::FixedState>,
}

impl Texts {
    pub(super) fn code(&mut self, text: &Arc<str>) -> u32 {
        if let Some(code) = self.index.get(text) {
            return *code;
        }
        let code = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(Arc::clone(text));
        self.index.insert(Arc::clone(text), code);
        code
    }
}
