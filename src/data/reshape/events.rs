//! Records of what happened, folded into one record for each thing that it happened to.

use std::borrow::Cow;
use std::collections::HashMap;

use super::origins::{Behind, Origin, Origins};
use super::write::put;
use crate::data::cell;
use crate::data::layout::{Kind, Reading};
use crate::data::moment::{Clock, Moment};
use crate::data::patterns::Pattern;
use crate::data::split::Trust;
use crate::data::texts;

/// How the moment of an event is read.
pub(in crate::data) struct Clocked {
    pub(in crate::data) reading: Reading,
    pub(in crate::data) clock: Clock,
}

/// The things that something happened to, in the order in which they are met.
pub(in crate::data) struct Entities {
    /// Columns of the file, counted from 0.
    entity: u32,
    at: u32,
    event: Option<u32>,
    clocked: Clocked,
    /// Of each moment that is made: whether the first counts, and of which events.
    made: Vec<(bool, Vec<Pattern>)>,
    known: HashMap<String, usize>,
    list: Vec<Entity>,
}

struct Entity {
    /// Of the latest record: its moment, row and cells.
    at: i64,
    row: u32,
    cells: Vec<Box<[u8]>>,
    times: Vec<Option<Time>>,
}

struct Time {
    at: i64,
    row: u32,
    text: Box<[u8]>,
}

impl Entities {
    pub(in crate::data) fn new(
        (entity, at, event): (u32, u32, Option<u32>),
        clocked: Clocked,
        made: Vec<(bool, Vec<Pattern>)>,
    ) -> Self {
        Self { entity, at, event, clocked, made, known: HashMap::new(), list: Vec::new() }
    }

    pub(super) fn behind(&self) -> Behind {
        Behind::Times(u32::try_from(self.made.len()).unwrap_or(u32::MAX), self.at)
    }

    pub(super) fn times(&self) -> usize {
        self.made.len()
    }

    /// Takes a record; false where nobody can say what it tells of, or when.
    pub(super) fn take(&mut self, record: &[Cow<'_, [u8]>], row: u32) -> bool {
        let cell = |at: u32| record.get(at as usize).map(|cell| &**cell).unwrap_or_default();
        let Ok(key) = texts::normal(cell(self.entity)) else { return false };
        let Some(at) = self.moment(cell(self.at)) else { return false };
        if key.is_empty() {
            return false;
        }
        let event = self.event.map(|event| texts::normal(cell(event)));
        let event = match event {
            Some(Ok(event)) => event.into_owned(),
            Some(Err(_)) => return false,
            None => String::new(),
        };
        let next = self.list.len();
        let place = *self.known.entry(key.into_owned()).or_insert(next);
        if place == next {
            let times = self.made.iter().map(|_| None).collect();
            self.list.push(Entity { at: i64::MIN, row, cells: Vec::new(), times });
        }
        let entity = &mut self.list[place];
        // Of records of one moment the later in the file is the latest.
        if at >= entity.at {
            let cells = record.iter().map(|cell| Box::from(&**cell)).collect();
            (entity.at, entity.row, entity.cells) = (at, row, cells);
        }
        for (time, (first, events)) in entity.times.iter_mut().zip(&self.made) {
            let counts = events.iter().any(|pattern| pattern.fits(&event));
            let better = time.as_ref().is_none_or(|known| match first {
                true => at < known.at,
                false => at >= known.at,
            });
            if counts && better {
                *time = Some(Time { at, row, text: cell(self.at).into() });
            }
        }
        true
    }

    /// Microseconds; of a day its midnight, where the clock is.
    fn moment(&mut self, text: &[u8]) -> Option<i64> {
        let Clocked { reading, clock } = &mut self.clocked;
        let Kind::DateTime(formats) = &reading.kind else { return None };
        match cell::instant(text, formats, &reading.meaning, clock) {
            Ok(at) => at,
            Err(_) => {
                let day = cell::day(text, formats, &reading.meaning, clock).ok().flatten()?;
                clock.instant(Moment { day, time: Some(0), offset: None })
            }
        }
    }

    /// Writes the records of all things.
    pub(super) fn put(&mut self, out: &mut Vec<u8>, origins: &Origins) {
        for entity in std::mem::take(&mut self.list) {
            let rows: Vec<u32> =
                entity.times.iter().map(|time| time.as_ref().map_or(0, |time| time.row)).collect();
            origins.push(Origin { row: entity.row, column: 0, trust: Trust::Whole }, &rows);
            let times = entity.times.iter();
            let times = times.map(|time| time.as_ref().map(|time| &*time.text).unwrap_or_default());
            put(out, entity.cells.iter().map(|cell| &**cell).chain(times));
        }
        self.known.clear();
    }
}
