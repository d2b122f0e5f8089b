//! Group numbers: a worker's rows to small integers, by interval of time and members.

use std::collections::HashMap;
use std::rc::Rc;

use super::cut::Stays;
use super::dictionaries::Dictionaries;
use super::eval::Evaluator;
use super::vector::{Values, Vector};
use crate::plan::Grouping;
use crate::rel::When;

/// A grouping's groups as one worker meets them.
pub(super) struct Groups {
    intervals: Intervals,
    /// Combination of members: codes, none for unset.
    pub(super) combinations: Vec<Vec<Option<u32>>>,
    /// Beginnings of combinations, where there are several dimensions.
    beginnings: Vec<Vec<Option<u32>>>,
    next: HashMap<(u32, u32), u32, foldhash::fast::FixedState>,
    /// Group by combination × intervals + interval; `u32::MAX` where none yet.
    table: Vec<u32>,
    /// The same for stays, which have too many pairs of intervals for a table.
    pairs: HashMap<(u32, u32), u32, foldhash::fast::FixedState>,
    /// Combination and interval of each group.
    pub(super) groups: Vec<(u32, u32)>,
}

impl Groups {
    pub(super) fn new(grouping: &Grouping) -> Self {
        Self {
            intervals: Intervals::new(grouping),
            combinations: Vec::new(),
            beginnings: Vec::new(),
            next: HashMap::default(),
            table: Vec::new(),
            pairs: HashMap::default(),
            groups: Vec::new(),
        }
    }

    /// The group of each row of the chunk.
    pub(super) fn number(
        &mut self,
        grouping: &Grouping,
        evaluator: &mut Evaluator<'_>,
        dictionaries: &dyn Dictionaries,
    ) -> Vec<u32> {
        let rows = evaluator.rows();
        let combinations = self.combine(grouping, evaluator, dictionaries);
        let intervals = match grouping.time {
            None => vec![0; rows],
            Some(When::At(at)) => {
                let time = evaluator.eval(at, dictionaries);
                self.intervals.of(&time, evaluator.shared.zone)
            }
            Some(stay @ When::Stay { .. }) => self.stays(stay, evaluator, dictionaries),
        };
        if matches!(grouping.time, Some(When::Stay { .. })) {
            return self.number_pairs(&combinations, &intervals);
        }
        let width = self.intervals.count();
        let mut numbers = Vec::with_capacity(rows);
        for row in 0..rows {
            let at = combinations[row] as usize * width + intervals[row] as usize;
            if at >= self.table.len() {
                self.table.resize((combinations[row] as usize + 1) * width, u32::MAX);
            }
            if self.table[at] == u32::MAX {
                self.table[at] = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
                self.groups.push((combinations[row], intervals[row]));
            }
            numbers.push(self.table[at]);
        }
        numbers
    }

    fn number_pairs(&mut self, combinations: &[u32], intervals: &[u32]) -> Vec<u32> {
        let one = |(combination, interval): (&u32, &u32)| {
            let next = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
            let found = self.pairs.entry((*combination, *interval)).or_insert(next);
            if *found == next {
                self.groups.push((*combination, *interval));
            }
            *found
        };
        combinations.iter().zip(intervals).map(one).collect()
    }

    /// The pair of intervals between which each row is there, as one number.
    fn stays(
        &self,
        stay: When,
        evaluator: &mut Evaluator<'_>,
        dictionaries: &dyn Dictionaries,
    ) -> Vec<u32> {
        let When::Stay { from, until, ended } = stay else { return Vec::new() };
        let froms = evaluator.eval(from, dictionaries);
        let untils = evaluator.eval(until, dictionaries);
        let zone = evaluator.shared.zone;
        let (starts, mut ends) =
            (self.intervals.of(&froms, zone), self.intervals.of(&untils, zone));
        let (never, nowhere) = (Stays::never(&self.intervals.breaks), u32::MAX);
        match ended.map(|ended| evaluator.eval(ended, dictionaries)) {
            Some(ended) => {
                let Values::Bool(truths) = &ended.values else { return vec![0; starts.len()] };
                for (row, end) in ends.iter_mut().enumerate() {
                    *end = match (ended.present[row], truths[row], untils.present[row]) {
                        (true, false, _) => never,
                        (true, true, true) => *end,
                        _ => nowhere,
                    };
                }
            }
            None => {
                let rejected = evaluator.rejected(until);
                let lost = |row: usize| rejected.as_ref().is_some_and(|marks| marks[row]);
                for (row, end) in ends.iter_mut().enumerate().filter(|(r, _)| !untils.present[*r]) {
                    *end = if lost(row) { nowhere } else { never };
                }
            }
        }
        let stays = Stays::of(&self.intervals.breaks);
        let one = |row: usize| match froms.present[row] && ends[row] != nowhere {
            true => stays.pair(starts[row], ends[row]),
            false => stays.nowhere(),
        };
        (0..starts.len()).map(one).collect()
    }

    /// The combination of members of each row.
    fn combine(
        &mut self,
        grouping: &Grouping,
        evaluator: &mut Evaluator<'_>,
        dictionaries: &dyn Dictionaries,
    ) -> Vec<u32> {
        let rows = evaluator.rows();
        let dims: Vec<Rc<Vector>> =
            grouping.dims.iter().map(|(_, e)| evaluator.eval(*e, dictionaries)).collect();
        if dims.is_empty() {
            if self.combinations.is_empty() {
                self.combinations.push(Vec::new());
            }
            return vec![0; rows];
        }
        let mut current = vec![u32::MAX; rows];
        for (depth, dim) in dims.iter().enumerate() {
            let Values::Text(codes) = &dim.values else { continue };
            let last = depth + 1 == dims.len();
            let mut before = (u32::MAX, u32::MAX, 0);
            for row in 0..rows {
                // Code 0 stands for unset, all others move up by one.
                let code = if dim.present[row] { codes[row] + 1 } else { 0 };
                if before.0 != current[row] || before.1 != code {
                    let to = self.step(current[row], code, last);
                    before = (current[row], code, to);
                }
                current[row] = before.2;
            }
        }
        current
    }

    /// The number of a path of codes that grows by one code; only whole paths are combinations.
    fn step(&mut self, from: u32, code: u32, last: bool) -> u32 {
        if let Some(found) = self.next.get(&(from, code)) {
            return *found;
        }
        let beginning = from.checked_sub(BEGINNING).and_then(|at| self.beginnings.get(at as usize));
        let mut path = beginning.cloned().unwrap_or_default();
        path.push(code.checked_sub(1));
        let (list, base) = match last {
            true => (&mut self.combinations, 0),
            false => (&mut self.beginnings, BEGINNING),
        };
        list.push(path);
        let number = base + u32::try_from(list.len() - 1).unwrap_or(0);
        self.next.insert((from, code), number);
        number
    }
}

/// Numbers from here are beginnings of combinations; `u32::MAX` is the empty one.
const BEGINNING: u32 = 1 << 31;

/// Days to intervals.
struct Intervals {
    breaks: Vec<i32>,
    /// Interval by day from the first break on, where the breaks are near enough.
    table: Vec<u32>,
}

/// Breaks that span more days than this are searched, not tabled.
const TABLE_DAYS: i32 = 200_000;

impl Intervals {
    fn new(grouping: &Grouping) -> Self {
        let breaks: Vec<i32> = grouping.breaks.iter().map(|d| d.0).collect();
        let mut table = Vec::new();
        if let (Some(first), Some(last)) = (breaks.first(), breaks.last())
            && last - first <= TABLE_DAYS
        {
            let mut interval = 0;
            for day in *first..=*last {
                if breaks.get(interval) == Some(&day) {
                    interval += 1;
                }
                table.push(u32::try_from(interval).unwrap_or(0));
            }
        }
        Self { breaks, table }
    }

    /// Intervals, the one of rows without a time included.
    fn count(&self) -> usize {
        self.breaks.len() + 2
    }

    fn of_day(&self, day: i32) -> u32 {
        let (Some(first), Some(last)) = (self.breaks.first(), self.breaks.last()) else { return 0 };
        if day < *first {
            return 0;
        }
        if day >= *last {
            return u32::try_from(self.breaks.len()).unwrap_or(0);
        }
        match self.table.get(usize::try_from(day - first).unwrap_or(0)) {
            Some(interval) => *interval,
            None => u32::try_from(self.breaks.partition_point(|b| *b <= day)).unwrap_or(0),
        }
    }

    fn of(&self, time: &Vector, zone: &jiff::tz::TimeZone) -> Vec<u32> {
        let nowhere = u32::try_from(self.breaks.len() + 1).unwrap_or(0);
        let day = |row: usize| match &time.values {
            Values::Date(days) => Some(days[row]),
            Values::DateTime(micros) => super::local_day(micros[row], zone),
            _ => None,
        };
        let of_row = |row: usize| match time.present[row] {
            true => day(row).map_or(nowhere, |d| self.of_day(d)),
            false => nowhere,
        };
        (0..time.len()).map(of_row).collect()
    }
}
