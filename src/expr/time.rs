//! Dates and moments: reading them, and the calendar arithmetic of expressions.
//!
//! A moment is a UTC instant; what day or hour it is, is asked in the organisation's zone.

use jiff::civil;
use jiff::tz::TimeZone;

use crate::domain::{Calendar, Day, Grain, Hours, Instant, Value};
use crate::rel::{DatePart, TimeUnit};

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// Reads a moment that says its offset: `2026-10-31T09:30:00Z`.
pub(super) fn instant(text: &str) -> Option<Instant> {
    text.parse::<jiff::Timestamp>().ok().map(|t| Instant(t.as_microsecond()))
}

/// Whether a text is a date and a time of day without an offset.
pub(super) fn is_civil(text: &str) -> bool {
    civil(text).is_some()
}

fn civil(text: &str) -> Option<civil::DateTime> {
    let dated = text.get(..10).and_then(Day::parse).is_some();
    (dated && !text.ends_with(['Z', 'z'])).then(|| text.parse().ok())?
}

/// Reads a moment; one without an offset, and a bare date, are in the zone.
pub(super) fn moment(text: &str, zone: &TimeZone) -> Option<Instant> {
    instant(text).or_else(|| {
        let civil = match Day::parse(text) {
            Some(day) => day.date().at(0, 0, 0, 0),
            None => civil(text)?,
        };
        in_zone(civil, zone)
    })
}

/// The moment at which a day begins.
pub(super) fn midnight(day: Day, zone: &TimeZone) -> Option<Instant> {
    in_zone(day.date().at(0, 0, 0, 0), zone)
}

fn in_zone(civil: civil::DateTime, zone: &TimeZone) -> Option<Instant> {
    let moment = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
    Some(Instant(moment.as_microsecond()))
}

/// What clock and calendar show at a moment.
pub(super) fn shown(moment: Instant, zone: &TimeZone) -> civil::DateTime {
    let stamp = jiff::Timestamp::from_microsecond(moment.0).unwrap_or_default();
    zone.to_datetime(stamp)
}

pub(super) fn day(moment: Instant, zone: &TimeZone) -> Day {
    Day::of(shown(moment, zone).date())
}

/// First day of the calendar bucket; weeks begin on Monday, as SQL's do.
pub(super) fn truncate(day: Day, grain: Grain) -> Day {
    Calendar::default().start_of(day, grain, false)
}

/// A part of a moment as its calendar and clock show it; weeks are ISO's.
pub(super) fn part(shown: civil::DateTime, part: DatePart) -> i64 {
    match part {
        DatePart::Year => shown.year().into(),
        DatePart::Quarter => i64::from((shown.month() - 1) / 3 + 1),
        DatePart::Month => shown.month().into(),
        DatePart::Week => shown.date().iso_week_date().week().into(),
        DatePart::Day => shown.day().into(),
        DatePart::IsoDayOfWeek => shown.weekday().to_monday_one_offset().into(),
        DatePart::Hour => shown.hour().into(),
        DatePart::Minute => shown.minute().into(),
    }
}

/// Days, or boundaries of weeks (Monday), months, quarters and years, between two days. Negative
/// backwards.
pub(super) fn days_apart(from: Day, to: Day, unit: TimeUnit) -> i64 {
    let days = i64::from(to.0) - i64::from(from.0);
    let months = |day: Day| {
        let date = day.date();
        i64::from(date.year()) * 12 + i64::from(date.month()) - 1
    };
    let weeks = |day: Day| i64::from(truncate(day, Grain::Week).0).div_euclid(7);
    match unit {
        TimeUnit::Second => days * 86_400,
        TimeUnit::Minute => days * 1_440,
        TimeUnit::Hour => days * 24,
        TimeUnit::Day => days,
        TimeUnit::Week => weeks(to) - weeks(from),
        TimeUnit::Month => months(to) - months(from),
        TimeUnit::Quarter => months(to).div_euclid(3) - months(from).div_euclid(3),
        TimeUnit::Year => months(to).div_euclid(12) - months(from).div_euclid(12),
    }
}

/// Between two moments: seconds, minutes and hours are whole units gone by (cut towards zero); days
/// and longer are boundaries of the zone's calendar that were crossed.
pub(super) fn moments_apart(from: Instant, to: Instant, unit: TimeUnit, zone: &TimeZone) -> i64 {
    let micros = to.0.saturating_sub(from.0);
    match unit {
        TimeUnit::Second => micros / MICROS_PER_SECOND,
        TimeUnit::Minute => micros / (60 * MICROS_PER_SECOND),
        TimeUnit::Hour => micros / (3_600 * MICROS_PER_SECOND),
        _ => days_apart(day(from, zone), day(to, zone), unit),
    }
}

/// The time between two days or two moments in microseconds, within working hours where there are some; none where
/// it runs backwards.
pub(super) fn elapsed(
    from: &Value,
    to: &Value,
    hours: Option<&Hours>,
    zone: &TimeZone,
) -> Option<i64> {
    let worked = |hours: &Hours, at: Instant| {
        let shown = shown(at, zone);
        let time = shown.time().duration_since(civil::Time::midnight());
        hours.up_to(Day::of(shown.date()), i64::try_from(time.as_micros()).unwrap_or(0))
    };
    let (whole, between) = match (from, to) {
        (Value::Date(from), Value::Date(to)) => {
            let whole = i64::from(to.0) - i64::from(from.0);
            let between = match hours {
                Some(hours) => hours.up_to(*to, 0) - hours.up_to(*from, 0),
                None => whole * MICROS_PER_DAY,
            };
            (whole, between)
        }
        (Value::DateTime(from), Value::DateTime(to)) => {
            let whole = to.0.checked_sub(from.0)?;
            (whole, hours.map_or(whole, |hours| worked(hours, *to) - worked(hours, *from)))
        }
        _ => return None,
    };
    (whole >= 0).then_some(between)
}
