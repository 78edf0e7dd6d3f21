//! Beats' letters over the rhythm strip.

use super::geometry::Geometry;
use crate::app::{
    review::look::{self, Mark},
    state::State,
};
use egui::{Color32, FontId, Galley, Painter, Rect, Stroke, StrokeKind, pos2};
use std::sync::Arc;

/// A beat's mark and letter over the rhythm strip.
pub(super) struct BeatMark {
    /// Of the R peak.
    pub x: f32,
    pub rect: Rect,
    pub galley: Arc<Galley>,
    pub colour: Color32,
    pub normal: bool,
    /// What a person did.
    pub mark: Mark,
    /// There is room for the letter; the tick is drawn always.
    pub shown: bool,
}

impl BeatMark {
    /// Draws what a person did: a frame around a corrected label, a line below an accepted one. The tick tells where the letter has no room.
    pub fn decision(&self, painter: &Painter, bottom: f32) {
        match (self.mark, self.shown) {
            (Mark::None, _) => {}
            (Mark::Corrected, true) => {
                let frame = self.rect.expand2(egui::vec2(2.5, -0.5));
                painter.rect_stroke(frame, 2.0, Stroke::new(1.4, self.colour), StrokeKind::Inside);
            }
            (Mark::Accepted, true) => {
                let y = self.rect.bottom() - 0.5;
                painter.hline(self.rect.left() - 1.0..=self.rect.right() + 1.0, y, Stroke::new(1.4, self.colour));
            }
            (_, false) => {
                painter.circle_stroke(pos2(self.x, bottom - 9.0), 2.5, Stroke::new(1.2, self.colour));
            }
        }
    }
}

/// Letters over the rhythm strip; those that would touch another are left out, normal beats before others.
pub(super) fn beats(painter: &Painter, state: &State, g: &Geometry, page: Rect) -> Vec<BeatMark> {
    let Some(recording) = state.recording() else { return Vec::new() };
    let bottom = page.top() + g.beat_lane_top() + g.beat_lane;
    let start_s = recording.rate.seconds(state.view.start);
    let mut marks: Vec<BeatMark> = look::shown(state, state.visible())
        .into_iter()
        .map(|beat| {
            let x = page.left() + g.left + ((recording.rate.seconds(beat.sample) - start_s) * f64::from(g.px_per_s)) as f32;
            let font = FontId::proportional(if beat.normal { 11.5 } else { 15.0 });
            let shown = !beat.text.is_empty();
            let galley = painter.layout_no_wrap(beat.text, font, beat.colour);
            let size = galley.size();
            let rect = Rect::from_min_size(pos2(x - 0.5 * size.x, bottom - 4.0 - size.y), size);
            BeatMark { x, rect, galley, colour: beat.colour, normal: beat.normal, mark: beat.mark, shown }
        })
        .collect();
    let wanted: Vec<(f32, f32, bool)> =
        marks.iter().filter(|mark| mark.shown).map(|mark| (mark.rect.left(), mark.rect.right(), mark.normal)).collect();
    let room = with_room(&wanted);
    for (mark, room) in marks.iter_mut().filter(|mark| mark.shown).zip(room) {
        mark.shown = room;
    }
    marks
}

/// Which labels (left edge, right edge, of a normal beat; in order of time) can be drawn without touching one another. Labels of
/// beats that are not normal take their place first.
fn with_room(labels: &[(f32, f32, bool)]) -> Vec<bool> {
    const GAP: f32 = 2.0;
    let mut shown = vec![false; labels.len()];
    let mut free_from = f32::NEG_INFINITY;
    for (index, (left, right, normal)) in labels.iter().enumerate() {
        if !normal && *left >= free_from {
            shown[index] = true;
            free_from = right + GAP;
        }
    }
    let mut free_from = f32::NEG_INFINITY;
    let mut next_taken = 0;
    for (index, (left, right, _)) in labels.iter().enumerate() {
        if shown[index] {
            free_from = right + GAP;
            continue;
        }
        next_taken = next_taken.max(index);
        while next_taken < labels.len() && (!shown[next_taken] || labels[next_taken].2) {
            next_taken += 1;
        }
        let until = labels.get(next_taken).map_or(f32::INFINITY, |label| label.0);
        if *left >= free_from && right + GAP <= until {
            shown[index] = true;
            free_from = right + GAP;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ectopic_beats_take_their_place_first() {
        let labels = [(0.0, 8.0, true), (6.0, 16.0, false), (15.0, 23.0, true), (18.5, 26.5, true), (40.0, 50.0, false)];
        assert_eq!(with_room(&labels), [false, true, false, true, true]);
    }

    proptest! {
        #[test]
        fn shown_labels_never_touch_and_no_ectopic_gives_way_to_a_normal_one(
            steps in proptest::collection::vec((0.0f32..30.0, proptest::bool::ANY), 0..60)
        ) {
            let mut x = 0.0;
            let labels: Vec<_> = steps
                .into_iter()
                .map(|(step, normal)| {
                    x += step;
                    let half = if normal { 4.0 } else { 5.5 };
                    (x - half, x + half, normal)
                })
                .collect();
            let shown = with_room(&labels);
            let drawn: Vec<_> = labels.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(label, _)| *label).collect();
            prop_assert!(drawn.windows(2).all(|pair| pair[0].1 <= pair[1].0));
            let ectopic: Vec<_> = labels.iter().filter(|label| !label.2).copied().collect();
            let alone = with_room(&ectopic).iter().filter(|shown| **shown).count();
            prop_assert_eq!(drawn.iter().filter(|label| !label.2).count(), alone);
        }
    }
}
