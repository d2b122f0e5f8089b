//! Laws that hold for any bytes: no panic, one meaning whatever the blocks, and two readers that
//! agree.

use super::*;
use crate::catalog::HeaderRow;
use proptest::collection::vec;
use proptest::prelude::*;
use std::io;

use super::super::strict::{self, Dialect};
use super::super::tolerant;

/// Bytes that make trouble, more often than others.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let nasty = prop::sample::select(b"\"\"\",,\n\n\rab 1-\0\xFF\xC3\xA9;'".to_vec());
    vec(prop_oneof![8 => nasty, 1 => any::<u8>()], 0..200)
}

/// A well-formed table of two columns.
fn table() -> impl Strategy<Value = Vec<[String; 2]>> {
    let cell = || "[a-c0-9 ,\"\n\r\u{e9}-]{0,12}";
    vec([cell(), cell()], 1..40)
}

fn written(rows: &[[String; 2]], always: bool, end: &str) -> String {
    let cell = |text: &String| {
        if always || text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.clone()
        }
    };
    let line = |row: &[String; 2]| format!("{},{}{end}", cell(&row[0]), cell(&row[1]));
    format!("a,b{end}") + &rows.iter().map(line).collect::<String>()
}

/// Rows, places, rejects and whether it stopped: all that a caller can see.
type Seen = (
    Vec<String>,
    Vec<u64>,
    Vec<(u64, Option<u16>, RejectReason)>,
    (usize, Damage),
    Vec<&'static str>,
);

fn seen(reader: &Reader) -> Seen {
    match reader.try_read() {
        Ok(read) => {
            let codes = read.codes();
            (read.rows, read.places, read.rejects, (read.skipped, read.damage), codes)
        }
        Err(Failure::Mistakes(mistakes)) => {
            let codes = mistakes.iter().map(|m| m.code).collect();
            (Vec::new(), Vec::new(), Vec::new(), (0, Damage::default()), codes)
        }
        Err(Failure::Fault(fault)) => panic!("{fault}"),
    }
}

/// Hands out a few bytes at a time.
struct Slow(io::Cursor<Vec<u8>>, usize);

impl io::Read for Slow {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = out.len().min(self.1);
        self.0.read(&mut out[..most])
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_mean_one_thing_whatever_the_blocks(
        body in bytes(),
        one_column in any::<bool>(),
        sizes in vec(1usize..90, 3),
    ) {
        let head: &[u8] = if one_column { b"a\n" } else { b"a,b\n" };
        let text = [head, &body].concat();
        let make = || {
            let reader = if one_column { one(&text) } else { two(&text) };
            reader.contract(|c| c.delimiter = Some(b','))
        };
        let whole = seen(&make());
        for size in sizes {
            prop_assert_eq!(&seen(&make().block(size)), &whole, "blocks of {}", size);
        }
    }

    #[test]
    fn any_bytes_and_contract_give_rows_or_mistakes(
        text in bytes(),
        delimiter in prop::option::of(any::<u8>()),
        quote in prop::option::of(any::<u8>()),
        marks in any::<(Option<char>, Option<char>)>(),
        encoding in prop::option::of("utf-8|utf-16le|windows-1252|shift_jis|x"),
        header_row in prop::option::of(0u32..6),
        dates in vec("%[a-zA-Z]|%d/%m/%Y|[%a-z ]{0,6}", 0..2),
        size in 1usize..60,
    ) {
        let euro = Type::Money(crate::domain::Currency::new("EUR").unwrap());
        let types = [Type::Text, Type::Integer, euro, Type::Date, Type::DateTime, Type::Boolean];
        let names = ["a", "b", "1", "", "a b", "c"];
        let columns: Vec<_> = names.into_iter().zip(types).collect();
        let reader = reader(&columns, &text).block(size).contract(|c| {
            (c.delimiter, c.quote) = (delimiter, quote);
            c.encoding = encoding;
            c.header_row = match header_row {
                None => HeaderRow::Found,
                Some(0) => HeaderRow::None,
                Some(row) => HeaderRow::At { first: row, last: row },
            };
            (c.cells.decimal, c.cells.grouping) = marks;
            c.cells.dates = dates;
        });
        let _ = seen(&reader);
    }

    #[test]
    fn what_was_written_is_read(rows in table(), always in any::<bool>(), size in 1usize..300) {
        for end in ["\n", "\r\n"] {
            let text = written(&rows, always, end);
            let read = two(&text).block(size).read();
            let show = |cell: &String| match cell.trim() {
                "" => "-".to_owned(),
                text => text.to_owned(),
            };
            // A row without any text is a blank line, unless quotes stand for its empty cells.
            let blank = |row: &&[String; 2]| {
                !always && row.iter().all(|cell| cell.chars().all(|c| c == ' '))
            };
            // The header once more is no row, in whatever order.
            let again = |row: &&[String; 2]| {
                let names = [row[0].trim(), row[1].trim()];
                names == ["a", "b"] || names == ["b", "a"]
            };
            let expected: Vec<String> = rows
                .iter()
                .filter(|row| !blank(row) && !again(row))
                .map(|row| format!("{}|{}", show(&row[0]), show(&row[1])))
                .collect();
            prop_assert_eq!(read.rows, expected);
            prop_assert!(read.warnings.is_empty() && read.rejects.is_empty());
        }
    }

    #[test]
    fn both_readers_agree_on_what_is_legal(rows in table(), cut in 0usize..400) {
        let dialect = Dialect { delimiter: b',', quote: b'"', terminator: b'\n' };
        let text = written(&rows, false, "\r\n").into_bytes();
        let part = &text[..cut.min(text.len())];
        let fast = strict::look(part, dialect, &mut strict::Marks::default());
        let slow = tolerant::look(part, dialect);
        prop_assert!(!fast.breach);
        let seen = |look: strict::Look| (look.end, look.records, look.inside);
        prop_assert_eq!(seen(fast), seen(slow));
    }

    #[test]
    fn a_breach_is_found_exactly_where_a_slow_check_finds_one(text in bytes()) {
        let dialect = Dialect { delimiter: b',', quote: b'"', terminator: b'\n' };
        let look = strict::look(&text, dialect, &mut strict::Marks::default());
        let (end, records, breach) = slow_look(&text, dialect);
        prop_assert_eq!((look.end, look.records, look.breach), (end, records, breach));
        // The tolerant reader ends the same records up to there.
        let same = tolerant::look(&text[..look.end], dialect);
        prop_assert_eq!((same.end, same.records, same.inside), (look.end, look.records, false));
    }

    #[test]
    fn the_crate_and_the_walk_split_alike(text in bytes()) {
        let dialect = Dialect { delimiter: b',', quote: b'"', terminator: b'\n' };
        let mut cells = tolerant::Cells::default();
        let behind = cells.split(&text, dialect);
        let blanks: u32 = cells.records.iter().map(|r| r.blank_before).sum();
        let look = tolerant::look(&text, dialect);
        let open = u64::from(look.end < text.len());
        let count = cells.records.len() as u64 + u64::from(blanks + behind);
        prop_assert_eq!(count, look.records + open);
    }

    #[test]
    fn the_size_of_reads_means_nothing(
        text in "[a-z,\"\n\u{e9}\u{20ac}\u{1f600}]{0,80}",
        sizes in vec(1usize..9, 2),
        wide in any::<bool>(),
    ) {
        let (bytes, encoding): (Vec<u8>, _) = if wide {
            (text.encode_utf16().flat_map(u16::to_le_bytes).collect(), Some(encoding_rs::UTF_16LE))
        } else {
            (text.clone().into_bytes(), None)
        };
        let reader = Slow(io::Cursor::new(bytes), sizes[0]);
        let mut source = super::super::source::Source::new(Box::new(reader), Vec::new(), encoding);
        let mut all = Vec::new();
        loop {
            let mut part = vec![0; sizes[1]];
            let got = source.fill(&mut part).unwrap();
            all.extend_from_slice(&part[..got]);
            if got < part.len() {
                break;
            }
        }
        prop_assert_eq!(String::from_utf8(all).unwrap(), text);
    }
}

/// The rule of quotes, byte by byte: end of the last whole legal record, their count, and a breach.
fn slow_look(text: &[u8], dialect: Dialect) -> (usize, u64, bool) {
    let (mut end, mut records, mut at) = (0, 0, 0);
    let edge = |byte: u8| byte == dialect.delimiter || byte == dialect.terminator;
    while at < text.len() {
        // At a cell's start.
        if text[at] == dialect.quote {
            at += 1;
            loop {
                match (text.get(at), text.get(at + 1)) {
                    (None, _) => return (end, records, false),
                    (Some(q), Some(r)) if *q == dialect.quote && *r == dialect.quote => at += 2,
                    (Some(q), _) if *q == dialect.quote => break at += 1,
                    _ => at += 1,
                }
            }
            if text.get(at) == Some(&b'\r') {
                at += 1;
                if text.get(at).is_some_and(|b| *b != dialect.terminator) {
                    return (end, records, true);
                }
            }
            if text.get(at).is_some_and(|b| !edge(*b)) {
                return (end, records, true);
            }
        }
        while at < text.len() && !edge(text[at]) {
            if text[at] == dialect.quote {
                return (end, records, true);
            }
            at += 1;
        }
        if at < text.len() {
            at += 1;
            if text[at - 1] == dialect.terminator {
                (end, records) = (at, records + 1);
            }
        }
    }
    (end, records, false)
}

#[test]
fn long_input_takes_time_in_proportion() {
    let time = |count: usize| {
        let text = format!("a,b\n1,\"{}\"\n{}", "x\n".repeat(count), "2,y\"\n".repeat(count));
        let start = std::time::Instant::now();
        let read = two(&text).block(1).read();
        assert_eq!(read.rows.len(), count + 1);
        start.elapsed()
    };
    time(1000);
    let (small, large) = (time(10_000), time(80_000));
    assert!(large < small * 40 + std::time::Duration::from_millis(200), "{small:?} {large:?}");
}
