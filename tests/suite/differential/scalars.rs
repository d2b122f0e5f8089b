//! Random numbers, texts and dates of one row.

use super::form::{Bind, Form, Ty, arithmetic};
use super::rows::{Rows, as_text, called, negated, rounded};

impl Rows<'_> {
    pub fn integer(&mut self, depth: usize) -> Option<Form> {
        let whole = |ours: String, sql: String, digits: u32| {
            Some(Form::atom(Ty::Int, ours, format!("exact({sql})")).sized(0, digits))
        };
        match self.random.below(7) {
            0 => {
                let (l, r) = (self.expr(Ty::Date, depth), self.expr(Ty::Date, depth));
                let ours = format!("{} - {}", l.at(Bind::Sum), r.at(Bind::Product));
                let form =
                    Form::new(Ty::Int, ours, format!("exact({} - {})", l.sql, r.sql), Bind::Sum);
                Some(form.sized(0, 4))
            }
            1 => {
                let unit = self.random.pick(&["day", "week", "month", "quarter", "year", "hour"]);
                let (a, b) = (self.expr(Ty::Date, depth), self.expr(Ty::Date, depth));
                let sql = match unit {
                    // Mondays that were crossed; DuckDB counts whole weeks.
                    "week" => format!(
                        "date_diff('day', date_trunc('week', {}), date_trunc('week', {})) / 7",
                        a.sql, b.sql
                    ),
                    _ => format!("date_diff('{unit}', {}, {})", a.sql, b.sql),
                };
                whole(format!("date_diff('{unit}', {}, {})", a.ours, b.ours), sql, 6)
            }
            2 => {
                let part = self.random.pick(&["year", "quarter", "month", "week", "day", "isodow"]);
                let of = self.expr(Ty::Date, depth);
                let text = |inner: &str| format!("extract({part} from {inner})");
                whole(text(&of.ours), text(&of.sql), 4)
            }
            3 => {
                let of = self.expr(Ty::Text, depth);
                whole(format!("length({})", of.ours), format!("length({})", of.sql), 2)
            }
            4 => self.cast(Ty::Int, depth),
            5 => self.of_one(Ty::Int, depth),
            _ => {
                let (l, r) = (self.expr(Ty::Int, depth), self.expr(Ty::Int, depth));
                arithmetic(self.random.pick(&['+', '-', '*']), &l, &r)
            }
        }
    }

    pub fn number(&mut self, depth: usize) -> Option<Form> {
        match self.random.below(6) {
            0 => self.cast(Ty::Num, depth),
            1 => self.of_one(Ty::Num, depth),
            2 => {
                let (l, r) = (self.expr(Ty::Money, depth), self.expr(Ty::Money, depth));
                arithmetic('/', &l, &r)
            }
            3 => {
                let (l, r) = (self.expr(Ty::Int, depth), self.expr(Ty::Int, depth));
                arithmetic('/', &l, &r)
            }
            _ => {
                let (l, r) = (self.expr(Ty::Num, depth), self.comparable(Ty::Num, depth));
                let sign = self.random.pick(&['+', '-', '*', '/']);
                if self.random.chance(50) {
                    arithmetic(sign, &r, &l)
                } else {
                    arithmetic(sign, &l, &r)
                }
                .map(|form| Form { ty: Ty::Num, ..form })
            }
        }
    }

    pub fn money(&mut self, depth: usize) -> Option<Form> {
        let money = self.expr(Ty::Money, depth);
        match self.random.below(4) {
            0 => self.of_one(Ty::Money, depth),
            1 => {
                let other = self.expr(Ty::Money, depth);
                arithmetic(self.random.pick(&['+', '-']), &money, &other)
            }
            2 => {
                let factor = self.comparable(Ty::Num, depth);
                if self.random.chance(50) {
                    arithmetic('*', &factor, &money)
                } else {
                    arithmetic('*', &money, &factor)
                }
            }
            _ => {
                let other = self.comparable(Ty::Num, depth);
                arithmetic('/', &money, &other)
            }
        }
    }

    /// `-x`, `abs`, `round`.
    fn of_one(&mut self, ty: Ty, depth: usize) -> Option<Form> {
        let of = self.expr(ty, depth);
        Some(match self.random.below(3) {
            0 => negated(&of),
            1 => called("abs", ty, std::slice::from_ref(&of)),
            _ => {
                let digits = self.random.between(-2, 4);
                rounded(&of, digits)?
            }
        })
    }

    fn cast(&mut self, ty: Ty, depth: usize) -> Option<Form> {
        let from = self.random.pick(&[Ty::Int, Ty::Num, Ty::Money, Ty::Text, Ty::Bool]);
        let of = self.expr(from, depth);
        let word = if ty == Ty::Int { "integer" } else { "number" };
        let ours = format!("cast({} as {word})", of.ours);
        let sql = match from {
            // Texts that are no plain decimal are null; DuckDB also reads `1e3` and `1_0`.
            Ty::Text if of.scale > 9 => return None,
            Ty::Text => format!("read_number({})", of.sql),
            Ty::Bool => format!("exact(cast({} as integer))", of.sql),
            _ => of.sql.clone(),
        };
        let (scale, digits) = if from == Ty::Bool { (0, 1) } else { (of.scale, of.digits) };
        if ty == Ty::Int {
            let sql = format!("exact(round({sql}, 0))");
            return Some(Form::atom(ty, ours, sql).sized(0, digits + 1));
        }
        Some(Form::atom(ty, ours, sql).sized(scale, digits))
    }

    pub fn text(&mut self, depth: usize) -> Form {
        let of = self.expr(Ty::Text, depth);
        let sized = (of.scale, of.digits);
        let form = match self.random.below(5) {
            0 => called("lower", Ty::Text, &[of]),
            1 => called("upper", Ty::Text, &[of]),
            2 => called("trim", Ty::Text, &[of]),
            3 => {
                // Places before the text count from the text's end in DuckDB: not asked.
                let (start, length) = (self.random.below(5), self.random.below(4));
                let rest = if self.random.chance(60) {
                    format!("{start}, {length}")
                } else {
                    format!("{}", start.max(1))
                };
                let text = |inner: &str| format!("substr({inner}, {rest})");
                Form::atom(Ty::Text, text(&of.ours), text(&of.sql))
            }
            _ => {
                let from = self.random.pick(&[Ty::Int, Ty::Num, Ty::Money, Ty::Date, Ty::Bool]);
                return self.text_of(from, depth);
            }
        };
        form.sized(sized.0, sized.1)
    }

    pub fn text_of(&mut self, from: Ty, depth: usize) -> Form {
        let of = self.expr(from, depth);
        let ours = format!("cast({} as text)", of.ours);
        Form::atom(Ty::Text, ours, as_text(&of)).sized(of.scale, of.digits.max(4))
    }

    pub fn date(&mut self, depth: usize) -> Form {
        if self.random.chance(25) {
            let of = self.expr(Ty::Text, depth);
            // ISO dates only; DuckDB also reads `2026-2-8`.
            let ours = format!("cast({} as date)", of.ours);
            return Form::atom(Ty::Date, ours, format!("read_date({})", of.sql));
        }
        let of = self.expr(Ty::Date, depth);
        let grain = self.random.pick(&["day", "week", "month", "quarter", "year"]);
        let ours = format!("date_trunc('{grain}', {})", of.ours);
        Form::atom(Ty::Date, ours, format!("cast(date_trunc('{grain}', {}) as date)", of.sql))
    }
}
