//! The features of a recording, as the record models are given them and as `prepare` writes them for training.

use super::{Analysis, Demographics, LeadQuality, input::Stretch, signals::Prepared};
use crate::{
    recording::Recording,
    signal::features::{self, FeatureValues, LeadNoise},
};
use std::sync::Arc;

/// A recording as a model is shown it, and what is known beside the signal.
#[derive(Debug, Clone)]
pub struct Described {
    /// Leads, beats and quality.
    pub prepared: Arc<Prepared>,
    /// Every feature that could be measured, by name.
    pub features: FeatureValues,
}

/// What a stretch of the prepared signal tells by itself.
pub fn of_stretch(stretch: &Stretch<'_>, prepared: &Prepared, person: Demographics, with_beats: bool) -> FeatureValues {
    let slices = stretch.slices();
    let input = stretch.features(&slices, prepared);
    let mut out = features::signal_features(&input, person.age_years, person.sex, with_beats);
    if stretch.uncalibrated {
        out.remove("p_amplitude_mv");
    }
    out
}

/// What is known of a recording as a whole once its waves are delineated and it is measured.
pub fn of_record(recording: &Recording, analysis: &Analysis) -> FeatureValues {
    let mut out = FeatureValues::new();
    if let Some(waves) = &analysis.waves {
        features::wave_marks(&waves.global, recording.rate, &mut out);
    }
    let seconds = recording.duration_s().ceil() as usize;
    let usable = analysis.quality.leads.values().filter(|lead| lead.usable);
    let leads: Vec<LeadNoise> = usable
        .map(|lead| LeadNoise { numbers: lead.numbers, valid: lead.valid, problems: share_of_problems(lead, seconds) })
        .collect();
    features::noise(&leads, &mut out);
    features::measurements(&analysis.measurements, &mut out);
    out
}

/// Share of a lead's seconds in which something is wrong, however many things.
fn share_of_problems(lead: &LeadQuality, seconds: usize) -> f32 {
    let mut spans: Vec<(usize, usize)> =
        lead.problems.iter().map(|span| (span.start as usize, (span.end as usize).min(seconds))).collect();
    spans.sort_unstable();
    let (mut bad, mut seen) = (0, 0);
    for (start, end) in spans {
        bad += end.saturating_sub(start.max(seen));
        seen = seen.max(end);
    }
    bad as f32 / seconds.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::quality::{LeadNumbers, Problem, ProblemSpan};

    #[test]
    fn a_second_with_two_problems_counts_once() {
        let span = |problem, start, end| ProblemSpan { problem, start, end };
        let lead = LeadQuality {
            usable: true,
            valid: 1.0,
            flat: false,
            notes: Vec::new(),
            numbers: LeadNumbers::default(),
            problems: vec![span(Problem::Wander, 1, 4), span(Problem::Noise, 3, 5), span(Problem::Mains, 9, 11)],
        };
        assert_eq!(share_of_problems(&lead, 10), 0.5);
    }
}
