//! Partial states of a scan: integral and order-free, so that threads and chunks cannot matter.

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
    /// Every value, and its group at the same place of the other list.
    Each {
        groups: Vec<u32>,
        values: Vec<i64>,
        /// Values that need more bits, with their groups.
        wide: Vec<(u32, i128)>,
    },
    /// Member codes with their group.
    Members(Vec<(u32, u32)>),
}

impl States {
    pub(super) fn new(function: &Aggregate) -> Self {
        match function {
            Aggregate::CountRows | Aggregate::Count => Self::Count(Vec::new()),
            Aggregate::CountDistinct => Self::Members(Vec::new()),
            Aggregate::Sum | Aggregate::Avg => {
                Self::Sum { units: Vec::new(), n: Vec::new(), overflow: false }
            }
            Aggregate::Min => Self::Extreme { best: Vec::new(), greatest: false },
            Aggregate::Max => Self::Extreme { best: Vec::new(), greatest: true },
            Aggregate::Percentile(_) => {
                Self::Each { groups: Vec::new(), values: Vec::new(), wide: Vec::new() }
            }
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
            Self::Each { groups: known, values, wide } => {
                for row in rows {
                    let (group, value) = (groups[*row as usize], value(*row as usize));
                    match i64::try_from(value) {
                        Ok(value) => {
                            known.push(group);
                            values.push(value);
                        }
                        Err(_) => wide.push((group, value)),
                    }
                }
            }
            Self::Members(members) => members.extend(rows.iter().map(|r| {
                let code = u32::try_from(value(*r as usize)).unwrap_or(u32::MAX);
                (groups[*r as usize], code)
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
    Each(Each),
    /// Codes of the merged members, ascending, each once.
    Members(Vec<u32>),
}

impl State {
    /// The state of no rows.
    pub(super) fn empty(function: &Aggregate) -> Self {
        match function {
            Aggregate::CountRows | Aggregate::Count => Self::Count(0),
            Aggregate::CountDistinct => Self::Members(Vec::new()),
            Aggregate::Sum | Aggregate::Avg => Self::Sum { units: 0, n: 0, overflow: false },
            Aggregate::Min | Aggregate::Max => Self::Extreme(None),
            Aggregate::Percentile(_) => Self::Each(Each::default()),
        }
    }

    /// Takes another state of the same leaf in; members are tidied by [`State::settle`].
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
            (Self::Each(a), Self::Each(b)) => {
                a.values.extend_from_slice(&b.values);
                a.wide.extend_from_slice(&b.wide);
            }
            (Self::Members(a), Self::Members(b)) => a.extend_from_slice(b),
            _ => {}
        }
    }

    /// How many distinct members; codes lie below `bound`.
    pub(super) fn distinct(codes: &[u32], bound: usize) -> u64 {
        if codes.len() * 16 < bound {
            let mut sorted = codes.to_vec();
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

/// Values in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Each {
    pub(super) values: Vec<i64>,
    /// Those that need more bits.
    pub(super) wide: Vec<i128>,
}

impl Each {
    /// `percentile_cont` over integers at a scale; p in millionths. None without values.
    pub(super) fn percentile(&self, p: u32, scale: u8) -> Option<Decimal> {
        if self.wide.is_empty() {
            return percentile(&mut self.values.clone(), p, scale);
        }
        let narrow = self.values.iter().map(|value| i128::from(*value));
        percentile(&mut narrow.chain(self.wide.iter().copied()).collect::<Vec<_>>(), p, scale)
    }
}

fn percentile<T: Copy + Ord + Into<i128>>(values: &mut [T], p: u32, scale: u8) -> Option<Decimal> {
    let last = i128::try_from(values.len()).ok()?.checked_sub(1).filter(|l| *l >= 0)?;
    let (place, million) = (last * i128::from(p), 1_000_000i128);
    let (low, rest) = (place / million, place % million);
    let low_at = usize::try_from(low).ok()?;
    let (_, a, above) = values.select_nth_unstable(low_at);
    let a = (*a).into();
    let b = above.iter().min().map_or(a, |b| (*b).into());
    // a + (b − a) × rest ÷ 10^6, exactly: six more digits.
    let step = b.checked_sub(a)?.checked_mul(rest)?;
    let units = a.checked_mul(million)?.checked_add(step)?;
    Some(Decimal::new(units, scale + 6).trimmed(0))
}
