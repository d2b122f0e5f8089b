//! Groupings that follow from finer ones: rows are counted once, by the finest.

use super::{Grouping, Scan};

/// Marks every grouping that another one of the scan can be rolled up to.
pub(super) fn roll_up(scan: &mut Scan) {
    let mut order: Vec<usize> = (0..scan.groupings.len()).collect();
    // Finest first, so that a roll-up never rests on another.
    order.sort_by_key(|at| (std::cmp::Reverse(scan.groupings[*at].dims.len()), *at));
    for place in 0..order.len() {
        let coarse = order[place];
        let finer = order[..place].iter().copied().filter(|fine| {
            let fine = &scan.groupings[*fine];
            fine.from.is_none() && holds(fine, &scan.groupings[coarse])
        });
        // The fewest dimensions make the fewest groups.
        if let Some(fine) = finer.min_by_key(|at| (scan.groupings[*at].dims.len(), *at)) {
            let breaks = std::mem::take(&mut scan.groupings[coarse].breaks);
            let target = &mut scan.groupings[fine].breaks;
            target.extend(breaks);
            target.sort();
            target.dedup();
            scan.groupings[coarse].from = Some(fine);
        }
    }
    for at in 0..scan.groupings.len() {
        if let Some(fine) = scan.groupings[at].from {
            scan.groupings[at].breaks = scan.groupings[fine].breaks.clone();
        }
    }
}

/// Whether a finer grouping has all that a coarser one counts.
fn holds(fine: &Grouping, coarse: &Grouping) -> bool {
    fine.time == coarse.time
        && coarse.dims.iter().all(|d| fine.dims.contains(d))
        && coarse.leaves.iter().all(|l| fine.leaves.contains(l))
        && coarse.scopes.iter().all(|s| fine.scopes.contains(s))
}
