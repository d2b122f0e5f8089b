//! The rows behind one value, collected while they are counted.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::cut::Cut;
use super::dictionaries::Dictionaries;
use super::eval::Evaluator;
use super::groups::Groups;
use super::model::{EvidenceRow, Member, RowReject};
use super::worker::{LeafRows, PlaceOf, ScopeRows};
use crate::domain::{Decimal, Id, Value};
use crate::plan::{Plan, ValuePlan};
use crate::rel::{Aggregate, Conversion, ExprId, When};
use crate::text::Place;

/// What to look for, and what was found.
#[derive(Clone)]
pub(super) struct Witness<'a> {
    plan: &'a Plan,
    value: &'a ValuePlan,
    pub(super) grouping: usize,
    dims: Vec<ExprId>,
    members: Vec<Member>,
    cut: Cut,
    /// The interval of rows whose time is blank or rejected.
    nowhere: Option<u32>,
    key: Option<Id>,
    pub(super) rows: Vec<EvidenceRow>,
}

impl<'a> Witness<'a> {
    /// A witness of one value of a plan; none where the plan has no such value.
    pub(super) fn new(plan: &'a Plan, ask: &super::EvidenceAsk, key: Option<Id>) -> Option<Self> {
        let value = plan.values.iter().find(|v| v.rule == ask.rule)?;
        let by: Vec<Id> = ask.key.slice.iter().map(|(d, _)| d.clone()).collect();
        let cells = value.cells.iter().find(|c| c.by == by)?;
        let grouping = plan.scans.get(value.scan)?.groupings.get(cells.grouping)?;
        Some(Self {
            plan,
            value,
            grouping: cells.grouping,
            dims: grouping.dims.iter().map(|(_, e)| *e).collect(),
            members: ask.key.slice.iter().map(|(_, m)| m.clone()).collect(),
            nowhere: Cut::nowhere(grouping),
            cut: Cut::new(grouping, &ask.key.period),
            key,
            rows: Vec::new(),
        })
    }

    /// The scan that the value belongs to.
    pub(super) fn scan(&self) -> usize {
        self.value.scan
    }

    /// Notes the rows of a chunk that belong to the value.
    pub(super) fn see(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        (groups, numbers): (&Groups, &[u32]),
        leaves: &[LeafRows],
        scopes: &[ScopeRows],
        dictionaries: &dyn Dictionaries,
        place: &PlaceOf<'_>,
    ) {
        let scope = &scopes[self.value.scope];
        let wanted = self.wanted(groups, evaluator, dictionaries);
        let columns = self.columns(evaluator, dictionaries);
        let undeclared = self.undeclared(evaluator, dictionaries);
        let foreign = self.foreign(evaluator);
        for row in scope.in_scope.iter().map(|r| *r as usize) {
            if !wanted[numbers[row] as usize] {
                continue;
            }
            let written = evaluator.written.iter();
            let written =
                written.map(|w| (format!("{} as written", w.name), w.cell(row, dictionaries)));
            let cells = columns
                .iter()
                .map(|(name, id, vector)| {
                    (name.clone(), evaluator.value(*id, vector, row, dictionaries))
                })
                .chain(written)
                .collect();
            let key = self.key.as_ref().map(|k| evaluator.cell(k, row, dictionaries));
            let number = u32::try_from(row).unwrap_or(u32::MAX);
            let placed = Some(groups.groups[numbers[row] as usize].1) != self.nowhere;
            let given = match placed {
                true => self.given(evaluator, leaves, row, dictionaries),
                false => vec![None; self.value.leaves.len()],
            };
            let (record, place) = place(row);
            self.rows.push(EvidenceRow {
                record,
                place,
                key: key.unwrap_or(Value::Null),
                usable: placed && scope.bad.binary_search(&number).is_err(),
                cells,
                rejects: Vec::new(),
                undeclared: undeclared
                    .iter()
                    .filter(|(_, marks)| marks[row])
                    .map(|(id, _)| (id.clone(), evaluator.cell(id, row, dictionaries).to_string()))
                    .collect(),
                foreign: foreign
                    .iter()
                    .filter(|(_, marks)| marks[row])
                    .map(|(id, _)| id.clone())
                    .collect(),
                leaves: given,
            });
        }
    }

    /// Of each group, whether its rows belong to the value, or stand in no period at all.
    fn wanted(
        &self,
        groups: &Groups,
        evaluator: &Evaluator<'_>,
        dictionaries: &dyn Dictionaries,
    ) -> Vec<bool> {
        let is_wanted = |(combination, interval): &(u32, u32)| {
            let members = &groups.combinations[*combination as usize];
            (self.cut.holds(*interval) || Some(*interval) == self.nowhere)
                && self.is_member(members, evaluator, dictionaries)
        };
        groups.groups.iter().map(is_wanted).collect()
    }

    /// Notes what was rejected in the rows noted before.
    pub(super) fn refuse(rows: &mut [EvidenceRow], rejects: Vec<RowReject>) {
        let mut by_row: BTreeMap<(Arc<str>, u64), Vec<RowReject>> = BTreeMap::new();
        for reject in rejects {
            let row = (Arc::clone(&reject.place.file), reject.record);
            by_row.entry(row).or_default().push(reject);
        }
        for row in rows {
            let Place::Cell(place) = &row.place else { continue };
            if let Some(rejects) = by_row.remove(&(Arc::clone(&place.file), row.record)) {
                row.rejects = rejects;
            }
        }
    }

    fn is_member(
        &self,
        combination: &[Option<u32>],
        evaluator: &Evaluator<'_>,
        dictionaries: &dyn Dictionaries,
    ) -> bool {
        combination.iter().zip(&self.dims).zip(&self.members).all(|((code, dim), member)| {
            match (code, member) {
                (Some(code), Member::Named(name)) => {
                    evaluator.text(*dim, *code, dictionaries) == *name
                }
                (None, Member::Unset) => true,
                _ => false,
            }
        })
    }

    fn columns(
        &self,
        evaluator: &mut Evaluator<'_>,
        dictionaries: &dyn Dictionaries,
    ) -> Vec<(String, ExprId, Rc<super::vector::Vector>)> {
        let scan = &self.plan.scans[self.value.scan];
        let mut ids = scan.scopes[self.value.scope].columns.clone();
        ids.extend(self.value.time.into_iter().flat_map(When::exprs));
        ids.extend(self.dims.iter().copied());
        ids.dedup();
        let named = |id: ExprId| {
            let paths = self.plan.arena.columns(id);
            let name = paths.first().map(ToString::to_string).unwrap_or_default();
            (name, id, evaluator.eval(id, dictionaries))
        };
        let mut columns: Vec<_> = ids.into_iter().map(named).collect();
        columns.sort_by(|a, b| a.0.cmp(&b.0));
        columns.dedup_by(|a, b| a.0 == b.0);
        columns
    }

    /// Of each column that rows are looked up by: the rows whose text nothing declares.
    fn undeclared(
        &self,
        evaluator: &mut Evaluator<'_>,
        dictionaries: &dyn Dictionaries,
    ) -> Vec<(Id, Vec<bool>)> {
        let scan = &self.plan.scans[self.value.scan];
        let columns = scan.scopes[self.value.scope].columns.iter();
        let mut found: Vec<(Id, Vec<bool>)> = Vec::new();
        for column in columns {
            let base = self.plan.arena.columns(*column).first().map(|path| path.base().clone());
            let Some(base) = base.filter(|base| found.iter().all(|(id, _)| id != base)) else {
                continue;
            };
            found.extend(evaluator.undeclared(*column, dictionaries).map(|marks| (base, marks)));
        }
        found
    }

    /// Of each column with an amount: the rows where it is in another currency.
    fn foreign(&self, evaluator: &Evaluator<'_>) -> Vec<(Id, Vec<bool>)> {
        let scan = &self.plan.scans[self.value.scan];
        let marked = |column: &ExprId| {
            let path = self.plan.arena.columns(*column).into_iter().next()?;
            let base = Id::from(Conversion::plain(path.base().as_str()));
            Some((base, evaluator.foreign(*column)?))
        };
        scan.scopes[self.value.scope].columns.iter().filter_map(marked).collect()
    }

    /// What a row gives to each leaf.
    fn given(
        &self,
        evaluator: &mut Evaluator<'_>,
        leaves: &[LeafRows],
        row: usize,
        dictionaries: &dyn Dictionaries,
    ) -> Vec<Option<Value>> {
        let scan = &self.plan.scans[self.value.scan];
        let number = u32::try_from(row).unwrap_or(u32::MAX);
        let mut one = |leaf: &usize| {
            leaves[*leaf].active.binary_search(&number).ok()?;
            match scan.leaves[*leaf].arg {
                // What is counted gives one.
                Some(_) if scan.leaves[*leaf].function == Aggregate::Count => {
                    Some(Value::Number(Decimal::ONE))
                }
                Some(arg) => {
                    let vector = evaluator.eval(arg, dictionaries);
                    Some(evaluator.value(arg, &vector, row, dictionaries))
                }
                None => Some(Value::Number(Decimal::ONE)),
            }
        };
        self.value.leaves.iter().map(&mut one).collect()
    }
}
