//! Damage to files that breaks no rule of their format, and archives that lie.

use super::forms::{gzip, zip};
use super::*;

/// Three text columns, `a`, `b` and `c`.
fn three(bytes: impl AsRef<[u8]>) -> Reader {
    reader(&[("a", Type::Text), ("b", Type::Text), ("c", Type::Text)], bytes)
        .contract(|c| c.delimiter = Some(b','))
}

/// What is seen of a text, whatever the blocks.
fn damage(text: &str) -> Damage {
    let whole = three(text).read().damage;
    for size in [1, 7, 64] {
        assert_eq!(three(text).block(size).read().damage, whole, "blocks of {size}: {text}");
    }
    whole
}

#[test]
fn a_quote_that_swallows_rows_is_found_and_placed() {
    let one = "a,b,c\n1,2,3\n4,\"5,6\n7,8,9\nx,y,z\n10,\",12\n13,14,15\n";
    let found = Swallowed { row: 3, column: 2, lines: 2, cells: 1, lines_of_all: 2 };
    assert_eq!(damage(one).swallowed, Some(found));
    // The same again, with a row between; and one whose quote closes inside a cell, so that the row is rejected.
    let again = format!("{one}{}", &one[12..]);
    let both = Swallowed { cells: 2, lines_of_all: 4, ..found };
    assert_eq!(damage(&again).swallowed, Some(both));
    let torn = "a,b,c\n1,2,3\n4,\"5,6\n7,8,9\nx,y,z\n10,\"q\",12\n";
    assert_eq!(damage(torn).swallowed, Some(found));
    for legal in [
        "a,b,c\n1,\"two\nlines, and\none\nmore\",3\n",
        "a,b,c\n1,\"7,8,9\",3\n",
        "a,b,c\n1,\"a list:\n7,8,9\n\nthat is\nall\",3\n",
    ] {
        assert_eq!(damage(legal), Damage::default(), "{legal}");
    }
}

#[test]
fn an_end_that_was_cut_off_is_seen() {
    assert_eq!(damage("a,b,c\n1,2,3\n\n4,5").cut_off, Some(4));
    for whole in ["a,b,c\n1,2,3\n4,5\n", "a,b,c\n1,2,3", "a,b,c\n1,2,3,4", "a,b,c\n1,2,3\n,"] {
        assert_eq!(damage(whole).cut_off, None, "{whole}");
    }
}

#[test]
fn a_header_in_another_order_is_seen() {
    let text = "a,b,c\n1,2,3\n\na,b,c\nb, a ,\"c\"\n1,2,3\nc,b,a\n";
    assert_eq!(damage(text).reordered, Some(5));
    assert_eq!(three(text).rows(), ["1|2|3", "1|2|3"], "it is no row");
    for other in ["a,b,c\nb,a,a\n", "a,b,c\nb,a,d\n", "a,b,c\nb,a\n", "a,b,c\na,b,c\n"] {
        assert_eq!(damage(other).reordered, None, "{other}");
    }
}

#[test]
fn an_archive_that_lies_of_its_size_gives_all_rows_or_none() {
    let text = format!("a,b,c\n{}", "1,2,3\n".repeat(20_000));
    let rows = three(&text).rows().len();
    let packed = zip(&[("t.csv", text.as_bytes())]);
    let size = u32::try_from(text.len()).unwrap().to_le_bytes();
    let stands: Vec<usize> =
        (0..packed.len() - 4).filter(|at| packed[*at..at + 4] == size).collect();
    assert!(stands.len() >= 4, "packed and unpacked, where it begins and where it is listed");
    for lie in [0u32, 5, 60_000, 0x7FFF_FFFF, u32::MAX - 1] {
        for at in &stands {
            let mut bent = packed.clone();
            bent[*at..at + 4].copy_from_slice(&lie.to_le_bytes());
            match three(&bent).try_read() {
                Ok(read) => assert_eq!(read.rows.len(), rows, "{lie} at {at}"),
                Err(Failure::Mistakes(mistakes)) => assert!(!mistakes.is_empty()),
                Err(Failure::Fault(fault)) => panic!("{fault}"),
            }
        }
    }
}

#[test]
fn what_unpacks_to_one_endless_row_is_refused() {
    let line = vec![b'x'; 80 << 20];
    let packed = gzip(&[b"a,b,c\n", &line[..]].concat());
    assert!(packed.len() < 1 << 20);
    assert_eq!(three(packed).mistakes(), ["record-too-long"]);
}
