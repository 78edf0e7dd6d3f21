//! Where the page's leads lie on the screen: from points to time and level and back, for tools that are drawn over the traces.

use super::paint;
use crate::{
    app::state::State,
    layout::Shows,
    recording::{LeadName, SampleIndex},
};
use egui::{Pos2, Rect, pos2};

/// One lead's place on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Number of the lead in the recording.
    pub index: usize,
    /// Its name.
    pub lead: LeadName,
    /// Drawn turned over, as -aVR. Levels are the lead's own all the same.
    pub inverted: bool,
    /// It has a scale in millivolts.
    pub calibrated: bool,
    /// Where it lies, in points of the screen.
    pub rect: Rect,
    /// Where its centre (see [`Self::centre`]) lies.
    pub baseline: f32,
    /// Level in millivolts that is drawn at the baseline.
    pub centre: f32,
    /// Seconds of the recording at the left edge.
    pub start_s: f64,
    /// Points a second takes.
    pub px_per_s: f32,
    /// Points a millivolt takes.
    pub px_per_mv: f32,
    /// Points a millimetre of paper takes.
    pub px_per_mm: f32,
    /// The recording's rate in hertz.
    pub rate_hz: f64,
    /// The recording's last sample.
    pub last: SampleIndex,
}

impl Place {
    /// The lead's name; one that is drawn turned over has a minus.
    pub fn name(&self) -> String {
        format!("{}{}", if self.inverted { "−" } else { "" }, self.lead)
    }

    /// Where a sample lies along x; it may be outside of the place.
    pub fn x_of(&self, at: SampleIndex) -> f32 {
        self.x_at(at.0 as f64)
    }

    /// Where a position between samples lies along x.
    pub fn x_at(&self, sample: f64) -> f32 {
        self.rect.left() + ((sample / self.rate_hz - self.start_s) * f64::from(self.px_per_s)) as f32
    }

    /// Where a level lies along y.
    pub fn y_of(&self, millivolts: f32) -> f32 {
        self.baseline - self.upward() * (millivolts - self.centre) * self.px_per_mv
    }

    /// Time and level at a point, held within the place's stretch of time and the recording.
    pub fn at(&self, point: Pos2) -> (SampleIndex, f32) {
        let x = point.x.clamp(self.rect.left(), self.rect.right());
        let second = self.start_s + f64::from(x - self.rect.left()) / f64::from(self.px_per_s);
        let sample = SampleIndex((second * self.rate_hz).round().clamp(0.0, self.last.0 as f64) as u64);
        (sample, self.centre + self.upward() * (self.baseline - point.y) / self.px_per_mv)
    }

    /// 1 where positive levels are drawn upward, -1 where downward.
    fn upward(&self) -> f32 {
        if self.inverted { -1.0 } else { 1.0 }
    }

    /// Whether a sample lies within its stretch of time.
    pub fn shows(&self, at: SampleIndex) -> bool {
        let x = self.x_of(at);
        (self.rect.left() - 0.5..=self.rect.right() + 0.5).contains(&x)
    }

    /// The point of time and level.
    pub fn point(&self, at: SampleIndex, millivolts: f32) -> Pos2 {
        pos2(self.x_of(at), self.y_of(millivolts))
    }
}

/// All places of the page that lies at `page` on the screen; a lead that also stands in a rhythm strip has two. None on a page of median
/// beats: that shows no time of the recording.
pub fn places(state: &State, page: Rect) -> Vec<Place> {
    let Some(opened) = &state.opened else { return Vec::new() };
    let (geometry, layout) = (state.geometry(), state.layout());
    if layout.shows == Shows::MedianBeats {
        return Vec::new();
    }
    let recording = &opened.recording;
    let start_s = recording.rate.seconds(state.view.start);
    paint::cells(state, &geometry, &layout, page, start_s)
        .into_iter()
        .map(|cell| Place {
            index: cell.lead,
            lead: cell.signal.lead.clone(),
            inverted: cell.inverted,
            calibrated: cell.signal.calibrated,
            rect: cell.rect,
            baseline: cell.baseline,
            centre: paint::centre_of(state, cell.signal, cell.lead),
            start_s: cell.start_s,
            px_per_s: geometry.px_per_s,
            px_per_mv: geometry.px_per_mv,
            px_per_mm: geometry.px_per_mm,
            rate_hz: recording.rate.hz(),
            last: SampleIndex(recording.length.saturating_sub(1)),
        })
        .collect()
}

/// The place a point lies in.
pub fn under(places: &[Place], point: Pos2) -> Option<&Place> {
    places.iter().find(|place| place.rect.contains(point))
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;

    #[test]
    fn points_and_samples_are_one_another() {
        let place = Place {
            index: 0,
            lead: LeadName::parse("II"),
            inverted: false,
            calibrated: true,
            rect: Rect::from_min_size(pos2(40.0, 10.0), vec2(500.0, 100.0)),
            baseline: 60.0,
            centre: 0.1,
            start_s: 2.0,
            px_per_s: 100.0,
            px_per_mv: 40.0,
            px_per_mm: 4.0,
            rate_hz: 500.0,
            last: SampleIndex(4999),
        };
        let (at, level) = place.at(pos2(140.0, 20.0));
        assert_eq!(at, SampleIndex(1500));
        assert!((level - 1.1).abs() < 1e-5);
        assert_eq!(place.point(at, level), pos2(140.0, 20.0));
        assert_eq!(place.at(pos2(9999.0, 20.0)).0, SampleIndex(3500), "held within the place");
        let turned = Place { inverted: true, ..place.clone() };
        assert!((turned.at(pos2(140.0, 20.0)).1 + 0.9).abs() < 1e-5, "what is drawn upward is negative");
        assert_eq!(turned.y_of(-0.9), 20.0);
        assert!(place.shows(SampleIndex(1000)) && !place.shows(SampleIndex(900)));
    }
}
