//! Made records as text.

/// Writes one record.
pub(super) fn put<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'a [u8]>) {
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
    out.push(b'\n');
}
