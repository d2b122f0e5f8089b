//! The untyped tree: what was written, each part with its bytes.

use std::ops::Range;

/// One part of an expression as written.
#[derive(Debug, Clone)]
pub(super) struct Ast {
    pub(super) kind: Kind,
    /// Bytes of the text.
    pub(super) at: Range<usize>,
    /// Longest way down to a leaf.
    pub(super) height: usize,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    /// Digits as written.
    Number(String),
    Text(String),
    /// `date '2026-01-31'`: the type's word and the text.
    Typed(String, String),
    /// A name or a path; the dots are gone.
    Name(Vec<Word>),
    Call(Call),
    Not(Box<Ast>),
    Negate(Box<Ast>),
    IsNull(Box<Ast>),
    Binary(Binary, Box<Ast>, Box<Ast>),
    /// Two or more parts joined by the same word.
    Chain(Junction, Vec<Ast>),
    In(Box<Ast>, Vec<Ast>),
    /// value, low, high
    Between(Box<[Ast; 3]>),
    Like(Box<Ast>, Box<Ast>),
    Case(Box<Case>),
    /// The type's word in lower case.
    Cast(Box<Ast>, String),
    /// The part's word in lower case.
    Extract(String, Box<Ast>),
    /// What SQL knows and the language does not, in a word for people.
    Outside(String),
}

#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) quoted: bool,
    pub(super) at: Range<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Call {
    /// In lower case.
    pub(super) name: String,
    pub(super) name_at: Range<usize>,
    pub(super) args: Vec<Ast>,
    /// `(*)`.
    pub(super) star: bool,
    pub(super) distinct: bool,
    pub(super) filter: Option<Box<Ast>>,
    /// `within group (order by …)`.
    pub(super) within: Option<Box<Ast>>,
}

#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) operand: Option<Ast>,
    pub(super) branches: Vec<(Ast, Ast)>,
    pub(super) otherwise: Option<Ast>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Junction {
    And,
    Or,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Binary {
    pub(super) fn is_comparison(self) -> bool {
        !matches!(self, Self::Add | Self::Subtract | Self::Multiply | Self::Divide)
    }
}

/// The bytes from the first of two ranges to the end of the other; an empty one does not count.
pub(super) fn join(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b.clone(),
        (_, true) => a.clone(),
        _ => a.start.min(b.start)..a.end.max(b.end),
    }
}

pub(super) fn make(kind: Kind, (at, height): (Range<usize>, usize)) -> Ast {
    Ast { kind, at, height }
}

pub(super) fn outside(what: String, at: Range<usize>) -> Ast {
    make(Kind::Outside(what), (at, 0))
}

/// The bytes that some parts cover, and the height of what stands on them.
pub(super) fn parts<'a>(all: impl IntoIterator<Item = &'a Ast>) -> (Range<usize>, usize) {
    all.into_iter()
        .fold((0..0, 1), |(at, height), part| (join(&at, &part.at), height.max(part.height + 1)))
}

pub(super) fn plain(name: String, name_at: Range<usize>, args: Vec<Ast>) -> Call {
    Call { name, name_at, args, star: false, distinct: false, filter: None, within: None }
}

pub(super) fn call(call: Call, at: Range<usize>) -> Ast {
    let inner = call.args.iter().chain(call.filter.as_deref()).chain(call.within.as_deref());
    let (covered, height) = parts(inner);
    make(Kind::Call(call), (join(&at, &covered), height))
}

pub(super) fn is_null(inner: Ast) -> Ast {
    let parts = parts([&inner]);
    make(Kind::IsNull(Box::new(inner)), parts)
}

pub(super) fn not(inner: Ast) -> Ast {
    let parts = parts([&inner]);
    make(Kind::Not(Box::new(inner)), parts)
}

/// Joins two sides; a side that is already such a chain is taken apart.
pub(super) fn chain(junction: Junction, left: Ast, right: Ast) -> Ast {
    let at = join(&left.at, &right.at);
    let (mut all, mut height) = (Vec::new(), 0);
    for side in [left, right] {
        match side.kind {
            Kind::Chain(j, inner) if j == junction => {
                height = height.max(side.height);
                all.extend(inner);
            }
            kind => {
                height = height.max(side.height + 1);
                all.push(Ast { kind, ..side });
            }
        }
    }
    make(Kind::Chain(junction, all), (at, height))
}
