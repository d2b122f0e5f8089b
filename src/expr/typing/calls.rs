//! Calls of functions and aggregates.

use std::ops::Range;

use super::{Typed, Typer};
use crate::diag::near;
use crate::domain::{Grain, Type, Value};
use crate::expr::ast::Call;
use crate::expr::diags;
use crate::expr::scope::Scope;
use crate::expr::words::{AGGREGATES, FORMS, SCALARS, UNITS, form, grains, unit};
use crate::rel::{Aggregate, Op};

impl Typer<'_, '_> {
    pub(super) fn call(&mut self, call: &Call, at: &Range<usize>) -> Option<Typed> {
        if let Some(form) = form(AGGREGATES, &call.name) {
            return self.aggregate(call, form, at);
        }
        let Some(form) = form(SCALARS, &call.name) else {
            let place = self.origin.place(&call.name_at);
            let functions = SCALARS.iter().chain(AGGREGATES).map(|(name, _)| *name);
            let near = near(&call.name, functions.chain(FORMS.iter().copied()));
            return self.refuse(diags::not_in_language(place, &format!("`{}`", call.name), near));
        };
        if call.star || call.distinct || call.filter.is_some() || call.within.is_some() {
            return self.wrong(call, form);
        }
        let args: Vec<Option<Typed>> = call.args.iter().map(|a| self.expr(a)).collect();
        let args = args.into_iter().collect::<Option<Vec<_>>>()?;
        match (call.name.as_str(), args.as_slice()) {
            ("as_of", []) => self.node(Op::AsOf, &[], Type::Date, true, at),
            ("coalesce", [_, _, ..]) => self.first_of(Op::Coalesce, &args, at),
            ("greatest", [_, _, ..]) => self.first_of(Op::Greatest, &args, at),
            ("least", [_, _, ..]) => self.first_of(Op::Least, &args, at),
            ("nullif", [value, other]) => {
                let (same, other) = self.comparable(value, other)?;
                self.node(Op::NullIf, &[&same, &other], same.ty, true, at)
            }
            ("abs", [number]) => {
                self.want_number(number)?;
                self.node(Op::Abs, &[number], number.ty, number.nullable, at)
            }
            ("round", [number]) => {
                let digits = self.literal(Value::Number(0i64.into()), Type::Integer, at)?;
                self.round(number, &digits, at)
            }
            ("round", [number, digits]) => self.round(number, digits, at),
            ("lower", [text]) => self.of_text(Op::Lower, text, Type::Text, at),
            ("upper", [text]) => self.of_text(Op::Upper, text, Type::Text, at),
            ("trim", [text]) => self.of_text(Op::Trim, text, Type::Text, at),
            ("length", [text]) => self.of_text(Op::Length, text, Type::Integer, at),
            ("substr", [text, rest @ ..]) if (1..=2).contains(&rest.len()) => {
                self.substr(text, rest, at)
            }
            ("date_trunc", [grain, moment]) => self.date_trunc(grain, moment, at),
            ("date_diff", [unit, from, to]) => self.date_diff(unit, from, to, at),
            _ => self.wrong(call, form),
        }
    }

    fn wrong(&mut self, call: &Call, form: &str) -> Option<Typed> {
        let place = self.origin.place(&call.name_at);
        self.refuse(diags::arguments(place, &call.name, form))
    }

    /// Functions that pick one of their arguments and pass over nulls.
    fn first_of(&mut self, op: Op, args: &[Typed], at: &Range<usize>) -> Option<Typed> {
        let (args, ty) = self.unify(args)?;
        if op != Op::Coalesce && ty == Type::Boolean {
            return self.mismatch(at, "true and false have no order".to_owned(), "");
        }
        let nullable = args.iter().all(|a| a.nullable);
        self.node(op, &args.iter().collect::<Vec<_>>(), ty, nullable, at)
    }

    fn want_number(&mut self, typed: &Typed) -> Option<()> {
        if typed.ty.is_numeric() {
            return Some(());
        }
        let headline = format!("a number is wanted here, this is {}", diags::words(typed.ty));
        self.mismatch(&typed.at, headline, "")
    }

    fn round(&mut self, number: &Typed, digits: &Typed, at: &Range<usize>) -> Option<Typed> {
        self.want_number(number)?;
        let whole = digits.ty == Type::Integer;
        let good = |n: crate::domain::Decimal| n >= (-9i64).into() && n <= 18i64.into();
        if !whole || !self.literal_number(digits).is_some_and(good) {
            let headline = "the digits of `round` are not a whole number from -9 to 18".to_owned();
            return self.mismatch(&digits.at, headline, "");
        }
        self.node(Op::Round, &[number, digits], number.ty, number.nullable, at)
    }

    fn want(&mut self, typed: &Typed, ty: Type) -> Option<()> {
        if typed.ty == ty {
            return Some(());
        }
        let headline = format!("{} is wanted here, this is {}", ty.word(), diags::words(typed.ty));
        self.mismatch(&typed.at, headline, "")
    }

    fn of_text(&mut self, op: Op, text: &Typed, ty: Type, at: &Range<usize>) -> Option<Typed> {
        self.want(text, Type::Text)?;
        self.node(op, &[text], ty, text.nullable, at)
    }

    fn substr(&mut self, text: &Typed, rest: &[Typed], at: &Range<usize>) -> Option<Typed> {
        self.want(text, Type::Text)?;
        for number in rest {
            self.want(number, Type::Integer)?;
        }
        let args: Vec<&Typed> = std::iter::once(text).chain(rest).collect();
        let nullable = args.iter().any(|a| a.nullable);
        self.node(Op::Substr, &args, Type::Text, nullable, at)
    }

    fn date_trunc(&mut self, grain: &Typed, moment: &Typed, at: &Range<usize>) -> Option<Typed> {
        let word = self.literal_text(grain);
        let Some(known) = word.as_deref().and_then(Grain::parse) else {
            let near = near(word.as_deref().unwrap_or(""), grains());
            let place = self.origin.place(&grain.at);
            return self.refuse(diags::not_in_language(place, "this grain", near));
        };
        self.want_time(moment)?;
        self.node(Op::DateTrunc(known), &[moment], Type::Date, moment.nullable, at)
    }

    fn want_time(&mut self, typed: &Typed) -> Option<()> {
        if typed.ty.is_time() {
            return Some(());
        }
        let headline = format!("a date is wanted here, this is {}", diags::words(typed.ty));
        self.mismatch(&typed.at, headline, "")
    }

    fn date_diff(
        &mut self,
        word: &Typed,
        from: &Typed,
        to: &Typed,
        at: &Range<usize>,
    ) -> Option<Typed> {
        let text = self.literal_text(word);
        let Some(unit) = text.as_deref().and_then(unit) else {
            let near = near(text.as_deref().unwrap_or(""), UNITS.iter().map(|(w, _)| *w));
            let place = self.origin.place(&word.at);
            return self.refuse(diags::not_in_language(place, "this unit of time", near));
        };
        let (mut from, mut to) = (from.clone(), to.clone());
        match (from.ty, to.ty) {
            (Type::Text, ty) if ty.is_time() => from = self.moment(&from, ty)?,
            (ty, Type::Text) if ty.is_time() => to = self.moment(&to, ty)?,
            (Type::Date, Type::DateTime) => from = self.at_midnight(&from)?,
            (Type::DateTime, Type::Date) => to = self.at_midnight(&to)?,
            _ => {}
        }
        self.want_time(&from)?;
        self.want_time(&to)?;
        let nullable = from.nullable || to.nullable;
        self.node(Op::DateDiff(unit), &[&from, &to], Type::Integer, nullable, at)
    }

    fn aggregate(&mut self, call: &Call, form: &str, at: &Range<usize>) -> Option<Typed> {
        let place = self.origin.place(&call.name_at);
        match self.scope {
            Scope::Row { .. } => {
                return self.refuse(diags::aggregate_in_row(place, &call.name));
            }
            Scope::Metric { .. } => {
                return self.refuse(diags::aggregate_of_metrics(place, &call.name));
            }
            Scope::Aggregate { .. } if self.inside_aggregate => {
                return self.refuse(diags::nested_aggregate(place, &call.name));
            }
            Scope::Aggregate { .. } => {}
        }
        self.inside_aggregate = true;
        let args: Vec<Option<Typed>> =
            call.args.iter().chain(call.within.as_deref()).map(|a| self.expr(a)).collect();
        let filter = call.filter.as_deref().map(|f| self.boolean(f));
        self.inside_aggregate = false;
        let args = args.into_iter().collect::<Option<Vec<_>>>()?;
        let filter = match filter {
            Some(filter) => Some(filter?),
            None => None,
        };
        let Some((function, arg)) = self.function(call, &args)? else {
            return self.wrong(call, form);
        };
        self.aggregate_node(function, arg, filter.as_ref(), at)
    }

    /// Which aggregate a call is, and of what; none where it is not called like this.
    #[expect(clippy::option_option, reason = "reported, or of another form")]
    fn function<'t>(
        &mut self,
        call: &Call,
        args: &'t [Typed],
    ) -> Option<Option<(Aggregate, Option<&'t Typed>)>> {
        let bare = !call.star && !call.distinct && call.within.is_none();
        Some(match (call.name.as_str(), args) {
            ("count", []) if call.star && !call.distinct => Some((Aggregate::CountRows, None)),
            ("count", [x]) if !call.star && call.within.is_none() => {
                let distinct = call.distinct;
                let function = if distinct { Aggregate::CountDistinct } else { Aggregate::Count };
                Some((function, Some(x)))
            }
            ("sum", [x]) if bare => Some((Aggregate::Sum, Some(x))),
            ("avg", [x]) if bare => Some((Aggregate::Avg, Some(x))),
            ("min", [x]) if bare => Some((Aggregate::Min, Some(x))),
            ("max", [x]) if bare => Some((Aggregate::Max, Some(x))),
            ("median", [x]) if bare => Some((Aggregate::Percentile(500_000), Some(x))),
            ("percentile_cont", [p, x]) if !call.star && !call.distinct => {
                Some((self.fraction(p)?, Some(x)))
            }
            _ => None,
        })
    }

    fn fraction(&mut self, p: &Typed) -> Option<Aggregate> {
        let millionths = self.literal_number(p).and_then(|n| {
            let exact = n.at_scale(6).ok().filter(|at6| *at6 == n)?;
            u32::try_from(exact.units()).ok().filter(|units| *units <= 1_000_000)
        });
        if millionths.is_none() {
            let headline = "the fraction of `percentile_cont` is not from 0 to 1".to_owned();
            return self.mismatch(&p.at, headline, "it comes first: `percentile_cont(0.75, x)`");
        }
        millionths.map(Aggregate::Percentile)
    }

    fn aggregate_node(
        &mut self,
        function: Aggregate,
        arg: Option<&Typed>,
        filter: Option<&Typed>,
        at: &Range<usize>,
    ) -> Option<Typed> {
        let counts =
            matches!(function, Aggregate::CountRows | Aggregate::Count | Aggregate::CountDistinct);
        let ordered = matches!(function, Aggregate::Min | Aggregate::Max);
        let ty = match arg {
            _ if counts => Type::Integer,
            Some(x) if ordered && x.ty.is_time() => x.ty,
            Some(x) => {
                self.want_number(x)?;
                let keeps = ordered || function == Aggregate::Sum || x.ty != Type::Integer;
                if keeps { x.ty } else { Type::Number }
            }
            None => Type::Integer,
        };
        let parts: Vec<&Typed> = arg.into_iter().collect();
        let op = Op::Aggregate { function, filter: filter.map(|f| f.id) };
        let typed = self.node(op, &parts, ty, !counts, at)?;
        let size = typed.size.saturating_add(filter.map_or(0, |f| f.size));
        Some(Typed { size, ..typed })
    }
}
