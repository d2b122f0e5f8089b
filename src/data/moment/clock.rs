//! Zones: which instant a moment is, and on which day it falls.

use jiff::tz::TimeZone;

use super::{DAY_MICROS, Moment};

/// The project's zone, with the last day's offset at hand.
#[derive(Debug)]
pub(in crate::data) struct Clock {
    zone: TimeZone,
    /// A local day whose offset is the same all day long.
    local: Option<(i32, i64)>,
    /// A UTC day, likewise.
    utc: Option<(i32, i64)>,
    /// Where moments are that do not say where, if not in the zone.
    told: Option<TimeZone>,
}

impl Clock {
    pub(in crate::data) fn new(zone: TimeZone) -> Self {
        Self { zone, local: None, utc: None, told: None }
    }

    /// From here on, where moments are that do not say where.
    pub(in crate::data) fn told(&mut self, zone: Option<&TimeZone>) {
        if self.told.as_ref() != zone {
            self.told = zone.cloned();
            self.local = None;
        }
    }

    /// The day in the zone.
    pub(in crate::data) fn day(&mut self, moment: Moment) -> Option<i32> {
        let Some(time) = moment.time else { return Some(moment.day) };
        if moment.offset.is_none() && self.told.is_none() {
            return Some(moment.day);
        }
        let instant = self.instant(Moment { time: Some(time), ..moment })?;
        let utc_day = i32::try_from(instant.div_euclid(DAY_MICROS)).ok()?;
        let offset = match self.utc {
            Some((day, offset)) if day == utc_day => offset,
            _ => {
                let start = i64::from(utc_day) * DAY_MICROS;
                let (first, last) = (self.offset(start)?, self.offset(start + DAY_MICROS)?);
                if first == last {
                    self.utc = Some((utc_day, first));
                }
                self.offset(instant)?
            }
        };
        i32::try_from((instant + offset).div_euclid(DAY_MICROS)).ok()
    }

    /// Microseconds since the epoch; none without a time of day.
    pub(in crate::data) fn instant(&mut self, moment: Moment) -> Option<i64> {
        let local_micros = i64::from(moment.day) * DAY_MICROS + moment.time?;
        if let Some(seconds) = moment.offset {
            return Some(local_micros - i64::from(seconds) * 1_000_000);
        }
        if let Some((day, offset)) = self.local
            && day == moment.day
        {
            return Some(local_micros - offset);
        }
        let start = self.exact(i64::from(moment.day) * DAY_MICROS)?;
        let local = self.told.as_ref().unwrap_or(&self.zone);
        let end = start + DAY_MICROS;
        let offset = offset_in(local, start)?;
        if offset_in(local, start - 1_000_000)? == offset && offset_in(local, end)? == offset {
            self.local = Some((moment.day, offset));
        }
        self.exact(local_micros)
    }

    /// The zone's offset at an instant, in microseconds.
    fn offset(&self, instant: i64) -> Option<i64> {
        offset_in(&self.zone, instant)
    }

    /// The instant of local microseconds; gaps and folds as RFC 5545 has them.
    fn exact(&self, local: i64) -> Option<i64> {
        let plain = jiff::Timestamp::from_microsecond(local).ok()?;
        let civil = TimeZone::UTC.to_datetime(plain);
        let zone = self.told.as_ref().unwrap_or(&self.zone);
        Some(zone.to_timestamp(civil).ok()?.as_microsecond())
    }
}

fn offset_in(zone: &TimeZone, instant: i64) -> Option<i64> {
    let at = jiff::Timestamp::from_microsecond(instant).ok()?;
    Some(i64::from(zone.to_offset(at).seconds()) * 1_000_000)
}
