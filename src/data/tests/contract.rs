//! What a feed may say of its files: headers of several rows, columns that are made, records that become others.

use std::sync::Arc;

use super::*;
use crate::catalog::{
    EventTime, Events, Formula, HeaderRow, Percent, Placed, Reshape, SkipRule, SkipTest, Unpivot,
};
use crate::expr::{ColumnInfo, Columns, Origin, Scope};
use crate::rel::Arena;
use crate::text::{SourceId, Span};

struct OfReader(Vec<(Id, Type)>);

impl Columns for OfReader {
    fn column(&self, _: &Id, name: &str) -> Option<ColumnInfo> {
        let (_, ty) = self.0.iter().find(|(id, _)| id.as_str() == name)?;
        Some(ColumnInfo { ty: *ty, references: None, nullable: true })
    }

    fn names(&self, _: &Id) -> Vec<String> {
        Vec::new()
    }
}

impl Reader {
    fn formula(&self, text: &str) -> Formula {
        let columns = OfReader(self.wants.iter().map(|w| (w.column.clone(), w.ty)).collect());
        let span = Span { source: SourceId(0), start: 0, end: 0 };
        let (origin, dataset) = (Origin { text, span, raw: "" }, Id::from("deals"));
        let scope = Scope::Row { dataset: &dataset, columns: &columns };
        let (mut arena, mut sink) = (Arena::default(), Vec::new());
        let root = crate::expr::parse(&origin, &scope, &mut arena, &mut sink);
        let root = root.unwrap_or_else(|| panic!("{sink:?}"));
        Formula { arena: Arc::new(arena), root, text: text.into() }
    }

    fn made(self, column: usize, text: &str) -> Self {
        let formula = self.formula(text);
        self.source(column, ColumnSource::Made(formula))
    }

    fn keeping(mut self, text: &str) -> Self {
        self.feed.filter = Some(self.formula(text));
        self
    }

    /// Places of all rows, as shown: the whole row, then each want's cell.
    fn shown_places(&self) -> Vec<String> {
        let Opened { layout, mut cutter, .. } = self.open().unwrap_or_else(|f| panic!("{f:?}"));
        let (mut parser, mut chunk, mut places) =
            (Parser::new(&self.wants), Chunk::default(), Vec::new());
        while let Some(block) = cutter.next(Vec::new()).unwrap() {
            parser.parse(&layout, &block, &mut chunk);
            for row in 0..chunk.rows {
                let record = chunk.file_row(u32::try_from(row).unwrap());
                let cells = (0..self.wants.len()).filter_map(|want| layout.file_column(want));
                let all = std::iter::once(0).chain(cells);
                let place = |column| layout.place(record, column).to_string();
                places.push(all.map(place).collect::<Vec<_>>().join(" "));
            }
        }
        places
    }
}

fn rule(column: ColumnSource, test: SkipTest) -> SkipRule {
    SkipRule { column, test, place: place() }
}

#[test]
fn a_header_of_two_rows_is_one() {
    let text = "Report\n,2026,,2025\nRegion,Q1,Q2,Q1\nNorth,1,2,3\n";
    let read = reader(&[("r", Type::Text), ("a", Type::Integer), ("b", Type::Integer)], text)
        .contract(|c| c.header_row = HeaderRow::At { first: 2, last: 3 })
        .source(0, header("Region"))
        .source(1, header("2026 Q2"))
        .source(2, header("2025 Q1"))
        .read();
    assert_eq!((read.rows, read.places), (vec!["North|2|3".to_owned()], vec![4]));
}

#[test]
fn blank_cells_that_mean_the_one_above_are_filled() {
    let text = "a,b\nNorth,1\n,2\n\nSouth,3\n\" \",4\n";
    for block in [1, 7, 1 << 16] {
        let filled = two(text).block(block).contract(|c| {
            c.fill_down = vec![Placed { column: header("a"), place: place() }];
        });
        assert_eq!(filled.rows(), ["North|1", "North|2", "South|3", "South|4"]);
        assert_eq!(filled.shown_places()[3], "a.csv!6:6 a.csv!A6 a.csv!B6");
    }
}

#[test]
fn a_table_ends_where_the_feed_says() {
    let text = "a,b\n1,x\n2,y\nGrand Total,\n\nCopyright\n3,z\n";
    let ends = |test| two(text).contract(|c| c.ends = vec![rule(header("a"), test)]);
    let total = ends(SkipTest::StartsWith(vec!["Grand".into()]));
    assert_eq!(total.rows(), ["1|x", "2|y"]);
    let tally = |reader: &Reader| {
        let Opened { layout, mut cutter, .. } = reader.open().unwrap();
        while cutter.next(Vec::new()).unwrap().is_some() {}
        layout.reshaped().unwrap()
    };
    let tally = tally(&total);
    assert_eq!((tally.records, tally.behind_end, tally.made, tally.blank_lines), (5, 3, 2, 1));
    assert_eq!(ends(SkipTest::BlankLine).rows(), ["1|x", "2|y", "Grand Total|-"]);
    assert_eq!(ends(SkipTest::Like(vec!["*TOTAL".into()])).rows(), ["1|x", "2|y"]);
    let late = two("a,b\n\n1,x\n\n2,y\n").block(1);
    let late = late.contract(|c| c.ends = vec![rule(header("a"), SkipTest::BlankLine)]);
    assert_eq!(late.rows(), ["1|x"], "a blank line under the header ends nothing");
}

#[test]
fn columns_of_one_measure_become_rows() {
    let text =
        "Region,Jan 2026,Feb 2026,Note,Mar 2026\nNorth,1,,x,3\nTotal,9,9,,9\nSouth,4,5,,oops\n";
    let wants = [("region", Type::Text), ("month", Type::Date), ("amount", Type::Number)];
    let wide = |text: &str| {
        reader(&wants, text).source(1, header("month")).source(2, header("amount")).contract(|c| {
            c.cells.dates = vec!["%b %Y".into()];
            c.skip = vec![rule(header("Region"), SkipTest::Is(vec!["Total".into()]))];
            c.reshape = Some(Reshape::Unpivot(Unpivot {
                columns: vec![header("* 2026")],
                name: "month".into(),
                value: "amount".into(),
                place: place(),
            }));
        })
    };
    let read = wide(text).read();
    let rows = [
        "North|2026-01-01|1.00",
        "North|2026-03-01|3.00",
        "South|2026-01-01|4.00",
        "South|2026-02-01|5.00",
        "South|2026-03-01|!",
    ];
    assert_eq!(read.rows, rows);
    assert_eq!(
        wide(text).shown_places()[1],
        "a.csv!E2 a.csv!A2 a.csv!E1 a.csv!E2",
        "the row is its cell; the name stands in the header"
    );
    let torn = "Region,Jan 2026,Feb 2026,Note,Mar 2026\nNorth,1\nSouth,4,5,,6,7,8\n";
    let read = wide(torn).read();
    assert_eq!(
        read.rows,
        ["North|2026-01-01|1.00", "North|2026-02-01|!", "North|2026-03-01|!", "!|!|!"],
        "a record whose cells cannot be told apart is one reject"
    );
    assert_eq!(read.rejects[3], (4, None, RejectReason::TooManyCells));
    let gone = wide(text).source(2, ColumnSource::Position(2));
    assert_eq!(gone.mistakes(), ["became-rows"]);
    let nothing = wide("Region,Q1\nNorth,1\n");
    assert_eq!(nothing.mistakes(), ["no-such-column"]);
}

#[test]
fn events_become_one_row_for_each_thing() {
    let text = "Lead,Stage,Changed At,Owner\nL1,New,2026-01-01,ada\nL2,New,2026-01-05,ben\n\
        L1,MQL,2026-02-01,ada\nL1,MQL,2026-01-20,cyd\nL2,Won,2026-03-01,ben\n,New,2026-01-01,x\nL3,New,soon,x\n";
    let wants = [
        ("lead", Type::Text),
        ("stage", Type::Text),
        ("owner", Type::Text),
        ("mql", Type::Date),
        ("last", Type::Date),
    ];
    let time = |header: &str, first, event: &str| EventTime {
        header: header.into(),
        first,
        events: vec![event.into()],
    };
    for block in [1, 1 << 16] {
        let events = reader(&wants, text)
            .source(3, header("MQL at"))
            .source(4, header("Last at"))
            .block(block)
            .contract(|c| {
                c.reshape = Some(Reshape::Events(Events {
                    entity: header("Lead"),
                    at: header("Changed At"),
                    event: Some(header("Stage")),
                    times: vec![time("MQL at", true, "mql"), time("Last at", false, "*")],
                    place: place(),
                }));
            });
        let read = events.read();
        let rows = [
            "!|!|!|!|!",
            "!|!|!|!|!",
            "L1|MQL|ada|2026-01-20|2026-02-01",
            "L2|Won|ben|-|2026-03-01",
        ];
        assert_eq!(read.rows, rows, "who or when is not told: rejected");
        assert_eq!(read.rejects[0].2, RejectReason::Undecided);
        assert_eq!(
            events.shown_places()[2],
            "a.csv!4:4 a.csv!A4 a.csv!B4 a.csv!D4 a.csv!C5 a.csv!C4",
            "each moment has the place of its own event"
        );
    }
}

#[test]
fn cells_are_joined_and_made_of_others() {
    let wants = [
        ("name", Type::Text),
        ("n", Type::Integer),
        ("price", Type::Number),
        ("total", Type::Number),
    ];
    let text = "First,Last,n,price\nAda,Brook,2,1.5\n\"Cy \",,x,3\n,,1,\n";
    let parts = vec![header("First"), ColumnSource::Position(2)];
    let read =
        reader(&wants, text).source(0, ColumnSource::Joined(parts)).made(3, "n * price").read();
    assert_eq!(read.rows, ["Ada Brook|2|1.50|3.00", "Cy|!|3.00|!", "-|1|-|-"]);
    let made: Vec<_> = read.rejects.iter().filter(|(_, want, _)| *want == Some(3)).collect();
    assert_eq!(made.len(), 1, "what is made of a rejected cell is rejected");
}

#[test]
fn a_rows_own_place_may_be_its_id() {
    let by_row = two("b\nx\n\nb\ny\n").source(0, ColumnSource::Row);
    for block in [1, 1 << 16] {
        let read = Reader { block, ..two("a,b\nq,x\n\na,b\nr,y\n") }.source(0, ColumnSource::Row);
        assert_eq!(read.rows(), ["a.csv!2:2|x", "a.csv!5:5|y"]);
    }
    assert_eq!(by_row.mistakes(), [""; 0]);
    let wide = two("b,V1,V2\nx,1,2\n").source(0, ColumnSource::Row).contract(|c| {
        c.reshape = Some(Reshape::Unpivot(Unpivot {
            columns: vec![header("V*")],
            name: "name".into(),
            value: "value".into(),
            place: place(),
        }));
    });
    assert_eq!(wide.rows(), ["a.csv!B2|x", "a.csv!C2|x"], "each made row has its own");
}

#[test]
fn rows_that_the_feed_does_not_keep_are_left_out() {
    let wants = [("a", Type::Text), ("n", Type::Integer)];
    let text = "a,n\nx,1\ny,2\nz,oops\n,4\n";
    let kept = reader(&wants, text).keeping("a <> 'x' and n < 4").read();
    assert_eq!(kept.rows, ["y|2", "!|!"], "a row on which nobody can decide is rejected");
    assert_eq!(kept.places, [3, 4]);
    assert_eq!(kept.rejects.iter().map(|r| r.2).collect::<Vec<_>>(), [RejectReason::Undecided]);
    let short = reader(&wants, "a,n\nx,1\ny\n").keeping("n = 1").read();
    assert_eq!(short.rows, ["x|1", "!|!"], "and so is one that lacks what decides");
    assert_eq!(short.rejects, [(3, None, RejectReason::Undecided)]);
}

#[test]
fn texts_mean_what_the_feed_says() {
    let values = vec![
        ("Won".to_owned(), vec!["closed won*".to_owned()]),
        ("2026-01-31".to_owned(), vec!["end of january".to_owned()]),
        (String::new(), vec!["select".to_owned()]),
    ];
    let wants = [("a", Type::Text), ("d", Type::Date)];
    let read = reader(&wants, "a,d\nClosed Won - EU,End of January\nSelect,2026-02-01\nWon,\n")
        .contract(|c| c.cells.values = values)
        .read();
    assert_eq!(read.rows, ["Won|2026-01-31", "-|2026-02-01", "Won|-"]);
}

#[test]
fn shares_suffixes_and_zones_are_declared() {
    let wants = [("share", Type::Number), ("n", Type::Number), ("at", Type::DateTime)];
    let read = reader(&wants, "share,n,at\n25%,1.5K,2026-01-01 00:30\n0.25,2,2026-07-01T00:30Z\n")
        .contract(|c| {
            c.cells.percent = Some(Percent::Sign);
            c.cells.suffixes = vec![("K".into(), 1000)];
            c.cells.zone = Some("America/New_York".into());
        })
        .read();
    assert_eq!(read.rows[0], "0.25|!|2026-01-01T05:30:00Z");
    assert_eq!(read.rows[1], "!|!|2026-07-01T00:30:00Z");
}

#[test]
fn what_cannot_be_read_stays_rejected_on_every_way() {
    let down = |text: &str| {
        two(text).contract(|c| c.fill_down = vec![Placed { column: header("a"), place: place() }])
    };
    let text = "a,b,x\nNorth,p,1\nSouth,q,2,2\n,r,3\nEast,s,4\n,t,5\n";
    assert_eq!(
        down(text).rows(),
        ["North|p", "!|!", "!|!", "East|s", "East|t"],
        "nobody knows the group"
    );
    let torn = "a,b\nx,1\ny,2,3\n,4\n";
    let kept = down(torn).keeping("b <> '4'").read();
    assert_eq!(kept.rows, ["x|1", "!|!", "!|!"], "what cannot be read is not left out");
    let far = two("a,b\n1,2\n").contract(|c| {
        c.skip = vec![rule(ColumnSource::Position(9), SkipTest::Blank)];
    });
    assert_eq!(far.mistakes(), ["no-such-column"]);
    let twice = two("a,b,k,k\n1,2,3,4\n").contract(|c| {
        c.skip = vec![rule(header("k"), SkipTest::Blank)];
    });
    assert_eq!(twice.mistakes(), ["no-such-column"]);
    let ends = |c: &mut Contract| {
        c.ends = vec![rule(ColumnSource::Position(1), SkipTest::Is(vec!["end".into()]))];
    };
    assert_eq!(
        one("a\n1\n\n2\nend\n").contract(ends).rows(),
        ["1", "-", "2"],
        "a blank row of one column"
    );
}

#[test]
fn days_are_moved_by_no_zone_and_weeks_are_no_days() {
    let day = |form: &str, zone: Option<&str>, text: &str| {
        reader(&[("d", Type::Date), ("b", Type::Text)], format!("d,b\n{text},x\n"))
            .contract(|c| {
                c.cells.dates = vec![form.into()];
                c.cells.zone = zone.map(str::to_owned);
            })
            .rows()
            .remove(0)
    };
    assert_eq!(day("excel", Some("Asia/Tokyo"), "44197"), "2021-01-01|x");
    assert_eq!(day("excel", Some("Asia/Tokyo"), "44197.25"), "2020-12-31|x", "but a time is moved");
    assert_eq!(day("%Y-W%V", None, "2026-W10"), "!|x");
    for june in ["15. lipnja 2024", "15. srpnja 2024"] {
        assert_eq!(day("%d. %B %Y", None, june), "!|x", "months of a language that is not known");
    }
    assert_eq!(day("%d %B %Y", None, "15 lipca 2024"), "2024-07-15|x");
}

#[test]
fn the_latest_event_is_told_by_the_clock_of_its_zone() {
    let text = "id,at,x\nL,2026-02-28T22:00,5\nL,2026-03-01,7\n";
    let events = reader(&[("id", Type::Text), ("x", Type::Integer)], text).contract(|c| {
        c.cells.zone = Some("America/New_York".into());
        c.reshape = Some(latest());
    });
    assert_eq!(events.rows(), ["L|7"]);
}
