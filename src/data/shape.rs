//! What a file is, once an archive around it is taken off.

use std::io::{self, Cursor, Read};

use super::Exports;
use super::archive::{self, Zipped};
use super::book::{self, Form, Found, Strange, UNPACK};
use crate::disk::FileError;

/// Bytes that decide on form, encoding and dialect.
pub(super) const HEAD: usize = 256 * 1024;

pub(super) enum Shape {
    Book(Form),
    /// What else there is in it, and its first bytes.
    Text(Box<dyn Read + Send>, Vec<u8>),
}

/// Why nobody can say.
#[derive(Debug)]
pub(super) enum Unfit {
    File(FileError),
    Read(io::Error),
    Archive(archive::Unreadable),
    Strange(Strange),
}

/// Looks at a file's first bytes, and into an archive for those of its one file.
pub(super) fn shape(files: &Exports, file: &str) -> Result<Shape, Unfit> {
    let most_mb = files.limits().unpacked_mb;
    let mut reader = files.open(file).map_err(Unfit::File)?;
    let head = head(&mut reader)?;
    let inside = match book::find(&head) {
        Found::Book(form) => return Ok(Shape::Book(form)),
        Found::Strange(strange) => return Err(Unfit::Strange(strange)),
        Found::Text => return Ok(Shape::Text(reader, head)),
        Found::Gzip => archive::gzip(Cursor::new(head).chain(reader), most_mb),
        Found::Zip => {
            let anywhere = files.open_anywhere(file).map_err(Unfit::File)?;
            match archive::zip(anywhere, most_mb).map_err(Unfit::Archive)? {
                Zipped::Book(form) => return Ok(Shape::Book(form)),
                Zipped::Strange(strange) => return Err(Unfit::Strange(strange)),
                Zipped::Table(inside) => inside,
            }
        }
    };
    unpacked(inside)
}

/// What an archive holds: a table, or something that must be unpacked by hand.
fn unpacked(mut inside: Box<dyn Read + Send>) -> Result<Shape, Unfit> {
    let head = head(&mut inside)?;
    let what = match book::find(&head) {
        Found::Text => return Ok(Shape::Text(inside, head)),
        Found::Book(_) => "a workbook in an archive",
        // A workbook is a zip as well.
        Found::Zip | Found::Gzip => "an archive or a workbook in an archive",
        Found::Strange(strange) => return Err(Unfit::Strange(strange)),
    };
    Err(Unfit::Strange(Strange { what, help: UNPACK }))
}

fn head(reader: &mut Box<dyn Read + Send>) -> Result<Vec<u8>, Unfit> {
    let mut head = Vec::new();
    reader.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(Unfit::Read)?;
    Ok(head)
}
