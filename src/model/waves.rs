//! The wave model: which wave a sample of a lead belongs to.

use super::{
    card::{Card, Kind},
    engine::{Assignment, Engine, LoadOptions},
    error::ModelError,
    inputs::{Batch, tokens},
    loaded::Loaded,
    record::LeadSamples,
    store::Stored,
};

/// A loaded wave model. Its task's classes carry the codes `P`, `QRS` and `T`; what belongs to none of them is another class.
pub struct WaveModel {
    loaded: Loaded,
    outputs: [usize; 3],
}

/// Probabilities of the waves over time in some leads.
#[derive(Debug, Clone, PartialEq)]
pub struct WaveProbabilities {
    /// For each lead asked for, in that order.
    pub leads: Vec<LeadProbabilities>,
}

/// One lead's probabilities, 0 to 1, sample by sample at the card's rate; 0 where there is no valid signal.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadProbabilities {
    /// Within a P wave.
    pub p: Vec<f32>,
    /// Within a QRS complex.
    pub qrs: Vec<f32>,
    /// Within a T wave.
    pub t: Vec<f32>,
}

impl WaveModel {
    /// Verifies, loads and tests the model.
    ///
    /// # Errors
    /// [`ModelError`]; a card without the classes `P`, `QRS` and `T` is none of a wave model.
    pub fn load(engine: &dyn Engine, stored: &Stored, options: &LoadOptions) -> Result<Self, ModelError> {
        let loaded = Loaded::load(engine, stored, options)?;
        loaded.expect_kind(Kind::Waves)?;
        let output = |code: &str| {
            let classes = loaded.card.tasks.iter().flat_map(|task| &task.classes);
            classes.clone().find(|class| class.code == code).map(|class| class.output).ok_or_else(|| ModelError::Input {
                model: loaded.card.name.clone(),
                reason: format!("its card has no class `{code}`"),
            })
        };
        let outputs = [output("P")?, output("QRS")?, output("T")?];
        Ok(Self { loaded, outputs })
    }

    /// Its card.
    pub fn card(&self) -> &Card {
        &self.loaded.card
    }

    #[cfg(test)]
    pub(super) fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// What really runs it.
    pub fn assignment(&self) -> &Assignment {
        self.loaded.session.assignment()
    }

    /// Asks about leads at the card's rate, prepared as it says; shorter leads count as invalid where they end.
    ///
    /// # Errors
    /// [`ModelError::Engine`] when the run fails.
    pub fn infer(&self, leads: &[LeadSamples<'_>]) -> Result<WaveProbabilities, ModelError> {
        let length = leads.iter().map(|lead| lead.samples.len()).max().unwrap_or(0);
        if length == 0 {
            let none = LeadProbabilities { p: Vec::new(), qrs: Vec::new(), t: Vec::new() };
            return Ok(WaveProbabilities { leads: vec![none; leads.len()] });
        }
        let card = self.card();
        let mut batch = Batch::new(card, leads.len(), tokens(card, length));
        for lead in leads {
            batch.push_lead(card.lead_index(lead.lead), lead.samples, 0, length);
        }
        batch.end_row(|_| None);
        let answer = batch.run_waves(self.loaded.session.as_ref())?;
        let &[_, _, classes, samples] = answer.shape() else { return Ok(WaveProbabilities { leads: Vec::new() }) };
        let leads = answer
            .floats()
            .chunks(classes * samples)
            .zip(leads)
            .map(|(values, lead)| {
                let class = |output: usize| {
                    let row = values.get(output * samples..(output + 1) * samples).unwrap_or_default();
                    let valid = |at: usize| lead.samples.get(at).is_some_and(|v| v.is_finite());
                    row.iter().take(length).enumerate().map(|(at, p)| if valid(at) { *p } else { 0.0 }).collect()
                };
                let [p, qrs, t] = self.outputs.map(class);
                LeadProbabilities { p, qrs, t }
            })
            .collect();
        Ok(WaveProbabilities { leads })
    }
}
