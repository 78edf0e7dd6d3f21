//! Findings of a whole record, or of windows of a long one.

use super::{
    card::{Card, ClassSpec, Kind, TaskSpec, Window},
    engine::{Assignment, Engine, LoadOptions},
    error::{Cancel, ModelError},
    inputs::{Answers, Batch, tokens},
    leads::choose,
    loaded::Loaded,
    outputs::{Decision, decide},
    store::Stored,
};
use crate::recording::LeadName;
use std::collections::BTreeMap;

/// Windows computed in one run of the graph.
const WINDOWS_A_RUN: usize = 16;

/// One usable lead, prepared as the card says: millivolts at the card's rate and band, NaN where there is no valid signal.
#[derive(Debug, Clone, Copy)]
pub struct LeadSamples<'a> {
    /// Which lead.
    pub lead: &'a LeadName,
    /// All leads of an input begin at the same moment; shorter ones are taken as not valid at their end.
    pub samples: &'a [f32],
}

/// What a record model is asked about.
#[derive(Debug, Clone)]
pub struct RecordInput<'a> {
    /// The usable leads; leads that are off or not to be trusted are left out by the caller.
    pub leads: Vec<LeadSamples<'a>>,
    /// Measured features by name; absent or `None`: not known, which is not the same as an average value.
    pub features: &'a BTreeMap<String, Option<f32>>,
}

/// How much is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// With evidence per lead and token and per feature.
    Full,
    /// Probabilities only: for the windows of a long recording.
    Summary,
}

/// All tasks' answers about one input.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordOutput {
    /// Answered tasks in the card's order.
    pub answers: Vec<TaskAnswer>,
    /// Tasks not answered: task and reason.
    pub refused: Vec<(String, String)>,
}

/// One task's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskAnswer {
    /// `rhythm`, `superclass` ...
    pub task: String,
    /// The leads used, in the order of the evidence's rows.
    pub leads: Vec<LeadName>,
    /// Tokens a lead.
    pub tokens: usize,
    /// Seconds a token covers.
    pub token_s: f64,
    /// The classes in the card's order.
    pub classes: Vec<ClassAnswer>,
}

/// One class's answer. `logit = bias + sum(features) + sum(evidence)` to 1e-4.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassAnswer {
    /// Code within the task.
    pub code: String,
    /// For people.
    pub label: String,
    /// Raw logit.
    pub logit: f32,
    /// Calibrated probability, 0 to 1.
    pub probability: f32,
    /// The card's threshold.
    pub threshold: f32,
    /// Softmax tasks: the one class largest against its threshold. Sigmoid tasks: at or above its threshold.
    pub present: bool,
    /// Within the card's uncertain band.
    pub uncertain: bool,
    /// The class's constant.
    pub bias: f32,
    /// What each feature adds to the logit; empty in summaries.
    pub features: Vec<FeatureAnswer>,
    /// `[lead][token]`: what that lead at that time adds to the logit; empty in summaries.
    pub evidence: Vec<f32>,
}

/// What one feature adds.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureAnswer {
    /// Name in the card.
    pub name: String,
    /// For people.
    pub label: String,
    /// Unit.
    pub unit: String,
    /// The value as measured (the model sees it limited to the card's range); `None`: not known, adds nothing.
    pub value: Option<f32>,
    /// What it adds to the logit.
    pub contribution: f32,
}

/// A record model, loaded, verified and tested.
pub struct RecordModel {
    loaded: Loaded,
}

/// One run of the graph for one input and one choice of leads.
struct Job {
    input: usize,
    rows: Vec<usize>,
    tokens: usize,
    tasks: Vec<usize>,
}

impl RecordModel {
    /// Verifies, loads and tests the graph.
    ///
    /// # Errors
    /// [`ModelError`]; also when the card is of a beat model.
    pub fn load(engine: &dyn Engine, stored: &Stored, options: &LoadOptions) -> Result<Self, ModelError> {
        let loaded = Loaded::load(engine, stored, options)?;
        loaded.expect_kind(Kind::Record)?;
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

    /// Answers every task that the leads allow.
    ///
    /// # Errors
    /// [`ModelError::Engine`], [`ModelError::Cancelled`]. Too short, too long or empty inputs are refused task by task.
    pub fn infer(&self, input: &RecordInput<'_>, cancel: Cancel<'_>) -> Result<RecordOutput, ModelError> {
        let mut outputs = self.infer_windows(std::slice::from_ref(input), Detail::Full, cancel, &mut |_| {})?;
        outputs.pop().ok_or_else(|| self.input_error("no answer".to_owned()))
    }

    /// Answers many inputs (windows of a long recording), several in one run of the graph. `progress` hears how many inputs' runs are
    /// done.
    ///
    /// # Errors
    /// As [`Self::infer`].
    pub fn infer_windows(
        &self,
        inputs: &[RecordInput<'_>],
        detail: Detail,
        cancel: Cancel<'_>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<RecordOutput>, ModelError> {
        let mut answers: Vec<BTreeMap<usize, TaskAnswer>> = vec![BTreeMap::new(); inputs.len()];
        let mut refused: Vec<Vec<(String, String)>> = vec![Vec::new(); inputs.len()];
        let mut jobs: BTreeMap<(usize, usize), Vec<Job>> = BTreeMap::new();
        for (number, input) in inputs.iter().enumerate() {
            for job in self.plan(number, input, &mut refused[number]) {
                jobs.entry((job.rows.len(), job.tokens)).or_default().push(job);
            }
        }
        let mut done = 0;
        for ((leads, tokens), jobs) in jobs {
            for jobs in jobs.chunks(WINDOWS_A_RUN) {
                if cancel() {
                    return Err(ModelError::Cancelled);
                }
                let mut batch = Batch::new(&self.loaded.card, leads, tokens);
                for job in jobs {
                    self.fill(&mut batch, &inputs[job.input], job, tokens);
                }
                let results = batch.run(self.loaded.session.as_ref(), detail == Detail::Full)?;
                for (row, job) in jobs.iter().enumerate() {
                    let reason = if batch.any_valid(row) { results.unfamiliar(row) } else { Some("no valid signal".to_owned()) };
                    for &task in &job.tasks {
                        if let Some(reason) = &reason {
                            refused[job.input].push((self.task(task).task.clone(), reason.clone()));
                        } else {
                            answers[job.input].insert(task, self.answer(&inputs[job.input], job, task, &results, row, detail));
                        }
                    }
                }
                done += jobs.len();
                progress(done);
            }
        }
        let output = |(answers, refused): (BTreeMap<usize, TaskAnswer>, _)| RecordOutput {
            answers: answers.into_values().collect(),
            refused,
        };
        Ok(answers.into_iter().zip(refused).map(output).collect())
    }

    /// The runs an input needs: one for each choice of leads that its tasks make.
    fn plan(&self, number: usize, input: &RecordInput<'_>, refused: &mut Vec<(String, String)>) -> Vec<Job> {
        let card = &self.loaded.card;
        let samples = input.leads.iter().map(|l| l.samples.len()).max().unwrap_or(0);
        let names: Vec<_> = input.leads.iter().map(|l| l.lead).collect();
        let indices: Vec<_> = names.iter().map(|name| card.lead_index(name)).collect();
        let mut jobs: Vec<Job> = Vec::new();
        for (index, task) in card.tasks.iter().enumerate() {
            let chosen = self
                .refuse_length(samples)
                .map_or_else(|| choose(card, task, &indices, &names, None, &[]), Err)
                .and_then(|rows| self.refuse_gaps(input, &rows).map_or(Ok(rows), Err));
            match chosen {
                Err(reason) => refused.push((task.task.clone(), reason)),
                Ok(rows) => match jobs.iter_mut().find(|job| job.rows == rows) {
                    Some(job) => job.tasks.push(index),
                    None => jobs.push(Job { input: number, rows, tokens: tokens(card, samples), tasks: vec![index] }),
                },
            }
        }
        jobs
    }

    fn refuse_length(&self, samples: usize) -> Option<String> {
        let Window::Record { min_s, max_s, .. } = self.loaded.card.input.window else { return None };
        let length = samples as f64 / self.loaded.card.input.rate_hz;
        // Half a sample of grace: resampling may round the last sample away.
        let grace = 0.5 / self.loaded.card.input.rate_hz;
        if length + grace < min_s {
            Some(format!("{length:.1} s are too short; at least {min_s} s are needed"))
        } else if length - grace > max_s {
            Some(format!("{length:.1} s are too long to be taken at once; at most {max_s} s"))
        } else {
            None
        }
    }

    /// A record may be long enough and hold hardly any signal.
    fn refuse_gaps(&self, input: &RecordInput<'_>, rows: &[usize]) -> Option<String> {
        let Window::Record { min_s, .. } = self.loaded.card.input.window else { return None };
        let leads = rows.iter().filter_map(|row| input.leads.get(*row));
        let most = leads.map(|lead| lead.samples.iter().filter(|v| v.is_finite()).count()).max().unwrap_or(0);
        let valid = most as f64 / self.loaded.card.input.rate_hz;
        // Filters and lead-off leave a record of just the shortest length a little short of it.
        if most == 0 {
            return Some("no valid signal".to_owned());
        }
        (valid < min_s * 0.8).then(|| format!("only {valid:.1} s of valid signal; at least {:.1} s are needed", min_s * 0.8))
    }

    fn fill(&self, batch: &mut Batch<'_>, input: &RecordInput<'_>, job: &Job, tokens: usize) {
        let card = &self.loaded.card;
        for lead in job.rows.iter().filter_map(|row| input.leads.get(*row)) {
            batch.push_lead(card.lead_index(lead.lead), lead.samples, 0, tokens * card.input.hop);
        }
        batch.end_row(|spec| input.features.get(&spec.name).copied().flatten());
    }

    fn task(&self, index: usize) -> &TaskSpec {
        &self.loaded.card.tasks[index]
    }

    fn answer(
        &self,
        input: &RecordInput<'_>,
        job: &Job,
        task: usize,
        results: &Answers,
        row: usize,
        detail: Detail,
    ) -> TaskAnswer {
        let (card, task) = (&self.loaded.card, self.task(task));
        let decisions = decide(task, results.logits(row));
        let class = |(class, decision): (&ClassSpec, Decision)| ClassAnswer {
            code: class.code.clone(),
            label: class.label.clone(),
            logit: results.logits(row).get(class.output).copied().unwrap_or_default(),
            probability: decision.probability,
            threshold: class.threshold,
            present: decision.present,
            uncertain: decision.uncertain,
            bias: results.bias(class.output),
            features: if detail == Detail::Full {
                feature_answers(card, results.feature_evidence(row, class.output), |name| {
                    input.features.get(name).copied().flatten()
                })
            } else {
                Vec::new()
            },
            evidence: results.evidence(row, class.output).to_vec(),
        };
        TaskAnswer {
            task: task.task.clone(),
            leads: job.rows.iter().filter_map(|row| input.leads.get(*row)).map(|l| l.lead.clone()).collect(),
            tokens: job.tokens,
            token_s: card.input.hop as f64 / card.input.rate_hz,
            classes: task.classes.iter().zip(decisions).map(class).collect(),
        }
    }

    fn input_error(&self, reason: String) -> ModelError {
        ModelError::Input { model: self.loaded.card.name.clone(), reason }
    }
}

/// What each feature of the card adds to one class's logit.
pub(super) fn feature_answers(card: &Card, contributions: &[f32], value: impl Fn(&str) -> Option<f32>) -> Vec<FeatureAnswer> {
    card.input
        .features
        .iter()
        .zip(contributions)
        .map(|(spec, contribution)| FeatureAnswer {
            name: spec.name.clone(),
            label: spec.label.clone(),
            unit: spec.unit.clone(),
            value: value(&spec.name).filter(|v| v.is_finite()),
            contribution: *contribution,
        })
        .collect()
}
