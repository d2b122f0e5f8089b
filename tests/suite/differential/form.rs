//! One part of a rule in both languages.

/// What a part is; integers and numbers may meet, money only money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ty {
    Int,
    Num,
    Money,
    Text,
    Date,
    /// A date with its time of day: no rule computes with it here, but its ends are measured between.
    Moment,
    Bool,
}

impl Ty {
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Num | Self::Money)
    }
}

/// How tightly a part binds as Milepost reads it, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bind {
    Or,
    And,
    Not,
    Test,
    Sum,
    Product,
    Sign,
    Atom,
}

/// The same part as Milepost's text and as DuckDB's.
///
/// Milepost's text has only the parentheses that SQL's precedence asks for, DuckDB's has all of them, so that
/// the two agree only where Milepost reads precedence as SQL does.
#[derive(Debug, Clone)]
pub struct Form {
    pub ours: String,
    pub sql: String,
    pub bind: Bind,
    pub ty: Ty,
    /// Most digits behind the point.
    pub scale: u32,
    /// Most digits before the point.
    pub digits: u32,
    /// A literal number: money may be compared with it.
    pub literal: bool,
    /// A float in DuckDB: compared to twelve digits and never tested for equality.
    pub close: bool,
    /// A float that a difference may have left few digits of.
    pub loose: bool,
}

/// Digits behind the point of every number in DuckDB, so that its decimals are exact.
pub const MOST_SCALE: u32 = 12;
/// Digits before the point that a division, which shifts by two scales, still holds in 128 bits.
pub const MOST_DIGITS: u32 = 11;

impl Form {
    pub fn new(ty: Ty, ours: String, sql: String, bind: Bind) -> Self {
        Self {
            ours,
            sql,
            bind,
            ty,
            scale: 0,
            digits: 0,
            literal: false,
            close: false,
            loose: false,
        }
    }

    pub fn atom(ty: Ty, ours: String, sql: String) -> Self {
        Self::new(ty, ours, sql, Bind::Atom)
    }

    #[must_use]
    pub fn sized(mut self, scale: u32, digits: u32) -> Self {
        (self.scale, self.digits) = (scale, digits);
        self
    }

    /// Milepost's text where at least this binding is needed.
    pub fn at(&self, least: Bind) -> String {
        if self.bind < least { format!("({})", self.ours) } else { self.ours.clone() }
    }

    /// DuckDB's text as a float, where a float is what it meets.
    pub fn sql_as(&self, close: bool) -> String {
        if close && !self.close {
            format!("cast({} as double)", self.sql)
        } else {
            self.sql.clone()
        }
    }
}

/// The size of what can be any of some parts.
pub fn widest(parts: &[Form]) -> (u32, u32) {
    let most = |get: fn(&Form) -> u32| parts.iter().map(get).max().unwrap_or(0);
    (most(|f| f.scale), most(|f| f.digits))
}

/// Arithmetic; none where the exact answer would not fit.
pub fn arithmetic(sign: char, l: &Form, r: &Form) -> Option<Form> {
    let (bind, right) = match sign {
        '+' | '-' => (Bind::Sum, Bind::Product),
        _ => (Bind::Product, Bind::Sign),
    };
    let close = l.close || r.close;
    let (scale, digits) = match sign {
        '+' | '-' => (l.scale.max(r.scale), l.digits.max(r.digits) + 1),
        '*' => (l.scale + r.scale, l.digits + r.digits),
        _ => (9, l.digits + r.scale),
    };
    if digits > MOST_DIGITS || (scale > MOST_SCALE && !close) {
        return None;
    }
    let ours = format!("{} {sign} {}", l.at(bind), r.at(right));
    let (a, b) = (l.sql_as(close), r.sql_as(close));
    let sql = match sign {
        '/' => format!("div9({a}, {b})"),
        _ if close => format!("({a} {sign} {b})"),
        _ => format!("exact({a} {sign} {b})"),
    };
    let ty = result(sign, l.ty, r.ty);
    let loose = l.loose || r.loose || (close && matches!(sign, '+' | '-'));
    Some(Form {
        close,
        loose,
        ..Form::new(ty, ours, sql, bind).sized(scale.min(MOST_SCALE), digits)
    })
}

fn result(sign: char, l: Ty, r: Ty) -> Ty {
    match (sign, l, r) {
        ('/', Ty::Money, Ty::Money) => Ty::Num,
        (_, Ty::Money, _) | (_, _, Ty::Money) => Ty::Money,
        ('/', ..) => Ty::Num,
        (_, Ty::Int, Ty::Int) => Ty::Int,
        _ => Ty::Num,
    }
}

/// A literal number, at a few digits.
pub fn number(units: i64, scale: u32, ty: Ty) -> Form {
    let text = decimal(units, scale);
    let bind = if units < 0 { Bind::Sign } else { Bind::Atom };
    let sql = format!("exact({text})");
    let digits = units.unsigned_abs().to_string().len() as u32;
    let form = Form::new(ty, text, sql, bind).sized(scale, digits.saturating_sub(scale).max(1));
    Form { literal: true, ..form }
}

/// Plain digits: `-0.05`.
pub fn decimal(units: i64, scale: u32) -> String {
    milepost::domain::Decimal::new(units.into(), u8::try_from(scale).unwrap()).to_string()
}

/// A text literal, the same in both.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
