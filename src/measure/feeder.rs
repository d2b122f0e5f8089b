//! The files of one dataset, handed out block by block to whoever asks first.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::catalog::{Dataset, Feed};
use crate::data::{self, Block, Cutter, Exports, Failure, Layout, Want};
use crate::diag::{Diagnostic, Fault};

/// A block with what it takes to parse it.
pub(super) struct Piece {
    pub(super) feed: usize,
    pub(super) file: u32,
    pub(super) layout: Arc<Layout>,
    pub(super) block: Block,
}

/// One file to read.
pub(super) struct File {
    pub(super) feed: usize,
    pub(super) number: u32,
    pub(super) name: Arc<str>,
}

pub(super) struct Feeder<'a> {
    files: &'a Exports,
    dataset: &'a Dataset,
    feeds: &'a [&'a Feed],
    wants: &'a [Want],
    zone: &'a jiff::tz::TimeZone,
    block_size: usize,
    queue: VecDeque<File>,
    open: Option<(File, Arc<Layout>, Cutter)>,
    /// Layouts by file, for what is mapped.
    pub(super) layouts: Vec<(usize, Arc<Layout>)>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Feeds with an error, and what the first one is.
    pub(super) failed: Vec<(usize, String)>,
    /// The machine's, which ends the run.
    pub(super) fault: Option<Fault>,
}

impl<'a> Feeder<'a> {
    pub(super) fn new(
        files: &'a Exports,
        dataset: &'a Dataset,
        feeds: &'a [&'a Feed],
        wants: &'a [Want],
        zone: &'a jiff::tz::TimeZone,
        block_size: usize,
    ) -> Self {
        let (queue, open, layouts) = (VecDeque::new(), None, Vec::new());
        let (diagnostics, failed, fault) = (Vec::new(), Vec::new(), None);
        Self {
            files,
            dataset,
            feeds,
            wants,
            zone,
            block_size,
            queue,
            open,
            layouts,
            diagnostics,
            failed,
            fault,
        }
    }

    /// Lists the files of all feeds; their number is their place in the list.
    pub(super) fn list(&mut self) -> Vec<(usize, u32, Arc<str>)> {
        for (feed, spec) in self.feeds.iter().enumerate() {
            match data::files_of(self.files, spec) {
                Ok(names) => {
                    for name in names {
                        let number = u32::try_from(self.queue.len()).unwrap_or(u32::MAX);
                        self.queue.push_back(File { feed, number, name: name.into() });
                    }
                }
                Err(failure) => self.fail(feed, failure),
            }
        }
        self.queue.iter().map(|f| (f.feed, f.number, Arc::clone(&f.name))).collect()
    }

    /// The next block of the open file, or of the next one; none when all is read.
    pub(super) fn next(&mut self, mut buffer: Vec<u8>) -> Option<Piece> {
        loop {
            if self.open.is_none() {
                self.open_next()?;
            }
            let (file, layout, cutter) = self.open.as_mut()?;
            let (feed, number) = (file.feed, file.number);
            match cutter.next(std::mem::take(&mut buffer)) {
                Ok(Some(block)) => {
                    let layout = Arc::clone(layout);
                    return Some(Piece { feed, file: number, layout, block });
                }
                Ok(None) => {
                    self.diagnostics.extend(cutter.take_warnings());
                    self.open = None;
                }
                Err(failure) => {
                    self.diagnostics.extend(cutter.take_warnings());
                    self.open = None;
                    self.fail(feed, failure);
                }
            }
        }
    }

    /// Opens the next file that can be; none when there is no more.
    fn open_next(&mut self) -> Option<()> {
        loop {
            let file = self.queue.pop_front()?;
            let feed = self.feeds[file.feed];
            let opened = data::open(
                self.files,
                self.dataset,
                feed,
                &file.name,
                self.wants,
                self.zone,
                self.block_size,
            );
            match opened {
                Ok(data::Opened { layout, cutter, warnings }) => {
                    self.diagnostics.extend(warnings);
                    let layout = Arc::new(layout);
                    self.layouts.push((file.feed, Arc::clone(&layout)));
                    self.open = Some((file, layout, cutter));
                    return Some(());
                }
                Err(failure) => {
                    self.fail(file.feed, failure);
                }
            }
        }
    }

    fn fail(&mut self, feed: usize, failure: Failure) {
        let mut why = String::new();
        match failure {
            Failure::Mistakes(mistakes) => {
                let first = mistakes.iter().find(|mistake| mistake.is_error());
                why = first.map_or(why, |mistake| mistake.headline.clone());
                self.diagnostics.extend(mistakes);
            }
            Failure::Fault(fault) => {
                self.fault.get_or_insert(fault);
                self.queue.clear();
            }
        }
        if !self.failed.iter().any(|(known, _)| *known == feed) {
            self.failed.push((feed, why));
        }
    }
}
