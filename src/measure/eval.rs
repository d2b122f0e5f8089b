//! Expressions over a chunk: vectors where that is fast, once per distinct text where one text decides,
//! row by row through the scalar meaning for the rest.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::currencies::Written;
use super::dictionaries::{Dictionaries, Texts};
use super::table::Tables;
use super::vector::{Values, Vector};
use super::vectorise::vectorised;
use crate::catalog::Catalog;
use crate::data::Dictionary;
use crate::domain::{Id, Type, Value};
use crate::expr::{self, Env, EvalError};
use crate::rel::{Arena, ColumnPath, ExprId, Op};

/// What every worker of a scan shares.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a> {
    pub(super) arena: &'a Arena,
    pub(super) catalog: &'a Catalog,
    pub(super) tables: &'a Tables,
    pub(super) zone: &'a jiff::tz::TimeZone,
    pub(super) dataset: &'a Id,
    /// Columns read, in the order of the chunk's.
    pub(super) columns: &'a [Id],
}

/// How a node is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A column of the chunk as it is.
    Chunk(usize),
    /// By the code of one text column.
    ByCode(usize),
    Vectors,
    Rows,
}

/// Values by code of a text column; texts have a dictionary of their own.
struct Memo {
    by_code: Vector,
}

/// One worker's evaluation.
pub(super) struct Evaluator<'a> {
    pub(super) shared: Shared<'a>,
    ways: Vec<Option<Way>>,
    memos: HashMap<ExprId, Memo>,
    texts: HashMap<ExprId, Texts>,
    cache: Vec<Option<Rc<Vector>>>,
    /// The chunk's columns.
    chunk: Vec<Rc<Vector>>,
    pub(super) rejected: Vec<Vec<u32>>,
    /// By column: rows whose amount is in another currency.
    pub(super) foreign: Vec<(usize, Vec<u32>)>,
    /// By column: which codes are texts that no config row has.
    undeclared: HashMap<usize, Vec<bool>>,
    /// Amounts of the chunk before they were converted.
    pub(super) written: Vec<Written>,
    pub(super) rows: usize,
    /// Nodes that overflowed on some row.
    pub(super) overflowed: std::collections::BTreeSet<ExprId>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(shared: Shared<'a>) -> Self {
        let nodes = shared.arena.len();
        Self {
            shared,
            ways: vec![None; nodes],
            memos: HashMap::new(),
            texts: HashMap::new(),
            cache: vec![None; nodes],
            chunk: Vec::new(),
            rejected: Vec::new(),
            foreign: Vec::new(),
            undeclared: HashMap::new(),
            written: Vec::new(),
            rows: 0,
            overflowed: std::collections::BTreeSet::new(),
        }
    }

    /// Takes a new chunk; all cached vectors go.
    pub(super) fn load(
        &mut self,
        rows: usize,
        chunk: Vec<Rc<Vector>>,
        rejected: Vec<Vec<u32>>,
        foreign: Vec<(usize, Vec<u32>)>,
    ) {
        self.cache.iter_mut().for_each(|v| *v = None);
        (self.rows, self.chunk, self.rejected) = (rows, chunk, rejected);
        self.foreign = foreign;
    }

    pub(super) fn chunk_column(&self, at: usize) -> Rc<Vector> {
        Rc::clone(&self.chunk[at])
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The vector of an expression over the chunk.
    pub(super) fn eval(&mut self, id: ExprId, dictionaries: &dyn Dictionaries) -> Rc<Vector> {
        if let Some(vector) = &self.cache[id.0 as usize] {
            return Rc::clone(vector);
        }
        let vector = match self.way(id) {
            Way::Chunk(column) => Rc::clone(&self.chunk[column]),
            Way::ByCode(column) => Rc::new(self.by_code(id, column, dictionaries)),
            Way::Vectors => {
                let args = self.shared.arena.get(id).args.clone();
                let args: Vec<_> = args.iter().map(|a| self.eval(*a, dictionaries)).collect();
                match vectorised(self.shared.arena.get(id), &args, self.rows) {
                    Some(vector) => Rc::new(vector),
                    None => Rc::new(self.by_row(id, dictionaries)),
                }
            }
            Way::Rows => Rc::new(self.by_row(id, dictionaries)),
        };
        self.cache[id.0 as usize] = Some(Rc::clone(&vector));
        vector
    }

    /// The text behind a code of a text expression.
    pub(super) fn text(&self, id: ExprId, code: u32, dictionaries: &dyn Dictionaries) -> Arc<str> {
        let found = match self.ways[id.0 as usize] {
            Some(Way::Chunk(column)) => dictionaries.texts(column).shared(code as usize),
            _ => self.texts.get(&id).and_then(|t| t.texts.get(code as usize)).cloned(),
        };
        found.unwrap_or_else(|| "".into())
    }

    /// The value of an expression's vector in a row.
    pub(super) fn value(
        &self,
        id: ExprId,
        vector: &Vector,
        row: usize,
        dictionaries: &dyn Dictionaries,
    ) -> Value {
        match &vector.values {
            Values::Text(codes) if vector.present[row] => {
                Value::Text(self.text(id, codes[row], dictionaries))
            }
            _ => vector.value(row),
        }
    }

    /// The column whose texts a text expression's are, if they are.
    pub(super) fn texts_of(&self, id: ExprId) -> Option<usize> {
        match self.ways[id.0 as usize] {
            Some(Way::Chunk(column)) => Some(column),
            _ => None,
        }
    }

    /// All texts of a text expression that has its own, by code.
    pub(super) fn take_texts(&mut self, id: ExprId) -> Dictionary {
        self.texts.remove(&id).map(|own| own.texts.into_iter().collect()).unwrap_or_default()
    }

    /// The canonical value of a column in a row.
    pub(super) fn cell(&self, column: &Id, row: usize, dictionaries: &dyn Dictionaries) -> Value {
        let cells = Cells::Row { row, dictionaries };
        let env = RowEnv { shared: self.shared, chunk: &self.chunk, cells: &cells };
        let steps = vec![column.clone()];
        env.column(&ColumnPath { dataset: self.shared.dataset.clone(), steps })
    }

    /// Rows at which the expression looks up a config row by a text that none has; none if none does.
    pub(super) fn undeclared(
        &mut self,
        id: ExprId,
        dictionaries: &dyn Dictionaries,
    ) -> Option<Vec<bool>> {
        let mut marks: Option<Vec<bool>> = None;
        for path in self.shared.arena.columns(id).iter().filter(|path| path.is_lookup()) {
            let found = self.column(path.base()).zip(self.references(path.base()));
            let Some((column, target)) = found else { continue };
            let texts = dictionaries.texts(column);
            let known = self.undeclared.entry(column).or_default();
            let unknown = |text: &str| self.shared.tables.is_unknown(target, text);
            known.extend(texts.iter_from(known.len()).map(unknown));
            let Vector { values: Values::Text(codes), present } = &*self.chunk[column] else {
                continue;
            };
            if known.contains(&true) {
                let marks = marks.get_or_insert_with(|| vec![false; codes.len()]);
                for (row, mark) in marks.iter_mut().enumerate() {
                    *mark |= present[row] && known[codes[row] as usize];
                }
            }
        }
        marks
    }

    pub(super) fn column(&self, id: &Id) -> Option<usize> {
        self.shared.columns.iter().position(|c| c == id)
    }

    fn way(&mut self, id: ExprId) -> Way {
        if let Some(way) = self.ways[id.0 as usize] {
            return way;
        }
        let way = self.choose(id);
        self.ways[id.0 as usize] = Some(way);
        way
    }

    fn choose(&self, id: ExprId) -> Way {
        let arena = self.shared.arena;
        let node = arena.get(id);
        if let Op::Column(path) = &node.op
            && let Some(column) = self.column(path.base())
            && !path.is_lookup()
            && (node.ty != Type::Text || !self.is_spelled(path.base()))
        {
            return Way::Chunk(column);
        }
        let paths = arena.columns(id);
        let mut bases: Vec<&Id> = paths.iter().map(ColumnPath::base).collect();
        bases.dedup();
        if let [base] = bases[..]
            && let Some(column) = self.column(base)
            && matches!(self.chunk[column].values, Values::Text(_))
        {
            return Way::ByCode(column);
        }
        if super::vectorise::runs(node) { Way::Vectors } else { Way::Rows }
    }

    /// Whether texts of a column may mean the key of a config row.
    fn is_spelled(&self, column: &Id) -> bool {
        self.references(column).is_some_and(|target| self.shared.tables.is_spelled(target))
    }

    fn references(&self, column: &Id) -> Option<&'a Id> {
        let dataset = self.shared.catalog.datasets.get(self.shared.dataset)?;
        dataset.column(column.as_str())?.references.as_ref()
    }

    fn by_code(&mut self, id: ExprId, column: usize, dictionaries: &dyn Dictionaries) -> Vector {
        let texts = dictionaries.texts(column);
        let node = self.shared.arena.get(id);
        let mut memo = self.memos.remove(&id).unwrap_or_else(|| Memo {
            by_code: Vector::empty(node.ty, super::vectorise::scale(self.shared, id)),
        });
        for code in memo.by_code.len()..texts.len() {
            let Some(text) = texts.shared(code) else { break };
            let cells = Cells::Code { column, text: &text };
            let value = self.scalar(id, &cells);
            self.push(id, &mut memo.by_code, &value);
        }
        let Values::Text(codes) = &self.chunk[column].values else {
            return Vector::empty(node.ty, 0);
        };
        let gathered = memo.by_code.gather(codes, &self.chunk[column].present);
        // A blank cell is not nothing: `coalesce(channel, 'none')` has a value there.
        let gathered = self.fill_blank(id, gathered, column);
        self.memos.insert(id, memo);
        gathered
    }

    fn fill_blank(&mut self, id: ExprId, mut vector: Vector, column: usize) -> Vector {
        let present = Rc::clone(&self.chunk[column]);
        if present.present.iter().all(|p| *p) {
            return vector;
        }
        let blank = self.scalar(id, &Cells::Blank);
        if blank.is_null() {
            return vector;
        }
        let mut one =
            Vector::empty(self.shared.arena.get(id).ty, super::vectorise::scale(self.shared, id));
        self.push(id, &mut one, &blank);
        for (row, there) in present.present.iter().enumerate() {
            if !there {
                set(&mut vector, row, &one);
            }
        }
        vector
    }

    fn by_row(&mut self, id: ExprId, dictionaries: &dyn Dictionaries) -> Vector {
        let node = self.shared.arena.get(id);
        let mut vector = Vector::empty(node.ty, super::vectorise::scale(self.shared, id));
        for row in 0..self.rows {
            let value = self.scalar(id, &Cells::Row { row, dictionaries });
            self.push(id, &mut vector, &value);
        }
        vector
    }

    fn push(&mut self, id: ExprId, vector: &mut Vector, value: &Value) {
        if let Value::Text(text) = value {
            let code = self.texts.entry(id).or_default().code(text);
            vector.push_code(Some(code));
        } else if vector.push(value).is_none() {
            self.overflowed.insert(id);
        }
    }

    fn scalar(&mut self, id: ExprId, cells: &Cells<'_>) -> Value {
        let env = RowEnv { shared: self.shared, chunk: &self.chunk, cells };
        match expr::evaluate(self.shared.arena, id, &env) {
            Ok(value) => value,
            Err(EvalError::Overflow) => {
                self.overflowed.insert(id);
                Value::Null
            }
            Err(_) => Value::Null,
        }
    }
}

fn set(vector: &mut Vector, row: usize, one: &Vector) {
    vector.present[row] = true;
    match (&mut vector.values, &one.values) {
        (Values::Text(to), Values::Text(from)) => to[row] = from[0],
        (Values::Number { units: to, .. }, Values::Number { units: from, .. }) => to[row] = from[0],
        (Values::Date(to), Values::Date(from)) => to[row] = from[0],
        (Values::DateTime(to), Values::DateTime(from)) => to[row] = from[0],
        (Values::Bool(to), Values::Bool(from)) => to[row] = from[0],
        _ => {}
    }
}

/// Where a scalar evaluation takes its cells from.
enum Cells<'c> {
    /// One text column has this text; nothing else is asked.
    Code {
        column: usize,
        text: &'c Arc<str>,
    },
    Blank,
    Row {
        row: usize,
        dictionaries: &'c dyn Dictionaries,
    },
}

struct RowEnv<'c> {
    shared: Shared<'c>,
    chunk: &'c [Rc<Vector>],
    cells: &'c Cells<'c>,
}

impl RowEnv<'_> {
    fn raw(&self, column: usize) -> Value {
        match self.cells {
            Cells::Code { column: known, text } if *known == column => {
                Value::Text(Arc::clone(text))
            }
            Cells::Code { .. } | Cells::Blank => Value::Null,
            Cells::Row { row, dictionaries } => {
                let vector = &self.chunk[column];
                match &vector.values {
                    Values::Text(codes) if vector.present[*row] => {
                        let text = dictionaries.texts(column).shared(codes[*row] as usize);
                        text.map_or(Value::Null, Value::Text)
                    }
                    _ => vector.value(*row),
                }
            }
        }
    }
}

impl Env for RowEnv<'_> {
    fn column(&self, path: &ColumnPath) -> Value {
        let shared = &self.shared;
        let Some(column) = shared.columns.iter().position(|c| c == path.base()) else {
            return Value::Null;
        };
        let dataset = shared.catalog.datasets.get(shared.dataset);
        let declared = dataset.and_then(|d| d.column(path.base().as_str()));
        let references = declared.and_then(|c| c.references.as_ref());
        let first = shared.tables.canonical(references, self.raw(column));
        shared.tables.follow(shared.catalog, path, first)
    }

    fn in_keys(&self, number: u32, key: &Value) -> bool {
        self.shared.tables.in_keys(number, key)
    }

    fn zone(&self) -> &jiff::tz::TimeZone {
        self.shared.zone
    }
}
