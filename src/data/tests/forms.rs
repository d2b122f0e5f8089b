//! Encodings, dialects, headers and mappings.

use std::io::Write as _;

use super::*;
use crate::catalog::HeaderRow;

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn encodings_are_known_by_mark_pattern_or_declaration() {
    let text = "a,b\n1,Müller €\n2,\"x\ny\"\n";
    let expected = ["1|Müller €", "2|x\ny"];
    assert_eq!(two(format!("\u{feff}{text}")).rows(), expected);
    for big in [true, false] {
        assert_eq!(two(utf16(&format!("\u{feff}{text}"), big)).rows(), expected);
        for block in [1, 3, 100] {
            let read = two(utf16(text, big)).block(block).read();
            assert_eq!(read.rows, expected);
            assert_eq!(read.codes(), ["encoding-guessed"]);
        }
    }
    let legacy = b"a,b\n1,M\xFCller \x80\n2,\"x\ny\"\n";
    let declared = two(legacy).contract(|c| c.encoding = Some("windows-1252".into())).read();
    assert_eq!(declared.rows, expected);
    assert!(declared.codes().is_empty());
    let guessed = two(legacy).read();
    assert_eq!(guessed.rows, expected);
    assert_eq!(guessed.codes(), ["encoding-guessed"]);
    assert_eq!(
        two(text).contract(|c| c.encoding = Some("utf-9".into())).mistakes(),
        ["encoding-unknown"]
    );
}

#[test]
fn nothing_is_lost_behind_the_bytes_that_decide() {
    // Characters of two bytes in UTF-8 meet the end of the sample in every way.
    for shift in 0..8 {
        let rows: Vec<String> =
            (0..20_000).map(|n| format!("{n},{}", "\u{e9}".repeat(n % 9))).collect();
        let text = format!("\u{feff}a,b{}\n{}\n", ",x".repeat(shift), rows.join("\n"));
        let text = text.replace('\n', &(",".repeat(shift) + "\n"));
        let plain = two(&text).rows();
        assert!(plain == two(utf16(&text, shift % 2 == 0)).rows(), "shifted by {shift}");
    }
}

#[test]
fn meaningless_units_reject_their_cell() {
    let mut bytes = utf16("\u{feff}a,b\n1,", false);
    bytes.extend_from_slice(&[0x00, 0xD8]);
    bytes.extend_from_slice(&utf16("\n2,y\n", false));
    let read = two(bytes).read();
    assert_eq!(read.rows, ["1|!", "2|y"]);
    assert_eq!(read.rejects, [(2, Some(1), RejectReason::Encoding)]);
}

#[test]
fn workbooks_are_named() {
    assert_eq!(two(b"PK\x03\x04...").mistakes(), ["workbook-broken"]);
}

#[test]
fn the_delimiter_is_found_or_asked_for() {
    for delimiter in [",", ";", "\t", "|"] {
        let text = "a,b\n1,x y\n2,\"p,;|\tq\"\n"
            .replacen(',', delimiter, 3)
            .replace("2,", &format!("2{delimiter}"));
        assert_eq!(two(text).rows(), ["1|x y", "2|p,;|\tq"], "{delimiter:?}");
    }
    assert_eq!(two("a;b\n1,5;2,5\n2,5;3,5\n").rows(), ["1,5|2,5", "2,5|3,5"]);
    let names = one("a\nSmith, John\nMiller, Ann\n");
    assert_eq!(names.rows(), ["Smith, John", "Miller, Ann"], "the header has one column");
    let said = names.contract(|c| c.delimiter = Some(b','));
    assert_eq!(said.rows(), ["!", "!"], "more cells than headers");
    assert_eq!(two("p,q;r\n1,2;3\n").mistakes(), ["delimiter-unclear"]);
    for (delimiter, quote) in [(b'"', b'"'), (b'\n', b'"'), (b',', b'\r'), (0xC3, b'"')] {
        let odd =
            two("a,b\n").contract(|c| (c.delimiter, c.quote) = (Some(delimiter), Some(quote)));
        assert_eq!(odd.mistakes(), ["form-impossible"]);
    }
    let quoted = two("a~b\n'1~2'~x\n").contract(|c| {
        (c.delimiter, c.quote) = (Some(b'~'), Some(b'\''));
    });
    assert_eq!(quoted.rows(), ["1~2|x"]);
}

#[test]
fn the_header_is_found_or_asked_for() {
    let title = two("Deals of 2026\nmade, by hand\n\nb,a\nx,1\n").read();
    assert_eq!(title.rows, ["1|x"]);
    assert_eq!(title.places, [5]);
    assert_eq!(two("Report\np,q,r\n1,2,3\n4,5,6\n").mistakes(), ["header-unclear"]);
    let said = two("a,b\n1,x\nb,a\n2,y\n")
        .contract(|c| c.header_row = HeaderRow::At { first: 3, last: 3 })
        .read();
    assert_eq!((said.rows, said.places), (vec!["y|2".to_owned()], vec![4]));
    let beyond = two("a,b\n1,x\n").contract(|c| c.header_row = HeaderRow::At { first: 9, last: 9 });
    assert_eq!(beyond.mistakes(), ["header-row-beyond"]);
}

#[test]
fn files_without_a_header_are_mapped_by_position() {
    let at = |position| ColumnSource::Position(position);
    let bare = |text: &str| two(text).contract(|c| c.header_row = HeaderRow::None);
    for text in ["p|1\nq|2\n", "p\t1\r\nq\t2\r\n", "\u{feff}p;1\nq;2"] {
        let read = bare(text).source(0, at(2)).source(1, at(1)).block(1).read();
        assert_eq!((read.rows, read.places), (vec!["1|p".into(), "2|q".into()], vec![1, 2]));
    }
    let named = bare("a,b\n1,2\n");
    assert_eq!(named.rows(), ["-|-", "-|-"], "a name stands nowhere");
    let odd = bare("1,2,3\n1,2\n1,2,3,4\n1,2,3\n").source(0, at(3)).source(1, at(1)).read();
    assert_eq!(odd.rows, ["3|1", "!|1", "!|!", "3|1"], "the usual width is the width");
    assert_eq!(bare("1,2\n").source(0, at(3)).mistakes(), ["position-beyond"]);
    assert_eq!(bare("1,2\r3,4\n").source(0, at(1)).mistakes(), ["line-ends-mixed"]);
    assert_eq!(bare(" \n").source(0, at(1)).mistakes(), ["file-empty"]);
    let headed = two("a,a\n1,2\n").source(0, at(2)).source(1, at(1));
    assert_eq!(headed.rows(), ["2|1"], "a header may be passed over");
}

#[test]
fn packed_tables_are_unpacked_as_they_are_read() {
    let rows: Vec<String> = (0..40_000).map(|n| format!("{n},x{}\n", n * n)).collect();
    let text = format!("a,b\n{}", rows.concat());
    let plain = two(&text).read();
    let gzip = gzip(text.as_bytes());
    let twice = [gzip.clone(), self::gzip(b"1,2\n")].concat();
    for packed in [zip(&[("t.csv", text.as_bytes())]), gzip.clone()] {
        let read = two(&packed).block(1 << 14).read();
        assert_eq!((&read.rows, &read.places), (&plain.rows, &plain.places));
        assert_eq!(two(&packed[..packed.len() / 2]).mistakes().len(), 1, "it breaks off");
    }
    assert_eq!(two(twice).rows().len(), plain.rows.len() + 1, "members of a gzip file follow");
    let wide = utf16("\u{feff}a,b\n1,Zo\u{eb}\n", false);
    assert_eq!(two(zip(&[("t.csv", &wide)])).rows(), ["1|Zo\u{eb}"]);
    assert_eq!(two(&gzip[..gzip.len() - 3]).mistakes(), ["archive-broken"]);
}

#[test]
fn an_archive_holds_one_table() {
    let text: &[u8] = b"a,b\n1,2\n";
    let codes = |members: &[(&str, &[u8])]| two(zip(members)).mistakes();
    assert_eq!(codes(&[("a.csv", text), ("b.csv", text)]), ["archive-of-many"]);
    let beside = [("x/", b"" as &[u8]), ("x/a.csv", text), ("__MACOSX/x/._a.csv", b"?")];
    assert_eq!(codes(&beside), [""; 0], "what an archiver leaves beside it is not meant");
    assert_eq!(codes(&[("x/", b"")]), ["archive-broken"]);
    for inside in [zip(&[("a.csv", text)]), gzip(text), b"%PDF-1.7".to_vec()] {
        assert_eq!(codes(&[("a", &inside)]), ["file-not-csv"]);
        assert_eq!(two(gzip(&inside)).mistakes(), ["file-not-csv"]);
    }
    let mut tar = vec![b'x'; 512];
    tar[257..262].copy_from_slice(b"ustar");
    assert_eq!(two(gzip(&tar)).mistakes(), ["file-not-csv"]);
    let mut bent = zip(&[("a.csv", text)]);
    let at = bent.windows(text.len()).position(|bytes| bytes == text).unwrap();
    bent[at + 4] = b'7';
    assert_eq!(two(bent).mistakes(), ["archive-broken"], "its sum does not fit");
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// Members are stored as they are, so that a test can bend them.
pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let method = zip::CompressionMethod::Stored;
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in members {
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn headers_are_mapped_exactly_or_by_candidates() {
    let header = |name: &str| ColumnSource::Header(name.into());
    let any = |names: &[&str]| ColumnSource::Any(names.iter().map(|n| (*n).into()).collect());
    let text = "Deal  ID , Zoe\u{308},b\n1,x,y\n";
    let read = two(text).source(0, header("Zo\u{eb}"));
    assert_eq!(read.rows(), ["x|y"], "after trim and NFC");
    assert_eq!(two(text).source(0, header("zo\u{eb}")).mistakes(), ["header-missing"]);
    assert_eq!(two("A,b\n1,x\n").source(0, any(&["z", "a"])).rows(), ["1|x"]);
    let both = two("A,Z,b\n1,2,x\n").source(0, any(&["z", "a"]));
    assert_eq!(both.mistakes(), ["header-twice"]);
    assert_eq!(two("a,a,b\n1,2,x\n").mistakes(), ["header-twice"]);
    let spare = two("a,b,c,c\n1,2,3,4\n");
    assert_eq!(spare.rows(), ["1|2"], "only wanted headers must be single");
    let missing = two("q,b\n1,x\n");
    assert_eq!(missing.rows(), ["-|x"]);
    assert!(!missing.open().unwrap_or_else(|_| panic!()).layout.mapped(0));
    let constant = two("b\nx\ny\n").source(0, ColumnSource::Value(" direct ".into()));
    assert_eq!(constant.rows(), ["direct|x", "direct|y"]);
}

#[test]
fn a_near_header_is_named() {
    let wrong = two("amount,b\n1,x\n").source(0, ColumnSource::Header("Amuont".into()));
    let Err(Failure::Mistakes(mistakes)) = wrong.try_read() else { panic!() };
    assert_eq!(mistakes[0].help[0], "did you mean `amount`?");
}

#[test]
fn cells_are_typed_and_rejected_by_type() {
    let columns = [
        ("n", Type::Number),
        ("i", Type::Integer),
        ("d", Type::Date),
        ("m", Type::DateTime),
        ("y", Type::Boolean),
    ];
    let text = "n,i,d,m,y\n\
        1.5,2,2026-01-31,2026-01-31T10:00,Yes\n\
        ,,,,\n\
        -,n/a,-,n/a,-\n\
        \"1,5\",2.5,31/01/2026,2026-01-31,maybe\n\
        0.125, 3 ,2026-01-31T23:00:00Z,2026-01-31 10:00:00+01:00,0\n";
    let reader = reader(&columns, text).contract(|c| {
        c.cells.null_words = vec!["-".into(), "n/a".into()];
    });
    let read = reader.read();
    assert_eq!(
        read.rows,
        [
            "1.50|2|2026-01-31|2026-01-31T10:00:00Z|true",
            "-|-|-|-|-",
            "!|!|!|!|!",
            "0.12|3|2026-01-31|2026-01-31T09:00:00Z|false"
        ]
    );
    assert_eq!(read.skipped, 1);
    let nulls =
        reader.contract(|c| c.cells.null_words = vec!["1.5".into(), "2026-01-31".into()]).rows();
    assert_eq!(nulls[0], "-|2|-|2026-01-31T10:00:00Z|true", "null words go before numbers");
}

#[test]
fn small_reads_beside_the_scan() {
    let columns = [("d", Type::Date), ("a", Type::Text)];
    let Reader { dataset, feed, wants, files, .. } =
        reader(&columns, "a,d\nx,2026-01-05\ny,2026-03-01\n\nz,oops\n");
    let keep = |_: &str, row: u64| row >= 3;
    let table = read_all(&files, &dataset, &feed, &wants, &TimeZone::UTC, keep).unwrap();
    assert_eq!(table.rows.len(), 2);
    assert_eq!(table.places.iter().map(|p| p.1).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(table.rejects[0].row, 1);
    assert_eq!(table.mapped, [true, true]);
}
