//! Asking the beat model: every beat's class, or one beat with its evidence.

use super::{
    Analysis, AnalysisError, Evidence, Finding, Refusal,
    analyzer::{Context, cancelled, finding, plain, used},
    best_leads::worse,
    input::Stretch,
    noisy_beats::NoisySeconds,
    signals::Prepared,
};
use crate::{
    model::{BeatInput, BeatModel, Detail, LeadSamples, TaskAnswer},
    recording::{BeatLabel, SampleIndex, SampleRange},
    signal::features::{BEAT_FEATURES, BeatFeatures, beat_features},
};
use std::{collections::BTreeMap, sync::Arc};

/// Further than this from every detected beat a place is no beat, in seconds.
const SAME_BEAT_S: f64 = 0.06;

/// What the model is told of each beat.
struct Question<'a> {
    leads: Vec<LeadSamples<'a>>,
    columns: BTreeMap<&'static str, usize>,
    values: Vec<[Option<f32>; BEAT_FEATURES.len()]>,
    noisy: NoisySeconds,
}

impl<'a> Question<'a> {
    /// Chooses the leads and measures the beats on them; the error is the reason why the leads do not do.
    fn of(model: &BeatModel, stretch: &'a Stretch<'a>, prepared: &Prepared, context: &Context<'_>) -> Result<Self, Unasked> {
        let names: Vec<_> = stretch.leads.iter().map(|(name, _)| *name).collect();
        let seconds = prepared.recording_rate.seconds(SampleIndex(prepared.range.len()));
        let rows = model
            .choose_leads(&names, &worse(&names, &prepared.quality, seconds))
            .map_err(|error| Unasked::Leads(plain(&error.to_string(), stretch)))?;
        let noisy = NoisySeconds::of(
            &rows.iter().filter_map(|row| prepared.quality.leads.get(&names.get(*row)?.to_string())).collect::<Vec<_>>(),
        );
        let leads: Vec<LeadSamples<'_>> =
            rows.iter().filter_map(|row| stretch.leads.get(*row)).map(|(lead, samples)| LeadSamples { lead, samples }).collect();
        let slices: Vec<&[f32]> = leads.iter().map(|lead| lead.samples).collect();
        context.progress.report("comparing beats", 0.0).map_err(|stop| Unasked::Failed(stop.into()))?;
        let features: Vec<BeatFeatures> = beat_features(&stretch.features(&slices, prepared));
        let columns = BEAT_FEATURES.iter().enumerate().map(|(i, feature)| (feature.name, i)).collect();
        Ok(Self { leads, columns, values: features.iter().map(BeatFeatures::values).collect(), noisy })
    }

    fn feature(&self, beat: usize, name: &str) -> Option<f32> {
        *self.values.get(beat)?.get(*self.columns.get(name)?)?
    }
}

/// Why the model was not asked.
enum Unasked {
    /// The leads do not do.
    Leads(String),
    /// Cancelled.
    Failed(AnalysisError),
}

/// Gives every beat its class.
pub(super) fn classify_beats(
    model: &BeatModel,
    prepared: &Prepared,
    context: &Context<'_>,
    analysis: &mut Analysis,
) -> Result<(), AnalysisError> {
    if analysis.beats.is_empty() {
        analysis.refused.push(Refusal { task: "beats".to_owned(), reason: "no beats found".to_owned() });
        return Ok(());
    }
    let stretch = Stretch::of(prepared, 0..usize::MAX, false);
    let question = match Question::of(model, &stretch, prepared, context) {
        Ok(question) => question,
        Err(Unasked::Leads(reason)) => {
            analysis.refused.push(Refusal { task: "beats".to_owned(), reason });
            return Ok(());
        }
        Err(Unasked::Failed(error)) => return Err(error),
    };
    let total = stretch.peaks.len().max(1) as f32;
    let output = model
        .infer(
            &BeatInput {
                leads: question.leads.clone(),
                peaks: &stretch.peaks,
                feature: &|beat, name| question.feature(beat, name),
            },
            Detail::Summary,
            &|| context.progress.is_cancelled(),
            &mut |done| {
                // The wish to stop is seen through the cancel flag.
                let _ = context.progress.report("classifying beats", done as f32 / total);
            },
        )
        .map_err(cancelled)?;
    let labels: Vec<Option<BeatLabel>> =
        output.codes.iter().map(|code| BeatLabel::ALL.into_iter().find(|label| label.letter() == code)).collect();
    if let Some((count, reason)) = output.unfamiliar {
        let of = format!("{count} of {} beats not classified: {reason}", analysis.beats.len());
        analysis.refused.push(Refusal { task: "beats".to_owned(), reason: of });
    }
    let mut in_noise = 0;
    for (beat, answer) in analysis.beats.iter_mut().zip(output.beats) {
        if let Some(answer) = answer {
            if question.noisy.around(prepared.position(beat.sample) / prepared.rate.hz()) {
                in_noise += 1;
                continue;
            }
            beat.label = labels.get(answer.class).copied().flatten();
            beat.probability = Some(answer.probability);
            beat.uncertain = answer.uncertain;
        }
    }
    if in_noise > 0 {
        let reason = format!("{in_noise} of {} beats not classified: noise in every lead", analysis.beats.len());
        analysis.refused.push(Refusal { task: "beats".to_owned(), reason });
    }
    analysis.models.push(used(model.card()));
    Ok(())
}

/// One beat's classes, each with its evidence.
pub(super) fn beat_findings(
    model: &BeatModel,
    prepared: &Prepared,
    beat: SampleIndex,
    context: &Context<'_>,
) -> Result<Vec<Finding>, AnalysisError> {
    let refused = |reason: &str| AnalysisError::NotAnswered { reason: reason.to_owned() };
    let stretch = Stretch::of(prepared, 0..usize::MAX, false);
    let wanted = prepared.position(beat);
    let distance = |peak: &f64| (peak - wanted).abs();
    let near = stretch.peaks.iter().enumerate().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
    let (number, peak) = near
        .map(|(number, peak)| (number, *peak))
        .filter(|(_, peak)| distance(peak) <= SAME_BEAT_S * prepared.rate.hz())
        .ok_or_else(|| refused("no beat was found there"))?;
    let question = Question::of(model, &stretch, prepared, context).map_err(|unasked| match unasked {
        Unasked::Leads(reason) => AnalysisError::NotAnswered { reason },
        Unasked::Failed(error) => error,
    })?;
    if question.noisy.around(peak / prepared.rate.hz()) {
        return Err(refused("noise in every lead"));
    }
    let input = BeatInput { leads: question.leads.clone(), peaks: &[peak], feature: &|_, name| question.feature(number, name) };
    let output = model.infer(&input, Detail::Full, &|| context.progress.is_cancelled(), &mut |_| {}).map_err(cancelled)?;
    let Some(Some(answer)) = output.beats.into_iter().next() else {
        let reason = output.unfamiliar.map_or_else(|| "no valid signal around the beat".to_owned(), |(_, reason)| reason);
        return Err(AnalysisError::NotAnswered { reason });
    };
    let rate = prepared.recording_rate.hz();
    let begin = prepared.range.start.0 as f64 + ((peak + 0.5).floor() / prepared.rate.hz() - output.before_s) * rate;
    let task = TaskAnswer {
        task: output.task,
        leads: output.leads,
        tokens: output.tokens,
        token_s: output.token_s,
        classes: answer.classes,
    };
    let place = SampleRange::new(begin.round().max(0.0) as u64, context.recording.length);
    let classes = task.classes.iter().map(|class| finding(model.card(), &task, class, place, rate, Detail::Full));
    Ok(classes
        .map(|mut finding| {
            finding.exclusive = true;
            if begin < 0.0 {
                finding.evidence = finding.evidence.map(|evidence| Arc::new(from_the_beginning(&evidence, begin)));
            }
            finding
        })
        .collect())
}

/// Evidence whose window begins before the recording does: tokens before the first sample, which were masked, are left out, and what little they hold goes
/// to the first one kept, so that the sum stays.
fn from_the_beginning(evidence: &Evidence, begin: f64) -> Evidence {
    let before = ((-begin / evidence.hop).round().max(0.0) as usize).min(evidence.tokens.saturating_sub(1));
    let kept = evidence.tokens - before;
    let values = evidence.values.chunks(evidence.tokens.max(1)).flat_map(|row| {
        let (lost, rest) = row.split_at(before.min(row.len()));
        let mut rest = rest.to_vec();
        if let Some(first) = rest.first_mut() {
            *first += lost.iter().sum::<f32>();
        }
        rest
    });
    Evidence { start: SampleIndex(0), tokens: kept, values: values.collect(), leads: evidence.leads.clone(), ..*evidence }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::LeadName;

    #[test]
    fn what_lies_before_the_recording_is_left_out_and_the_sum_stays() {
        let evidence = Evidence {
            start: SampleIndex(0),
            hop: 10.0,
            leads: ["II", "V1"].map(LeadName::parse).into(),
            tokens: 4,
            values: vec![0.0, 0.25, 1.0, -0.5, 0.0, 0.0, 0.5, 0.25],
        };
        let cut = from_the_beginning(&evidence, -19.0);
        assert_eq!((cut.tokens, cut.values.as_slice()), (2, [1.25, -0.5, 0.5, 0.25].as_slice()));
        assert!((cut.sum() - evidence.sum()).abs() < 1e-6);
    }
}
