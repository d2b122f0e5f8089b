//! Rules of a feed see cells as columns read them, and records as they are.

use super::*;
use crate::catalog::{Placed, Reshape, SkipRule, SkipTest, Unpivot};

fn rule(test: SkipTest) -> SkipRule {
    SkipRule { column: ColumnSource::Position(1), test, place: place() }
}

fn filled(text: &str) -> Reader {
    two(text).contract(|c| c.fill_down = vec![Placed { column: header("a"), place: place() }])
}

fn unpivot(columns: &str) -> Reshape {
    Reshape::Unpivot(Unpivot {
        columns: vec![header(columns)],
        name: "name".into(),
        value: "value".into(),
        place: place(),
    })
}

#[test]
fn rules_compare_what_a_cell_says() {
    let words = |word: &str| vec![word.to_owned()];
    let composed = "S\u{fc}m \"all\"";
    let tests = [
        SkipTest::Is(words(composed)),
        SkipTest::Is(words("Su\u{308}m \"all\" ")),
        SkipTest::StartsWith(words("Su\u{308}")),
        SkipTest::Like(words("s\u{fc}m*")),
    ];
    let cells = [
        "\"S\u{fc}m \"\"all\"\"\"",
        "\"Su\u{308}m \"\"all\"\"\"",
        "\"\u{a0}S\u{fc}m \"\"all\"\"\u{a0}\"",
        "\"\u{1f}S\u{fc}m \"\"all\"\"\"",
    ];
    for cell in cells {
        for test in &tests {
            let text = format!("a,b\n{cell},1\nSum,2\n");
            let skip = two(&text).contract(|c| c.skip = vec![rule(test.clone())]);
            assert_eq!(skip.rows(), ["Sum|2"], "{cell} {test:?}");
            let ends = two(&text).contract(|c| c.ends = vec![rule(test.clone())]);
            assert_eq!(ends.rows(), [""; 0], "{cell} {test:?}");
        }
    }
    let exact = two("a,b\n\u{1f}99999,1\n9,2\n");
    let is = SkipTest::Is(words("99999"));
    assert_eq!(exact.contract(|c| c.skip = vec![rule(is)]).rows(), ["9|2"]);
    let blank = two("a,b\n\u{a0},1\nx,2\n").contract(|c| c.skip = vec![rule(SkipTest::Blank)]);
    assert_eq!(blank.rows(), ["x|2"], "blanks of every kind");
    let beginning = SkipTest::StartsWith(words("Total "));
    let total = two("a,b\nTotal 1,1\nTotals,2\n").contract(|c| c.skip = vec![rule(beginning)]);
    assert_eq!(total.rows(), ["Totals|2"], "a beginning may end with a blank");
}

#[test]
fn the_header_once_more_is_known_by_what_it_says() {
    for name in ["\"q \"\"x\"\"\"", "u\u{308}", "\u{a0}q", "\u{1f}2025"] {
        for text in [
            format!("a,b,{name}\n1,x,\na,b,{name}\n2,y,\n"),
            format!("{name},a,b\n,1,x\n{name},a,b\n,2,y\n"),
        ] {
            let read = two(&text).read();
            assert_eq!((read.rows, read.skipped), (vec!["1|x".into(), "2|y".into()], 1), "{text}");
        }
    }
}

#[test]
fn joined_cells_are_rejected_for_what_one_of_them_is() {
    let parts = vec![header("b"), header("a")];
    let text = "a,b\n\u{1f}#REF!,x\n\u{1f}=B1,x\n\u{1f}7,\u{a0}x\n";
    let joined = two(text).source(0, ColumnSource::Joined(parts));
    let read = joined.read();
    assert_eq!(read.rows, ["!|x", "!|x", "x 7|x"]);
    let why: Vec<_> = read.rejects.iter().map(|reject| reject.2).collect();
    assert_eq!(why, [RejectReason::FormulaError, RejectReason::FormulaUnstored]);
}

#[test]
fn cells_of_blanks_of_every_kind_are_filled_and_give_no_row() {
    assert_eq!(filled("a,b\nN,1\n\u{a0},2\n,3\n").rows(), ["N|1", "N|2", "N|3"]);
    let wants = [("a", Type::Text), ("value", Type::Text)];
    let wide =
        reader(&wants, "a,V1,V2\nx,1,\u{a0}\n").contract(|c| c.reshape = Some(unpivot("V*")));
    assert_eq!(wide.rows(), ["x|1"]);
}

#[test]
fn a_short_row_is_used_on_every_way() {
    let columns = [("a", Type::Text), ("b", Type::Text), ("z", Type::Text)];
    let text = "a;b;z\nx;1;p\ny;2\n;3;q\n\"\"\n";
    let plain = reader(&columns, "a;b;z\nx;1;p\ny;2\ny;3;q\n\"\"\n").rows();
    assert_eq!(plain, ["x|1|p", "y|2|!", "y|3|q", "-|!|!"]);
    let down = reader(&columns, text)
        .contract(|c| c.fill_down = vec![Placed { column: header("a"), place: place() }]);
    let read = down.read();
    assert_eq!(read.rows, ["x|1|p", "y|2|!", "y|3|q", "y|!|!"]);
    let short = |row| (row, None, RejectReason::TooFewCells);
    assert_eq!(read.rejects, [short(2), short(4)]);
    let lacking = reader(&columns, "a;b;z\nx;1;p\ny;2\nz;3;\n")
        .contract(|c| c.fill_down = vec![Placed { column: header("z"), place: place() }]);
    assert_eq!(lacking.rows(), ["x|1|p", "y|2|!", "!|!|!"], "nobody knows what is above");
    let end = rule(SkipTest::Is(vec!["end".into()]));
    let ends = reader(&columns, text).contract(|c| c.ends = vec![end]);
    assert_eq!(ends.rows(), ["x|1|p", "y|2|!", "-|3|q", "-|!|!"]);
}

#[test]
fn what_a_short_row_lacks_is_missing_in_the_rows_that_are_made_of_it() {
    let wants =
        [("a", Type::Text), ("note", Type::Text), ("name", Type::Text), ("value", Type::Integer)];
    let wide = |text: &str| reader(&wants, text).contract(|c| c.reshape = Some(unpivot("V*")));
    let behind = wide("a,note,V1,V2\nx,n,1\n").read();
    assert_eq!(behind.rows, ["x|n|V1|1", "x|n|V2|!"]);
    assert_eq!(behind.rejects, [(2, None, RejectReason::TooFewCells)]);
    let between = wide("a,V1,note,V2\nx,1\n").read();
    assert_eq!(between.rows, ["x|!|V1|1", "x|!|V2|!"], "each cell is there or is missing");
    let wants = [("id", Type::Text), ("at", Type::Date), ("x", Type::Text)];
    let events = reader(&wants, "id,at,x\nL,2026-01-02,p\nL,2026-01-03\nM,2026-01-03,q\nN\n")
        .contract(|c| {
            c.reshape = Some(latest());
        })
        .read();
    assert_eq!(events.rows, ["!|!|!", "L|2026-01-03|!", "M|2026-01-03|q"]);
    let why: Vec<_> = events.rejects.iter().map(|reject| reject.2).collect();
    assert_eq!(why, [RejectReason::Undecided, RejectReason::TooFewCells]);
}

#[test]
fn a_blank_line_ends_a_table_of_one_column_too() {
    let ends = |text: &str| {
        let blank = SkipTest::BlankLine;
        reader(&[("a", Type::Text)], text).contract(|c| c.ends = vec![rule(blank)]).rows()
    };
    assert_eq!(ends("a\n1\n\n2\n"), ["1"]);
    assert_eq!(ends("a\n\n1\n2\n\n3\n"), ["-", "1", "2"], "not before its first row");
}

#[test]
fn a_record_that_becomes_much_text_is_made_piece_by_piece() {
    let long = "x".repeat(1 << 16);
    let first = |reader: Reader| {
        let Opened { layout, mut cutter, .. } = reader.block(1).open().unwrap();
        cutter.next(Vec::new()).unwrap().unwrap();
        layout.reshaped().unwrap().made
    };
    let down = first(filled(&format!("a,b\n{long},1\n{}", ",2\n".repeat(1000))));
    assert!(down < 50, "of 1000 rows with a long text above them, {down} are made at once");
    let names: String = (0..1000).map(|at| format!(",V{at}")).collect();
    let wide = format!("a{names}\n{long}{}\n", ",1".repeat(1000));
    let wants = [("a", Type::Text), ("value", Type::Text)];
    let wide = || reader(&wants, &wide).contract(|c| c.reshape = Some(unpivot("V*")));
    let made = first(wide());
    assert!(made < 50, "of 1000 rows of one record, {made} are made at once");
    assert_eq!(wide().rows().len(), 1000);
}
