//! Calipers kept with the review: they come back with the recording, undo takes them back, and the trail has them.
//!
//! The window's list is what is seen and dragged; the review is told when a caliper is let go. A confirmed review is not changed by measuring on it: what is
//! set then measures and is not kept, which is said.

use super::deeds::{Deed, act};
use crate::{
    app::{state::State, update::Effect},
    recording::Caliper,
    review::{CaliperId, Command, Content},
};

/// The calipers as the window and the review last agreed on them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kept {
    list: Vec<(CaliperId, Caliper)>,
}

impl Kept {
    /// The calipers of a review; what another program wrote and cannot be read stays in the review and is not shown.
    fn of(content: &Content) -> Self {
        let read = |(id, value): (&CaliperId, &serde_json::Value)| {
            serde_json::from_value::<Caliper>(value.clone()).ok().filter(Caliper::is_sane).map(|caliper| (*id, caliper))
        };
        Self { list: content.calipers.iter().filter_map(read).collect() }
    }

    fn calipers(&self) -> Vec<Caliper> {
        self.list.iter().map(|(_, caliper)| caliper.clone()).collect()
    }

    /// The edits that make the review's list `now`. A list differs in one way at a time: one was moved, one added, some deleted.
    fn edits(&self, now: &[Caliper]) -> Vec<(Option<CaliperId>, Option<serde_json::Value>)> {
        let value = |caliper: &Caliper| serde_json::to_value(caliper).ok();
        let mut edits = Vec::new();
        if now.len() >= self.list.len() {
            for ((id, before), after) in self.list.iter().zip(now) {
                if before != after {
                    edits.extend(value(after).map(|value| (Some(*id), Some(value))));
                }
            }
            edits.extend(now.iter().skip(self.list.len()).filter_map(value).map(|value| (None, Some(value))));
        } else {
            let mut left = now.iter().peekable();
            for (id, before) in &self.list {
                if left.next_if(|after| *after == before).is_none() {
                    edits.push((Some(*id), None));
                }
            }
            edits.extend(left.filter_map(value).map(|value| (None, Some(value))));
        }
        edits
    }
}

/// A caliper was let go, set, changed or deleted: the review is told.
pub(in crate::app) fn keep(state: &mut State, out: &mut Vec<Effect>) {
    let Some(review) = state.desk.review() else { return };
    let edits = state.desk.calipers.edits(&state.tools.calipers.list);
    if edits.is_empty() {
        return;
    }
    if review.state().is_confirmed() {
        state.desk.said = Some(state.words().review.said.measures_only.clone());
        return;
    }
    act(state, Deed::Perform(Command::Calipers(edits)), None, out);
}

/// The review changed: where its calipers did, the page shows them.
pub(super) fn show(state: &mut State) {
    let Some(now) = state.desk.review().map(|review| Kept::of(review.content())) else { return };
    if now == state.desk.calipers {
        return;
    }
    // What was set on a confirmed review, or before the review was open, is not its own and stays.
    let own = state.desk.calipers.calipers();
    let calipers = &mut state.tools.calipers;
    let local: Vec<Caliper> = if calipers.held { Vec::new() } else { calipers.list.iter().skip(own.len()).cloned().collect() };
    let agreed = calipers.list.iter().take(own.len()).eq(own.iter());
    let mut list = now.calipers();
    if agreed && !local.is_empty() && !local.iter().any(|caliper| list.contains(caliper)) {
        list.extend(local);
    }
    calipers.chosen = calipers.chosen.filter(|index| *index < list.len());
    calipers.list = list;
    calipers.of = state.opened.as_ref().map(|opened| opened.recording.path.clone());
    state.desk.calipers = now;
}

/// The review was opened: calipers that were set before are kept now.
pub(super) fn opened(state: &mut State, out: &mut Vec<Effect>) {
    show(state);
    if !state.tools.calipers.held && state.desk.review().is_some_and(|review| !review.state().is_confirmed()) {
        keep(state, out);
    }
}

/// Another person reviews: what the review keeps for this one leaves the page with it.
pub(super) fn leave(state: &mut State) {
    let own = state.desk.calipers.calipers();
    state.tools.calipers.list.retain(|caliper| !own.contains(caliper));
    (state.tools.calipers.chosen, state.tools.calipers.held) = (None, false);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{CaliperKind, CaliperPoint, LeadName, SampleIndex};

    fn caliper(from: u64) -> Caliper {
        let point = |at| CaliperPoint { at: SampleIndex(at), millivolts: 0.0 };
        Caliper {
            kind: CaliperKind::Interval,
            lead: LeadName::parse("II"),
            calibrated: true,
            from: point(from),
            to: point(from + 50),
        }
    }

    #[test]
    fn what_changed_is_found() {
        let kept = Kept { list: vec![(CaliperId(3), caliper(0)), (CaliperId(5), caliper(100)), (CaliperId(6), caliper(200))] };
        let ids = |now: &[Caliper]| {
            kept.edits(now).into_iter().map(|(id, value)| (id.map(|id| id.0), value.is_some())).collect::<Vec<_>>()
        };
        assert_eq!(ids(&kept.calipers()), []);
        assert_eq!(ids(&[caliper(0), caliper(100), caliper(200), caliper(300)]), [(None, true)]);
        assert_eq!(ids(&[caliper(0), caliper(101), caliper(200)]), [(Some(5), true)]);
        assert_eq!(ids(&[caliper(0), caliper(200)]), [(Some(5), false)]);
        assert_eq!(ids(&[]), [(Some(3), false), (Some(5), false), (Some(6), false)]);
    }
}
