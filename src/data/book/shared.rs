//! One file for several readers, each at its own place.
//!
//! Two of them may read the same part at once: one looks ahead at what the other is about to be given, and that one
//! gets no byte that was not looked at, but for the few that are on their way.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::disk::ReadSeek;

/// The file, from the place of one reader.
#[derive(Clone)]
pub(super) struct Shared {
    file: Arc<Mutex<Box<dyn ReadSeek>>>,
    at: u64,
    bar: Arc<Bar>,
    /// Whether it is this one that looks ahead.
    ahead: bool,
}

/// Keeps those who follow behind who is ahead, until it is dropped.
pub(super) struct Gate {
    bar: Arc<Bar>,
}

#[derive(Default)]
struct Bar {
    kept: Mutex<Kept>,
    moved: Condvar,
}

/// The bytes that are kept back, from the first that was not yet looked at.
#[derive(Default)]
struct Kept {
    part: Range<u64>,
    from: u64,
    /// What is left will not be looked at.
    shut: bool,
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn of(file: Box<dyn ReadSeek>) -> Self {
        Self { file: Arc::new(Mutex::new(file)), at: 0, bar: Arc::default(), ahead: false }
    }

    /// The file for who looks ahead.
    pub(super) fn ahead(&self) -> Self {
        Self { ahead: true, ..self.clone() }
    }

    /// Keeps a part of the file from those who are not ahead.
    pub(super) fn gate(&self, part: Range<u64>) -> Gate {
        *held(&self.bar.kept) = Kept { from: part.start, part, shut: false };
        Gate { bar: Arc::clone(&self.bar) }
    }

    /// How many of the bytes that are wanted may be read.
    fn pass(&self, wanted: usize) -> io::Result<usize> {
        let mut kept = held(&self.bar.kept);
        if !kept.part.contains(&self.at) {
            return Ok(wanted);
        }
        if self.ahead {
            // Who comes for more is done with what it had.
            kept.from = kept.from.max(self.at);
            self.bar.moved.notify_all();
            return Ok(wanted);
        }
        while self.at >= kept.from && !kept.shut {
            kept = self.bar.moved.wait(kept).unwrap_or_else(PoisonError::into_inner);
        }
        if self.at >= kept.from {
            return Err(io::Error::other("it was not looked at"));
        }
        Ok(wanted.min(usize::try_from(kept.from - self.at).unwrap_or(usize::MAX)))
    }
}

impl Gate {
    /// All of the part may be read, or nothing more of it.
    pub(super) fn end(&self, open: bool) {
        let mut kept = held(&self.bar.kept);
        if open {
            kept.part = 0..0;
            kept.from = u64::MAX;
        } else {
            kept.shut = true;
        }
        self.bar.moved.notify_all();
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        *held(&self.bar.kept) = Kept::default();
    }
}

impl Read for Shared {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = self.pass(out.len())?;
        let mut file = held(&self.file);
        file.seek(SeekFrom::Start(self.at))?;
        let got = file.read(&mut out[..most])?;
        self.at += got as u64;
        Ok(got)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(by) => (self.at, by),
            SeekFrom::End(by) => (held(&self.file).seek(SeekFrom::End(0))?, by),
        };
        let before = || io::Error::new(io::ErrorKind::InvalidInput, "a place before the start");
        self.at = base.checked_add_signed(by).ok_or_else(before)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::thread;

    use super::*;

    fn both() -> (Shared, Shared) {
        let follows = Shared::of(Box::new(Cursor::new(b"0123456789".to_vec())));
        (follows.ahead(), follows)
    }

    fn next(shared: &mut Shared, most: usize) -> Option<String> {
        let mut out = vec![0; most];
        let got = shared.read(&mut out).ok()?;
        Some(String::from_utf8_lossy(&out[..got]).into_owned())
    }

    #[test]
    fn who_follows_gets_what_was_looked_at() {
        let (mut ahead, mut follows) = both();
        let gate = follows.gate(2..8);
        assert_eq!(next(&mut follows, 2).as_deref(), Some("01"), "before the part");
        ahead.seek(SeekFrom::Start(2)).unwrap();
        assert_eq!(next(&mut ahead, 3).as_deref(), Some("234"));
        thread::scope(|scope| {
            let waits = scope.spawn(|| (next(&mut follows, 9), next(&mut follows, 9)));
            assert_eq!(next(&mut ahead, 3).as_deref(), Some("567"));
            gate.end(true);
            let (first, rest) = waits.join().unwrap();
            let all = first.unwrap() + &rest.unwrap();
            assert!("23456789".starts_with(&all) && all.len() > 3, "{all}");
        });
    }

    #[test]
    fn what_is_not_looked_at_is_kept_back() {
        let (mut ahead, mut follows) = both();
        let gate = follows.gate(2..8);
        ahead.seek(SeekFrom::Start(2)).unwrap();
        let _ = (next(&mut ahead, 3), next(&mut ahead, 3));
        gate.end(false);
        follows.seek(SeekFrom::Start(2)).unwrap();
        assert_eq!(next(&mut follows, 9).as_deref(), Some("234"), "however late it comes");
        assert_eq!(next(&mut follows, 9), None);
        follows.seek(SeekFrom::Start(8)).unwrap();
        assert_eq!(next(&mut follows, 9).as_deref(), Some("89"), "behind the part");
        drop(gate);
        follows.seek(SeekFrom::Start(2)).unwrap();
        assert_eq!(next(&mut follows, 9).as_deref(), Some("23456789"), "without a gate");
    }
}
