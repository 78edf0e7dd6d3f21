//! Where the waves of an excerpt begin and end: the wave model asked window by window.

use super::{
    AnalysisError, Progress,
    excerpt::{Excerpt, ExcerptLead},
    input::scaled,
    signals::shown_all,
};
use crate::{
    model::{LeadSamples, WaveModel},
    recording::Rate,
    signal::waves::{BeatWaves, LeadWaves, Shares, Wave, Waves, global_waves, lead_waves, settle_p},
};
use std::ops::Range;

/// The model sees this much at once, and more on either side.
const WINDOW_S: f64 = 10.0;
const CONTEXT_S: f64 = 1.5;

/// Delineates the beats in the cores of an excerpt. Positions are the excerpt's, beat numbers index [`Excerpt::peaks`].
///
/// # Errors
/// When the model fails, or when cancelled.
pub fn delineate(model: &WaveModel, excerpt: &Excerpt, progress: &Progress) -> Result<Waves, AnalysisError> {
    let input = &model.card().input;
    let Some(rate) = Rate::new(input.rate_hz) else { return Ok(Waves::default()) };
    let ratio = rate.hz() / excerpt.rate.hz();
    let usable: Vec<&ExcerptLead> = excerpt.usable().collect();
    let raw: Vec<(&[f32], bool)> = usable.iter().map(|lead| (lead.samples.as_slice(), lead.calibrated)).collect();
    let mut leads = shown_all(&raw, excerpt.rate, rate, (input.band_hz[0], input.band_hz[1]));
    for (lead, _) in leads.iter_mut().zip(&raw).filter(|(_, (_, calibrated))| !calibrated) {
        let peaks: Vec<f64> = excerpt.peaks.iter().map(|peak| peak * ratio).collect();
        *lead = scaled(lead, &peaks, rate.hz()).unwrap_or_else(|| vec![f32::NAN; lead.len()]);
    }
    let mut found: Vec<Vec<BeatWaves>> = vec![Vec::new(); leads.len()];
    let mut global = Vec::new();
    let windows = windows(excerpt, rate);
    for (number, (shown, core)) in windows.iter().enumerate() {
        progress.report("finding waves", number as f32 / windows.len() as f32)?;
        let slices: Vec<&[f32]> =
            leads.iter().map(|lead| lead.get(shown.start..shown.end.min(lead.len())).unwrap_or_default()).collect();
        let asked: Vec<LeadSamples<'_>> =
            usable.iter().zip(&slices).map(|(lead, samples)| LeadSamples { lead: &lead.name, samples }).collect();
        let answer = model.infer(&asked)?;
        let first = excerpt.peaks.partition_point(|peak| peak * ratio < shown.start as f64);
        let peaks: Vec<f64> = (excerpt.peaks.iter().skip(first))
            .map(|peak| peak * ratio - shown.start as f64)
            .take_while(|peak| *peak < shown.len() as f64)
            .collect();
        let mut rows: Vec<Vec<BeatWaves>> = (slices.iter().zip(&answer.leads))
            .map(|(samples, shares)| {
                let shares = Shares { p: &shares.p, qrs: &shares.qrs, t: &shares.t };
                lead_waves(samples, shares, &peaks, rate.hz())
            })
            .collect();
        let all: Vec<&[BeatWaves]> = rows.iter().map(Vec::as_slice).collect();
        let mut over_all = global_waves(&all, peaks.len(), rate.hz());
        settle_p(&mut over_all, &mut rows, &peaks, rate.hz());
        let kept = |waves: &BeatWaves| {
            let peak = excerpt.peaks.get(first + waves.beat).map(|peak| peak * ratio);
            peak.is_some_and(|peak| (core.start as f64..core.end as f64).contains(&peak))
        };
        let placed = |waves: BeatWaves| moved(waves, first, |at| (at + shown.start as f64) / ratio);
        global.extend(over_all.into_iter().filter(kept).map(placed));
        for ((out, row), lead) in found.iter_mut().zip(rows).zip(&usable) {
            out.extend(row.into_iter().filter(kept).map(placed).map(|waves| sharpened(waves, &lead.samples, ratio)));
        }
    }
    let leads = usable.iter().zip(found).map(|(lead, beats)| LeadWaves { lead: lead.name.clone(), beats }).collect();
    Ok(Waves { global, leads })
}

/// The same waves with the recording's positions and beat numbers.
pub fn in_recording(waves: &Waves, excerpt: &Excerpt) -> Waves {
    let placed = |beats: &[BeatWaves]| {
        let numbered = |waves: &BeatWaves| {
            let beat = *excerpt.beats.get(waves.beat)?;
            Some(BeatWaves { beat, ..moved(*waves, 0, |at| excerpt.in_recording(at)) })
        };
        beats.iter().filter_map(numbered).collect()
    };
    Waves {
        global: placed(&waves.global),
        leads: waves.leads.iter().map(|lead| LeadWaves { lead: lead.lead.clone(), beats: placed(&lead.beats) }).collect(),
    }
}

fn moved(waves: BeatWaves, first: usize, at: impl Fn(f64) -> f64) -> BeatWaves {
    let wave = |wave: Wave| Wave { onset: at(wave.onset), peak: at(wave.peak), offset: at(wave.offset) };
    BeatWaves { beat: waves.beat + first, p: waves.p.map(wave), qrs: waves.qrs.map(wave), t: waves.t.map(wave) }
}

/// The same waves with their peaks on the samples as recorded: the model's have another rate.
fn sharpened(waves: BeatWaves, lead: &[f32], ratio: f64) -> BeatWaves {
    let value = |at: f64| lead.get(at.round().max(0.0) as usize).copied().filter(|v| v.is_finite());
    let sharp = |wave: Wave| {
        let (Some(from), Some(to), Some(here)) = (value(wave.onset), value(wave.offset), value(wave.peak)) else { return wave };
        let share = ((wave.peak - wave.onset) / (wave.offset - wave.onset).max(1e-9)) as f32;
        let sign = (here - (from + (to - from) * share)).signum();
        let reach = (1.5 / ratio).max(1.0);
        let around = (wave.peak - reach).max(wave.onset).ceil().max(0.0) as usize
            ..=(wave.peak + reach).min(wave.offset).floor().max(0.0) as usize;
        let best = around.filter_map(|at| Some((at, sign * lead.get(at).copied().filter(|v| v.is_finite())?)));
        let best = best.max_by(|a, b| a.1.total_cmp(&b.1));
        Wave { peak: best.map_or(wave.peak, |(at, _)| at as f64), ..wave }
    };
    BeatWaves { p: waves.p.map(sharp), qrs: waves.qrs.map(sharp), t: waves.t.map(sharp), ..waves }
}

/// What the model is shown and what is kept of its answer, in samples at the model's rate.
fn windows(excerpt: &Excerpt, rate: Rate) -> Vec<(Range<usize>, Range<usize>)> {
    let ratio = rate.hz() / excerpt.rate.hz();
    let (window, context) = ((WINDOW_S * rate.hz()) as usize, (CONTEXT_S * rate.hz()) as usize);
    let mut out = Vec::new();
    for piece in &excerpt.pieces {
        let at = |sample: usize| (sample as f64 * ratio).round() as usize;
        let all = at(piece.at)..at(piece.at + piece.range.len() as usize);
        let core = at(piece.core.start)..at(piece.core.end);
        let mut start = core.start;
        while start < core.end {
            // A short remainder joins the last window.
            let end = if start + window + window / 2 >= core.end { core.end } else { start + window };
            out.push((start.saturating_sub(context).max(all.start)..(end + context).min(all.end), start..end));
            start = end;
        }
    }
    out
}
