//! Code that is not ours and may panic on a file that is made to break it: the panic is caught and said of the file,
//! so nobody need hear of it twice.

use std::cell::Cell;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is expected, caught, and told as a fault of a file.
pub fn panics_are_told() -> bool {
    QUIET.get()
}

/// Runs what catches its own panics.
pub(super) fn quietly<T>(run: impl FnOnce() -> T) -> T {
    let before = QUIET.replace(true);
    let result = run();
    QUIET.set(before);
    result
}
