//! The start-up self-test: an engine that does not compute what PyTorch computed is not used.

use super::{
    card::Kind,
    engine::{EngineInfo, Tensor},
    error::ModelError,
    inputs::Batch,
    loaded::Loaded,
    names,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Largest difference allowed at start-up. (Tests ask for 1e-4.)
pub const TOLERANCE: f32 = 1e-3;

/// Stored inputs and outputs: `models/vectors/NAME.json`.
#[derive(Debug, Clone, Deserialize)]
pub struct Vectors {
    /// SHA-256 of the graph they belong to.
    pub sha256: String,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One stored run.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    /// What it is about.
    pub name: String,
    inputs: BTreeMap<String, Array>,
    outputs: BTreeMap<String, Array>,
}

#[derive(Debug, Clone, Deserialize)]
struct Array {
    shape: Vec<usize>,
    data: Vec<f64>,
}

impl Array {
    fn tensor(&self, integers: bool) -> Result<Tensor, ModelError> {
        Ok(if integers {
            Tensor::i64(self.shape.clone(), self.data.iter().map(|v| *v as i64).collect())?
        } else {
            Tensor::f32(self.shape.clone(), self.data.iter().map(|v| *v as f32).collect())?
        })
    }
}

impl Case {
    /// The largest difference, if it and what the parts are off their sum are within [`TOLERANCE`].
    fn hold(&self, model: &Loaded, engine: &EngineInfo) -> Result<f32, ModelError> {
        let fail = |reason: String| ModelError::SelfTest { model: model.card.name.clone(), engine: engine.to_string(), reason };
        let (difference, sum) = self.differences(model)?;
        if difference > TOLERANCE {
            return Err(fail(format!("`{}` differs by {difference:.2e}, allowed is {TOLERANCE:.0e}", self.name)));
        }
        if sum > TOLERANCE { Err(fail(format!("its parts are {sum:.2e} off their sum"))) } else { Ok(difference) }
    }

    /// Largest absolute difference between what the model answers and what is stored, over all stored outputs, and how far
    /// evidence, feature evidence and bias are from adding up to the logits.
    ///
    /// # Errors
    /// [`ModelError::Engine`] when the run fails or an output has another shape than the stored one.
    pub(super) fn differences(&self, model: &Loaded) -> Result<(f32, f32), ModelError> {
        let inputs = self
            .inputs
            .iter()
            .map(|(name, array)| Ok((name.as_str(), array.tensor(name == names::LEAD_IDS)?)))
            .collect::<Result<Vec<_>, ModelError>>()?;
        let given: Vec<_> = inputs.iter().map(|(name, tensor)| (*name, tensor)).collect();
        let mut wanted: Vec<_> = names::ports(model.card.kind).outputs.iter().map(|(name, ..)| *name).collect();
        let parts = wanted.len();
        // An output that only some graphs have.
        if self.outputs.contains_key(names::DISTANCE) {
            wanted.push(names::DISTANCE);
        }
        let results = model.session.run(&given, &wanted)?;
        let mut largest = 0.0f32;
        for (name, result) in wanted.iter().zip(&results) {
            let Some(stored) = self.outputs.get(*name) else { continue };
            if stored.shape != result.shape() || stored.data.len() != result.floats().len() {
                let reason = format!("output `{name}` is of shape {:?}, stored is {:?}", result.shape(), stored.shape);
                return Err(ModelError::Input { model: model.card.name.clone(), reason });
            }
            let difference = result.floats().iter().zip(&stored.data).map(|(a, b)| (f64::from(*a) - b).abs());
            largest = difference.fold(largest, |m, d| worse(m, d as f32));
        }
        let results = results.get(..parts).unwrap_or(&results);
        let sum =
            if model.card.kind == Kind::Waves { share_error(results, model.card.class_count()) } else { sum_error(results) };
        Ok((largest, sum))
    }
}

/// The larger; something that is no number is worse than any.
fn worse(a: f32, b: f32) -> f32 {
    if a.is_nan() || b.is_nan() { f32::INFINITY } else { a.max(b) }
}

/// How far the probabilities of a sample are from adding up to 1 at most; the only result is `[N, L, C, T]`.
fn share_error(results: &[Tensor], least_classes: usize) -> f32 {
    let [waves] = results else { return f32::INFINITY };
    let &[_, _, classes, samples] = waves.shape() else { return f32::INFINITY };
    if classes < least_classes || samples == 0 {
        return f32::INFINITY;
    }
    waves.floats().chunks(classes * samples).fold(0.0, |largest, lead| {
        (0..samples).fold(largest, |largest, at| worse(largest, (lead.iter().skip(at).step_by(samples).sum::<f32>() - 1.0).abs()))
    })
}

/// How far `bias + feature evidence + evidence` is from the logits at most; results in the order of [`names::OUTPUTS`].
fn sum_error(results: &[Tensor]) -> f32 {
    let [logits, evidence, feature_evidence, bias] = results else { return f32::INFINITY };
    let classes = bias.floats().len().max(1);
    let rows = logits.floats().len();
    let part = |tensor: &Tensor, row: usize| {
        let size = tensor.floats().len() / rows.max(1);
        let values = tensor.floats().get(row * size..(row + 1) * size).unwrap_or(&[]);
        values.iter().map(|v| f64::from(*v)).sum::<f64>()
    };
    logits.floats().iter().enumerate().fold(0.0, |largest, (row, logit)| {
        let constant = bias.floats().get(row % classes).copied().map_or(f64::NAN, f64::from);
        let sum = constant + part(evidence, row) + part(feature_evidence, row);
        worse(largest, (f64::from(*logit) - sum).abs() as f32)
    })
}

/// Runs the first stored case (the quickest); without stored cases a silent record, which shows at least that the graph runs, answers
/// in the right shapes and adds up.
///
/// # Errors
/// [`ModelError::SelfTest`], or what the run failed of.
pub(super) fn run(model: &Loaded, vectors: Option<&str>, engine: &EngineInfo) -> Result<(), ModelError> {
    let fail = |reason: String| ModelError::SelfTest { model: model.card.name.clone(), engine: engine.to_string(), reason };
    if let Some(text) = vectors {
        let vectors = of_model(text, model).map_err(&fail)?;
        if let Some(case) = vectors.cases.first() {
            return case.hold(model, engine).map(drop);
        }
    }
    let leads = match model.card.kind {
        Kind::Record => model.card.tasks.iter().map(|t| t.min_leads).max().unwrap_or(1),
        Kind::Beat | Kind::Waves => 1,
    };
    let length = model.card.input.hop * 25;
    let mut batch = Batch::new(&model.card, leads, 25);
    for lead in 0..leads {
        batch.push_lead(lead.min(model.card.input.leads.len().saturating_sub(1)), &vec![0.0; length], 0, length);
    }
    batch.end_row(|_| None);
    if model.card.kind == Kind::Waves {
        let sum = share_error(&[batch.run_waves(model.session.as_ref())?], model.card.class_count());
        return if sum > TOLERANCE { Err(fail(format!("probabilities are {sum:.2e} off their sum"))) } else { Ok(()) };
    }
    let answers = batch.run(model.session.as_ref(), true)?;
    let sum = |class: usize| {
        let parts = answers.evidence(0, class).iter().chain(answers.feature_evidence(0, class));
        answers.bias(class) + parts.sum::<f32>()
    };
    match (0..answers.classes).find(|class| (sum(*class) - answers.logits(0)[*class]).abs() > TOLERANCE) {
        Some(class) => Err(fail(format!("evidence, features and bias do not add up to logit {class}"))),
        None => Ok(()),
    }
}

/// Runs every stored case: how many there are, and the largest difference of any. Without stored cases nothing is run.
///
/// # Errors
/// As [`run`].
pub(super) fn run_all(model: &Loaded, vectors: Option<&str>, engine: &EngineInfo) -> Result<(usize, f32), ModelError> {
    let fail = |reason: String| ModelError::SelfTest { model: model.card.name.clone(), engine: engine.to_string(), reason };
    let Some(text) = vectors else { return Ok((0, 0.0)) };
    let vectors = of_model(text, model).map_err(fail)?;
    let largest =
        vectors.cases.iter().try_fold(0.0f32, |largest, case| Ok::<_, ModelError>(largest.max(case.hold(model, engine)?)));
    Ok((vectors.cases.len(), largest?))
}

/// Stored cases, if they belong to the model.
fn of_model(text: &str, model: &Loaded) -> Result<Vectors, String> {
    let vectors = parse(text)?;
    if vectors.sha256.eq_ignore_ascii_case(&model.card.sha256) {
        return Ok(vectors);
    }
    Err("the stored outputs belong to another version of the model; export both again".to_owned())
}

pub(super) fn parse(text: &str) -> Result<Vectors, String> {
    serde_json::from_str(text).map_err(|e| format!("the stored inputs and outputs cannot be read: {e}"))
}
