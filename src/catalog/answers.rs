//! Answers and waivers: what persons say of checks.

use super::{Answer, Waiver, build::Build, diags};
use crate::config::Declared;
use crate::decode::{Reader, Text};
use crate::domain::Id;
use crate::kinds::{CheckSource, EachAnswer};

/// Words and their grades in thousandths.
type Scale = Vec<(String, u32)>;

/// The words for a check that has no scale of its own.
const OUTCOMES: [(&str, u32); 3] = [("met", 1000), ("partly-met", 500), ("not-met", 0)];

impl Build<'_> {
    pub(super) fn answers(&mut self) {
        for declared in self.declared("answer") {
            self.kebab("answer", &declared.id, declared.id_span);
            let mut reader = Reader::new(&declared.table, format!("answer `{}`", declared.id));
            let answer = self.answer(declared, &mut reader);
            reader.finish(&mut self.sink);
            self.catalog.answers.extend(answer);
        }
        self.catalog.answers.sort_by(|a, b| a.id.cmp(&b.id));
    }

    fn answer(&mut self, declared: &Declared, reader: &mut Reader<'_>) -> Option<Answer> {
        let check = reader.required_text("check");
        let word = reader.required_text("grade");
        let owner = reader.required_text("owner");
        let date = reader.required_day("date");
        let expires = reader.day("expires");
        if let (Some(date), Some(expires)) = (date, expires)
            && expires < date
        {
            let (late, early) = (reader.place("expires"), reader.place("date"));
            self.sink.push(diags::dates_out_of_order("expires", "date", late, early));
        }
        let (link, note) = (reader.words("link"), reader.words("note"));
        let subject = reader.text("for");
        let check = self.find("check", &check?, reader.what())?;
        let (scale, each) = self.scale(&check)?;
        self.subject(reader, &check, each.as_ref(), subject.as_ref());
        let word = word?;
        let Some((_, grade)) = scale.iter().find(|(w, _)| **w == *word.text) else {
            let words: Vec<&str> = scale.iter().map(|(w, _)| w.as_str()).collect();
            reader.report(diags::word_not_on_scale(&check, &word, &words));
            return None;
        };
        Some(Answer {
            id: declared.id(),
            check,
            word: word.text.to_string(),
            grade: *grade,
            owner: owner?.text.to_string(),
            date: date?,
            expires,
            link,
            note,
            subject: subject.map(|s| s.text.to_string()),
            place: declared.place(),
        })
    }

    /// The words that may answer a check; none where the check itself cannot be read.
    fn scale(&self, check: &Id) -> Option<(Scale, Option<EachAnswer>)> {
        match &self.catalog.checks.get(check)?.body.source {
            CheckSource::Answer { scale, each, .. } => Some((scale.clone(), each.clone())),
            _ => Some((OUTCOMES.iter().map(|(w, g)| ((*w).to_owned(), *g)).collect(), None)),
        }
    }

    /// An `each` check is answered for one row at a time, any other as a whole.
    fn subject(
        &mut self,
        reader: &mut Reader<'_>,
        check: &Id,
        each: Option<&EachAnswer>,
        subject: Option<&Text>,
    ) {
        match (each, subject) {
            (Some(each), None) => {
                let dataset = &each.dataset;
                reader.report(diags::answer_for_whom(check, dataset, reader.source().place()));
            }
            (None, Some(subject)) => {
                reader.report(diags::answer_for_nobody(check, subject.place()));
            }
            (Some(each), Some(subject)) => {
                let config = self.catalog.datasets.get(&each.dataset).is_some_and(|d| d.config);
                let known = || self.ids(each.dataset.as_str());
                if config && !known().any(|id| *id == *subject.text) {
                    reader.report(diags::unknown_subject(&each.dataset, subject, known()));
                }
            }
            (None, None) => {}
        }
    }

    pub(super) fn waivers(&mut self) {
        for declared in self.declared("waiver") {
            self.kebab("waiver", &declared.id, declared.id_span);
            let mut reader = Reader::new(&declared.table, format!("waiver `{}`", declared.id));
            let check = reader.required_text("check");
            let (reason, owner) = (reader.required_words("reason"), reader.required_words("owner"));
            let until = reader.required_day("until");
            let what = reader.what().to_owned();
            let check = check.and_then(|c| self.find("check", &c, &what));
            reader.finish(&mut self.sink);
            if let (Some(check), Some(until)) = (check, until) {
                let (id, place) = (declared.id(), declared.place());
                self.catalog.waivers.push(Waiver { id, check, reason, owner, until, place });
            }
        }
        self.catalog.waivers.sort_by(|a, b| a.id.cmp(&b.id));
    }
}
