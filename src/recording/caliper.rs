//! Calipers: what a reader measures by hand on the page.

use super::{LeadName, Rate, SampleIndex, SampleRange};
use serde::{Deserialize, Serialize};

/// What a caliper measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaliperKind {
    /// The time between its ends.
    #[default]
    Interval,
    /// The rate of something that returns after that time.
    Rate,
    /// The difference of level between its ends.
    Amplitude,
    /// The time between its ends, repeated along the strip: does the rhythm march through?
    MarchThrough,
}

impl CaliperKind {
    /// All.
    pub const ALL: [Self; 4] = [Self::Interval, Self::Rate, Self::Amplitude, Self::MarchThrough];

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Interval => "Interval",
            Self::Rate => "Rate",
            Self::Amplitude => "Amplitude",
            Self::MarchThrough => "March-through",
        }
    }

    /// The one after it, the first after the last.
    pub fn next(self) -> Self {
        match self {
            Self::Interval => Self::Rate,
            Self::Rate => Self::Amplitude,
            Self::Amplitude => Self::MarchThrough,
            Self::MarchThrough => Self::Interval,
        }
    }
}

/// One end of a caliper.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CaliperPoint {
    /// When, at the recording's rate.
    pub at: SampleIndex,
    /// Level on the lead's scale: millivolts where the lead is calibrated, its assumed scale where not.
    pub millivolts: f32,
}

/// A caliper on one lead. Its ends are kept as they were set; either may be the earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Caliper {
    /// What it measures.
    pub kind: CaliperKind,
    /// On which lead.
    pub lead: LeadName,
    /// The lead has a scale in millivolts; where not, levels are no amplitudes.
    pub calibrated: bool,
    /// The end that was set first.
    pub from: CaliperPoint,
    /// The other end.
    pub to: CaliperPoint,
}

impl Caliper {
    /// Its levels are numbers.
    pub fn is_sane(&self) -> bool {
        self.from.millivolts.is_finite() && self.to.millivolts.is_finite()
    }

    /// The time between its ends in samples.
    pub fn samples(&self) -> u64 {
        self.from.at.0.abs_diff(self.to.at.0)
    }

    /// The time between its ends in milliseconds.
    pub fn interval_ms(&self, rate: Rate) -> f64 {
        self.samples() as f64 / rate.hz() * 1e3
    }

    /// Beats a minute of what returns after that time; `None` where both ends are at the same time.
    pub fn rate_bpm(&self, rate: Rate) -> Option<f64> {
        (self.samples() > 0).then(|| 60_000.0 / self.interval_ms(rate))
    }

    /// The second end's level above the first's, in millivolts; `None` on an uncalibrated lead: its levels are no millivolts.
    pub fn amplitude_mv(&self) -> Option<f32> {
        let difference = self.to.millivolts - self.from.millivolts;
        (self.calibrated && difference.is_finite()).then_some(difference)
    }

    /// Where a march-through falls within `range`: its ends and what lies whole intervals from them, ascending. None where both ends are at the same
    /// time, and none where there would be more than `most`.
    pub fn marches(&self, range: SampleRange, most: usize) -> Vec<SampleIndex> {
        let step = self.samples();
        if step == 0 || range.is_empty() || range.len() / step > most as u64 {
            return Vec::new();
        }
        let anchor = self.from.at.0.min(self.to.at.0);
        let behind = anchor.abs_diff(range.start.0);
        let first = if anchor >= range.start.0 {
            anchor - behind / step * step
        } else {
            anchor.saturating_add(behind.div_ceil(step).saturating_mul(step))
        };
        std::iter::successors(Some(first), |at| at.checked_add(step))
            .take_while(|at| *at < range.end.0)
            .map(SampleIndex)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn caliper(from: u64, to: u64) -> Caliper {
        let point = |at, millivolts| CaliperPoint { at: SampleIndex(at), millivolts };
        Caliper {
            kind: CaliperKind::Interval,
            lead: LeadName::parse("II"),
            calibrated: true,
            from: point(from, 0.25),
            to: point(to, -0.5),
        }
    }

    #[test]
    fn times_rates_and_amplitudes_are_those_of_the_paper() {
        // 400 samples at 500 Hz: 800 ms, 75 a minute; 20 large squares.
        for caliper in [caliper(1000, 1400), caliper(1400, 1000)] {
            assert!((caliper.interval_ms(Rate::HZ_500) - 800.0).abs() < 1e-9);
            assert!((caliper.rate_bpm(Rate::HZ_500).expect("apart") - 75.0).abs() < 1e-9);
        }
        assert_eq!(caliper(1000, 1400).amplitude_mv(), Some(-0.75));
        assert_eq!(caliper(7, 7).rate_bpm(Rate::HZ_500), None);
    }

    #[test]
    fn an_uncalibrated_lead_has_no_amplitude() {
        assert_eq!(Caliper { calibrated: false, ..caliper(0, 10) }.amplitude_mv(), None);
        let wild = Caliper { to: CaliperPoint { at: SampleIndex(1), millivolts: f32::INFINITY }, ..caliper(0, 10) };
        assert_eq!(wild.amplitude_mv(), None);
    }

    #[test]
    fn marching_goes_both_ways_from_the_ends() {
        let marches = caliper(1000, 1400).marches(SampleRange::new(150, 2300), 100);
        assert_eq!(marches.iter().map(|at| at.0).collect::<Vec<_>>(), [200, 600, 1000, 1400, 1800, 2200]);
        let later = caliper(1000, 1400).marches(SampleRange::new(1500, 2300), 100);
        assert_eq!(later.iter().map(|at| at.0).collect::<Vec<_>>(), [1800, 2200]);
        assert!(caliper(5, 5).marches(SampleRange::new(0, 100), 100).is_empty());
        assert!(caliper(5, 6).marches(SampleRange::new(0, u64::MAX), 100).is_empty(), "never without end");
    }

    #[test]
    fn a_caliper_can_be_written_down_and_read_again() {
        let written = serde_json::to_string(&caliper(3, 9)).expect("plain data");
        assert_eq!(serde_json::from_str::<Caliper>(&written).expect("the same"), caliper(3, 9));
    }

    proptest! {
        #[test]
        fn marches_lie_in_the_range_and_a_whole_number_of_steps_from_the_ends(
            from in 0u64..5000, to in 0u64..5000, start in 0u64..5000, length in 0u64..5000
        ) {
            let caliper = caliper(from, to);
            let range = SampleRange::new(start, start + length);
            for at in caliper.marches(range, 10_000) {
                prop_assert!(range.contains(at));
                prop_assert_eq!(at.0.abs_diff(from) % caliper.samples(), 0);
            }
        }
    }
}
