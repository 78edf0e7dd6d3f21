//! Classes of single beats.

use super::{
    card::{Card, ClassSpec, Kind, TaskSpec, Window},
    engine::{Assignment, Engine, LoadOptions},
    error::{Cancel, ModelError},
    inputs::{Answers, Batch, tokens},
    leads::choose,
    loaded::Loaded,
    outputs::decide,
    record::{ClassAnswer, Detail, LeadSamples, feature_answers},
    store::Stored,
};
use crate::recording::LeadName;

/// Beats computed in one run of the graph; between runs the caller may cancel.
const BEATS_A_RUN: usize = 256;

/// Features of a beat by its number and the feature's name; `None`: not known.
pub type BeatFeature<'a> = &'a dyn Fn(usize, &str) -> Option<f32>;

/// What a beat model is asked about.
pub struct BeatInput<'a> {
    /// The usable leads.
    pub leads: Vec<LeadSamples<'a>>,
    /// R peaks in samples at the card's rate from the leads' first sample, fractional.
    pub peaks: &'a [f64],
    /// Their features.
    pub feature: BeatFeature<'a>,
}

/// All beats' answers.
#[derive(Debug, Clone, PartialEq)]
pub struct BeatOutput {
    /// The task's name, e.g. `beat`.
    pub task: String,
    /// Class codes in the order of [`BeatAnswer::probabilities`].
    pub codes: Vec<String>,
    /// The leads used, in the order of the evidence's rows.
    pub leads: Vec<LeadName>,
    /// Tokens a lead.
    pub tokens: usize,
    /// Seconds a token covers.
    pub token_s: f64,
    /// Seconds from the window's begin to the R peak.
    pub before_s: f64,
    /// One for each peak; `None` where there is no valid signal around it, or one unlike those of the training.
    pub beats: Vec<Option<BeatAnswer>>,
    /// How many beats are not answered because they are unlike those of the training, and the reason given for the first.
    pub unfamiliar: Option<(usize, String)>,
}

/// One beat's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct BeatAnswer {
    /// Number of the class in [`BeatOutput::codes`].
    pub class: usize,
    /// Calibrated probability of that class.
    pub probability: f32,
    /// That probability lies within the card's uncertain band.
    pub uncertain: bool,
    /// Calibrated probabilities of all classes.
    pub probabilities: Vec<f32>,
    /// With [`Detail::Full`]: all classes with their evidence, `[lead][token]`.
    pub classes: Vec<ClassAnswer>,
}

/// A beat model, loaded, verified and tested.
pub struct BeatModel {
    loaded: Loaded,
}

impl BeatModel {
    /// Verifies, loads and tests the graph.
    ///
    /// # Errors
    /// [`ModelError`]; also when the card is of a record model.
    pub fn load(engine: &dyn Engine, stored: &Stored, options: &LoadOptions) -> Result<Self, ModelError> {
        let loaded = Loaded::load(engine, stored, options)?;
        loaded.expect_kind(Kind::Beat)?;
        Ok(Self { loaded })
    }

    /// The card.
    pub fn card(&self) -> &Card {
        &self.loaded.card
    }

    /// What really runs it.
    pub fn assignment(&self) -> &Assignment {
        self.loaded.session.assignment()
    }

    #[cfg(test)]
    pub(super) fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// Which of the usable leads the classifier takes, in its order of preference: numbers into `names`. Where there are more than it
    /// takes, those with the smallest numbers in `worse` (how much worse a lead's signal is than the best, in steps that count; empty:
    /// all alike) are chosen, and the preference decides among equals. Beat features are to be measured on these.
    ///
    /// # Errors
    /// [`ModelError::Input`] when the leads do not allow it (with the reason).
    pub fn choose_leads(&self, names: &[&LeadName], worse: &[u32]) -> Result<Vec<usize>, ModelError> {
        let card = &self.loaded.card;
        let task = card.tasks.first().ok_or_else(|| self.input_error("the card has no task".to_owned()))?;
        let most = if let Window::Beat { max_leads, .. } = card.input.window { Some(max_leads) } else { None };
        let indices: Vec<_> = names.iter().map(|name| card.lead_index(name)).collect();
        choose(card, task, &indices, names, most, worse).map_err(|reason| self.input_error(reason))
    }

    /// Classifies every beat. The window of beat `r` begins at sample `floor(r + 0.5) - round(before_s * rate)`, as in training; what
    /// of it lies outside of the signal is masked. `progress` hears how many beats are done.
    ///
    /// # Errors
    /// [`ModelError::Input`] when the leads do not allow it (with the reason), [`ModelError::Engine`], [`ModelError::Cancelled`].
    pub fn infer(
        &self,
        input: &BeatInput<'_>,
        detail: Detail,
        cancel: Cancel<'_>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<BeatOutput, ModelError> {
        let card = &self.loaded.card;
        let task = card.tasks.first().ok_or_else(|| self.input_error("the card has no task".to_owned()))?;
        let Window::Beat { before_s, after_s, .. } = card.input.window else {
            return Err(self.input_error("the card has no window around a beat".to_owned()));
        };
        let names: Vec<_> = input.leads.iter().map(|l| l.lead).collect();
        let rows = self.choose_leads(&names, &[])?;
        let leads: Vec<LeadSamples<'_>> = rows.iter().filter_map(|row| input.leads.get(*row).copied()).collect();

        let before = (before_s * card.input.rate_hz).round() as i64;
        let length = before as usize + (after_s * card.input.rate_hz).round() as usize;
        let tokens = tokens(card, length);
        let mut beats = Vec::with_capacity(input.peaks.len());
        let mut unfamiliar: Option<(usize, String)> = None;
        for chunk in input.peaks.chunks(BEATS_A_RUN) {
            if cancel() {
                return Err(ModelError::Cancelled);
            }
            let first = beats.len();
            let mut batch = Batch::new(card, leads.len(), tokens);
            for (offset, peak) in chunk.iter().enumerate() {
                // A position that is no number lies nowhere; far ones saturate and lie outside of every signal.
                let centre = if peak.is_nan() { i64::MIN } else { (peak + 0.5).floor() as i64 };
                let start = centre.saturating_sub(before);
                for lead in &leads {
                    batch.push_lead(card.lead_index(lead.lead), lead.samples, start, length);
                }
                batch.end_row(|spec| (input.feature)(first + offset, &spec.name));
            }
            let results = batch.run(self.loaded.session.as_ref(), detail == Detail::Full)?;
            for row in 0..batch.len() {
                let number = first + row;
                let answer = |name: &str| (input.feature)(number, name);
                let strange = results.unfamiliar(row).filter(|_| batch.any_valid(row));
                let answered = batch.any_valid(row) && strange.is_none();
                if let Some(reason) = strange {
                    unfamiliar.get_or_insert((0, reason)).0 += 1;
                }
                beats.push(answered.then(|| self.answer(task, &results, row, detail, answer)));
            }
            progress(beats.len());
        }
        Ok(BeatOutput {
            task: task.task.clone(),
            codes: task.classes.iter().map(|c| c.code.clone()).collect(),
            leads: leads.iter().map(|l| l.lead.clone()).collect(),
            tokens,
            token_s: card.input.hop as f64 / card.input.rate_hz,
            before_s: before as f64 / card.input.rate_hz,
            beats,
            unfamiliar,
        })
    }

    fn answer(
        &self,
        task: &TaskSpec,
        results: &Answers,
        row: usize,
        detail: Detail,
        feature: impl Fn(&str) -> Option<f32>,
    ) -> BeatAnswer {
        let decisions = decide(task, results.logits(row));
        let chosen = decisions
            .iter()
            .position(|d| d.present)
            .unwrap_or_else(|| largest(&decisions.iter().map(|d| d.probability).collect::<Vec<_>>()));
        let answer = |class: &ClassSpec, index: usize| {
            let decision = decisions.get(index);
            ClassAnswer {
                code: class.code.clone(),
                label: class.label.clone(),
                logit: results.logits(row).get(class.output).copied().unwrap_or_default(),
                probability: decision.map_or(0.0, |d| d.probability),
                threshold: class.threshold,
                present: index == chosen,
                uncertain: decision.is_some_and(|d| d.uncertain),
                bias: results.bias(class.output),
                features: feature_answers(&self.loaded.card, results.feature_evidence(row, class.output), &feature),
                evidence: results.evidence(row, class.output).to_vec(),
            }
        };
        BeatAnswer {
            class: chosen,
            probability: decisions.get(chosen).map_or(0.0, |d| d.probability),
            uncertain: decisions.get(chosen).is_some_and(|d| d.uncertain),
            probabilities: decisions.iter().map(|d| d.probability).collect(),
            classes: if detail == Detail::Full {
                task.classes.iter().enumerate().map(|(index, class)| answer(class, index)).collect()
            } else {
                Vec::new()
            },
        }
    }

    fn input_error(&self, reason: String) -> ModelError {
        ModelError::Input { model: self.loaded.card.name.clone(), reason }
    }
}

fn largest(values: &[f32]) -> usize {
    values.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(0, |(index, _)| index)
}
