//! What became of the rows of each feed, as JSON and as text.

use std::fmt::Write;

use super::json::{Json, list, maybe, object, raw, text, texts};
use super::table::harmless;
use crate::view::{FeedView, ReasonView, RejectView, say};

pub(super) fn feed(view: &FeedView) -> Json<'_> {
    object([
        ("id", text(&view.id)),
        ("dataset", text(&view.dataset)),
        ("files", texts(&view.files)),
        ("failed", maybe(view.failed.as_deref())),
        ("found", raw(&view.found)),
        ("made", maybe(view.made.as_deref())),
        ("used", raw(&view.used)),
        ("rejected", raw(&view.rejected)),
        ("skipped", raw(&view.skipped)),
        ("rejected_by", list(&view.rejected_by, reason)),
        ("skipped_by", list(&view.skipped_by, reason)),
        ("used_with_rejected_cells", raw(&view.rows_with_rejects)),
        ("rejected_cells", list(&view.rejects, rejects)),
    ])
}

fn reason(view: &ReasonView) -> Json<'_> {
    object([("reason", text(&view.reason)), ("count", raw(&view.count))])
}

fn rejects(view: &RejectView) -> Json<'_> {
    object([
        ("column", text(&view.column)),
        ("cells", raw(&view.cells)),
        ("by", list(&view.by, reason)),
    ])
}

/// The account of each feed: a line for the sum, and one for every reason.
pub fn feeds_text(feeds: &[FeedView]) -> String {
    let mut out = String::new();
    for feed in feeds {
        let [found, used, rejected, skipped] =
            [&feed.found, &feed.used, &feed.rejected, &feed.skipped].map(|shown| shown.text());
        let fill = [
            ("feed", feed.id.as_str()),
            ("found", &found),
            ("used", &used),
            ("rejected", &rejected),
            ("skipped", &skipped),
        ];
        let _ = writeln!(out, "{}", say("accounts.line", &fill));
        if let Some(made) = &feed.made {
            let _ = writeln!(out, "  {made}");
        }
        if feed.rows_with_rejects.text() != "0" {
            let n = feed.rows_with_rejects.text();
            let _ = writeln!(out, "  {}", say("accounts.with-rejects", &[("n", &n)]));
        }
        let rows = say("reject.whole-rows", &[]);
        // What is wrong with whole rows that are used all the same: they lack cells.
        let rejected = |reason: &&ReasonView| {
            feed.rejected_by.iter().any(|other| other.reason == reason.reason)
        };
        let whole = feed.rejects.iter().filter(|reject| reject.column == rows);
        let short = whole.flat_map(|reject| &reject.by).filter(|reason| !rejected(reason));
        let short: Vec<ReasonView> = short.cloned().collect();
        reasons(&mut out, "accounts.short", "", &short);
        reasons(&mut out, "accounts.rejected", "", &feed.rejected_by);
        for reject in feed.rejects.iter().filter(|reject| reject.column != rows) {
            reasons(&mut out, "accounts.cells", &reject.column, &reject.by);
        }
        reasons(&mut out, "accounts.skipped", "", &feed.skipped_by);
    }
    out
}

fn reasons(out: &mut String, key: &str, column: &str, list: &[ReasonView]) {
    for one in list {
        let fill = [("column", column), ("n", &one.count.text()), ("reason", &one.reason)];
        let _ = writeln!(out, "  {}", harmless(&say(key, &fill)));
    }
}
