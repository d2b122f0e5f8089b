//! What a file is, by what is in it; its name says nothing.

use std::io::{Read, Seek};

use encoding_rs::{UTF_16BE, UTF_16LE};
use zip::ZipArchive;

use super::{Form, cfb};

/// What a file's first bytes make of it.
pub(in crate::data) enum Found {
    Book(Form),
    /// A zip or a compound file: its list of parts decides.
    Zip,
    Gzip,
    /// A form that nothing here reads.
    Strange(Strange),
    Text,
}

/// A form that is not read, with what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::data) struct Strange {
    pub(in crate::data) what: &'static str,
    pub(in crate::data) help: &'static str,
}

const EXPORT: &str = "export it as CSV (UTF-8) or as .xlsx";
const RESAVE: &str = "open it in a spreadsheet program and save it as .xlsx or CSV (UTF-8)";
pub(in crate::data) const UNPACK: &str = "unpack it, and name the file inside";
pub(super) const LOCKED: Strange = Strange {
    what: "a file that a password locks",
    help: "open it with the password, save it without one, and name that file",
};
const OLD: Strange = Strange { what: "a workbook of Excel 4 or older", help: RESAVE };

/// First bytes of forms that are not read.
const MAGIC: [(&[u8], Strange); 15] = [
    (b"%PDF-", strange("a PDF", EXPORT)),
    (b"PAR1", strange("a Parquet file", "write it as CSV (UTF-8)")),
    (b"ARROW1", strange("an Arrow file", "write it as CSV (UTF-8)")),
    (b"SQLite format 3\0", strange("an SQLite database", "export its table as CSV (UTF-8)")),
    (b"\x28\xB5\x2F\xFD", strange("a Zstandard archive", UNPACK)),
    (b"\xFD7zXZ\0", strange("an xz archive", UNPACK)),
    (b"BZh", strange("a bzip2 archive", UNPACK)),
    (b"7z\xBC\xAF\x27\x1C", strange("a 7-Zip archive", UNPACK)),
    (b"Rar!\x1A\x07", strange("a RAR archive", UNPACK)),
    (b"{\\rtf", strange("a rich text document", EXPORT)),
    (b"\x89PNG", strange("a picture", EXPORT)),
    (b"\x09\x00\x04\x00", OLD),
    (b"\x09\x02\x06\x00", OLD),
    (b"\x09\x04\x06\x00", OLD),
    (b"\x09\x08\x08\x00", strange("an Excel 5 workbook without its envelope", RESAVE)),
];

const fn strange(what: &'static str, help: &'static str) -> Strange {
    Strange { what, help }
}

/// Looks at the first bytes; what only lists of parts tell is left to [`inside_zip`].
pub(in crate::data) fn find(head: &[u8]) -> Found {
    if head.starts_with(b"PK\x03\x04") {
        return Found::Zip;
    }
    if head.starts_with(b"\x1F\x8B") {
        return Found::Gzip;
    }
    if head.starts_with(cfb::MAGIC) {
        return Found::Book(Form::Xls);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Found::Strange(strange("a tar archive", UNPACK));
    }
    let magic = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
    magic.map_or_else(|| by_markup(head), |(_, strange)| Found::Strange(*strange))
}

/// Web pages and XML that programs save under the name of a workbook.
fn by_markup(head: &[u8]) -> Found {
    let head = &head[..head.len().min(8192)];
    let encoding = match head {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] | [0, b'<', ..] => UTF_16BE,
        _ => encoding_rs::WINDOWS_1252,
    };
    let text = encoding.decode(head).0.to_lowercase();
    let text = text.trim_start_matches("\u{ef}\u{bb}\u{bf}").trim_start();
    if text.starts_with("mime-version:") && text.contains("text/html") {
        return Found::Strange(strange("a web archive", RESAVE));
    }
    let tag = |name: &str| {
        let rest = text.strip_prefix('<').and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || ">/:".contains(c)))
    };
    if ["!doctype html", "html", "head", "body", "table", "meta", "style", "div"]
        .into_iter()
        .any(tag)
    {
        return Found::Strange(strange("a web page, whatever its name says", RESAVE));
    }
    let is_xml = tag("?xml") || tag("?mso-application") || tag("workbook") || tag("office");
    if !is_xml {
        return Found::Text;
    }
    if text.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return Found::Strange(strange("an XML Spreadsheet of Excel 2003", RESAVE));
    }
    if text.contains("<office:document") {
        return Found::Book(Form::FlatOds);
    }
    let page = text.contains("<html") || text.contains("<!doctype html");
    Found::Strange(match page {
        true => strange("a web page, whatever its name says", RESAVE),
        false => strange("XML", EXPORT),
    })
}

/// What a zip is, by its parts; none where it is no document but an archive of files.
pub(in crate::data) fn inside_zip<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
) -> Option<Result<Form, Strange>> {
    let names: Vec<String> = archive
        .file_names()
        .filter_map(Result::ok)
        .map(|n| n.replace('\\', "/").to_lowercase())
        .collect();
    let has = |name: &str| names.iter().any(|n| n == name);
    let within = |folder: &str| names.iter().any(|n| n.starts_with(folder));
    if has("mimetype") {
        let mut kind = String::new();
        let mut entry = archive.by_name("mimetype").ok()?.take(100);
        entry.read_to_string(&mut kind).ok()?;
        return Some(match kind.trim() {
            "application/vnd.oasis.opendocument.spreadsheet"
            | "application/vnd.oasis.opendocument.spreadsheet-template" => Ok(Form::Ods),
            _ => Err(strange("a document that holds no sheets", EXPORT)),
        });
    }
    if has("xl/workbook.bin") {
        return Some(Ok(Form::Xlsb));
    }
    if within("index/") && names.iter().any(|n| n.ends_with(".iwa")) || has("index.zip") {
        return Some(Err(strange("a document of Apple's Numbers, Pages or Keynote", EXPORT)));
    }
    if within("word/") && has("[content_types].xml") {
        return Some(Err(strange("a Word document", EXPORT)));
    }
    if within("ppt/") && has("[content_types].xml") {
        return Some(Err(strange("a presentation", EXPORT)));
    }
    if has("[content_types].xml") || has("xl/workbook.xml") {
        return Some(Ok(Form::Xlsx));
    }
    if has("content.xml") && has("meta-inf/manifest.xml") {
        return Some(Ok(Form::Ods));
    }
    None
}

/// What a compound file is that is not an old workbook.
pub(super) fn inside_compound(has: impl Fn(&str) -> bool) -> Strange {
    if has("EncryptedPackage") {
        LOCKED
    } else if has("WordDocument") {
        strange("a Word document", EXPORT)
    } else if has("PowerPoint Document") {
        strange("a presentation", EXPORT)
    } else if has("__properties_version1.0") {
        strange("an Outlook message", EXPORT)
    } else {
        strange("a file of an old Office program", EXPORT)
    }
}
