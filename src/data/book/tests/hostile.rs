//! Workbooks that lie about themselves, to exhaust whoever believes them.

use super::*;

const SMALL: Limits =
    Limits { unpacked_mb: 4, held_mb: 2, cells: 2_000_000, sheets: 3, ratio: 100 };

/// An .xlsx whose part is another.
fn xlsx(part: &str, bytes: impl Into<Vec<u8>>) -> Vec<u8> {
    let mut parts = make::xlsx_parts(&make::table(), false);
    parts.iter_mut().find(|(name, _)| *name == part).unwrap().1 = bytes.into();
    make::zipped(&parts)
}

fn sheet(rows: &str) -> Vec<u8> {
    xlsx(
        "xl/worksheets/sheet1.xml",
        format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
    )
}

fn ods(rows: &str) -> Vec<u8> {
    let xml = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"A\">{rows}\
        </table:table></office:spreadsheet></office:body></office:document-content>"
    );
    make::zipped(&make::ods_parts(&xml))
}

/// What reading the first sheet gives, within other limits than the usual.
fn first(bytes: &[u8], limits: Limits) -> Result<Vec<u8>, Stop> {
    let (_, mut book) = book(bytes, limits)?;
    text(&mut *book, 0, limits).map(|(text, _)| text)
}

fn beyond(bytes: &[u8], limits: Limits) -> Beyond {
    match first(bytes, limits) {
        Err(Stop::Beyond(beyond)) => beyond,
        other => panic!("{:?}", other.map(|text| text.len())),
    }
}

fn broken(bytes: &[u8]) -> String {
    match first(bytes, Limits::default()) {
        Err(Stop::Broken(why)) => {
            assert!(why != BROKE, "a reader broke");
            why
        }
        other => panic!("{:?}", other.map(|text| text.len())),
    }
}

#[test]
fn a_claim_costs_nothing_and_a_far_cell_its_empty_lines() {
    let claims = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
    let claims = xlsx("xl/worksheets/sheet1.xml", format!("{claims}</sheetData></worksheet>"));
    assert_eq!(first(&claims, SMALL).unwrap(), b"\x1f1\n");
    let far = sheet(
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>",
    );
    assert!(far.len() < 4000);
    let text = first(&far, SMALL).unwrap();
    assert_eq!(text.len(), 2 + 1_048_575 + 16_383 + 2 + 1);
    // Far cells on many rows are as many blank ones.
    let many: String = (1..1000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"XFD{row}\"><v>2</v></c></row>"))
        .collect();
    assert_eq!(beyond(&sheet(&many), SMALL), Beyond::Cells(SMALL.cells));
}

#[test]
fn counts_of_what_is_not_there_are_not_believed() {
    let shared =
        "<row><c><f t=\"shared\" si=\"4294967290\" ref=\"A1:XFD1048576\">B1</f><v>1</v></c></row>";
    assert_eq!(first(&sheet(shared), SMALL).unwrap(), b"\x1f1\n");
    let strings = "<sst uniqueCount=\"99999999999\"><si><t>x</t></si></sst>";
    let strings = xlsx("xl/sharedStrings.xml", strings);
    assert_eq!(beyond(&strings, Limits::default()), Beyond::Held(512));
    let few = xlsx("xl/sharedStrings.xml", "<sst uniqueCount=\"99\"><si><t>x</t></si></sst>");
    assert!(broken(&few).contains("not found in shared strings"), "{}", broken(&few));
    for place in ["A4294967295", "ZZZZZZZZ1", "A0", "1", "XFE1048577", "Ä1", ""] {
        broken(&sheet(&format!("<row><c r=\"{place}\"><v>1</v></c></row>")));
    }
    broken(&sheet("<row r=\"4294967295\"/><row><c><v>1</v></c></row>"));
    broken(&sheet(
        "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
    ));
    // The usual part, with other counts in front.
    let mut parts = make::xlsb_parts(&make::table(), false);
    let strings =
        &mut parts.iter_mut().find(|(name, _)| name.ends_with("sharedStrings.bin")).unwrap().1;
    let claims = strings[3..11].to_vec();
    strings[3..11].fill(0xFF);
    assert_eq!(broken(&make::zipped(&parts)), "it claims 4294967295 shared texts and has 3");
    let strings =
        &mut parts.iter_mut().find(|(name, _)| name.ends_with("sharedStrings.bin")).unwrap().1;
    strings[3..11].copy_from_slice(&claims);
    let long = [make::record(0x91, &[]), vec![0x06, 0xFF, 0xFF, 0xFF, 0x7F]].concat();
    parts.iter_mut().find(|(name, _)| name.ends_with("sheet1.bin")).unwrap().1 = long;
    assert_eq!(broken(&make::zipped(&parts)), "a record of it is longer than 8 MB");
}

#[test]
fn repeated_cells_are_multiplied_out_before_they_are_made() {
    let filled = "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell \
        table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>";
    let (sender, receiver) = sync_channel(1);
    let (_, mut book) = book(&ods(filled), Limits::default()).unwrap();
    let mut out = Out::new(&sender, Limits::default().cells);
    assert!(matches!(book.write(0, &mut out), Err(Stop::Beyond(Beyond::Cells(_)))));
    drop(out);
    drop(sender);
    assert_eq!(receiver.iter().count(), 0, "nothing was made");
    // Blank ones to the end of the sheet, as LibreOffice writes them, and a filled one behind them.
    let blank = |rows: u32| {
        format!(
            "<table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell \
            table:number-columns-repeated=\"16384\"/></table:table-row>"
        )
    };
    let cell = "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row>";
    assert_eq!(first(&ods(&format!("{cell}{}", blank(1_048_575))), SMALL).unwrap(), b"\x1f1\n");
    assert_eq!(first(&ods(&format!("{}{cell}", blank(3))), SMALL).unwrap(), b"\n\n\n\x1f1\n");
    assert_eq!(
        first(&ods(&format!("{}{}", blank(u32::MAX), blank(u32::MAX))), SMALL).unwrap(),
        b"\n"
    );
    broken(&ods(&format!("{}{cell}", blank(u32::MAX))));
    for count in ["0", "-1", "99999999999", "x"] {
        broken(&ods(&cell.replace(
            "<table:table-cell",
            &format!("<table:table-cell table:number-columns-repeated=\"{count}\""),
        )));
    }
}

#[test]
fn bombs_are_refused_by_what_they_say_and_by_what_they_are() {
    let blanks = " ".repeat(40 << 20);
    let bomb = sheet(&format!("<row>{blanks}<c><v>1</v></c></row>"));
    assert!(bomb.len() < 200_000);
    assert_eq!(beyond(&bomb, SMALL), Beyond::Unpacked(4));
    // A text that long is no cell's.
    assert_eq!(broken(&bomb), "a text in it is longer than 8 MB");
    let tags = "<c/>".repeat(20 << 20);
    let packed = sheet(&format!("<row>{tags}</row>"));
    assert_eq!(beyond(&packed, Limits { ratio: 100, ..Limits::default() }), Beyond::Ratio(100));
    // The sizes that the archive states are made small; what comes out is counted.
    let mut lying = bomb.clone();
    let size = u32::try_from(
        blanks.len()
            + "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>".len(),
    );
    let size = size.unwrap().to_le_bytes();
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == size {
            lying[at..at + 4].copy_from_slice(&100u32.to_le_bytes());
        }
    }
    assert!(lying != bomb);
    assert!(matches!(first(&lying, SMALL), Err(Stop::Broken(_) | Stop::Beyond(_))));
    let strings = format!("<sst>{}</sst>", "<si><t>some text</t></si>".repeat(130_000));
    let strings = xlsx("xl/sharedStrings.xml", strings);
    assert_eq!(beyond(&strings, SMALL), Beyond::Held(2));
    let three = make::all(&make::table(), false);
    assert_eq!(beyond(&three[0], Limits { sheets: 2, ..SMALL }), Beyond::Sheets(2));
    let old =
        make::compound("Workbook", &vec![0; 3 << 20].into_iter().take(60_000).collect::<Vec<_>>());
    assert!(matches!(first(&old, SMALL), Err(Stop::Broken(_))));
    let large = [cfb::MAGIC.to_vec(), vec![0; 3 << 20]].concat();
    assert_eq!(beyond(&large, SMALL), Beyond::Held(2));
}

#[test]
fn a_circle_of_sectors_has_an_end() {
    let whole = make::compound("Workbook", &make::xls_stream(&make::table(), false));
    let link = |at: usize, to: u32| {
        let mut bytes = whole.clone();
        bytes[512 + at * 4..][..4].copy_from_slice(&to.to_le_bytes());
        bytes
    };
    // The list of streams, the stream, and the table of sectors, each led back to itself.
    for circle in [link(1, 1), link(2, 2), link(4, 2)] {
        survive(&circle, "a circle");
    }
    let mut table = whole.clone();
    table[68..72].copy_from_slice(&1u32.to_le_bytes());
    table[1024 + 508..][..4].copy_from_slice(&1u32.to_le_bytes());
    survive(&table, "a circle of tables");
    let mut long = whole.clone();
    // The stream says that it has four gigabytes.
    long[1024 + 128 + 120..][..4].fill(0xFF);
    assert_eq!(first(&long, Limits::default()).unwrap(), make::TEXT.as_bytes());
}

#[test]
fn what_is_no_workbook_is_named() {
    let strange = |bytes: &[u8]| match book(bytes, Limits::default()) {
        Err(Stop::Strange(strange)) => strange.what,
        other => panic!("{:?}", other.map(|(form, _)| form)),
    };
    let stream = [0; 100];
    assert_eq!(
        strange(&make::compound("EncryptedPackage", &stream)),
        "a file that a password locks"
    );
    assert_eq!(strange(&make::compound("WordDocument", &stream)), "a Word document");
    let locked =
        [make::old_record(0x0809, &[0, 6, 5, 0]), make::old_record(0x002F, &[1, 0])].concat();
    assert_eq!(strange(&make::compound("Workbook", &locked)), "a file that a password locks");
    let parts = |names: &[&'static str]| {
        make::zipped(&names.iter().map(|name| (*name, b"x".to_vec())).collect::<Vec<_>>())
    };
    assert_eq!(strange(&parts(&["[Content_Types].xml", "word/document.xml"])), "a Word document");
    assert_eq!(
        strange(&parts(&["Index/Document.iwa"])),
        "a document of Apple's Numbers, Pages or Keynote"
    );
    let excel = "xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"";
    let page = "a web page, whatever its name says";
    for (text, what) in [
        (
            format!(
                "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?><Workbook {excel}>"
            ),
            "an XML Spreadsheet of Excel 2003",
        ),
        ("\u{feff}<HTML xmlns:x=\"urn:schemas-microsoft-com:office:excel\">".into(), page),
        ("\r\n <table border=1><tr><td>1".into(), page),
        ("<?xml version=\"1.0\"?><!DOCTYPE html><html>".into(), page),
        ("<?xml version=\"1.0\"?><rows/>".into(), "XML"),
        ("MIME-Version: 1.0\nContent-Type: text/html".into(), "a web archive"),
    ] {
        assert_eq!(strange(text.as_bytes()), what, "{text}");
    }
    let wide: Vec<u8> = "\u{feff}<html>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(strange(&wide), page);
    for text in ["a,b\n1,2", "<none>,b\n1,2", "<tables>;x", "", "htmlx,y"] {
        assert!(matches!(find(text.as_bytes()), Found::Text), "{text}");
    }
}

#[test]
fn what_is_made_of_a_part_is_weighed_before() {
    // Each style is given its own copy of a font.
    let font = format!("<fonts><font><name val=\"{}\"/></font></fonts>", "x".repeat(4000));
    let styles = format!(
        "<styleSheet>{font}<cellXfs>{}</cellXfs></styleSheet>",
        "<xf fontId=\"0\"/>".repeat(500)
    );
    assert_eq!(beyond(&xlsx("xl/styles.xml", styles), SMALL), Beyond::Held(2));
    let texts = format!("<sst>{}</sst>", "<si/>".repeat(100_000));
    assert_eq!(beyond(&xlsx("xl/sharedStrings.xml", texts), SMALL), Beyond::Held(2));
    // A text in many parts is one text.
    let parts =
        format!("<row><c t=\"inlineStr\"><is>{}</is></c></row>", "<r><t>x</t></r>".repeat(600_000));
    assert_eq!(broken(&sheet(&parts)), "a text in it is longer than 8 MB");
    let mut parts = make::xlsx_parts(&make::table(), false);
    parts.push(("XL\\Workbook.xml", b"<workbook/>".to_vec()));
    assert_eq!(broken(&make::zipped(&parts)), "two parts of it have one name");
    parts.pop();
    let list = &mut parts.iter_mut().find(|(name, _)| *name == "xl/workbook.xml").unwrap().1;
    *list = String::from_utf8(list.clone()).unwrap().replace("\"Alt\"", "\"Leer\"").into();
    assert_eq!(broken(&make::zipped(&parts)), "two sheets of it are called `Leer`");
    let wide: Vec<u8> =
        "<worksheet><sheetData/></worksheet>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(broken(&xlsx("xl/worksheets/sheet1.xml", wide)), "a part of it is not in UTF-8");
}

#[test]
fn errors_of_other_programs_are_errors() {
    let cells = "<row r=\"2\"><c r=\"B2\" t=\"e\"><f>X</f><v>#SPILL!</v></c><c r=\"C2\"><v>1</v></c>\
        <c r=\"D2\" t=\"e\"><v>Err:508</v></c></row>";
    assert_eq!(first(&sheet(cells), SMALL).unwrap(), b"\n,\x1f#SPILL!,\x1f1,\x1f#Err:508\n");
    let unplaced = "<row><c t=\"e\"><v>#SPILL!</v></c><c><v>1</v></c></row>";
    assert!(broken(&sheet(unplaced)).contains("#SPILL!"));
}

/// The parts of an .xlsb with another first sheet.
fn xlsb(records: &[Vec<u8>]) -> Vec<u8> {
    let mut parts = make::xlsb_parts(&make::table(), false);
    let begin = [make::record(0x94, &[0; 16]), make::record(0x91, &[])].concat();
    let sheet = [begin, records.concat(), make::record(0x92, &[])].concat();
    parts.iter_mut().find(|(name, _)| name.ends_with("sheet1.bin")).unwrap().1 = sheet;
    make::zipped(&parts)
}

#[test]
fn records_that_calamine_passes_over_or_mistakes_are_read_or_refused() {
    let row = make::record(0, &[0; 17]);
    let cell = |kind: u32, column: u8, value: &[u8]| {
        make::record(kind, &[&[column, 0, 0, 0, 0, 0, 0, 0], value].concat())
    };
    let rich = [0, 2, 0, 0, 0, b'a', 0, b'b', 0];
    let number = cell(0x05, 1, &1.5f64.to_le_bytes());
    let error = cell(0x0B, 2, &[0x2A, 0, 0]);
    let text = [row.clone(), cell(0x3E, 0, &rich), number.clone(), error];
    assert_eq!(first(&xlsb(&text), SMALL).unwrap(), b"ab,\x1f1.5,\x1f#N/A\n");
    // The bytes that are missing would be those of the record before.
    let short = [row.clone(), number, cell(0x05, 2, &[])];
    assert_eq!(broken(&xlsb(&short)), "a part of it is cut off");
    let mut far = row;
    far[4] = 0x20;
    assert_eq!(broken(&xlsb(&[far])), "a cell of it stands where no sheet reaches");
}

/// An .xls with other records in its first sheet.
fn xls(records: &[Vec<u8>]) -> Vec<u8> {
    let whole = make::xls_stream(&make::table(), false);
    let begin = make::old_record(0x0809, &[0, 6, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let at = whole.windows(begin.len()).position(|bytes| bytes == begin).unwrap();
    let mut stream = whole[..at].to_vec();
    stream.extend([begin, records.concat(), make::old_record(0x000A, &[])].concat());
    make::compound("Workbook", &stream)
}

#[test]
fn old_sheets_are_laid_out_where_there_is_room() {
    let number = |row: u16, column: u16| {
        let place = [row, column, 0].map(u16::to_le_bytes).concat();
        make::old_record(0x0203, &[place, 1.0f64.to_le_bytes().to_vec()].concat())
    };
    let far = xls(&[number(0, 0), number(u16::MAX, 255)]);
    assert_eq!(beyond(&far, Limits::default()), Beyond::Held(512));
    assert_eq!(beyond(&far, Limits { cells: 9999, ..SMALL }), Beyond::Cells(9999));
    // Two cells far from the corner are a small rectangle.
    let text = first(&xls(&[number(60_000, 200), number(60_001, 201)]), SMALL).unwrap();
    assert_eq!(text.len(), 60_001 + 200 + 2 + 201 + 2 + 1);
    let claim = make::old_record(0x0200, &[0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0]);
    assert_eq!(first(&xls(&[claim, number(0, 0)]), SMALL).unwrap(), b"\x1f1\n");
    let shared = make::old_record(0x00FD, &[0, 0, 0, 0, 0, 0, 99, 0, 0, 0]);
    assert_eq!(broken(&xls(&[shared])), "a cell means a shared text that is not there");
    let formula = make::old_record(0x0006, &[&[0; 12][..], &[0xFF, 0xFF], &[0; 10]].concat());
    let long = make::old_record(0x0207, &[9, 0, 0, b'x']);
    assert_eq!(broken(&xls(&[formula, long.clone()])), "a text of it goes beyond its record");
    let stray = make::old_record(0x0207, &[1, 0, 0, b'x']);
    assert_eq!(broken(&xls(&[stray])), "a text of it belongs to no cell");
}

/// What makes calamine 0.38 go on for ever, fill the memory, or leave something out without a word.
#[test]
fn open_document_sheets_are_read_where_calamine_would_not_end() {
    let cell = |of: &str, text: &str| {
        format!(
            "<table:table-row><table:table-cell {of} office:value-type=\"string\">{text}</table:table-cell></table:table-row>"
        )
    };
    let blanks = cell("", "<text:p>a<text:s text:c=\"2147483647\"/>b</text:p>");
    assert!(first(&ods(&blanks), SMALL).unwrap().len() < 2000);
    let long = cell(
        "table:number-columns-repeated=\"16384\"",
        &format!("<text:p>{}</text:p>", "x".repeat(2 << 20)),
    );
    let (_, mut book) = book(&ods(&long), SMALL).unwrap();
    assert!(matches!(book.write(0, &mut Out::nowhere(SMALL.cells)), Err(Stop::Deaf)));
    let open = "<office:document-content><office:spreadsheet><table:table table:name=\"A\">";
    for cut in [
        "",
        "<table:table-row>",
        "<table:table-row><table:table-cell office:value-type=\"string\"><office:annotation>",
    ] {
        broken(&make::zipped(&make::ods_parts(&format!("{open}{cut}"))));
    }
}

#[test]
fn late_faults_are_told_alike_each_time() {
    let row = |at: u32| format!("<row r=\"{at}\"><c r=\"A{at}\"><v>{}</v></c></row>", at * 7919);
    let rows = |range: std::ops::RangeInclusive<u32>| range.map(row).collect::<String>();
    // Who writes stops at the cell, the look at the row far behind it.
    let wrong = "<row r=\"9001\"><c r=\"A1\"><v>1</v></c></row>";
    let nowhere = "<row r=\"0\"/>";
    let (first_rows, later) = (rows(1..=9000), rows(9002..=30_000));
    let told = |rows: &str| broken(&sheet(rows));
    let by_cell = told(&format!("{first_rows}{wrong}{later}"));
    let by_look = told(&format!("{first_rows}{later}{nowhere}"));
    assert_eq!(by_look, "a row of it stands nowhere");
    assert_ne!(by_cell, by_look);
    for _ in 0..10 {
        assert_eq!(told(&format!("{first_rows}{wrong}{later}{nowhere}")), by_look);
        assert_eq!(told(&format!("{first_rows}{nowhere}{wrong}{later}")), by_look);
    }
}
