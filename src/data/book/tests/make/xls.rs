//! The table as records in a compound file.

use super::*;

/// One record of an .xls.
pub(in crate::data::book::tests) fn old_record(kind: u16, bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes()[..], bytes].concat()
}

/// A text in one or two bytes a letter, behind its flag.
fn letters(text: &str) -> (u16, Vec<u8>) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let count = u16::try_from(units.len()).unwrap();
    let narrow = units.iter().all(|unit| *unit < 256);
    let bytes =
        units.iter().flat_map(|unit| unit.to_le_bytes()[..if narrow { 1 } else { 2 }].to_vec());
    (count, std::iter::once(u8::from(!narrow)).chain(bytes).collect())
}

fn sized(text: &str) -> Vec<u8> {
    let (count, letters) = letters(text);
    [count.to_le_bytes().to_vec(), letters].concat()
}

/// What an .xls has of a cell.
fn xls_cell(
    (row, column, cell): (u32, u32, Cell),
    shift: f64,
    strings: &mut Vec<Vec<u8>>,
) -> Vec<u8> {
    let place = |style: u16| {
        [u16::try_from(row).unwrap(), u16::try_from(column).unwrap(), style]
            .map(u16::to_le_bytes)
            .concat()
    };
    let formula = |style: u16, value: &[u8]| {
        old_record(0x0006, &[&place(style)[..], value, &[0; 10]].concat())
    };
    match cell {
        // The result of a formula, in a record of its own.
        Cell::Text("name") => {
            [formula(0, &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF]), old_record(0x0207, &sized("name"))]
                .concat()
        }
        Cell::Text(text) => {
            strings.push(sized(text));
            let at = u32::try_from(strings.len() - 1).unwrap();
            old_record(0x00FD, &[place(0), long(at)].concat())
        }
        Cell::Number(7.0) => {
            let row = &place(0)[..2];
            let both =
                [row, &[3, 0, 0, 0], &long(7 << 2 | 2), &[0, 0], &long(123_450 << 2 | 3), &[4, 0]];
            old_record(0x00BD, &both.concat())
        }
        // Stands in the record before.
        Cell::Number(1234.5) => Vec::new(),
        Cell::Number(number) => {
            old_record(0x0203, &[place(0), number.to_le_bytes().to_vec()].concat())
        }
        Cell::Moment(day) => {
            let day = if day < 1.0 { day } else { day - shift };
            old_record(0x0203, &[place(1), day.to_le_bytes().to_vec()].concat())
        }
        Cell::Duration(days) => formula(2, &days.to_le_bytes()),
        Cell::Truth(truth) => old_record(0x0205, &[place(0), vec![truth.into(), 0]].concat()),
        Cell::Error => formula(0, &[2, 0, 7, 0, 0, 0, 0xFF, 0xFF]),
    }
}

fn xls_begin(kind: u8) -> Vec<u8> {
    old_record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
}

fn xls_sheet(table: &Table, first: bool, shift: f64, strings: &mut Vec<Vec<u8>>) -> Vec<u8> {
    let mut bytes = xls_begin(0x10);
    bytes.extend(old_record(0x0200, &[long(0), long(5), vec![0, 0, 8, 0, 0, 0]].concat()));
    for row in 0..5u16 {
        let hidden = first && HIDDEN.contains(&row.into());
        let flags = vec![if hidden { 0x20 } else { 0 }, 1, 15, 0];
        let row = [row.to_le_bytes().to_vec(), vec![0; 10], flags].concat();
        bytes.extend(old_record(0x0208, &row));
    }
    table.iter().for_each(|cell| bytes.extend(xls_cell(*cell, shift, strings)));
    bytes.extend(old_record(0x00E5, &[1, 0, 0, 0, 0, 0, 0, 0, 1, 0]));
    bytes.extend(old_record(0x000A, &[]));
    bytes
}

/// The texts run over two records, cut before the last two letters, which go on in two bytes each.
fn xls_strings(strings: &[Vec<u8>]) -> Vec<u8> {
    let count = long(u32::try_from(strings.len()).unwrap());
    let all = [count.clone(), count, strings.concat()].concat();
    let first = old_record(0x00FC, &all[..all.len() - 2]);
    [first, old_record(0x003C, &[1, b'b', 0, b'>', 0]), old_record(0x000A, &[])].concat()
}

/// The stream of an .xls.
pub(in crate::data::book::tests) fn xls_stream(table: &Table, from_1904: bool) -> Vec<u8> {
    let shift = if from_1904 { 1462.0 } else { 0.0 };
    let style = |id: u16| {
        old_record(0x00E0, &[vec![0, 0], id.to_le_bytes().to_vec(), vec![0; 16]].concat())
    };
    let mut strings = Vec::new();
    let sheets: Vec<Vec<u8>> = tables(table)
        .iter()
        .enumerate()
        .map(|(at, table)| xls_sheet(table, at == 0, shift, &mut strings))
        .collect();
    let before = [
        xls_begin(0x05),
        old_record(0x0042, &1200u16.to_le_bytes()),
        old_record(0x0022, &u16::from(from_1904).to_le_bytes()),
        old_record(0x041E, &[164u16.to_le_bytes().to_vec(), sized("yyyy-mm-dd")].concat()),
        style(0),
        style(164),
        style(46),
    ]
    .concat();
    let strings = xls_strings(&strings);
    let bound = |start: usize, (name, shown): (&str, bool)| {
        let (count, letters) = letters(name);
        let start = long(u32::try_from(start).unwrap());
        old_record(
            0x0085,
            &[start, vec![u8::from(!shown), 0, count.to_le_bytes()[0]], letters].concat(),
        )
    };
    let listed: usize = SHEETS.into_iter().map(|sheet| bound(0, sheet).len()).sum();
    let mut start = before.len() + listed + strings.len();
    let mut all = before;
    for (sheet, bytes) in SHEETS.into_iter().zip(&sheets) {
        all.extend(bound(start, sheet));
        start += bytes.len();
    }
    [all, strings, sheets.concat()].concat()
}

/// A compound file with one stream.
pub(in crate::data::book::tests) fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut stream = stream.to_vec();
    // A shorter one would stand among the small ones.
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let count = u32::try_from(stream.len() / 512).unwrap();
    let mut header = vec![0; 512];
    header[..8].copy_from_slice(cfb_magic());
    for (at, number) in [(24, 0x3E_u16), (26, 3), (28, 0xFFFE), (30, 9), (32, 6)] {
        header[at..at + 2].copy_from_slice(&number.to_le_bytes());
    }
    let end = 0xFFFF_FFFE_u32;
    for (at, number) in
        [(44, 1), (48, 1), (56, 4096), (60, end), (64, 0), (68, end), (72, 0), (76, 0)]
    {
        header[at..at + 4].copy_from_slice(&u32::to_le_bytes(number));
    }
    header[80..].fill(0xFF);
    // The table of sectors, the list of streams, then the stream.
    let mut next = vec![0xFFFF_FFFD, end];
    next.extend((3..count + 2).chain([end]));
    next.resize(128, 0xFFFF_FFFF);
    let entry = |name: &str, kind: u8, start: u32, size: usize| {
        let mut entry = vec![0; 128];
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry[..units.len()].copy_from_slice(&units);
        entry[64] = u8::try_from(units.len() + 2).unwrap();
        (entry[66], entry[67]) = (kind, 1);
        entry[68..80].fill(0xFF);
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&u32::try_from(size).unwrap().to_le_bytes());
        entry
    };
    let mut list = [entry("Root Entry", 5, end, 0), entry(name, 2, 2, stream.len())].concat();
    list.resize(512, 0);
    let next: Vec<u8> = next.into_iter().flat_map(u32::to_le_bytes).collect();
    [header, next, list, stream].concat()
}

fn cfb_magic() -> &'static [u8] {
    crate::data::book::cfb::MAGIC
}
