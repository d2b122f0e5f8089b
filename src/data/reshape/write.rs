//! Made records as text.

use crate::data::tolerant::is_blank;

/// Writes one record, and never a blank line: every record is a row.
pub(super) fn put<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'a [u8]>) {
    let start = out.len();
    for (at, cell) in cells.enumerate() {
        out.extend((at > 0).then_some(b','));
        let plain = memchr::memchr3(b'"', b',', b'\n', cell).is_none() && !cell.contains(&b'\r');
        if plain {
            out.extend_from_slice(cell);
            continue;
        }
        out.push(b'"');
        for byte in cell {
            out.extend((*byte == b'"').then_some(b'"'));
            out.push(*byte);
        }
        out.push(b'"');
    }
    if is_blank(&out[start..], b',') {
        let cells = memchr::memchr_iter(b',', &out[start..]).count();
        out.truncate(start);
        out.extend_from_slice(b"\"\"");
        out.resize(start + 2 + cells, b',');
    }
    out.push(b'\n');
}
