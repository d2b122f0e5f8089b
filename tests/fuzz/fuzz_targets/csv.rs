#![no_main]

#[path = "../entries.rs"]
mod entries;

libfuzzer_sys::fuzz_target!(init: entries::catch_foreign_panics(), |bytes: &[u8]| {
    entries::csv(bytes);
});
