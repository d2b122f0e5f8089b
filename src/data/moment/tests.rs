//! Days and moments as exports write them.

use super::*;

fn day(text: &str) -> Option<i32> {
    text.parse::<civil::Date>().ok().map(days)
}

#[test]
fn iso_days_are_what_the_calendar_says() {
    let mut date = civil::date(1895, 1, 1);
    while date < civil::date(2105, 1, 1) {
        let text = date.to_string();
        assert_eq!(iso_day(text.as_bytes()), Some(days(date)), "{text}");
        date = date.tomorrow().unwrap();
    }
    for wrong in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "31-10-2026", "2026-10-3x"]
    {
        assert_eq!(iso_day(wrong.as_bytes()), None, "{wrong}");
    }
    assert_eq!(iso_day(b"2000-02-29"), day("2000-02-29"));
}

#[test]
fn moments_are_in_the_zone_unless_they_say_otherwise() {
    let mut clock = Clock::new(TimeZone::get("Europe/Berlin").unwrap());
    let mut instant = |text: &str| {
        let micros = iso(text.as_bytes()).and_then(|m| clock.instant(m))?;
        Some(jiff::Timestamp::from_microsecond(micros).unwrap().to_string())
    };
    assert_eq!(instant("2026-07-01 12:00").as_deref(), Some("2026-07-01T10:00:00Z"));
    assert_eq!(instant("2026-07-01T00:30:00.5").as_deref(), Some("2026-06-30T22:30:00.5Z"));
    assert_eq!(instant("2026-07-01T12:00:00+02:00").as_deref(), Some("2026-07-01T10:00:00Z"));
    assert_eq!(instant("2026-10-25 01:30:00").as_deref(), Some("2026-10-24T23:30:00Z"));
    assert_eq!(instant("2026-10-25 12:00:00").as_deref(), Some("2026-10-25T11:00:00Z"));
    assert_eq!(instant("2026-03-29 02:30:00").as_deref(), Some("2026-03-29T01:30:00Z"));
    assert_eq!(instant("2026-07-01"), None, "a day is no moment");
}

#[test]
fn a_moment_with_an_offset_falls_on_the_zones_day() {
    let mut clock = Clock::new(TimeZone::get("Europe/Berlin").unwrap());
    let mut at = |text: &str| iso(text.as_bytes()).and_then(|m| clock.day(m));
    assert_eq!(at("2026-06-30T22:30:00Z"), day("2026-07-01"));
    assert_eq!(at("2026-06-30T21:30:00Z"), day("2026-06-30"));
    assert_eq!(at("2026-06-30T23:30:00"), day("2026-06-30"));
    assert_eq!(at("2026-10-25T22:59:59Z"), day("2026-10-25"));
    assert_eq!(at("2026-10-25T23:00:00Z"), day("2026-10-26"));
}

#[test]
fn serial_numbers_count_from_their_day() {
    let mut clock = Clock::new(TimeZone::UTC);
    let mut read = |word: &str, text: &str| {
        let moment = Format::new(word).unwrap().read(text.as_bytes())?;
        let micros = clock.instant(moment)?;
        Some(jiff::Timestamp::from_microsecond(micros).unwrap().to_string())
    };
    for (word, text, moment) in [
        ("excel", "1", "1900-01-01T00:00:00Z"),
        ("excel", "59", "1900-02-28T00:00:00Z"),
        ("excel", "61", "1900-03-01T00:00:00Z"),
        ("excel", "44197.5", "2021-01-01T12:00:00Z"),
        ("excel", "44197,999999999999", "2021-01-02T00:00:00Z"),
        ("excel-1904", "42735", "2021-01-01T00:00:00Z"),
        ("unix", "1609459200", "2021-01-01T00:00:00Z"),
        ("unix-ms", "1609459200123", "2021-01-01T00:00:00.123Z"),
    ] {
        assert_eq!(read(word, text).as_deref(), Some(moment), "{word} {text}");
    }
    for (word, text) in [
        ("excel", "60"),
        ("excel", "0"),
        ("excel", "-1"),
        ("excel", "2958466"),
        ("excel", "2021-01-01"),
        ("unix", "99999999999999999"),
    ] {
        assert_eq!(read(word, text), None, "{word} {text}");
    }
}

#[test]
fn declared_formats_are_matched_whole() {
    let read = |format: &str, text: &str| {
        Format::new(format).unwrap().read(text.as_bytes()).map(|m| m.day)
    };
    assert_eq!(read("%d/%m/%Y", "31/10/2026"), day("2026-10-31"));
    assert_eq!(read("%d/%m/%Y", "1/2/2026"), day("2026-02-01"));
    assert_eq!(read("%m/%d/%Y", "31/10/2026"), None);
    assert_eq!(read("%d/%m/%Y", "31/10/2026 x"), None);
    assert_eq!(read("%d %b %Y", "31 Oct 2026"), day("2026-10-31"));
    assert_eq!(read("%d.%m.%y", "31.10.26"), day("2026-10-31"));
    assert_eq!(read("%d. %B %Y", "31. Oktober 2026"), day("2026-10-31"));
    assert_eq!(read("%d %b, %Y %H:%M:%S", "15 Apr, 2021 00:02:00"), day("2021-04-15"));
    assert_eq!(read("%b %Y", "Mai 2026"), day("2026-05-01"), "a month is its first day");
    assert_eq!(read("%m/%Y", "5/2026"), day("2026-05-01"));
    assert_eq!(read("%Y", "2026"), day("2026-01-01"));
    assert_eq!(read("%m/%d/%Y %I:%M %p", "1/2/2026 12:30 PM"), day("2026-01-02"));
    assert!(Format::new("%Q%!").is_none() && Format::new("d/m/y").is_none());
}
