//! The pipeline.

use super::{
    Analysis, AnalysisError, Beat, Demographics, EngineInUse, Evidence, FeatureEvidence, Finding, ModelInUse, Progress, Refusal,
    Timings, WindowFindings,
    beats::{beat_findings, classify_beats},
    classical,
    delineate::{delineate, in_recording},
    described::{self, Described},
    excerpt::{Excerpt, WHOLE_S},
    input::Stretch,
    quality,
    signals::{Prepared, prepared},
    windows,
};
use crate::{
    model::{
        Activation, BeatModel, Card, ClassAnswer, Detail, ModelError, ModelOptions, ModelSet, RecordInput, RecordModel,
        RecordOutput, TaskAnswer, Window,
    },
    recording::{Rate, Recording, SampleIndex, SampleRange},
    signal::{
        criteria::agreement::Agreement,
        features::{FeatureValues, any_beat_share},
        measurements::Measurements,
        waves::Waves,
    },
};
use std::{ops::Range, sync::Arc, time::Instant};

/// What the signal is prepared for when no model is loaded, or none says otherwise.
const DEFAULT_RATE_HZ: f64 = 100.0;
const DEFAULT_BAND_HZ: (f64, f64) = (0.5, 45.0);
/// Signal on either side of a window whose evidence is asked for: what filters and beats need.
const AROUND_S: f64 = 15.0;
/// Signal on either side of a beat of a long recording whose evidence is asked for.
const BEAT_AROUND_S: f64 = 120.0;
/// Windows of a long recording handed to the model together; between them the work can be cancelled.
const WINDOWS_TOGETHER: usize = 64;

/// Analyses recordings with one set of loaded models. Can be shared between threads.
pub struct Analyzer {
    models: ModelSet,
}

/// What is known beside the signal when a model is asked.
pub(super) struct Context<'a> {
    pub recording: &'a Recording,
    pub demographics: Demographics,
    pub progress: &'a Progress,
}

impl Analyzer {
    /// Loads and tests the models.
    ///
    /// # Errors
    /// [`ModelError`] when models or the engine asked for cannot be used.
    pub fn open(options: &ModelOptions) -> Result<Self, ModelError> {
        Ok(Self { models: ModelSet::open(options)? })
    }

    /// Engine and provider in use.
    pub fn engine(&self) -> EngineInUse {
        let in_use = &self.models.in_use;
        EngineInUse { engine: in_use.engine.clone(), provider: in_use.provider.to_string(), note: in_use.note.clone() }
    }

    /// Analyses a whole recording.
    ///
    /// # Errors
    /// [`AnalysisError`] when samples cannot be read, a model fails, or the work is cancelled.
    pub fn analyze(
        &self,
        recording: &Recording,
        demographics: Demographics,
        progress: &Progress,
    ) -> Result<Analysis, AnalysisError> {
        let started = Instant::now();
        let context = Context { recording, demographics, progress };
        let mut sources = Sources::new(recording, recording.full_range());
        let first = sources.get(self.first_wanted(), progress)?;
        let mut analysis = begun(self.engine(), &first, demographics);
        analysis.timings.signal = milliseconds(started) - first.reading.as_secs_f64() * 1e3;
        // Measured first: measurements are among the features of record models.
        let rhythm = self.measure(&mut sources, &first, &context, &mut analysis)?;
        let (models, refused) = (std::mem::take(&mut analysis.models), std::mem::take(&mut analysis.refused));
        let modelling = Instant::now();
        let features = described::of_record(recording, &analysis);
        for model in &self.models.records {
            let prepared = sources.get(wanted(model.card()), progress)?;
            let before = analysis.findings.len();
            records(model, &prepared, &features, &context, &mut analysis)?;
            if analysis.findings.len() > before {
                analysis.models.push(used(model.card()));
            }
        }
        analysis.models.extend(models);
        analysis.refused.extend(refused);
        analysis.timings.model += milliseconds(modelling);
        let judging = Instant::now();
        classical::judge(recording, &rhythm, &mut analysis);
        analysis.timings.signal += milliseconds(judging);
        progress.report("done", 1.0)?;
        analysis.timings.read = first.reading.as_secs_f64() * 1e3;
        analysis.timings.total = milliseconds(started);
        Ok(analysis)
    }

    /// What a record model of that rate and band is shown of a recording, and every feature it could be given. Recordings over ten minutes, which
    /// are answered window by window, are not measured: they have the features of the signal alone.
    ///
    /// # Errors
    /// As [`Self::analyze`].
    pub fn describe(
        &self,
        recording: &Recording,
        demographics: Demographics,
        rate: Rate,
        band_hz: (f64, f64),
        progress: &Progress,
    ) -> Result<Described, AnalysisError> {
        let context = Context { recording, demographics, progress };
        let mut sources = Sources::new(recording, recording.full_range());
        let prepared = sources.get((rate.hz(), band_hz), progress)?;
        let stretch = Stretch::of(&prepared, 0..usize::MAX, false);
        let mut features = described::of_stretch(&stretch, &prepared, demographics, true);
        if recording.duration_s() <= WHOLE_S {
            let mut analysis = begun(self.engine(), &prepared, demographics);
            self.measure(&mut sources, &prepared, &context, &mut analysis)?;
            features.extend(described::of_record(recording, &analysis));
        }
        drop(stretch);
        Ok(Described { prepared, features })
    }

    /// Classes of beats, waves, what quality the whole has, measurements.
    fn measure(
        &self,
        sources: &mut Sources<'_>,
        prepared: &Prepared,
        context: &Context<'_>,
        analysis: &mut Analysis,
    ) -> Result<classical::Rhythm, AnalysisError> {
        let Context { recording, progress, .. } = *context;
        let modelling = Instant::now();
        match self.models.beats.first() {
            Some(model) => {
                let prepared = sources.get(wanted(model.card()), progress)?;
                classify_beats(model, &prepared, context, analysis)?;
            }
            None => analysis.refused.push(Refusal { task: "beats".to_owned(), reason: "no beat model is installed".to_owned() }),
        }
        analysis.timings.model += milliseconds(modelling);
        let measuring = Instant::now();
        let excerpt = Excerpt::read(recording, prepared, progress)?;
        let waves = match self.models.waves.first() {
            Some(model) => {
                let waves = delineate(model, &excerpt, progress)?;
                analysis.waves = Some(in_recording(&waves, &excerpt));
                analysis.models.push(used(model.card()));
                waves
            }
            None => {
                let reason = "no wave model is installed".to_owned();
                analysis.refused.push(Refusal { task: "waves".to_owned(), reason });
                Waves::default()
            }
        };
        progress.report("measuring", 0.5)?;
        quality::of_record(recording, &excerpt, &mut analysis.quality);
        let rhythm = classical::measure_all(recording, prepared, &excerpt, &waves, analysis);
        analysis.timings.signal += milliseconds(measuring);
        Ok(rhythm)
    }

    /// Findings with their evidence for one window of a recording (long recordings carry summaries only).
    ///
    /// # Errors
    /// As [`Self::analyze`].
    pub fn evidence(
        &self,
        recording: &Recording,
        demographics: Demographics,
        window: SampleRange,
        progress: &Progress,
    ) -> Result<Vec<Finding>, AnalysisError> {
        let context = Context { recording, demographics, progress };
        let around = recording.rate.samples_in(AROUND_S);
        let range = SampleRange::new(window.start.0.saturating_sub(around), (window.end.0 + around).min(recording.length));
        let mut sources = Sources::new(recording, range);
        let mut out = Vec::new();
        for model in &self.models.records {
            let prepared = sources.get(wanted(model.card()), progress)?;
            let position = |at: SampleIndex| prepared.position(at).round().max(0.0) as usize;
            let part = position(window.start)..position(window.end);
            let answered = ask(model, &prepared, std::slice::from_ref(&part), None, &context, Detail::Full)?;
            out.extend(answered.into_iter().flat_map(|(findings, _)| findings));
        }
        Ok(out)
    }

    /// Where waves begin and end in one window of a recording, of whose length [`Analysis::waves`] has only samples. Beats are numbered from
    /// the first one found within the window and what surrounds it.
    ///
    /// # Errors
    /// As [`Self::analyze`].
    pub fn waves(&self, recording: &Recording, window: SampleRange, progress: &Progress) -> Result<Waves, AnalysisError> {
        let Some(model) = self.models.waves.first() else { return Ok(Waves::default()) };
        let around = recording.rate.samples_in(AROUND_S);
        let range = SampleRange::new(window.start.0.saturating_sub(around), (window.end.0 + around).min(recording.length));
        let prepared = Sources::new(recording, range).get(self.first_wanted(), progress)?;
        let excerpt = Excerpt::of(recording, &prepared, window, progress)?;
        Ok(in_recording(&delineate(model, &excerpt, progress)?, &excerpt))
    }

    /// What the beat model says of one beat, class by class with its evidence. Of a recording over ten minutes only two minutes on either side of the beat are
    /// looked at: what is usual in them, which the features of a beat are compared with, may differ a little from what is in the whole.
    ///
    /// # Errors
    /// As [`Self::analyze`]; also [`AnalysisError::NotAnswered`] with the reason when the beat cannot be classified.
    pub fn beat_evidence(
        &self,
        recording: &Recording,
        beat: SampleIndex,
        progress: &Progress,
    ) -> Result<Vec<Finding>, AnalysisError> {
        let refused = |reason: &str| AnalysisError::NotAnswered { reason: reason.to_owned() };
        let model = self.models.beats.first().ok_or_else(|| refused("no beat model is installed"))?;
        let range = if recording.duration_s() <= WHOLE_S {
            recording.full_range()
        } else {
            let half = recording.rate.samples_in(BEAT_AROUND_S);
            SampleRange::new(beat.0.saturating_sub(half), beat.0.saturating_add(half).min(recording.length))
        };
        let prepared = Sources::new(recording, range).get(wanted(model.card()), progress)?;
        let context = Context { recording, demographics: Demographics::default(), progress };
        beat_findings(model, &prepared, beat, &context)
    }

    fn first_wanted(&self) -> Wanted {
        let first = self.models.records.first().map(RecordModel::card).or_else(|| self.models.beats.first().map(BeatModel::card));
        first.map_or((DEFAULT_RATE_HZ, DEFAULT_BAND_HZ), wanted)
    }
}

/// An analysis before anything but the signal's quality and its beats is known.
fn begun(engine: EngineInUse, first: &Prepared, demographics: Demographics) -> Analysis {
    Analysis {
        engine: Some(engine),
        models: Vec::new(),
        refused: Vec::new(),
        quality: first.quality.clone(),
        demographics,
        findings: Vec::new(),
        windows: Vec::new(),
        beats: first.peaks.iter().map(|sample| unlabelled(*sample)).collect(),
        waves: None,
        measurements: Measurements::default(),
        statements: None,
        not_judged: Vec::new(),
        agreement: Agreement::default(),
        median_beat: None,
        repairs: Vec::new(),
        timings: Timings::default(),
    }
}

/// Asks a record model: the record at once, or window by window. `features`: what is known of the record as a whole.
fn records(
    model: &RecordModel,
    prepared: &Prepared,
    features: &FeatureValues,
    context: &Context<'_>,
    analysis: &mut Analysis,
) -> Result<(), AnalysisError> {
    let card = model.card();
    let length = prepared.leads.iter().map(|l| l.samples.len()).max().unwrap_or(0);
    let Window::Record { min_s, max_s, long_window_s } = card.input.window else { return Ok(()) };
    let samples = |seconds: f64| (seconds * card.input.rate_hz).round() as usize;
    if length <= samples(max_s) {
        context.progress.report("asking the model", 0.5)?;
        let whole = 0..length;
        for (findings, refused) in ask(model, prepared, &[whole], Some(features), context, Detail::Full)? {
            analysis.findings.extend(findings);
            analysis.refused.extend(refused);
        }
        return Ok(());
    }
    let parts = windows::cut(length, samples(long_window_s), samples(min_s));
    let mut found = Vec::with_capacity(parts.len());
    for together in parts.chunks(WINDOWS_TOGETHER) {
        context.progress.report("asking the model window by window", found.len() as f32 / parts.len() as f32)?;
        let answers = ask(model, prepared, together, None, context, Detail::Summary)?;
        for (part, (findings, refused)) in together.iter().zip(answers) {
            let range = recording_range(prepared, part);
            let seconds = |at| context.recording.rate.seconds(at);
            found.push(WindowFindings { start_s: seconds(range.start), end_s: seconds(range.end), range, findings, refused });
        }
    }
    analysis.findings.extend(windows::mean(&found, card));
    analysis.refused.extend(refused_everywhere(&found, card));
    analysis.windows.append(&mut found);
    Ok(())
}

/// Tasks that no window answered, with the reason of the first.
fn refused_everywhere(windows: &[WindowFindings], card: &Card) -> Vec<Refusal> {
    card.tasks
        .iter()
        .filter(|task| !windows.iter().any(|w| w.findings.iter().any(|f| f.task == task.task)))
        .filter_map(|task| windows.iter().flat_map(|w| &w.refused).find(|r| r.task == task.task).cloned())
        .collect()
}

/// What a card asks for: rate and band in Hz.
type Wanted = (f64, (f64, f64));

fn wanted(card: &Card) -> Wanted {
    (card.input.rate_hz, (card.input.band_hz[0], card.input.band_hz[1]))
}

/// Prepared signals by what cards ask for: models that agree share them.
struct Sources<'a> {
    recording: &'a Recording,
    range: SampleRange,
    ready: Vec<(Wanted, Arc<Prepared>)>,
}

/// Findings of one stretch, and the questions not answered there.
type Answered = (Vec<Finding>, Vec<Refusal>);

impl<'a> Sources<'a> {
    fn new(recording: &'a Recording, range: SampleRange) -> Self {
        Self { recording, range, ready: Vec::new() }
    }

    fn get(&mut self, key: Wanted, progress: &Progress) -> Result<Arc<Prepared>, AnalysisError> {
        if let Some((_, ready)) = self.ready.iter().find(|(k, _)| *k == key) {
            return Ok(ready.clone());
        }
        let rate = Rate::new(key.0).unwrap_or(self.recording.rate);
        let made = Arc::new(prepared(self.recording, self.range, rate, key.1, progress)?);
        self.ready.push((key, made.clone()));
        Ok(made)
    }
}

/// Asks a record model about parts of the prepared arrays. `of_record`: what is known of the recording as a whole, which the part then is;
/// without it the parts are windows of something longer, and each lead must be usable within the window itself.
fn ask(
    model: &RecordModel,
    prepared: &Prepared,
    parts: &[Range<usize>],
    of_record: Option<&FeatureValues>,
    context: &Context<'_>,
    detail: Detail,
) -> Result<Vec<Answered>, AnalysisError> {
    let judge_again = of_record.is_none();
    let stretches: Vec<Stretch<'_>> = parts.iter().map(|part| Stretch::of(prepared, part.clone(), judge_again)).collect();
    let with_beats = any_beat_share(model.card().input.features.iter().map(|f| f.name.as_str()));
    let features: Vec<FeatureValues> = stretches
        .iter()
        .map(|stretch| {
            let mut features = described::of_stretch(stretch, prepared, context.demographics, with_beats);
            features.extend(of_record.into_iter().flatten().map(|(name, value)| (name.clone(), *value)));
            features
        })
        .collect();
    let inputs: Vec<RecordInput<'_>> =
        stretches.iter().zip(&features).map(|(stretch, features)| RecordInput { leads: stretch.samples(), features }).collect();
    let outputs = model.infer_windows(&inputs, detail, &|| context.progress.is_cancelled(), &mut |_| {}).map_err(cancelled)?;
    Ok(outputs
        .into_iter()
        .zip(&stretches)
        .zip(parts)
        .map(|((output, stretch), part)| {
            let mut answered = answers(model.card(), output, stretch, recording_range(prepared, part), context, detail);
            refuse_without_beats(&mut answered, prepared.peaks_within(part).len());
            answered
        })
        .collect())
}

/// Fewest beats that findings are given for.
const LEAST_BEATS: usize = 2;

/// A model answers whatever it is given. Where hardly a beat is found (noise, hum, asystole) there is no electrocardiogram to speak of.
fn refuse_without_beats((findings, refused): &mut Answered, beats: usize) {
    if beats >= LEAST_BEATS {
        return;
    }
    let mut tasks: Vec<String> = findings.drain(..).map(|finding| finding.task).collect();
    tasks.dedup();
    let found = if beats == 0 { "no beats found" } else { "only one beat found" };
    refused.extend(tasks.into_iter().map(|task| Refusal { task, reason: found.to_owned() }));
}

/// From the model's answers to findings and refusals.
fn answers(
    card: &Card,
    output: RecordOutput,
    stretch: &Stretch<'_>,
    range: SampleRange,
    context: &Context<'_>,
    detail: Detail,
) -> Answered {
    let mut findings = Vec::new();
    let mut refused: Vec<Refusal> =
        output.refused.into_iter().map(|(task, reason)| Refusal { task, reason: plain(&reason, stretch) }).collect();
    for answer in output.answers {
        // Only a task that any lead serves is one of rhythm; the others live on amplitudes.
        let by_amplitude = card.tasks.iter().any(|t| t.task == answer.task && t.min_leads > 1);
        if stretch.uncalibrated && by_amplitude {
            refused.push(Refusal { task: answer.task, reason: "the leads are uncalibrated: amplitudes are unknown".to_owned() });
            continue;
        }
        let rate = context.recording.rate.hz();
        findings.extend(answer.classes.iter().map(|class| finding(card, &answer, class, range, rate, detail)));
    }
    (findings, refused)
}

pub(super) fn plain(reason: &str, stretch: &Stretch<'_>) -> String {
    match (stretch.leads.is_empty(), stretch.slow) {
        (true, Some(slow)) => slow.to_owned(),
        (true, None) => "no usable lead".to_owned(),
        (false, _) => reason.to_owned(),
    }
}

pub(super) fn finding(
    card: &Card,
    answer: &TaskAnswer,
    class: &ClassAnswer,
    range: SampleRange,
    rate_hz: f64,
    detail: Detail,
) -> Finding {
    let evidence = (detail == Detail::Full).then(|| {
        Arc::new(Evidence {
            start: range.start,
            hop: answer.token_s * rate_hz,
            leads: answer.leads.clone(),
            tokens: answer.tokens,
            values: class.evidence.clone(),
        })
    });
    Finding {
        task: answer.task.clone(),
        code: class.code.clone(),
        label: class.label.clone(),
        probability: class.probability,
        threshold: class.threshold,
        present: class.present,
        exclusive: card.tasks.iter().any(|t| t.task == answer.task && t.activation == Activation::Softmax),
        uncertain: class.uncertain,
        model: card.name.clone(),
        logit: class.logit,
        bias: class.bias,
        feature_evidence: class
            .features
            .iter()
            .map(|f| FeatureEvidence {
                name: f.name.clone(),
                label: f.label.clone(),
                value: f.value,
                unit: f.unit.clone(),
                contribution: f.contribution,
            })
            .collect(),
        evidence,
    }
}

fn unlabelled(sample: SampleIndex) -> Beat {
    Beat { sample, label: None, probability: None, uncertain: false }
}

pub(super) fn used(card: &Card) -> ModelInUse {
    ModelInUse { name: card.name.clone(), version: card.version.clone(), sha256: card.sha256.clone() }
}

/// Prepared samples as a range of the recording.
fn recording_range(prepared: &Prepared, part: &Range<usize>) -> SampleRange {
    let ratio = prepared.recording_rate.hz() / prepared.rate.hz();
    let at = |sample: usize| (prepared.range.start.0 + (sample as f64 * ratio).round() as u64).min(prepared.range.end.0);
    SampleRange::new(at(part.start), at(part.end))
}

pub(super) fn cancelled(error: ModelError) -> AnalysisError {
    if error == ModelError::Cancelled { super::Cancelled.into() } else { error.into() }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
