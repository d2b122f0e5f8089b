//! Datasets: kinds of rows and their columns.

use super::columns::Drafts;
use super::{Column, Dataset, Occurred, OnDuplicate, PlanLines, build::Build, diags};
use crate::config::Declared;
use crate::decode::{Item, Reader, Text};
use crate::domain::{Id, Type};

impl Build<'_> {
    /// Reads all datasets; gives what can only be checked when all are known.
    pub(super) fn datasets(&mut self) -> Drafts {
        let mut drafts = Drafts::default();
        for declared in self.declared("dataset") {
            let dataset = self.dataset(declared, &mut drafts);
            self.catalog.datasets.insert(dataset.id.clone(), dataset);
        }
        drafts
    }

    fn dataset(&mut self, declared: &Declared, drafts: &mut Drafts) -> Dataset {
        let id = declared.id();
        self.snake("dataset", &declared.id, declared.id_span);
        let mut reader = Reader::new(&declared.table, format!("dataset `{id}`"));
        let on_duplicate = reader.text("on-duplicate");
        let mut dataset = Dataset {
            title: reader.required_words("title"),
            doc: reader.words("doc"),
            config: reader.bool("config").unwrap_or(false),
            spellings: None,
            lines: None,
            plan_lines: None,
            rates: None,
            on_duplicate: OnDuplicate::Error,
            columns: Vec::new(),
            pack: declared.pack.clone(),
            place: declared.place(),
            id,
        };
        let (spellings, lines) = (reader.text("spellings"), reader.text("lines"));
        self.columns(&mut reader, &mut dataset, drafts);
        self.one_key(&reader, &dataset);
        if let Some(written) = on_duplicate {
            dataset.on_duplicate = self.on_duplicate(&dataset, &written);
        }
        self.config_options(&mut reader, &mut dataset, spellings, lines);
        dataset.plan_lines = self.plan_lines(&mut reader, &dataset);
        dataset.rates = self.rate_columns(&mut reader, &dataset);
        reader.finish(&mut self.sink);
        dataset
    }

    fn columns(&mut self, reader: &mut Reader<'_>, dataset: &mut Dataset, drafts: &mut Drafts) {
        reader.require("columns", "a table of columns, each `name = { type = \"text\" }`");
        let Some(table) = reader.table("columns") else { return };
        for entry in &table.entries {
            let name = Text { text: entry.key.clone(), span: entry.key_span };
            let column = self.column(&dataset.id, &name, &entry.value, dataset.config, drafts);
            // A column that cannot be read still has its name, so that its users are not blamed.
            let column = column.or_else(|| {
                matches!(entry.value.item, Item::Broken).then(|| unreadable(&entry.key))
            });
            dataset.columns.extend(column);
        }
        let here = |id: &Id| table.get(id.as_str()).map_or(table.span, |e| e.key_span);
        let dates = |c: &Column| c.ty.is_time() || c.ty == Type::Null;
        for after in drafts.after.iter().filter(|a| a.dataset == dataset.id) {
            if !dataset.column(&after.earlier.text).is_some_and(dates) {
                let known = dataset.columns.iter().filter(|c| dates(c)).map(|c| c.id.as_str());
                self.sink.push(diags::after_no_date(&after.column, &after.earlier, known));
            }
        }
        let keys: Vec<&Column> = dataset.columns.iter().filter(|c| c.key).collect();
        if let [first, second, ..] = keys[..] {
            let found = diags::second_key(&dataset.id, here(&second.id), here(&first.id));
            self.sink.push(found);
        }
    }

    fn on_duplicate(&mut self, dataset: &Dataset, written: &Text) -> OnDuplicate {
        match (&*written.text, written.text.strip_prefix("last-by ").map(str::trim)) {
            ("error", _) => OnDuplicate::Error,
            ("first", _) => OnDuplicate::First,
            (_, Some(name)) => match dataset.column(name) {
                Some(column) => OnDuplicate::LastBy(column.id.clone()),
                None => {
                    let known = dataset.columns.iter().map(|c| c.id.as_str());
                    self.sink.push(diags::last_by_unknown(dataset, written, name, known));
                    OnDuplicate::Error
                }
            },
            _ => {
                self.sink.push(diags::on_duplicate_unknown(written));
                OnDuplicate::Error
            }
        }
    }

    /// `targets = { from = "starts", to = "ends", scope = { channel = "channel" } }`.
    fn plan_lines(&mut self, reader: &mut Reader<'_>, dataset: &Dataset) -> Option<PlanLines> {
        let place = reader.place("targets");
        let mut inner =
            Reader::new(reader.table("targets")?, format!("targets of `{}`", dataset.id));
        if dataset.lines.is_none() {
            reader.report(diags::targets_without_lines(&dataset.id, place));
        }
        let (from, to) = (inner.required_text("from"), inner.required_text("to"));
        let mut column = |text: Option<Text>, date: bool| {
            let text = text?;
            let fits = |c: &&Column| !date || c.ty.is_time() || c.ty == Type::Null;
            let found = dataset.column(&text.text).filter(fits).map(|c| c.id.clone());
            if found.is_none() {
                let known = dataset.columns.iter().filter(fits).map(|c| c.id.as_str());
                self.sink.push(diags::targets_column(&dataset.id, &text, date, known));
            }
            found
        };
        let (from, to) = (column(from, true), column(to, true));
        let mut pairs = Vec::new();
        for entry in inner.table("scope").map_or(&[][..], |t| &t.entries) {
            let name = Text { text: entry.key.clone(), span: entry.key_span };
            let Some(dimension) = entry.value.as_text() else {
                inner.wrong_type(&entry.key, "a dimension", &entry.value);
                continue;
            };
            pairs.extend(column(Some(name), false).map(|column| (column, dimension)));
        }
        let user = inner.what().to_owned();
        inner.finish(&mut self.sink);
        let find =
            |(column, text): (Id, Text)| Some((column, self.find("dimension", &text, &user)?));
        let scope = pairs.into_iter().filter_map(find).collect();
        Some(PlanLines { from: from?, to: to?, scope })
    }

    fn one_key(&mut self, reader: &Reader<'_>, dataset: &Dataset) {
        let broken = reader.source().broken || dataset.columns.is_empty();
        if dataset.config && dataset.key().is_none() && !broken {
            self.sink.push(diags::config_without_key(&dataset.id, reader.span("columns")));
        }
        if let Some(key) = dataset.key().filter(|k| dataset.config && k.ty != Type::Text) {
            let place = reader.source().table("columns").and_then(|c| c.get(key.id.as_str()));
            if let Some(entry) = place {
                self.sink.push(diags::config_key_is_no_text(&dataset.id, entry.key_span));
            }
        }
    }

    fn config_options(
        &mut self,
        reader: &mut Reader<'_>,
        dataset: &mut Dataset,
        spellings: Option<Text>,
        lines: Option<Text>,
    ) {
        for (key, text) in [("spellings", &spellings), ("lines", &lines)] {
            if let Some(text) = text.as_ref().filter(|_| !dataset.config) {
                reader.report(diags::config_only(key, &dataset.id, text.place()));
            }
        }
        if let Some(text) = spellings {
            match dataset.column(&text.text).filter(|c| c.list) {
                Some(column) => dataset.spellings = Some(column.id.clone()),
                None => {
                    let lists = dataset.columns.iter().filter(|c| c.list).map(|c| c.id.as_str());
                    reader.report(diags::spellings_no_list(&dataset.id, &text, lists));
                }
            }
        }
        if let Some(text) = lines {
            if dataset.column(&text.text).is_some() {
                reader.report(diags::lines_is_a_column(&dataset.id, &text));
            }
            dataset.lines = Some(Id::new(text.text));
            add_line_columns(dataset);
        }
    }
}

/// The columns of a line: its own key, the name and the value of the entry.
fn add_line_columns(dataset: &mut Dataset) {
    for column in &mut dataset.columns {
        column.key = false;
    }
    let column = |id: &str, ty: Type, key: bool, doc: &str| Column {
        key,
        required: true,
        doc: doc.to_owned(),
        ty,
        ..unreadable(id)
    };
    let lines = [
        column("line_id", Type::Text, true, "The table's name and the entry's, with a point."),
        column("line_key", Type::Text, false, "The entry's name."),
        column("line_value", Type::Number, false, "The entry's value."),
    ];
    dataset.columns.extend(lines);
}

/// A column of which nothing is known but the name; null fits everywhere.
fn unreadable(id: &str) -> Column {
    Column {
        id: Id::from(id),
        ty: Type::Null,
        list: false,
        key: false,
        required: false,
        references: None,
        currency: None,
        occurred: Occurred::No,
        scale: crate::domain::MAX_SCALE,
        one_of: Vec::new(),
        aliases: Vec::new(),
        doc: String::new(),
        by_rule: None,
    }
}
