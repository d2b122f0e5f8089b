//! Columns of datasets: their types and options.

use super::{Column, Occurred, build::Build, diags};
use crate::decode::{Item, Reader, Text, Tree};
use crate::diag::Diagnostic;
use crate::domain::{Id, MAX_SCALE, Type};
use crate::kinds::Context;
use crate::text::Span;

/// A reference as written, to be resolved when all datasets are known.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    pub(super) dataset: Id,
    pub(super) column: Id,
    pub(super) target: Text,
}

/// A column whose date is not before another's.
#[derive(Debug, Clone)]
pub(super) struct After {
    pub(super) dataset: Id,
    pub(super) column: Id,
    pub(super) earlier: Text,
}

/// A column whose dates are of things that happened where a condition holds.
#[derive(Debug, Clone)]
pub(super) struct When {
    dataset: Id,
    column: Id,
    when: Text,
}

/// A money column, and the column that tells its rows' currencies.
#[derive(Debug, Clone)]
pub(super) struct ToldBy {
    dataset: Id,
    column: Id,
    told_by: Text,
}

/// A column that is made by the conditions of a config dataset's rows.
#[derive(Debug, Clone)]
pub(super) struct Ruled {
    pub(super) dataset: Id,
    pub(super) column: Id,
    /// `segment.where`.
    pub(super) by: Text,
}

/// What only later steps can check.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    pub(super) references: Vec<Reference>,
    pub(super) after: Vec<After>,
    pub(super) occurred: Vec<When>,
    pub(super) currencies: Vec<ToldBy>,
    pub(super) rules: Vec<Ruled>,
}

/// `(type, is a list)`.
type Shape = (Type, bool);

impl Build<'_> {
    fn shapes(&self) -> [(&'static str, Shape); 8] {
        let money = Type::Money(self.catalog.project.currency);
        [
            ("text", (Type::Text, false)),
            ("integer", (Type::Integer, false)),
            ("number", (Type::Number, false)),
            ("money", (money, false)),
            ("date", (Type::Date, false)),
            ("datetime", (Type::DateTime, false)),
            ("boolean", (Type::Boolean, false)),
            ("list", (Type::Text, true)),
        ]
    }

    /// Reads one entry of a dataset's `columns`.
    pub(super) fn column(
        &mut self,
        dataset: &Id,
        name: &Text,
        value: &Tree,
        config: bool,
        drafts: &mut Drafts,
    ) -> Option<Column> {
        let what = format!("column `{dataset}.{}`", name.text);
        let Item::Table(table) = &value.item else {
            if !matches!(value.item, Item::Broken) {
                self.sink.push(diags::column_is_no_table(&what, value.item.what(), value.span));
            }
            return None;
        };
        self.snake("column", &name.text, name.span);
        let mut reader = Reader::new(table, what);
        let mut column = self.column_options(&mut reader, dataset, name, drafts);
        column.key = reader.bool("key").unwrap_or(false);
        column.required = reader.bool("required").unwrap_or(false);
        column.one_of = reader.strings("one-of");
        column.aliases = reader.strings("aliases");
        if let Some(by) = reader.text("by-rule") {
            drafts.rules.push(Ruled { dataset: dataset.clone(), column: column.id.clone(), by });
        }
        if let Some(earlier) = reader.text("after") {
            let (dataset, column) = (dataset.clone(), column.id.clone());
            drafts.after.push(After { dataset, column, earlier });
        }
        if column.list && !config {
            let found = diags::list_in_feed(reader.what(), reader.place("type"));
            reader.report(found);
        }
        misplaced(&mut reader, &column);
        reader.finish(&mut self.sink);
        Some(column)
    }

    /// Reads the options that a feed may give to a new column too.
    pub(super) fn column_options(
        &mut self,
        reader: &mut Reader<'_>,
        dataset: &Id,
        name: &Text,
        drafts: &mut Drafts,
    ) -> Column {
        let id = Id::new(name.text.clone());
        // A wrong type has been reported; null fits everywhere, so no second mistake follows from it.
        let (ty, list) =
            reader.required_word("type", &self.shapes()).unwrap_or((Type::Null, false));
        let scale = match ty {
            Type::Integer => 0,
            _ => reader
                .count("scale", 0, MAX_SCALE.into())
                .and_then(|s| u8::try_from(s).ok())
                .unwrap_or(MAX_SCALE),
        };
        if let Some(told_by) = reader.text("currency") {
            let (dataset, column) = (dataset.clone(), id.clone());
            drafts.currencies.push(ToldBy { dataset, column, told_by });
        }
        if let Some(target) = reader.text("references") {
            let (dataset, column) = (dataset.clone(), id.clone());
            drafts.references.push(Reference { dataset, column, target });
        }
        let occurred = match reader.tree("occurred").map(|tree| (&tree.item, tree.as_text())) {
            None | Some((Item::Bool(false) | Item::Broken, _)) => Occurred::No,
            Some((Item::Bool(true), _)) => Occurred::Always,
            Some((_, Some(when))) => {
                drafts.occurred.push(When { dataset: dataset.clone(), column: id.clone(), when });
                Occurred::No
            }
            Some((_, None)) => {
                let tree = reader.source().get("occurred").map(|entry| &entry.value);
                if let Some(tree) = tree {
                    reader.wrong_type("occurred", "true, false or a row condition in quotes", tree);
                }
                Occurred::No
            }
        };
        Column {
            id,
            ty,
            list,
            key: false,
            required: false,
            references: None,
            currency: None,
            occurred,
            scale,
            one_of: Vec::new(),
            aliases: Vec::new(),
            doc: reader.words("doc"),
            by_rule: None,
        }
    }

    /// Reads the conditions under which dates are of things that happened.
    pub(super) fn occurred(&mut self, drafts: Vec<When>) {
        for When { dataset, column, when } in drafts {
            let mut resolver = self.resolver(format!("column `{dataset}.{column}`"));
            let Some(condition) = resolver.condition(&dataset, &when) else { continue };
            let dataset = self.catalog.datasets.get_mut(&dataset);
            let columns = dataset.into_iter().flat_map(|d| &mut d.columns);
            for column in columns.filter(|c| c.id == column) {
                column.occurred = Occurred::When(condition);
            }
        }
    }

    /// Resolves the columns that tell currencies.
    pub(super) fn currencies(&mut self, drafts: Vec<ToldBy>) {
        for ToldBy { dataset, column, told_by } in drafts {
            let Some(known) = self.catalog.datasets.get_mut(&dataset) else { continue };
            let found = known.column(&told_by.text).map(|c| (c.id.clone(), c.ty));
            let names = known.columns.iter().map(|c| c.id.as_str());
            match found {
                Some((id, Type::Text | Type::Null)) => {
                    let columns = known.columns.iter_mut().filter(|c| c.id == column);
                    columns.for_each(|column| column.currency = Some(id.clone()));
                }
                _ => self.sink.push(diags::currency_column(&dataset, &column, &told_by, names)),
            }
        }
    }

    /// Resolves all references, and refuses look-ups that go in a circle.
    pub(super) fn references(&mut self, references: Vec<Reference>) {
        let mut places: Vec<(Id, Id, Span)> = Vec::new();
        for reference in references {
            let Some(target) = self.target(&reference) else { continue };
            let Some(dataset) = self.catalog.datasets.get_mut(&reference.dataset) else { continue };
            let column = dataset.columns.iter_mut().find(|c| c.id == reference.column);
            if let Some(column) = column {
                column.references = Some(target.clone());
                places.push((reference.dataset, target, reference.target.span));
            }
        }
        self.lookup_cycles(&places);
    }

    /// The dataset whose key a reference names.
    fn target(&mut self, reference: &Reference) -> Option<Id> {
        let text = &reference.target;
        let (dataset, column) = text.text.split_once('.').unwrap_or((&text.text, ""));
        let name = Text { text: dataset.into(), span: text.span };
        let user = format!("column `{}.{}`", reference.dataset, reference.column);
        let id = self.find("dataset", &name, &user)?;
        let target = self.catalog.datasets.get(&id)?;
        let ty = |d: &Id, c: &Id| self.catalog.datasets.get(d)?.column(c.as_str()).map(|c| c.ty);
        let mistake: Option<Diagnostic> = match target.key() {
            None => Some(diags::reference_without_key(&id, text)),
            Some(key) if key.id != *column => Some(diags::reference_not_to_key(&id, &key.id, text)),
            Some(key) => {
                let own = ty(&reference.dataset, &reference.column);
                let fits = own.is_none_or(|t| t == key.ty || t == Type::Null);
                (!fits).then(|| diags::reference_type(&user, own, key.ty, text))
            }
        };
        self.sink.extend(mistake.clone());
        mistake.is_none().then_some(id)
    }
}

/// Options that need another type.
fn misplaced(reader: &mut Reader<'_>, column: &Column) {
    let money = matches!(column.ty, Type::Money(_) | Type::Null);
    let number = matches!(column.ty, Type::Number | Type::Money(_) | Type::Integer | Type::Null);
    let time = column.ty.is_time() || column.ty == Type::Null;
    let text = matches!(column.ty, Type::Text | Type::Null) && !column.list;
    let rules = [
        ("scale", number, "a number or money"),
        ("currency", money, "money"),
        ("occurred", time, "a date or datetime"),
        ("after", time, "a date or datetime"),
        ("one-of", text, "a text"),
        ("references", !column.list, "a single value"),
        ("key", !column.list, "a single value"),
        ("by-rule", text, "a text"),
    ];
    for (option, fits, needs) in rules {
        if reader.has(option) && !fits {
            let found = diags::misplaced_option(reader.what(), option, needs, reader.place(option));
            reader.report(found);
        }
    }
}
