//! Records of what happened, folded into one record for each thing that it happened to.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::origins::{Behind, Origin, Origins};
use super::record::Record;
use super::write::put;
use crate::data::cell;
use crate::data::layout::{Kind, Reading};
use crate::data::moment::{Clock, Moment};
use crate::data::patterns::Pattern;
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
    list: VecDeque<Entity>,
}

struct Entity {
    /// Of the latest record: its moment, row and cells.
    at: i64,
    origin: Origin,
    cells: Vec<Arc<[u8]>>,
    /// What is shown of it, where cells lack.
    shown: Option<String>,
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
        Self { entity, at, event, clocked, made, known: HashMap::new(), list: VecDeque::new() }
    }

    pub(super) fn behind(&self) -> Behind {
        Behind::Times(u32::try_from(self.made.len()).unwrap_or(u32::MAX), self.at)
    }

    pub(super) fn times(&self) -> usize {
        self.made.len()
    }

    /// Takes a record; false where nobody can say what it tells of, or when.
    pub(super) fn take(&mut self, record: &Record<'_>, row: u32, shown: Option<String>) -> bool {
        let text = |at: u32| texts::normal(record.get(at)?).ok();
        let key = text(self.entity).filter(|key| !key.is_empty());
        let event = self.event.map_or(Some(String::new()), |at| text(at).map(Into::into));
        let written = record.get(self.at).unwrap_or_default();
        let (Some(key), Some(event), Some(at)) = (key, event, self.moment(written)) else {
            return false;
        };
        let origin = record.origin(row, 0, record.is_short());
        let next = self.list.len();
        let place = *self.known.entry(key.into_owned()).or_insert(next);
        if place == next {
            let times = self.made.iter().map(|_| None).collect();
            let (cells, shown) = (Vec::new(), None);
            self.list.push_back(Entity { at: i64::MIN, origin, cells, shown, times });
        }
        let entity = &mut self.list[place];
        // Of records of one moment the later in the file is the latest.
        if at >= entity.at {
            (entity.at, entity.origin, entity.shown) = (at, origin, shown);
            entity.cells = record.shared();
        }
        for (time, (first, events)) in entity.times.iter_mut().zip(&self.made) {
            let counts = events.iter().any(|pattern| pattern.fits(&event));
            let better = time.as_ref().is_none_or(|known| match first {
                true => at < known.at,
                false => at >= known.at,
            });
            if counts && better {
                *time = Some(Time { at, row, text: written.into() });
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

    /// Writes the records of things, until there is enough; true where none is left.
    pub(super) fn put(&mut self, out: &mut Vec<u8>, origins: &Origins, enough: usize) -> bool {
        self.known = HashMap::new();
        while out.len() < enough
            && let Some(entity) = self.list.pop_front()
        {
            let times = entity.times.iter().map(Option::as_ref);
            let rows: Vec<u32> =
                times.clone().map(|time| time.map_or(0, |time| time.row)).collect();
            origins.push(entity.origin, &rows, entity.shown);
            let times = times.map(|time| time.map(|time| &*time.text).unwrap_or_default());
            let lacking = origins.keep.len() - entity.cells.len();
            let cells = entity.cells.iter().map(|cell| &**cell);
            put(out, cells.chain(std::iter::repeat_n(&[][..], lacking)).chain(times));
        }
        self.list.is_empty()
    }
}
