//! What a rule asks for, after its kind has read it.

use crate::domain::{Calendar, Day, Decimal, Grain, Id, Period};
use crate::rel::{Aggregate, Arena, ExprId, Op, Rel, When};

/// Over which rows a rule runs, for words and evidence.
#[derive(Debug, Clone)]
pub struct Population {
    pub dataset: Id,
    /// Row expression; none keeps every row.
    pub filter: Option<ExprId>,
    /// What puts a row into a period.
    pub time: Option<When>,
    /// "won deals"; the dataset's title in lower case when the rule does not say.
    pub words: String,
}

/// A value: aggregates over one population, or arithmetic over other metrics, or both.
#[derive(Debug, Clone)]
pub struct Body {
    /// None for arithmetic over metrics alone.
    pub population: Option<Population>,
    /// A `Rel::Cube` whose aggregates are the leaves; none for arithmetic over metrics alone.
    pub rel: Option<Rel>,
    /// Scalar tree over `Op::Leaf(n)` (the n-th aggregate of `rel`) and `Op::Metric`.
    pub value: ExprId,
    /// The parts to show, for ratios.
    pub numerator: Option<ExprId>,
    pub denominator: Option<ExprId>,
    /// Figures that stand beside the value: name and tree, over the same leaves.
    pub beside: Vec<(String, ExprId)>,
    /// How arithmetic over metrics is done.
    pub making: Making,
    /// Whether a sample floor makes sense: averages and shares, not sums and counts.
    pub sampled: bool,
}

impl Body {
    /// Whether it is one count or one sum, so that values of slices add up to the whole's.
    pub fn adds_up(&self, arena: &Arena) -> bool {
        let Some(Rel::Cube { aggregates, .. }) = &self.rel else { return false };
        let sums = |id: &ExprId| match &arena.get(*id).op {
            Op::Aggregate { function, .. } => {
                matches!(function, Aggregate::CountRows | Aggregate::Count | Aggregate::Sum)
            }
            _ => false,
        };
        matches!(arena.get(self.value).op, Op::Leaf(_)) && aggregates.iter().all(sums)
    }

    /// Whether values of periods add up as well: what happens does, what is there does not.
    pub fn adds_up_over_time(&self, arena: &Arena) -> bool {
        let time = self.population.as_ref().and_then(|population| population.time);
        matches!(time, Some(When::At(_))) && self.adds_up(arena)
    }

    /// The metrics that it is made of, in order, each once.
    pub fn metrics(&self, arena: &Arena) -> Vec<Id> {
        match &self.making {
            Making::Bridge { chain, .. } => {
                let mut ids: Vec<Id> = chain.iter().map(|link| link.metric.clone()).collect();
                ids.sort();
                ids
            }
            Making::Tree | Making::Window(_) => arena.metrics(self.value),
        }
    }
}

/// How a value is made of other metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Making {
    /// The tree, over the same period.
    #[default]
    Tree,
    /// The tree, over a longer period with the same end.
    Window(Window),
    /// The change of a product of factors against an earlier period, by factor: each link over the one before it
    /// is a factor, the first link is one itself.
    Bridge { chain: Vec<Link>, against: Against },
}

impl Making {
    /// The periods of the parts that a value of a period is made from.
    pub fn periods(&self, period: &Period, calendar: &Calendar, as_of: Option<Day>) -> Vec<Period> {
        match self {
            Self::Tree => vec![period.clone()],
            Self::Window(window) => window.of(period, calendar, as_of).into_iter().collect(),
            Self::Bridge { against, .. } => {
                let earlier = against.of(period, calendar, as_of);
                std::iter::once(period.clone()).chain(earlier).collect()
            }
        }
    }
}

/// A period made longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// From the start of the week, month, quarter or year that holds its last day.
    ToDate(Grain),
    /// The last so many of a grain, up to its last day.
    Trailing(u32, Grain),
}

impl Window {
    /// Up to the as-of date where the period is not over then. None where the period has no end.
    pub fn of(self, period: &Period, calendar: &Calendar, as_of: Option<Day>) -> Option<Period> {
        let period = &period.until(as_of);
        match self {
            Self::ToDate(grain) => period.to_date(grain, calendar),
            Self::Trailing(many, grain) => period.trailing(many, grain, calendar),
        }
    }
}

/// What a period is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    Prior,
    YearBefore,
}

impl Against {
    /// The earlier period; up to the same point of it where the period is not over on the as-of date.
    pub fn of(self, period: &Period, calendar: &Calendar, as_of: Option<Day>) -> Option<Period> {
        let earlier = match self {
            Self::Prior => period.prior(calendar),
            Self::YearBefore => period.year_before(calendar),
        }?;
        Some(as_of.and_then(|on| period.same_point(&earlier, on)).unwrap_or(earlier))
    }
}

/// One link of a bridge's chain: a metric that adds up, and the name of the factor that leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub metric: Id,
    pub factor: String,
}

/// Which rows in time a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The report's period.
    Report,
    /// All of time.
    All,
}

/// Grade 1 from `met`, grade 0 up to `zero`, linear between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Higher values are better; else lower ones.
    pub at_least: bool,
    pub met: Decimal,
    pub zero: Decimal,
}

/// What a check's value comes from.
#[derive(Debug, Clone)]
pub enum CheckSource {
    /// Rows of a dataset.
    Rows(Body),
    /// Metrics of the catalog, with an optional slice (dimension, member).
    Metrics { body: Body, slice: Option<(Id, String)> },
    /// What dated plan lines say of the period.
    Plans(PlanBody),
    /// Only a person can say.
    Answer {
        /// Word and grade in thousandths.
        scale: Vec<(String, u32)>,
        /// Days for which an answer is good.
        valid_for: Option<u32>,
        each: Option<EachAnswer>,
        /// The check that answers instead where its data is there.
        shown_by: Option<Id>,
    },
}

impl CheckSource {
    /// The value that it computes from rows or metrics.
    pub fn body(&self) -> Option<&Body> {
        match self {
            Self::Rows(body) | Self::Metrics { body, .. } => Some(body),
            Self::Plans(_) | Self::Answer { .. } => None,
        }
    }
}

/// A question to plans.
#[derive(Debug, Clone)]
pub struct PlanBody {
    pub ask: PlanAsk,
    /// What is counted, in words.
    pub words: String,
    /// Of the two numbers whose quotient is the value.
    pub unit: crate::domain::Unit,
}

/// What plans are asked.
#[derive(Debug, Clone)]
pub enum PlanAsk {
    /// Whether every member of a dimension that carries enough of a metric has a plan line, of one of some metrics if
    /// any are named.
    Planned { metric: Id, by: Id, from_share: Decimal, targets: Vec<Id> },
    /// How much of its target a metric reaches.
    Attained { metric: Id, slice: Option<(Id, String)> },
    /// How much of the wholes' targets the targets of their parts add up to. Wholes and parts are rows of config
    /// datasets and members of dimensions; `belongs` is the parts' column that holds the whole's key.
    Covered {
        metric: Id,
        whole: Id,
        part: Id,
        wholes: Id,
        wholes_filter: Option<ExprId>,
        parts: Id,
        belongs: Id,
    },
}

impl PlanAsk {
    /// The metric that is planned.
    pub fn metric(&self) -> &Id {
        match self {
            Self::Planned { metric, .. }
            | Self::Attained { metric, .. }
            | Self::Covered { metric, .. } => metric,
        }
    }

    /// The crossings in which the metric must be measured.
    pub fn by(&self) -> Vec<Vec<Id>> {
        match self {
            Self::Planned { by, .. } => vec![Vec::new(), vec![by.clone()]],
            Self::Attained { slice, .. } => vec![slice.iter().map(|(d, _)| d.clone()).collect()],
            Self::Covered { .. } => Vec::new(),
        }
    }
}

/// One answer per row of a dataset: "every person of sales was trained".
#[derive(Debug, Clone)]
pub struct EachAnswer {
    pub dataset: Id,
    pub filter: Option<ExprId>,
}

/// A check, after its kind has read it.
#[derive(Debug, Clone)]
pub struct CheckBody {
    pub source: CheckSource,
    pub bounds: Bounds,
    pub span: Span,
    /// The outcome over a population of no rows; unknown unless said.
    pub when_none: Option<crate::domain::Outcome>,
    /// The check is unknown where nobody declares a row of this config dataset.
    pub needs_rows: Option<Id>,
    /// The unit in which the value is shown.
    pub unit: crate::domain::Unit,
}
