//! Numbers: their marks, and what they count.

use std::collections::BTreeMap;

use super::{Around, Kind, Sure, Verdict, cells, either, list};
use crate::author::column::{Column, Numbers};
use crate::author::words::{About, words};

impl Verdict {
    pub(super) fn of_numbers(&mut self, header: &str, column: &Column, around: Around) {
        let numbers = &column.numbers;
        if self.is_day_number(header, numbers) || self.is_name(header, column) {
            return;
        }
        self.marks(numbers, column.exact_numbers, around);
        let whole = numbers.whole == numbers.all;
        self.kind = if whole { Kind::Integer } else { Kind::Number };
        if self.because.is_empty() {
            self.because = format!(
                "all {} are {}",
                numbers.all,
                if whole { "whole numbers" } else { "numbers" }
            );
        }
        let range = if self.decimal == Some(',') { &numbers.comma } else { &numbers.point };
        self.least = range.0.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
        self.most = range.1.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
        self.units(header, numbers);
        let (distinct, more) = column.distinct();
        let bits = column
            .texts()
            .is_some_and(|mut texts| texts.all(|(text, _)| matches!(text, "0" | "1")));
        if bits && !more && distinct == 2 {
            self.kind = Kind::Boolean;
            self.sure = Sure::Likely;
            self.because = "every filled cell is `0` or `1`".into();
        }
    }

    /// Days as numbers: a spreadsheet's serials, seconds or milliseconds since 1970, eight digits.
    fn is_day_number(&mut self, header: &str, numbers: &Numbers) -> bool {
        if !words().is_dated(header) || words().speaks(header, About::Money) || numbers.all < 2 {
            return false;
        }
        let all = numbers.all;
        let (form, what) = if numbers.compact == all {
            ("%Y%m%d", "eight digits that are a day")
        } else if numbers.serials == all {
            ("excel", "in the range of a spreadsheet's days")
        } else if numbers.seconds == all {
            ("unix", "in the range of seconds since 1970")
        } else if numbers.millis == all {
            ("unix-ms", "in the range of milliseconds since 1970")
        } else {
            return false;
        };
        self.kind = if form.starts_with("unix") { Kind::Moment } else { Kind::Date };
        self.sure = Sure::Likely;
        self.dates = vec![form.to_owned()];
        self.because = format!("its name speaks of time, and all {all} numbers are {what}");
        true
    }

    /// Numbers that count nothing but name something.
    fn is_name(&mut self, header: &str, column: &Column) -> bool {
        let numbers = &column.numbers;
        let plain = numbers.plain == numbers.all
            || column.exact_numbers == numbers.all && numbers.whole == numbers.all;
        if numbers.leading_zero > 0 && numbers.leading_zero * 20 >= numbers.all {
            self.kind = if column.is_unique() { Kind::Id } else { Kind::Text };
            self.because = format!(
                "{} begin with a nought that a number would lose",
                cells(numbers.leading_zero)
            );
            return true;
        }
        if plain && words().speaks(header, About::Id) {
            self.kind = if column.is_unique() { Kind::Id } else { Kind::Text };
            self.sure = Sure::Likely;
            self.because = "its name speaks of an id: the digits name, they do not count".into();
            return true;
        }
        false
    }

    /// Which marks the numbers have.
    fn marks(&mut self, numbers: &Numbers, exact: u64, around: Around) {
        let marks = |counts: &BTreeMap<char, u64>| counts.keys().copied().collect::<Vec<_>>();
        let decimal = marks(&numbers.decimal);
        let (grouping, either) = (marks(&numbers.grouping), marks(&numbers.either));
        match (&decimal[..], &grouping[..], &either[..]) {
            ([], [], []) => {}
            ([one], groups, unclear) if !groups.contains(one) => {
                let mut groups: Vec<char> = groups.to_vec();
                groups.extend(unclear.iter().filter(|mark| *mark != one));
                groups.sort_unstable();
                groups.dedup();
                let (count, all) = (numbers.decimal[one], numbers.all);
                self.decimal = Some(*one);
                self.because =
                    format!("{count} of {all} can only have {} as the decimal mark", name(*one));
                self.grouping(&groups);
            }
            ([], [one], unclear) if unclear.iter().all(|mark| mark == one) => {
                let count = numbers.grouping[one];
                self.decimal = match one {
                    ',' | '\'' => Some('.'),
                    '.' => Some(','),
                    _ => None,
                };
                self.because =
                    format!("in {count} of {} {} can only group digits", numbers.all, name(*one));
                self.grouping(&[*one]);
            }
            ([], [], [one]) => self.two_readings(*one, numbers, around),
            _ => self.contradiction([&decimal, &grouping, &either]),
        }
        if exact > 0 && exact < numbers.all {
            let exact = cells(exact);
            self.notes.push(format!("{exact} are numbers of the workbook, the others texts"));
        }
    }

    /// Every mark can group digits or be the decimal mark: the other columns decide, or nobody.
    fn two_readings(&mut self, mark: char, numbers: &Numbers, around: Around) {
        if let Some(decimal) = around.decimal {
            self.decimal = Some(decimal);
            self.sure = Sure::Likely;
            self.because = format!("the other columns have {} as the decimal mark", name(decimal));
            self.grouping(if decimal == mark { &[] } else { std::slice::from_ref(&mark) });
            return;
        }
        self.sure = Sure::Open;
        let example = numbers.unclear.clone().unwrap_or_default();
        let digits: String = example.chars().filter(|c| c.is_ascii_digit() || *c == mark).collect();
        let (whole, part) = digits.split_once(mark).unwrap_or((&digits, ""));
        let named = name(mark);
        // A mark that groups digits has to be declared; the point is the decimal mark unless said.
        let other = if mark == ',' { '.' } else { ',' };
        self.marks_else = vec![(other, Some(mark)), (mark, None)];
        self.questions.push(format!(
            "`{example}` is {whole}{part} if {named} groups digits, and {whole}.{part} if it is the decimal mark; no cell decides"
        ));
        self.because =
            format!("{} of {} can be read in two ways", numbers.either[&mark], numbers.all);
    }

    fn contradiction(&mut self, [decimal, grouping, either]: [&[char]; 3]) {
        self.sure = Sure::Open;
        let named = |marks: &[char]| match marks {
            [] => "none".to_owned(),
            marks => marks.iter().map(|mark| name(*mark)).collect::<Vec<_>>().join(" and "),
        };
        self.questions.push(format!(
            "the marks contradict each other: decimal {}, grouping {}, either {}; no one reading fits all",
            named(decimal), named(grouping), named(either)
        ));
    }

    fn grouping(&mut self, marks: &[char]) {
        match marks {
            [] => {}
            [one] => self.grouping = Some(*one),
            several => {
                self.sure = Sure::Open;
                let marks: Vec<&str> = several.iter().map(|mark| name(*mark)).collect();
                self.questions.push(format!("digits are grouped by {}", marks.join(" and by ")));
            }
        }
    }

    /// Money, percentages, thousands.
    fn units(&mut self, header: &str, numbers: &Numbers) {
        self.suffixes = numbers
            .suffix
            .keys()
            .filter_map(|suffix| Some((suffix.clone(), *words().suffixes.get(suffix)?)))
            .collect();
        if !self.suffixes.is_empty() {
            let count: u64 = numbers.suffix.values().sum();
            let words: Vec<String> =
                self.suffixes.iter().map(|(suffix, _)| suffix.clone()).collect();
            self.notes.push(format!("{} end in {}", cells(count), either(&words)));
            self.sure = self.sure.max(Sure::Likely);
        }
        let named = header.to_lowercase();
        let says_percent = header.contains('%')
            || ["percent", "pct", "prozent"].iter().any(|word| named.contains(word));
        if numbers.percent > 0 {
            self.kind = Kind::Percent;
            self.percent = Some("sign");
            self.notes.push(format!("{} have a percent sign: 25% is 0.25", cells(numbers.percent)));
        } else if says_percent && numbers.money.is_empty() {
            let small = |size: &Option<(i128, String)>| {
                size.as_ref().is_some_and(|(size, _)| size.abs() <= 1_000_000)
            };
            let shares = small(&numbers.point.0) && small(&numbers.point.1);
            self.kind = Kind::Percent;
            self.percent = (!shares).then_some("points");
            self.sure = self.sure.max(Sure::Likely);
            let what = if shares { "shares, 0.25 is a quarter" } else { "points, 25 is a quarter" };
            self.notes.push(format!(
                "its name speaks of percent, without a sign; it seems to hold {what}"
            ));
        }
        self.money(header, numbers);
        self.scaled = words().scale(header).filter(|_| self.kind.is_number());
        if let Some(times) = self.scaled {
            self.questions.push(format!(
                "its name speaks of thousands or millions: is each of its numbers meant {times} times over, or as it stands?"
            ));
            self.sure = self.sure.max(Sure::Likely);
        }
    }

    fn money(&mut self, header: &str, numbers: &Numbers) {
        if numbers.money.is_empty() {
            if words().speaks(header, About::Money)
                && self.percent.is_none()
                && self.kind != Kind::Percent
            {
                self.kind = Kind::Money;
                self.sure = self.sure.max(Sure::Likely);
                self.because.push_str(if self.because.is_empty() { "" } else { "; " });
                self.because.push_str("its name speaks of money");
            }
            return;
        }
        self.kind = Kind::Money;
        for sign in numbers.money.keys() {
            let means = words().signs.get(sign).cloned().unwrap_or_else(|| vec![sign.clone()]);
            self.currencies.extend(means);
        }
        let signs: Vec<String> = numbers.money.keys().cloned().collect();
        let count: u64 = numbers.money.values().sum();
        if signs.len() > 1 {
            self.sure = Sure::Open;
            self.questions.push(format!("amounts are in several currencies: {}", list(&signs)));
        } else if self.currencies.len() > 1 {
            self.notes.push(format!("{} may be {}", list(&signs), self.currencies.join(", ")));
        }
        self.notes.push(format!("{} have {}", cells(count), either(&signs)));
        if count < numbers.all {
            self.notes.push(format!("{} have no sign of money", cells(numbers.all - count)));
        }
    }
}

/// A mark, in words.
fn name(mark: char) -> &'static str {
    match mark {
        '.' => "the point",
        ',' => "the comma",
        '\'' => "the apostrophe",
        _ => "the blank",
    }
}
