//! Random row expressions: one walk writes both texts.

use super::form::{Bind, Form, MOST_DIGITS, Ty, number, quoted, widest};
use super::random::Random;
use super::tables::{self, Column};

/// Columns as paths, with their types.
const PATHS: &[(&str, &[Column])] =
    &[("", tables::DEALS), ("link.", tables::PARTNERS), ("link.zone.", tables::ZONES)];

pub struct Rows<'r> {
    pub random: &'r mut Random,
}

impl Rows<'_> {
    /// An expression of a type, so many levels deep at most.
    pub fn expr(&mut self, ty: Ty, depth: usize) -> Form {
        if depth == 0 || self.random.chance(12) {
            return self.leaf(ty);
        }
        // A form that does not fit its numbers is tried again, then left for a leaf.
        for _ in 0..6 {
            if let Some(form) = self.form(ty, depth - 1) {
                return form;
            }
        }
        self.leaf(ty)
    }

    fn form(&mut self, ty: Ty, depth: usize) -> Option<Form> {
        if self.random.chance(30) {
            return self.any_type(ty, depth);
        }
        match ty {
            Ty::Bool => Some(self.condition(depth)),
            Ty::Text => Some(self.text(depth)),
            Ty::Date => Some(self.date(depth)),
            Ty::Int => self.integer(depth),
            Ty::Num => self.number(depth),
            Ty::Money => self.money(depth),
            Ty::Moment => None,
        }
    }

    pub fn leaf(&mut self, ty: Ty) -> Form {
        if self.random.chance(25) && !matches!(ty, Ty::Money | Ty::Moment) {
            return self.literal(ty);
        }
        loop {
            let at = if self.random.chance(70) { 0 } else { self.random.below(PATHS.len()) };
            let (path, columns) = PATHS[at];
            let fitting: Vec<&Column> = columns.iter().filter(|(_, t)| *t == ty).collect();
            if fitting.is_empty() {
                continue;
            }
            let (column, _) = *self.random.pick(&fitting);
            let name = format!("{path}{column}");
            let (scale, digits) = match ty {
                Ty::Int => (0, 3),
                Ty::Num => (3, 4),
                Ty::Money => (2, 5),
                // What a text gives when it is read as a number.
                _ => (2, 4),
            };
            return Form::atom(ty, name.clone(), format!("\"{name}\"")).sized(scale, digits);
        }
    }

    pub fn literal(&mut self, ty: Ty) -> Form {
        match ty {
            Ty::Int => number(self.random.between(-12, 12), 0, ty),
            Ty::Num | Ty::Money => number(self.random.between(-2000, 9000), 2, Ty::Num),
            Ty::Text => {
                let text = quoted(self.random.pick(tables::TEXTS));
                Form::atom(ty, text.clone(), text).sized(2, 4)
            }
            Ty::Date => {
                let text = format!("date '{}'", tables::date(self.random));
                Form::atom(ty, text.clone(), format!("({text})"))
            }
            Ty::Bool => {
                let text = if self.random.chance(50) { "true" } else { "false" };
                Form::atom(ty, text.to_owned(), text.to_owned())
            }
            Ty::Moment => self.leaf(ty),
        }
    }

    pub fn any(&mut self) -> Ty {
        self.random.pick(&[Ty::Int, Ty::Num, Ty::Money, Ty::Text, Ty::Date, Ty::Bool])
    }

    /// Forms that give what they are given.
    fn any_type(&mut self, ty: Ty, depth: usize) -> Option<Form> {
        let pick = self.random.below(5);
        if pick == 0 {
            let all = [self.expr(ty, depth), self.expr(ty, depth), self.zero_or(ty, depth)];
            return Some(called("coalesce", ty, &all[..2 + self.random.below(2)]));
        }
        if pick == 1 {
            let (value, other) = (self.expr(ty, depth), self.comparable(ty, depth));
            let sized = (value.scale, value.digits);
            return Some(called("nullif", ty, &[value, other]).sized(sized.0, sized.1));
        }
        if pick == 2 && ty != Ty::Bool {
            // Nulls are passed over in both.
            let name = if self.random.chance(50) { "greatest" } else { "least" };
            let all = [self.expr(ty, depth), self.zero_or(ty, depth), self.expr(ty, depth)];
            return Some(called(name, ty, &all[..2 + self.random.below(2)]));
        }
        Some(self.case(ty, depth))
    }

    /// Money may meet the bare 0.
    fn zero_or(&mut self, ty: Ty, depth: usize) -> Form {
        if ty.is_number() && self.random.chance(50) {
            return number(0, 0, Ty::Int);
        }
        self.expr(ty, depth)
    }

    fn case(&mut self, ty: Ty, depth: usize) -> Form {
        let operand = self.random.chance(35).then(|| {
            let of = self.any();
            (of, self.expr(of, depth))
        });
        let (mut ours, mut sql) = ("case".to_owned(), "(case".to_owned());
        if let Some((_, operand)) = &operand {
            ours += &format!(" {}", operand.ours);
            sql += &format!(" {}", operand.sql);
        }
        let mut values = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            let when = match &operand {
                Some((of, _)) => self.comparable(*of, depth),
                None => self.expr(Ty::Bool, depth),
            };
            let value = self.expr(ty, depth);
            ours += &format!(" when {} then {}", when.ours, value.ours);
            sql += &format!(" when {} then {}", when.sql, value.sql);
            values.push(value);
        }
        if self.random.chance(60) {
            let value = if self.random.chance(10) { null(ty) } else { self.expr(ty, depth) };
            ours += &format!(" else {}", value.ours);
            sql += &format!(" else {}", value.sql);
            values.push(value);
        }
        let (scale, digits) = widest(&values);
        Form::atom(ty, ours + " end", sql + " end)").sized(scale, digits)
    }

    /// What a value of a type may be compared with.
    pub fn comparable(&mut self, ty: Ty, depth: usize) -> Form {
        match ty {
            Ty::Int | Ty::Num => {
                let other = self.random.pick(&[Ty::Int, Ty::Num]);
                self.expr(other, depth)
            }
            Ty::Money if self.random.chance(30) => self.literal(Ty::Num),
            Ty::Date if self.random.chance(30) => {
                // A text literal beside a date is a date.
                let text = quoted(&tables::date(self.random));
                Form::atom(ty, text.clone(), format!("(date {text})"))
            }
            _ => self.expr(ty, depth),
        }
    }

    fn condition(&mut self, depth: usize) -> Form {
        match self.random.below(9) {
            0 | 1 => self.junction(depth),
            2 => {
                let inner = self.expr(Ty::Bool, depth);
                let ours = format!("not {}", inner.at(Bind::Not));
                Form::new(Ty::Bool, ours, format!("(not {})", inner.sql), Bind::Not)
            }
            3 => {
                let ty = self.any();
                let (value, not) = (self.expr(ty, depth), self.not());
                let ours = format!("{} is {not}null", value.at(Bind::Sum));
                Form::new(Ty::Bool, ours, format!("({} is {not}null)", value.sql), Bind::Test)
            }
            4 => self.membership(depth),
            5 => self.between(depth),
            6 => {
                let (value, not) = (self.expr(Ty::Text, depth), self.not());
                let patterns = ["%", "a%", "%a", "%l_h%", "_", "__", "%'%", "", "%\u{e9}%", "100%"];
                let pattern = quoted(self.random.pick(&patterns));
                let ours = format!("{} {not}like {pattern}", value.at(Bind::Sum));
                let sql = format!("({} {not}like {pattern})", value.sql);
                Form::new(Ty::Bool, ours, sql, Bind::Test)
            }
            _ => {
                let ty = self.any();
                let signs = ["=", "<>", "<", "<=", ">", ">="];
                let sign = self.random.pick(if ty == Ty::Bool { &signs[..2] } else { &signs });
                let (l, r) = (self.expr(ty, depth), self.comparable(ty, depth));
                comparison(sign, &l, &r)
            }
        }
    }

    fn not(&mut self) -> &'static str {
        if self.random.chance(40) { "not " } else { "" }
    }

    fn junction(&mut self, depth: usize) -> Form {
        let (word, bind) =
            if self.random.chance(50) { ("and", Bind::And) } else { ("or", Bind::Or) };
        let parts: Vec<Form> =
            (0..2 + self.random.below(2)).map(|_| self.expr(Ty::Bool, depth)).collect();
        let join = |texts: Vec<String>| texts.join(&format!(" {word} "));
        let ours = join(parts.iter().map(|p| p.at(bind)).collect());
        let sql = join(parts.iter().map(|p| p.sql.clone()).collect());
        Form::new(Ty::Bool, ours, format!("({sql})"), bind)
    }

    fn membership(&mut self, depth: usize) -> Form {
        let (ty, not) = (self.any(), self.not());
        let value = self.expr(ty, depth);
        let list: Vec<Form> =
            (0..1 + self.random.below(3)).map(|_| self.comparable(ty, depth)).collect();
        let all = |get: fn(&Form) -> &str| list.iter().map(get).collect::<Vec<_>>().join(", ");
        let ours = format!("{} {not}in ({})", value.at(Bind::Sum), all(|f| &f.ours));
        let sql = format!("({} {not}in ({}))", value.sql, all(|f| &f.sql));
        Form::new(Ty::Bool, ours, sql, Bind::Test)
    }

    fn between(&mut self, depth: usize) -> Form {
        let ty = self.random.pick(&[Ty::Int, Ty::Num, Ty::Money, Ty::Text, Ty::Date]);
        let (value, not) = (self.expr(ty, depth), self.not());
        let (low, high) = (self.comparable(ty, depth), self.comparable(ty, depth));
        let [v, l, h] = [&value, &low, &high].map(|f| f.at(Bind::Sum));
        let sql = format!("({} {not}between {} and {})", value.sql, low.sql, high.sql);
        Form::new(Ty::Bool, format!("{v} {not}between {l} and {h}"), sql, Bind::Test)
    }
}

fn null(ty: Ty) -> Form {
    Form::atom(ty, "null".to_owned(), "null".to_owned())
}

pub fn comparison(sign: &str, l: &Form, r: &Form) -> Form {
    let ours = format!("{} {sign} {}", l.at(Bind::Sum), r.at(Bind::Sum));
    Form::new(Ty::Bool, ours, format!("({} {sign} {})", l.sql, r.sql), Bind::Test)
}

pub fn negated(of: &Form) -> Form {
    let ours = format!("-{}", of.at(Bind::Atom));
    let form = Form::new(of.ty, ours, format!("(-{})", of.sql), Bind::Sign);
    Form { close: of.close, loose: of.loose, ..form.sized(of.scale, of.digits) }
}

/// Half away from zero in both.
pub fn rounded(of: &Form, digits: i64) -> Option<Form> {
    let scale = u32::try_from(digits).unwrap_or(0).min(of.scale);
    let text = |inner: &str| format!("round({inner}, {digits})");
    let form = Form::atom(of.ty, text(&of.ours), format!("exact({})", text(&of.sql)));
    (of.digits < MOST_DIGITS).then(|| form.sized(scale, of.digits + 1))
}

/// A call with the same name in both.
pub fn called(name: &str, ty: Ty, args: &[Form]) -> Form {
    let close = args.iter().any(|a| a.close);
    let ours: Vec<&str> = args.iter().map(|a| a.ours.as_str()).collect();
    let sql: Vec<String> = args.iter().map(|a| a.sql_as(close)).collect();
    let (scale, digits) = widest(args);
    let (ours, sql) = (ours.join(", "), sql.join(", "));
    let form = Form::atom(ty, format!("{name}({ours})"), format!("{name}({sql})"));
    let loose = args.iter().any(|a| a.loose);
    Form { close, loose, ..form.sized(scale, digits) }
}

/// Texts of numbers have no idle zeros.
pub fn as_text(of: &Form) -> String {
    match of.ty {
        Ty::Text => of.sql.clone(),
        Ty::Int | Ty::Num | Ty::Money => format!("number_text({})", of.sql),
        Ty::Date | Ty::Moment | Ty::Bool => format!("cast({} as varchar)", of.sql),
    }
}
