//! Rules for records that are no rows, held against every record of the table: none of them may take a row along.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::column::is_typed;
use super::header::Header;
use super::quoted;
use super::table::{Left, NoRow, Table};
use super::verdict::{Kind, Verdict};
use super::words::words;
use crate::catalog::SkipTest;
use crate::data::look::{Cell, Row, Test};

/// Tests that are tried.
const MOST: usize = 300;
/// Records behind the rows of which one may be the table's end.
const MOST_ENDS: usize = 20;

/// A test of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) column: usize,
    pub(super) test: SkipTest,
}

/// What a contract says of records that are no rows.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) skips: Vec<Rule>,
    /// Records that they mean.
    pub(super) skipped: usize,
    /// The record with which the table ends, and what tells it.
    pub(super) ends: Option<(Rule, u64)>,
    /// Records that no test tells from rows, and tests that would take rows along.
    pub(super) asked: Vec<u64>,
    pub(super) wide: Vec<Rule>,
}

/// A rule, and what it was seen to mean.
struct Trial {
    rule: Rule,
    test: Test,
    /// Records that are to be left out.
    hits: Vec<u64>,
    /// The first record of all that it means.
    first: Option<u64>,
    /// It means a row.
    takes: bool,
}

/// Rules on trial.
pub(super) struct Trials<'a> {
    table: &'a Table,
    header_row: u64,
    /// Records that are no rows.
    left: BTreeSet<u64>,
    trials: Vec<Trial>,
    /// By record that is to be left out: rules for it, the best first.
    skips: BTreeMap<u64, Vec<usize>>,
    /// By record with which the table may end.
    ends: Vec<(u64, Vec<usize>)>,
    before: u64,
    any: bool,
}

impl<'a> Trials<'a> {
    /// None where every record is a row.
    pub(super) fn new(table: &'a Table, header: &Header, verdicts: &[Verdict]) -> Option<Self> {
        let left = || table.inside.iter().chain(&table.end);
        let ruled = || left().filter(|left| left.why != NoRow::Header);
        ruled().next()?;
        let mut trials = Self {
            table,
            header_row: header.last_row(),
            left: left().map(|left| left.row).collect(),
            trials: Vec::new(),
            skips: BTreeMap::new(),
            ends: Vec::new(),
            before: header.last_row(),
            any: false,
        };
        let of = Of { header, verdicts };
        let mut known = HashMap::new();
        for left in ruled() {
            let all = of.skips(left);
            let all = all.into_iter().filter_map(|rule| trials.on_trial(rule, &mut known));
            let all = all.collect();
            trials.skips.insert(left.row, all);
        }
        // Where groups have totals, the total of the last group is none of the table's end.
        let grouped = table.inside.iter().any(|left| left.why == NoRow::Total);
        let ends = |left: &&Left| {
            !(grouped && left.why == NoRow::Total) || words().is_plain_total(&left.text)
        };
        for (at, left) in table.end.iter().take(MOST_ENDS).filter(ends).enumerate() {
            let mut all = of.texts(left);
            if left.gap {
                let blank = Rule { column: 0, test: SkipTest::BlankLine };
                // Where nothing else stands between the rows, a blank line is what changes least.
                let place = if at == 0 && table.inside.is_empty() { 0 } else { all.len() };
                all.insert(place, blank);
            }
            let all = all.into_iter().filter_map(|rule| trials.on_trial(rule, &mut known));
            let all = all.collect();
            trials.ends.push((left.row, all));
        }
        Some(trials)
    }

    fn on_trial(&mut self, rule: Rule, known: &mut HashMap<String, usize>) -> Option<usize> {
        let key = format!("{rule:?}");
        if let Some(at) = known.get(&key) {
            return Some(*at);
        }
        if self.trials.len() >= MOST {
            return None;
        }
        let test = Test::new(rule.column, &rule.test);
        self.trials.push(Trial { rule, test, hits: Vec::new(), first: None, takes: false });
        known.insert(key, self.trials.len() - 1);
        Some(self.trials.len() - 1)
    }

    /// Looks at a record.
    pub(super) fn take(&mut self, row: &Row<'_>) {
        if row.row <= self.header_row {
            return;
        }
        let gap = self.any && row.row > self.before + 1;
        (self.before, self.any) = (row.row, true);
        let is_row = row.row <= self.table.last_row && !self.left.contains(&row.row);
        for trial in self.trials.iter_mut().filter(|trial| !trial.takes) {
            let holds = match trial.rule.test {
                SkipTest::BlankLine => gap,
                _ => row.holds(&trial.test),
            };
            if holds {
                trial.first.get_or_insert(row.row);
                trial.takes = is_row;
                trial.hits.push(row.row);
            }
        }
    }

    pub(super) fn done(self) -> Rules {
        let end = &self.table.end;
        let totals = end.iter().all(|left| left.why == NoRow::Total);
        let skips = self.choose(|_| true);
        if totals && skips.asked.is_empty() {
            return skips;
        }
        let told = |(row, all): &(u64, Vec<usize>)| {
            let first =
                all.iter().map(|at| &self.trials[*at]).find(|trial| trial.first == Some(*row));
            first.map(|trial| (trial.rule.clone(), *row))
        };
        let Some((rule, row)) = self.ends.iter().find_map(told) else { return skips };
        Rules { ends: Some((rule, row)), ..self.choose(|left| left < row) }
    }

    /// Rules for some of the records that are no rows.
    fn choose(&self, of: impl Fn(u64) -> bool) -> Rules {
        let mut rules = Rules::default();
        let mut covered: BTreeSet<u64> = BTreeSet::new();
        for (row, all) in self.skips.iter().filter(|(row, _)| of(**row)) {
            rules.skipped += 1;
            if covered.contains(row) {
                continue;
            }
            let mut means = all.iter().map(|at| &self.trials[*at]);
            let fits = |trial: &&Trial| !trial.takes && trial.hits.binary_search(row).is_ok();
            if let Some(trial) = means.clone().find(fits) {
                covered.extend(&trial.hits);
                rules.skips.push(trial.rule.clone());
                continue;
            }
            rules.skipped -= 1;
            rules.asked.push(*row);
            let wide = means.next().map(|trial| trial.rule.clone());
            rules.wide.extend(wide.filter(|wide| !rules.wide.contains(wide)));
        }
        rules
    }
}

/// What rules are made from.
struct Of<'a> {
    header: &'a Header,
    verdicts: &'a [Verdict],
}

impl Of<'_> {
    /// Tests that a record passes, the best first.
    fn skips(&self, left: &Left) -> Vec<Rule> {
        let mut all = self.texts(left);
        let first = self.header.first_column();
        let blank = |at: &usize| left.cells.get(*at).is_none_or(Cell::is_blank);
        let kind = |at: usize| self.verdicts.get(at).map(|verdict| verdict.kind);
        let rule = |column: usize| Rule { column, test: SkipTest::Blank };
        let unnamed = left.why == NoRow::Total && !words().is_total(&left.text);
        let mut blanks = Vec::new();
        if !left.cells.is_empty() {
            let of = |is: fn(Kind) -> bool| {
                (0..self.header.names.len()).filter(move |at| kind(*at).is_some_and(is))
            };
            let texts = || of(|kind| matches!(kind, Kind::Text | Kind::Choice));
            let ids = || of(|kind| kind == Kind::Id);
            let tells = |at: &usize| ids().chain(texts()).any(|other| other == *at);
            // A day or an amount may well be blank in a row of the next export.
            let head = [first].into_iter().filter(tells);
            let all = head.chain(ids()).chain(texts()).chain([first]);
            blanks.extend(all.filter(blank).map(rule));
        }
        let says = left.says.is_some() || words().total_behind(&left.text).is_some();
        if unnamed && left.column != first && !says {
            all.splice(0..0, blanks);
        } else {
            all.extend(blanks);
        }
        // A number tells nothing but this one record.
        if !left.text.is_empty() {
            all.push(Rule { column: left.column, test: SkipTest::Is(vec![left.text.clone()]) });
        }
        all
    }

    /// Those of its texts.
    fn texts(&self, left: &Left) -> Vec<Rule> {
        let mut all = Vec::new();
        let mut add = |column: usize, test: SkipTest| all.push(Rule { column, test });
        let says = left.says.as_ref().map(|(at, _)| *at);
        let named = left.why != NoRow::Total || words().is_total(&left.text);
        let main = if named { left.column } else { says.unwrap_or(left.column) };
        let others = (0..left.cells.len().min(self.header.names.len())).filter(|at| *at != main);
        for at in [main].into_iter().chain(others) {
            let text = match left.cells.get(at) {
                Some(cell) => cell.text(),
                None if at == left.column => &left.text,
                None => continue,
            };
            let text = text.trim();
            if text.is_empty()
                || is_typed(text)
                || words().is_null(text) && left.why != NoRow::Units
            {
                continue;
            }
            if let Some(word) = words().total_behind(text).filter(|_| !words().is_total(text)) {
                add(at, SkipTest::Like(vec![format!("* {word}")]));
            }
            let start = beginning(text);
            if start.len() < text.len() && start.chars().count() >= 4 {
                add(at, SkipTest::StartsWith(vec![start]));
            }
            add(at, SkipTest::Is(vec![text.to_owned()]));
        }
        all
    }
}

/// A text's beginning without what changes from export to export.
fn beginning(text: &str) -> String {
    let end =
        text.find(|c: char| c.is_ascii_digit() || matches!(c, '(' | ':')).unwrap_or(text.len());
    let start = text[..end].trim();
    let start = if start.is_empty() { text } else { start };
    start.chars().take(40).collect::<String>().trim().to_owned()
}

/// Rules as a contract writes them; texts of one column are one rule.
pub(super) fn written<'a>(rules: impl Iterator<Item = &'a Rule>, names: &[String]) -> String {
    let mut all: Vec<Rule> = Vec::new();
    for rule in rules {
        let same = all.iter_mut().filter(|other| other.column == rule.column);
        let joined = same.into_iter().any(|other| match (&mut other.test, &rule.test) {
            (SkipTest::Is(texts), SkipTest::Is(more))
            | (SkipTest::StartsWith(texts), SkipTest::StartsWith(more))
            | (SkipTest::Like(texts), SkipTest::Like(more)) => {
                texts.extend(more.iter().cloned());
                true
            }
            _ => false,
        });
        if !joined {
            all.push(rule.clone());
        }
    }
    let all: Vec<String> = all.iter().map(|rule| one(rule, names)).collect();
    format!("[{}]", all.join(", "))
}

fn one(rule: &Rule, names: &[String]) -> String {
    let column = quoted::column(names, rule.column);
    let test = match &rule.test {
        SkipTest::BlankLine => return "{ blank-line = true }".to_owned(),
        SkipTest::Blank => "blank = true".to_owned(),
        SkipTest::Is(texts) => format!("is = {}", quoted::texts(texts)),
        SkipTest::StartsWith(texts) => format!("starts-with = {}", quoted::texts(texts)),
        SkipTest::Like(texts) => format!("like = {}", quoted::texts(texts)),
    };
    format!("{{ column = {column}, {test} }}")
}
