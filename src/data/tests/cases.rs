//! Each trap of quotes, line ends and blanks, with its proof.

use super::*;
use RejectReason::{Encoding, NulByte, Quotes, TooFewCells, TooManyCells};

#[test]
fn a_stray_quote_stays_in_its_cell_and_is_told() {
    let read = two("a,b\n1,27\" TV\n2,\"x\"\"y\"\n3,5\" and 7\"\n").read();
    assert_eq!(read.rows, ["1|27\" TV", "2|x\"y", "3|5\" and 7\""]);
    assert_eq!(read.codes(), ["stray-quote"]);
    let place = read.warnings[0].place.clone();
    assert!(matches!(place, Some(Place::Cell(cell)) if cell.to_string() == "a.csv!2:2"));
    assert!(read.rejects.is_empty());
}

#[test]
fn text_behind_a_closing_quote_rejects_the_row() {
    let read = two("a,b\n1,\"27\" TV\n2,y\n\"p\"q,r\n3,\"z\"\r,\n").read();
    assert_eq!(read.rows, ["!|!", "2|y", "!|!", "!|!"]);
    let row = |row| (row, None, Quotes);
    assert_eq!(read.rejects, [row(2), row(4), row(5)]);
}

#[test]
fn a_stray_opening_quote_swallows_no_row_in_silence() {
    let read = two("a,b\n1,\"x\n2,y\n3,\"z\"\n4,w\n").read();
    assert_eq!(read.rows, ["!|!", "4|w"]);
    assert_eq!(read.rejects, [(2, None, Quotes)]);
    assert_eq!(read.codes(), ["stray-quote"]);
}

#[test]
fn an_unterminated_quote_is_a_mistake_at_its_cell() {
    for text in ["a,b\n1,x\n2,\"y\n3,z\n", "a,b\n1,x\n2,\"y", "a,b\n1,x\n2,\"y\"\""] {
        let failure = two(text).try_read().err();
        let Some(Failure::Mistakes(mistakes)) = failure else { panic!("{text}") };
        assert_eq!(mistakes[0].code, "quote-unterminated");
        let Some(Place::Cell(cell)) = &mistakes[0].place else { panic!("{text}") };
        assert_eq!(cell.to_string(), "a.csv!B3");
    }
}

#[test]
fn quoted_cells_hold_line_ends_delimiters_and_quotes() {
    let read = two("a,b\n\"1\n2\",\"x,\r\ny\"\n\"\"\"q\"\"\",\"\"\n3,z\n").read();
    assert_eq!(read.rows, ["1\n2|x,\r\ny", "\"q\"|-", "3|z"]);
    assert_eq!(read.places, [2, 3, 4], "line ends inside a cell make no rows");
    assert!(read.codes().is_empty());
}

#[test]
fn line_ends_of_windows_and_of_old_macs() {
    assert_eq!(two("a,b\r\n1,\"x\"\r\n2,y\r\n").rows(), ["1|x", "2|y"]);
    assert_eq!(two("a,b\r1,\"x\"\r2,y").rows(), ["1|x", "2|y"]);
    assert_eq!(two("a,b\n1,x\ry\n2,z\n").rows(), ["1|x\ry", "2|z"], "a bare CR is data");
    assert_eq!(two("a,b\r1,x\r2,y\n3,z\n").mistakes(), ["line-ends-mixed"]);
    assert_eq!(two("\"x\ry\",a,b\n0,1,x\n").rows(), ["1|x"], "quoted in the header");
}

#[test]
fn a_nul_rejects_its_cell() {
    let numbers = [("a", Type::Integer), ("b", Type::Text)];
    let read = reader(&numbers, "a,b\n1\0,x\n2,y\0\n3,\"z\0,\"\n4,w\n").read();
    assert_eq!(read.rows, ["!|x", "2|!", "3|!", "4|w"]);
    assert_eq!(read.rejects, [(2, Some(0), NulByte), (3, Some(1), NulByte), (4, Some(1), NulByte)]);
    let structure = two("a,b\n1,x\n\0\0\0\0\n2,y\n").read();
    assert_eq!(structure.rows, ["1|x", "!|!", "2|y"]);
    assert_eq!(structure.rejects, [(3, None, TooFewCells), (3, Some(0), NulByte)]);
}

#[test]
fn blank_lines_are_counted_and_no_rows() {
    for block in [1, 1 << 16] {
        let read = two("\n\na,b\n\n1,x\n  \n,\n2,y\n\r\n\n").block(block).read();
        assert_eq!(read.rows, ["1|x", "2|y"]);
        assert_eq!(read.places, [5, 8]);
        assert_eq!(read.skipped, 5);
    }
}

#[test]
fn blank_lines_of_one_column_are_rows_but_for_the_last() {
    for block in [1, 2, 3, 5, 1 << 16] {
        for end in ["\n", "\r\n"] {
            let text = "a\n\nx\n\n\ny\n\n\n\n".replace('\n', end);
            let read = one(&text).block(block).read();
            assert_eq!(read.rows, ["-", "x", "-", "-", "y"], "{block}");
            assert_eq!(read.places, [2, 3, 4, 5, 6]);
            assert_eq!(read.skipped, 3);
        }
        let read = one("a\n\n\"x\"y\n\nz\"\n\n\"\"\n\n").block(block).read();
        assert_eq!(read.rows, ["-", "!", "-", "z\"", "-", "-"], "{block}");
        assert_eq!(read.skipped, 1);
    }
}

#[test]
fn files_without_rows_or_a_last_line_end() {
    assert_eq!(two("a,b\n1,x").rows(), ["1|x"]);
    assert_eq!(two("a,b\n1,\"x\"").rows(), ["1|x"]);
    assert_eq!(two("a,b\n1,").rows(), ["1|-"]);
    assert_eq!(two("a,b\n").rows(), [""; 0]);
    assert_eq!(two("a,b").rows(), [""; 0]);
    for text in ["", "\n \r\n", "\u{feff}"] {
        assert_eq!(two(text).mistakes(), ["file-empty"]);
    }
}

#[test]
fn rows_of_a_wrong_length() {
    let columns = [("a", Type::Text), ("b", Type::Text), ("c", Type::Text)];
    let read = reader(&columns, "a,b,c\n1,x\n2,y,z,,  ,\n3,y,z,,w\n4,y,z\n").read();
    assert_eq!(read.rows, ["1|x|!", "2|y|z", "!|!|!", "4|y|z"]);
    assert_eq!(read.rejects, [(2, None, TooFewCells), (4, None, TooManyCells)]);
    for stray in ["", "5,6\" q\n"] {
        // Quoted blanks mean the same to both readers.
        let read = two(format!("a,b\n{stray}\"\",\n1,2,\"\",\" \"\n3,4,\"\"\"\"\n")).read();
        let count = read.rows.len();
        assert_eq!(read.rows[count - 3..], ["-|-", "1|2", "!|!"]);
    }
    let unnamed = reader(&columns, "a,b,c,,\n1,x,y\n2,y,z,p,q\n3,x,y,,,\n").read();
    assert_eq!(unnamed.rows, ["1|x|y", "2|y|z", "3|x|y"]);
}

#[test]
fn bytes_of_another_encoding_late_in_a_file_reject_their_cell() {
    let mut bytes = b"a,b\n".to_vec();
    for _ in 0..100_000 {
        bytes.extend_from_slice(b"1,xyz\n");
    }
    bytes.extend_from_slice(b"2,M\xFCller\n");
    let read = two(&bytes).read();
    assert_eq!(read.rejects, [(100_002, Some(1), Encoding)]);
    assert!(read.codes().is_empty(), "nothing is guessed");
}
