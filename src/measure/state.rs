//! Partial states of a scan: integral and order-free, so that threads and chunks cannot matter.

use std::sync::Arc;

use super::runs::{Pair, Runs};
use crate::domain::Decimal;
use crate::rel::Aggregate;

/// One leaf's states, by group.
#[derive(Debug, Clone)]
pub(super) enum States {
    Count(Vec<u64>),
    /// Sum of units, and how many.
    Sum {
        units: Vec<i128>,
        n: Vec<u64>,
        overflow: bool,
    },
    /// Smallest or greatest integer, where there is one.
    Extreme {
        best: Vec<Option<i128>>,
        greatest: bool,
    },
    /// How often each value came in each group.
    Each {
        values: Runs<u128>,
        /// Values that need more bits, with their groups.
        wide: Vec<(u32, i128)>,
    },
    /// Member codes by group.
    Members(Runs<u64>),
}

impl States {
    pub(super) fn new(function: &Aggregate) -> Self {
        match function {
            Aggregate::CountRows | Aggregate::Count => Self::Count(Vec::new()),
            Aggregate::CountDistinct => Self::Members(Runs::new()),
            Aggregate::Sum | Aggregate::Avg => {
                Self::Sum { units: Vec::new(), n: Vec::new(), overflow: false }
            }
            Aggregate::Min => Self::Extreme { best: Vec::new(), greatest: false },
            Aggregate::Max => Self::Extreme { best: Vec::new(), greatest: true },
            Aggregate::Percentile(_) => Self::Each { values: Runs::new(), wide: Vec::new() },
        }
    }

    /// Makes room for groups.
    pub(super) fn grow(&mut self, groups: usize) {
        match self {
            Self::Count(counts) => counts.resize(groups, 0),
            Self::Sum { units, n, .. } => {
                units.resize(groups, 0);
                n.resize(groups, 0);
            }
            Self::Extreme { best, .. } => best.resize(groups, None),
            Self::Each { .. } | Self::Members(_) => {}
        }
    }

    /// Adds the chunk's rows: `value` gives a row's integer (or member code).
    pub(super) fn add(&mut self, rows: &[u32], groups: &[u32], value: impl Fn(usize) -> i128) {
        match self {
            Self::Count(counts) => {
                for row in rows {
                    counts[groups[*row as usize] as usize] += 1;
                }
            }
            Self::Sum { units, n, overflow } => {
                for row in rows {
                    let group = groups[*row as usize] as usize;
                    match units[group].checked_add(value(*row as usize)) {
                        Some(sum) => units[group] = sum,
                        None => *overflow = true,
                    }
                    n[group] += 1;
                }
            }
            Self::Extreme { best, greatest } => {
                for row in rows {
                    let group = groups[*row as usize] as usize;
                    let value = value(*row as usize);
                    best[group] = Some(better(best[group], value, *greatest));
                }
            }
            Self::Each { values, wide } => values.extend(rows.iter().filter_map(|row| {
                let (group, value) = (groups[*row as usize], value(*row as usize));
                let narrow = i64::try_from(value);
                narrow.map_err(|_| wide.push((group, value))).ok().map(|v| u128::new(group, v))
            })),
            Self::Members(members) => members.extend(rows.iter().map(|row| {
                let code = i64::try_from(value(*row as usize)).unwrap_or(i64::MAX);
                u64::new(groups[*row as usize], code)
            })),
        }
    }
}

fn better(best: Option<i128>, value: i128, greatest: bool) -> i128 {
    match best {
        None => value,
        Some(best) if greatest => best.max(value),
        Some(best) => best.min(value),
    }
}

/// One leaf's state for one group, after the scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    Count(u64),
    Sum {
        units: i128,
        n: u64,
        overflow: bool,
    },
    Extreme(Option<i128>),
    Each(Vec<Arc<Each>>),
    /// Codes of the merged members; states that are merged share their lists.
    Members(Vec<Arc<[u32]>>),
}

impl State {
    /// The state of no rows.
    pub(super) fn empty(function: &Aggregate) -> Self {
        match function {
            Aggregate::CountRows | Aggregate::Count => Self::Count(0),
            Aggregate::CountDistinct => Self::Members(Vec::new()),
            Aggregate::Sum | Aggregate::Avg => Self::Sum { units: 0, n: 0, overflow: false },
            Aggregate::Min | Aggregate::Max => Self::Extreme(None),
            Aggregate::Percentile(_) => Self::Each(Vec::new()),
        }
    }

    /// Takes another state of the same leaf in.
    pub(super) fn merge(&mut self, other: &Self, greatest: bool) {
        match (self, other) {
            (Self::Count(a), Self::Count(b)) => *a += b,
            (Self::Sum { units, n, overflow }, Self::Sum { units: u, n: m, overflow: o }) => {
                match units.checked_add(*u) {
                    Some(sum) => *units = sum,
                    None => *overflow = true,
                }
                *n += m;
                *overflow |= o;
            }
            (Self::Extreme(a), Self::Extreme(Some(b))) => *a = Some(better(*a, *b, greatest)),
            (Self::Each(a), Self::Each(b)) => a.extend_from_slice(b),
            (Self::Members(a), Self::Members(b)) => a.extend_from_slice(b),
            _ => {}
        }
    }

    /// How many distinct members are in lists that each have them once; codes lie below `bound`.
    pub(super) fn distinct(lists: &[Arc<[u32]>], bound: usize) -> u64 {
        if let [one] = lists {
            return one.len() as u64;
        }
        let codes = lists.iter().flat_map(|list| list.iter());
        if lists.iter().map(|list| list.len()).sum::<usize>() * 16 < bound {
            let mut sorted: Vec<u32> = codes.copied().collect();
            sorted.sort_unstable();
            sorted.dedup();
            return sorted.len() as u64;
        }
        let mut bits = vec![0u64; bound / 64 + 1];
        for code in codes {
            bits[*code as usize / 64] |= 1 << (code % 64);
        }
        bits.iter().map(|b| u64::from(b.count_ones())).sum()
    }
}

/// Values, ascending, and how often each came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Each {
    pub(super) values: Vec<i64>,
    /// Empty where each came once.
    pub(super) counts: Vec<u64>,
    /// Values that need more bits, in any order.
    pub(super) wide: Vec<i128>,
}

impl Each {
    pub(super) fn new(values: &[(i64, u64)]) -> Self {
        let repeated = values.iter().any(|(_, count)| *count > 1);
        let counts = values.iter().map(|(_, count)| *count).filter(|_| repeated);
        let (counts, wide) = (counts.collect(), Vec::new());
        Self { values: values.iter().map(|(value, _)| *value).collect(), counts, wide }
    }

    /// `percentile_cont` over integers at a scale; p in millionths. None without values.
    pub(super) fn percentile(lists: &[Arc<Self>], p: u32, scale: u8) -> Option<Decimal> {
        let narrow = lists.iter().flat_map(|each| {
            let counts = each.counts.iter().copied().chain(std::iter::repeat(1));
            each.values.iter().copied().zip(counts)
        });
        if lists.iter().all(|each| each.wide.is_empty()) {
            return percentile(&mut narrow.collect::<Vec<_>>(), p, scale);
        }
        let narrow = narrow.map(|(value, count)| (i128::from(value), count));
        let wide = lists.iter().flat_map(|each| each.wide.iter().map(|value| (*value, 1)));
        percentile(&mut narrow.chain(wide).collect::<Vec<_>>(), p, scale)
    }
}

fn percentile<T: Copy + Ord + Into<i128>>(
    values: &mut [(T, u64)],
    p: u32,
    scale: u8,
) -> Option<Decimal> {
    let many: u64 = values.iter().map(|(_, count)| count).sum();
    let last = i128::from(many).checked_sub(1).filter(|l| *l >= 0)?;
    let (place, million) = (last * i128::from(p), 1_000_000i128);
    let (low, rest) = (place / million, place % million);
    let (a, b) = neighbours(values, u64::try_from(low).ok()?)?;
    let (a, b) = (a.into(), b.into());
    // a + (b − a) × rest ÷ 10^6, exactly: six more digits.
    let step = b.checked_sub(a)?.checked_mul(rest)?;
    let units = a.checked_mul(million)?.checked_add(step)?;
    Some(Decimal::new(units, scale + 6).trimmed(0))
}

/// The values at a place and behind it, the greatest for both at the end, if all were in order.
fn neighbours<T: Copy + Ord>(mut values: &mut [(T, u64)], mut place: u64) -> Option<(T, T)> {
    let mut above = None;
    while !values.is_empty() {
        let middle = values.len() / 2;
        let (less, pivot, more) = values.select_nth_unstable_by_key(middle, |(value, _)| *value);
        let below: u64 = less.iter().map(|(_, count)| count).sum();
        if place < below {
            above = Some(pivot.0);
            values = less;
        } else if place < below + pivot.1 {
            let next = more.iter().map(|(value, _)| *value).min().or(above).unwrap_or(pivot.0);
            let is_last = place + 1 == below + pivot.1;
            return Some((pivot.0, if is_last { next } else { pivot.0 }));
        } else {
            place -= below + pivot.1;
            values = more;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_those_of_the_sorted_values() {
        let counted = [(5, 3), (1, 1), (9, 2), (5, 1), (-4, 2), (7, 1)];
        let mut all: Vec<i64> =
            counted.iter().flat_map(|(value, count)| std::iter::repeat_n(*value, *count)).collect();
        all.sort_unstable();
        for place in 0..all.len() {
            let mut pairs: Vec<(i64, u64)> = counted.map(|(v, n)| (v, n as u64)).to_vec();
            let behind = all[(place + 1).min(all.len() - 1)];
            assert_eq!(neighbours(&mut pairs, place as u64), Some((all[place], behind)));
        }
        assert_eq!(neighbours::<i64>(&mut [], 0), None);
    }
}
