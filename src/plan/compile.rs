//! From what is asked to scans: resolves parts, groups by dataset, shares what is equal.

use std::collections::{BTreeMap, BTreeSet};

use super::build::ScanBuilder;
use super::lower::{Lowered, lower};
use super::{Ask, Cells, DerivedPlan, Floors, Plan, Question, Rule, Unsliced, ValuePlan};
use crate::catalog::{Catalog, Occurred};
use crate::diag::Diagnostic;
use crate::domain::{Id, Period, Value};
use crate::kinds::{Body, CheckSource, Making};
use crate::rel::{Arena, ExprId, Node, Op, When};

/// Plans everything that a question needs.
///
/// Gives diagnostics for shapes that the embedded engine does not run.
pub fn compile(catalog: &Catalog, question: &Question) -> (Plan, Vec<Diagnostic>) {
    let mut compiler = Compiler {
        catalog,
        question,
        plan: Plan { arena: catalog.arena.clone(), ..Plan::default() },
        scans: BTreeMap::new(),
        key_sets: 0,
        sink: Vec::new(),
    };
    let asks = compiler.gather();
    for (rule, wanted) in &asks {
        compiler.value(rule, wanted);
    }
    compiler.finish()
}

/// The metrics that a rule is made of, and the slice that it takes them from.
type Parts = (Vec<Id>, Option<(Id, String)>);

/// Crossings and the periods wanted in each.
type Wanted = BTreeMap<Vec<Id>, BTreeSet<Period>>;

struct Compiler<'a> {
    catalog: &'a Catalog,
    question: &'a Question,
    plan: Plan,
    scans: BTreeMap<Id, ScanBuilder>,
    key_sets: u32,
    sink: Vec<Diagnostic>,
}

impl Compiler<'_> {
    /// All rules that are asked for, with the parts that they need, each once.
    fn gather(&mut self) -> BTreeMap<Rule, Wanted> {
        let mut all: BTreeMap<Rule, Wanted> = BTreeMap::new();
        let mut order = Vec::new();
        for ask in &self.question.asks {
            self.add_ask(ask, &mut all, &mut order);
        }
        let mut seen = BTreeSet::new();
        for rule in order {
            self.order_derived(&rule, &all, &mut seen);
        }
        all
    }

    fn add_ask(&mut self, ask: &Ask, all: &mut BTreeMap<Rule, Wanted>, order: &mut Vec<Rule>) {
        let rule = self.resolve_alias(&ask.rule);
        let mut usable = Vec::new();
        for by in &ask.by {
            match self.lacking(&rule, by) {
                Some((metric, dimension)) => {
                    let by = by.clone();
                    self.plan.unsliced.push(Unsliced {
                        rule: ask.rule.clone(),
                        by,
                        metric,
                        dimension,
                    });
                }
                None => usable.push(by.clone()),
            }
        }
        let wanted = all.entry(rule.clone()).or_default();
        for by in &usable {
            wanted.entry(by.clone()).or_default().extend(ask.periods.iter().cloned());
        }
        order.push(rule.clone());
        if let Some((parts, slice)) = self.parts(&rule) {
            let mut by = slice.map_or(usable, |(dimension, _)| vec![vec![dimension]]);
            let making = self.body(&rule).map(|b| b.making.clone()).unwrap_or_default();
            if matches!(making, Making::Bridge { .. }) && !by.contains(&Vec::new()) {
                // Shares of a whole need the whole.
                by.push(Vec::new());
            }
            let (calendar, as_of) = (&self.catalog.project.calendar, self.question.as_of);
            let periods: Vec<Period> =
                ask.periods.iter().flat_map(|p| making.periods(p, calendar, as_of)).collect();
            for part in parts {
                let rule = Rule::Metric(part);
                let ask = Ask { rule, periods: periods.clone(), by: by.clone() };
                self.add_ask(&ask, all, order);
            }
        }
    }

    fn resolve_alias(&mut self, rule: &Rule) -> Rule {
        let Rule::Metric(id) = rule else { return rule.clone() };
        match self.catalog.metrics.get(id).and_then(|m| m.alias_of.clone()) {
            Some(target) => {
                let target = self.resolve_alias(&Rule::Metric(target));
                let pair = (rule.clone(), target.clone());
                if !self.plan.aliases.contains(&pair) {
                    self.plan.aliases.push(pair);
                }
                target
            }
            None => rule.clone(),
        }
    }

    fn body(&self, rule: &Rule) -> Option<&Body> {
        match rule {
            Rule::Metric(id) => self.catalog.metrics.get(id).map(|m| &m.body),
            Rule::Check(id) => self.catalog.checks.get(id)?.body.source.body(),
        }
    }

    /// The metrics that a rule is made of, if it is, and the slice that it takes them from.
    fn parts(&self, rule: &Rule) -> Option<Parts> {
        let body = self.body(rule)?;
        if body.rel.is_some() {
            return None;
        }
        let slice = match rule {
            Rule::Check(id) => match &self.catalog.checks.get(id)?.body.source {
                CheckSource::Metrics { slice, .. } => slice.clone(),
                _ => None,
            },
            Rule::Metric(_) => None,
        };
        Some((body.metrics(&self.catalog.arena), slice))
    }

    /// The first metric, and the dimension, that keeps a rule from being sliced.
    fn lacking(&self, rule: &Rule, by: &[Id]) -> Option<(Id, Id)> {
        if let Some((parts, _)) = self.parts(rule) {
            return parts.into_iter().find_map(|p| self.lacking(&Rule::Metric(p), by));
        }
        let target = match rule {
            Rule::Metric(id) => self.catalog.metrics.get(id)?.alias_of.clone(),
            Rule::Check(_) => None,
        };
        if let Some(target) = target {
            return self.lacking(&Rule::Metric(target), by);
        }
        let dataset = &self.body(rule)?.population.as_ref()?.dataset;
        let carries = |d: &Id| {
            self.catalog.dimensions.get(d).is_some_and(|found| found.by.contains_key(dataset))
        };
        by.iter().find(|d| !carries(d)).map(|d| (rule.id().clone(), d.clone()))
    }

    /// Puts derived rules into the plan, parts first.
    fn order_derived(
        &mut self,
        rule: &Rule,
        all: &BTreeMap<Rule, Wanted>,
        seen: &mut BTreeSet<Rule>,
    ) {
        if !seen.insert(rule.clone()) {
            return;
        }
        let Some((parts, slice)) = self.parts(rule) else { return };
        for part in &parts {
            let part = self.resolve_alias(&Rule::Metric(part.clone()));
            self.order_derived(&part, all, seen);
        }
        let Some((value, making)) = self.body(rule).map(|b| (b.value, b.making.clone())) else {
            return;
        };
        let asks = all.get(rule).into_iter().flatten();
        let asks = asks.map(|(by, periods)| (by.clone(), periods.iter().cloned().collect()));
        let asks = asks.collect();
        let value = self.with_dates(value);
        self.plan.derived.push(DerivedPlan {
            rule: rule.clone(),
            value,
            making,
            parts,
            asks,
            slice,
        });
    }

    /// Plans one rule that rests on rows.
    fn value(&mut self, rule: &Rule, wanted: &Wanted) {
        let Some(body) = self.body(rule).cloned() else { return };
        let (Some(rel), Some(population)) = (&body.rel, &body.population) else { return };
        let lowered = match lower(rel, &mut self.plan.arena, &mut self.key_sets) {
            Ok(lowered) => lowered,
            Err(shape) => {
                self.sink.push(super::diags::shape_not_run(rule.id().as_str(), shape));
                return;
            }
        };
        let lacks_as_of = self.question.as_of.is_none() && self.asks_as_of(&lowered);
        let lowered = self.substitute(lowered);
        let lowered = self.convert(rule, lowered);
        for set in &lowered.key_sets {
            self.builder(&set.dataset).add_key_set(set);
        }
        let dataset = lowered.dataset.clone();
        let mut builder = self.scans.remove(&dataset).unwrap_or_else(|| ScanBuilder::new(&dataset));
        let arena = &mut self.plan.arena;
        let (leaves, functions) = builder.add_leaves(arena, &lowered);
        let scope = builder.add_scope(arena, &leaves);
        let mut needs = builder.needs(&leaves);
        needs.extend(lowered.time.into_iter().flat_map(When::exprs));
        // What stays is told as it was on the as-of date, whatever it is known by.
        let ends = happens(self.catalog, arena, lowered.time)
            || matches!(lowered.time, Some(When::Stay { .. }));
        let until = self.question.as_of.filter(|_| ends);
        let mut cells = Vec::new();
        for (by, periods) in wanted {
            let dims = dimensions(self.catalog, arena, by, &dataset);
            let dim_needs: Vec<ExprId> = dims.iter().map(|(_, e)| *e).collect();
            let periods: Vec<Period> = periods.iter().cloned().collect();
            let grouping = builder.add_grouping(lowered.time, dims, &periods, &leaves, scope);
            builder.end(grouping, until);
            cells.push(Cells { by: by.clone(), grouping, periods, needs: dim_needs });
        }
        self.scans.insert(dataset.clone(), builder);
        needs.sort();
        needs.dedup();
        let value = self.with_dates(body.value);
        let beside = body.beside;
        self.plan.values.push(ValuePlan {
            rule: rule.clone(),
            scan: 0,
            leaves,
            functions,
            scope,
            value,
            numerator: body.numerator,
            denominator: body.denominator,
            beside,
            time: lowered.time,
            filter: lowered.filter,
            population: population.words.clone(),
            needs,
            floors: self.floors(rule, body.sampled),
            lacks_as_of,
            cells,
        });
    }

    fn floors(&self, rule: &Rule, sampled: bool) -> Floors {
        let (sample, coverage) = match rule {
            Rule::Metric(id) => {
                self.catalog.metrics.get(id).map_or((0, 0), |m| (m.sample_floor, m.coverage_floor))
            }
            // A check of rows judges every row there is: its own bounds say what is enough.
            Rule::Check(_) => (0, 0),
        };
        Floors { sample: if sampled { sample } else { 0 }, coverage }
    }

    fn builder(&mut self, dataset: &Id) -> &mut ScanBuilder {
        self.scans.entry(dataset.clone()).or_insert_with(|| ScanBuilder::new(dataset))
    }

    fn substitute(&mut self, mut lowered: Lowered) -> Lowered {
        lowered.filter = lowered.filter.map(|f| self.with_dates(f));
        lowered.time = lowered.time.map(|t| t.map(|t| self.with_dates(t)));
        for aggregate in &mut lowered.aggregates {
            *aggregate = self.with_dates(*aggregate);
        }
        for set in &mut lowered.key_sets {
            set.key = self.with_dates(set.key);
            set.filter = set.filter.map(|f| self.with_dates(f));
        }
        lowered
    }

    /// Where the project has rates: amounts at those of the rule's day.
    fn convert(&mut self, rule: &Rule, mut lowered: Lowered) -> Lowered {
        if !self.catalog.has_rates() {
            return lowered;
        }
        let arena = &self.plan.arena;
        let day = super::rates::day_of(self.catalog, arena, self.question, rule, lowered.time);
        let (catalog, dataset) = (self.catalog, lowered.dataset.clone());
        let arena = &mut self.plan.arena;
        let mut made = |expr| super::rates::at_rates(catalog, arena, &dataset, &day, expr);
        lowered.filter = lowered.filter.map(&mut made);
        lowered.aggregates.iter_mut().for_each(|aggregate| *aggregate = made(*aggregate));
        lowered
    }

    /// Whether it depends on the as-of date which rows count.
    fn asks_as_of(&self, lowered: &Lowered) -> bool {
        let sets = lowered.key_sets.iter().flat_map(|set| set.filter.into_iter().chain([set.key]));
        let exprs = lowered.filter.into_iter().chain(lowered.aggregates.iter().copied());
        let mut found = false;
        for expr in exprs.chain(sets) {
            self.plan.arena.walk(expr, &mut |_, node| found |= node.op == Op::AsOf);
        }
        found
    }

    /// Replaces as-of and period nodes by their days.
    fn with_dates(&mut self, id: ExprId) -> ExprId {
        let period = self.question.period.clone().unwrap_or_else(Period::all);
        let as_of = self.question.as_of;
        self.plan.arena.rewrite(id, &mut |arena: &mut Arena, id| {
            let node = arena.get(id).clone();
            let day = match node.op {
                Op::AsOf => as_of,
                Op::PeriodFrom => period.from,
                Op::PeriodTo => period.to,
                _ => return None,
            };
            let value = day.map_or(Value::Null, Value::Date);
            Some(arena.add(Node { op: Op::Literal(value), ..node }))
        })
    }

    fn finish(mut self) -> (Plan, Vec<Diagnostic>) {
        super::order::keep_lookups(self.catalog, &self.plan.arena, &mut self.scans, self.question);
        let scans = super::order::in_order(self.catalog, &self.plan.arena, self.scans);
        match scans {
            Ok(scans) => self.plan.scans = scans,
            Err(cycle) => self.sink.push(super::diags::lookup_cycle(&cycle)),
        }
        self.plan.scans.iter_mut().for_each(super::rollup::roll_up);
        let place: BTreeMap<Id, usize> =
            self.plan.scans.iter().enumerate().map(|(i, s)| (s.dataset.clone(), i)).collect();
        for value in &mut self.plan.values {
            let rule = match &value.rule {
                Rule::Metric(id) => self.catalog.metrics.get(id).map(|m| &m.body),
                Rule::Check(id) => self.catalog.checks.get(id).and_then(|c| match &c.body.source {
                    CheckSource::Rows(body) => Some(body),
                    _ => None,
                }),
            };
            let dataset = rule.and_then(|b| b.population.as_ref()).map(|p| &p.dataset);
            value.scan = dataset.and_then(|d| place.get(d)).copied().unwrap_or(0);
        }
        (self.plan, self.sink)
    }
}

/// Whether a time is of things that happened, which as-of dates are about; plans and hopes lie ahead of them.
fn happens(catalog: &Catalog, arena: &Arena, time: Option<When>) -> bool {
    let paths = time.map_or(Vec::new(), |time| arena.columns(time.from()));
    paths.iter().any(|path| {
        let dataset = catalog.datasets.get(&path.dataset);
        let column = dataset.and_then(|dataset| dataset.column(path.base().as_str()));
        !path.is_lookup() && column.is_some_and(|column| column.occurred != Occurred::No)
    })
}

/// The row expressions of a crossing over a dataset.
fn dimensions(catalog: &Catalog, arena: &mut Arena, by: &[Id], dataset: &Id) -> Vec<(Id, ExprId)> {
    let one = |id: &Id| {
        let expr = *catalog.dimensions.get(id)?.by.get(dataset)?;
        Some((id.clone(), expr))
    };
    let found: Vec<(Id, ExprId)> = by.iter().filter_map(one).collect();
    found.into_iter().map(|(id, expr)| (id, as_text(arena, expr))).collect()
}

/// The expression as text: members of a dimension are texts.
fn as_text(arena: &mut Arena, expr: ExprId) -> ExprId {
    use crate::domain::Type;
    let node = arena.get(expr).clone();
    if node.ty == Type::Text {
        return expr;
    }
    let (args, nullable) = (vec![expr], node.nullable);
    arena.add(Node { op: Op::Cast(Type::Text), args, ty: Type::Text, nullable })
}
