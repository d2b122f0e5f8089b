//! Columns made by rules: each names the one row of a config dataset whose condition holds.

use std::sync::Arc;

use super::columns::Ruled;
use super::{ByRule, build::Build, diags};
use crate::config::Declared;
use crate::decode::Text;
use crate::domain::{Id, Type, Value};
use crate::kinds::Context;
use crate::rel::{Arena, ExprId, Node, Op};

impl Build<'_> {
    /// Finds the config dataset and its column of conditions for each column that is made by rules.
    pub(super) fn ruled_columns(&mut self, drafts: &[Ruled]) {
        for Ruled { dataset, column, by } in drafts {
            let (name, conditions) = by.text.split_once('.').unwrap_or((&by.text, ""));
            let name = Text { text: name.into(), span: by.span };
            let user = format!("column `{dataset}.{column}`");
            let Some(target) = self.find("dataset", &name, &user) else { continue };
            let texts = self.catalog.datasets.get(&target).filter(|d| d.config);
            let texts = texts.into_iter().flat_map(|d| &d.columns);
            let texts: Vec<&Id> =
                texts.filter(|c| c.ty == Type::Text && !c.list).map(|c| &c.id).collect();
            let found = texts.iter().find(|id| ***id == *conditions).map(|id| (*id).clone());
            let Some(found) = found else {
                let known: Vec<&str> = texts.iter().map(|id| id.as_str()).collect();
                let mistake = diags::by_rule_unknown(&user, by, conditions, known);
                self.sink.push(mistake);
                continue;
            };
            let rule = ByRule { dataset: target, column: found, made: None };
            let known = self.catalog.datasets.get_mut(dataset).into_iter();
            let columns = known.flat_map(|d| &mut d.columns).filter(|c| c.id == *column);
            columns.for_each(|c| c.by_rule = Some(rule.clone()));
        }
    }

    /// Reads the conditions, and puts together what makes the columns.
    pub(super) fn column_rules(&mut self) {
        let ruled: Vec<(Id, Id, ByRule)> = self
            .catalog
            .datasets
            .values()
            .flat_map(|d| d.columns.iter().map(move |c| (d, c)))
            .filter_map(|(d, c)| Some((d.id.clone(), c.id.clone(), c.by_rule.clone()?)))
            .collect();
        for (dataset, column, rule) in ruled {
            let mut conditions = Vec::new();
            for declared in self.declared(rule.dataset.as_str()) {
                let condition = self.condition(&dataset, declared, &rule);
                conditions.extend(condition.map(|c| (Arc::clone(&declared.id), c)));
            }
            let made = only_one(&mut self.catalog.arena, &conditions);
            let known = self.catalog.datasets.get_mut(&dataset).into_iter();
            let rules = known.flat_map(|d| &mut d.columns).filter(|c| c.id == column);
            rules.filter_map(|c| c.by_rule.as_mut()).for_each(|rule| rule.made = Some(made));
        }
    }

    fn condition(&mut self, dataset: &Id, declared: &Declared, rule: &ByRule) -> Option<ExprId> {
        let entry = declared.table.get(rule.column.as_str())?;
        let text = entry.value.as_text()?;
        let mut resolver = self.resolver(format!("{} `{}`", rule.dataset, declared.id));
        let condition = resolver.condition(dataset, &text)?;
        if let Some(column) = resolver.ruled(condition) {
            resolver.report(diags::rule_by_rule(&text, &column));
            return None;
        }
        Some(condition)
    }
}

/// The name of the one condition that holds; null where none does, or several do.
fn only_one(arena: &mut Arena, conditions: &[(Arc<str>, ExprId)]) -> ExprId {
    let literal = |arena: &mut Arena, value: Value, ty: Type| {
        arena.add(Node {
            nullable: value == Value::Null,
            op: Op::Literal(value),
            args: Vec::new(),
            ty,
        })
    };
    let null = literal(arena, Value::Null, Type::Text);
    let (one, zero) = (Value::Number(1i64.into()), Value::Number(0i64.into()));
    let (one, zero) = (literal(arena, one, Type::Integer), literal(arena, zero, Type::Integer));
    let (mut name, mut sum) = (null, zero);
    for (id, condition) in conditions.iter().rev() {
        let own = literal(arena, Value::Text(Arc::clone(id)), Type::Text);
        let case = |arena: &mut Arena, args: Vec<ExprId>, ty: Type, nullable: bool| {
            arena.add(Node { op: Op::Case, args, ty, nullable })
        };
        name = case(arena, vec![*condition, own, name], Type::Text, true);
        let holds = case(arena, vec![*condition, one, zero], Type::Integer, false);
        let args = vec![sum, holds];
        sum = arena.add(Node { op: Op::Add, args, ty: Type::Integer, nullable: false });
    }
    let args = vec![sum, one];
    let single = arena.add(Node { op: Op::Equal, args, ty: Type::Boolean, nullable: false });
    arena.add(Node { op: Op::Case, args: vec![single, name, null], ty: Type::Text, nullable: true })
}
