//! Classical ECG analysis: measurements, and the statements that follow from them by rule.

use super::{Analysis, Demographics, MedianBeatView, excerpt::Excerpt, input::Stretch, signals::Prepared};
use crate::{
    recording::{BeatLabel, LeadName, Recording, SampleIndex},
    signal::{
        criteria::{self, CriteriaInput, PacingFacts, RhythmFacts, agreement},
        features::{RecordFeatures, rr_features, rr_intervals},
        hrv::{HrvInput, SEGMENT_S, hrv},
        measurements::{MeasureInput, MeasureLead, Measured, Measurements, measure, rr_range},
        quality::{Exchange, PauseCause},
        spikes::{self, Before},
        stretches,
        waves::Waves,
    },
};
use std::ops::Range;

/// With fewer normal beats than this the median beat is made of whatever beats there are.
const LEAST_NORMAL: usize = 3;

/// What the rules are told beside the measurements.
pub struct Rhythm {
    intervals: Vec<Option<f32>>,
    stimuli: Option<Vec<(usize, Before)>>,
    leads: Vec<LeadName>,
}

/// Measures. The beats are classified; `waves` are the excerpt's own.
pub fn measure_all(
    recording: &Recording,
    prepared: &Prepared,
    excerpt: &Excerpt,
    waves: &Waves,
    analysis: &mut Analysis,
) -> Rhythm {
    let stimuli = stimuli(excerpt);
    if stimuli.as_ref().is_some_and(|found| !found.is_empty()) {
        // Paced atria or ventricles turn limb leads over as exchanged electrodes do.
        analysis.quality.suspected.retain(|suspicion| matches!(suspicion.exchange, Exchange::Chest(..)));
    }
    let whole = Stretch::of(prepared, 0..usize::MAX, false);
    let slices = whole.slices();
    let input = whole.features(&slices, prepared);
    let intervals = rr_intervals(&input);
    let mut made = measured(excerpt, waves, analysis);
    if excerpt.pieces.len() > 1 {
        of_all_beats(&rr_features(&input), &intervals, analysis.beats.len(), &mut made.measurements);
    }
    if recording.duration_s() >= SEGMENT_S {
        made.measurements.0.extend(variability(prepared, &slices, analysis).0);
    }
    analysis.measurements = made.measurements;
    analysis.median_beat = made.median.map(|beats| MedianBeatView { beats, fiducials: made.fiducials });
    Rhythm { intervals, stimuli, leads: excerpt.usable().map(|lead| lead.name.clone()).collect() }
}

/// Judges what was measured, and compares with what the model, which knows nothing of these rules, has answered.
pub fn judge(recording: &Recording, rhythm: &Rhythm, analysis: &mut Analysis) {
    let facts = facts(recording, &rhythm.intervals, analysis, rhythm.stimuli.as_deref());
    let Demographics { age_years, sex } = analysis.demographics;
    let measurements = &analysis.measurements;
    let judged = criteria::judge(&CriteriaInput { measurements, rhythm: &facts, leads: &rhythm.leads, age_years, sex });
    let model: Vec<agreement::ModelFinding<'_>> = (analysis.findings.iter())
        .map(|f| agreement::ModelFinding { task: &f.task, code: &f.code, present: f.present, probability: f.probability })
        .collect();
    analysis.agreement = agreement::compare(&judged, &model);
    analysis.statements = Some(judged.statements);
    analysis.not_judged = judged.not_judged;
}

fn measured(excerpt: &Excerpt, waves: &Waves, analysis: &Analysis) -> crate::signal::measurements::MeasureOutput {
    let leads: Vec<MeasureLead<'_>> = excerpt
        .usable()
        .map(|lead| MeasureLead { name: &lead.name, samples: &lead.samples, calibrated: lead.calibrated })
        .collect();
    let normal: Vec<bool> = excerpt
        .beats
        .iter()
        .map(|number| analysis.beats.get(*number).is_some_and(|beat| matches!(beat.label, None | Some(BeatLabel::N))))
        .collect();
    let enough = normal.iter().filter(|normal| **normal).count() >= LEAST_NORMAL;
    measure(&MeasureInput {
        leads: &leads,
        rate: excerpt.rate,
        peaks: &excerpt.peaks,
        used: enough.then_some(normal.as_slice()),
        waves,
        age_years: analysis.demographics.age_years,
        sex: analysis.demographics.sex,
    })
}

/// The rate of a long recording is that of all its beats, not of an excerpt's.
fn of_all_beats(features: &RecordFeatures, intervals: &[Option<f32>], beats: usize, out: &mut Measurements) {
    // An interval follows the one before it directly where that is known.
    let before = std::iter::once(&None).chain(intervals);
    let known: Vec<(f64, bool)> =
        intervals.iter().zip(before).filter_map(|(rr, before)| Some((f64::from((*rr)?), before.is_some()))).collect();
    let (shortest, longest) = rr_range(&known).unzip();
    let per_minute = |rr: Option<f64>| rr.filter(|rr| *rr > 0.0).map(|rr| 60.0 / rr);
    let ms = |seconds: Option<f32>| seconds.map(|s| 1000.0 * f64::from(s));
    let values = [
        ("heart_rate", per_minute(features.rr_mean_s.map(f64::from)), "bpm"),
        ("heart_rate_min", per_minute(longest), "bpm"),
        ("heart_rate_max", per_minute(shortest), "bpm"),
        ("rr_mean", ms(features.rr_mean_s), "ms"),
        ("rr_sd", ms(features.rr_sd_s), "ms"),
        ("rr_rmssd", ms(features.rr_rmssd_s), "ms"),
        ("rr_pnn50", features.rr_pnn50.map(|share| 100.0 * f64::from(share)), "%"),
    ];
    for (name, value, unit) in values {
        let old = out.0.remove(name);
        let made = match value {
            Some(value) => Measured {
                beats: Some(beats),
                confidence: old.as_ref().and_then(|old| old.confidence),
                limits: old.and_then(|old| old.limits),
                ..Measured::new(value, unit)
            },
            None => Measured::missing(unit, if beats == 0 { "no beats found" } else { "too few RR intervals" }),
        };
        out.0.insert(name.to_owned(), made);
    }
}

/// Heart rate variability over the stretches in which the best lead has a signal.
fn variability(prepared: &Prepared, slices: &[&[f32]], analysis: &Analysis) -> Measurements {
    let joined = slices
        .iter()
        .map(|lead| stretches(lead, (crate::signal::BRIDGED_S * prepared.rate.hz()) as usize))
        .max_by_key(|found| found.iter().map(Range::len).sum::<usize>())
        .unwrap_or_default();
    let normal: Vec<bool> = analysis.beats.iter().map(|beat| beat.label == Some(BeatLabel::N)).collect();
    hrv(&HrvInput { peaks: &prepared.peak_positions(), rate: prepared.rate, normal: &normal, stretches: &joined })
}

/// Pacemaker stimuli with the beats that they precede (numbers of the recording's beats); `None`: at this rate none could be seen.
fn stimuli(excerpt: &Excerpt) -> Option<Vec<(usize, Before)>> {
    if excerpt.rate.hz() < spikes::LEAST_HZ {
        return None;
    }
    let leads: Vec<&[f32]> = excerpt.usable().map(|lead| lead.samples.as_slice()).collect();
    let peaks: Vec<SampleIndex> = excerpt.peaks.iter().map(|peak| SampleIndex(peak.round().max(0.0) as u64)).collect();
    let found = spikes::stimuli(&leads, excerpt.rate, &peaks);
    Some(
        found
            .into_iter()
            .filter_map(|stimulus| {
                let next = peaks.partition_point(|peak| *peak < stimulus.at);
                Some((*excerpt.beats.get(next)?, stimulus.before))
            })
            .collect(),
    )
}

fn pacing(found: &[(usize, Before)], beats: usize) -> PacingFacts {
    let before = |place: Before| {
        let mut marked = vec![false; beats];
        for (beat, _) in found.iter().filter(|(_, before)| *before == place) {
            if let Some(mark) = marked.get_mut(*beat) {
                *mark = true;
            }
        }
        marked
    };
    PacingFacts { spikes: found.len(), atrial: before(Before::P), ventricular: before(Before::Qrs) }
}

/// What the rules are told of the beats.
fn facts(
    recording: &Recording,
    intervals: &[Option<f32>],
    analysis: &Analysis,
    stimuli: Option<&[(usize, Before)]>,
) -> RhythmFacts {
    let count = analysis.beats.len();
    let (mut p_present, mut pr) = (vec![None; count], vec![None; count]);
    for waves in analysis.waves.iter().flat_map(|waves| &waves.global) {
        if let (Some(qrs), Some(seen), Some(interval)) = (waves.qrs, p_present.get_mut(waves.beat), pr.get_mut(waves.beat)) {
            *seen = Some(waves.p.is_some());
            *interval = waves.p.map(|p| 1000.0 * (qrs.onset - p.onset) / recording.rate.hz());
        }
    }
    let silent = analysis.quality.pauses.iter().filter(|pause| pause.cause == PauseCause::NoQrs);
    let silences = silent.map(|pause| pause.range.len() as f64 / recording.rate.hz());
    let rr: Vec<Option<f64>> = intervals.iter().map(|rr| rr.map(f64::from)).collect();
    RhythmFacts {
        longest_without_beat: rr.iter().flatten().copied().chain(silences).reduce(f64::max),
        rr,
        labels: analysis.beats.iter().map(|beat| beat.label).collect(),
        p_present,
        pr,
        pacing: stimuli.map(|found| pacing(found, count)),
    }
}
