//! From prepared signals and features to the graph's inputs, as `models/README.md` says and as training does it.

use super::{
    card::{Card, FeatureSpec},
    engine::{EngineError, Session, Tensor},
    names,
};

/// Inputs of one run: `n` rows of the same number of leads and tokens.
pub(super) struct Batch<'a> {
    card: &'a Card,
    n: usize,
    leads: usize,
    tokens: usize,
    signal: Vec<f32>,
    lead_ids: Vec<i64>,
    token_mask: Vec<f32>,
    features: Vec<f32>,
    feature_mask: Vec<f32>,
}

/// What a run answered, shapes and finiteness verified.
pub(super) struct Answers {
    pub classes: usize,
    pub features: usize,
    pub leads: usize,
    pub tokens: usize,
    /// `[N, C]`
    pub logits: Vec<f32>,
    /// `[N, C, L, K]`; empty when it was not asked for.
    pub evidence: Vec<f32>,
    /// `[N, C, F]`; empty when it was not asked for.
    pub feature_evidence: Vec<f32>,
    /// `[C]`
    pub bias: Vec<f32>,
    /// `[N]`; `None` where the card sets no limit to it.
    pub distance: Option<Vec<f32>>,
    /// That limit.
    limit: f32,
}

/// Tokens that cover `samples` samples; the last one may be partly empty.
pub(super) fn tokens(card: &Card, samples: usize) -> usize {
    samples.div_ceil(card.input.hop.max(1))
}

impl<'a> Batch<'a> {
    /// An empty batch for rows of `leads` leads and `tokens` tokens.
    pub fn new(card: &'a Card, leads: usize, tokens: usize) -> Self {
        Self {
            card,
            n: 0,
            leads,
            tokens,
            signal: Vec::new(),
            lead_ids: Vec::new(),
            token_mask: Vec::new(),
            features: Vec::new(),
            feature_mask: Vec::new(),
        }
    }

    /// Adds one lead of the row being filled: `length` samples from `start` on; what lies outside of `samples` is not valid.
    /// Every row needs as many leads as the batch has, and then [`Self::end_row`].
    pub fn push_lead(&mut self, card_lead: usize, samples: &[f32], start: i64, length: usize) {
        let (hop, clip) = (self.card.input.hop, self.card.input.clip_mv);
        self.lead_ids.push(i64::try_from(card_lead).unwrap_or(i64::MAX));
        let value = |offset: usize| {
            let at = start.checked_add(i64::try_from(offset).ok()?)?;
            let sample = *samples.get(usize::try_from(at).ok()?)?;
            (offset < length && sample.is_finite()).then(|| sample.clamp(-clip, clip))
        };
        for token in 0..self.tokens {
            let mut valid = 0;
            for offset in token * hop..(token + 1) * hop {
                let sample = value(offset);
                valid += usize::from(sample.is_some());
                self.signal.push(sample.unwrap_or(0.0));
            }
            self.token_mask.push(if 2 * valid >= hop { 1.0 } else { 0.0 });
        }
    }

    /// Ends the row with its features, `None` = not known.
    pub fn end_row(&mut self, feature: impl Fn(&FeatureSpec) -> Option<f32>) {
        for spec in &self.card.input.features {
            let value = feature(spec).filter(|v| v.is_finite());
            self.features.push(value.map_or(0.0, |v| normalised(spec, v)));
            self.feature_mask.push(if value.is_some() { 1.0 } else { 0.0 });
        }
        self.n += 1;
    }

    /// Rows.
    pub fn len(&self) -> usize {
        self.n
    }

    #[cfg(test)]
    pub fn mask(&self) -> &[f32] {
        &self.token_mask
    }

    #[cfg(test)]
    pub fn signal(&self) -> &[f32] {
        &self.signal
    }

    /// Whether a row has any valid token.
    pub fn any_valid(&self, row: usize) -> bool {
        let size = self.leads * self.tokens;
        self.token_mask.get(row * size..(row + 1) * size).is_some_and(|mask| mask.contains(&1.0))
    }

    /// Runs the batch. Evidence per token and feature is only asked for when `with_evidence`.
    ///
    /// # Errors
    /// Those of the engine; also when the graph answers in other shapes than the contract says, or something that is no number.
    pub fn run(&self, session: &dyn Session, with_evidence: bool) -> Result<Answers, EngineError> {
        let (n, l, k, f) = (self.n, self.leads, self.tokens, self.card.input.features.len());
        let signal = Tensor::f32([n, l, k * self.card.input.hop], self.signal.clone())?;
        let lead_ids = Tensor::i64([n, l], self.lead_ids.clone())?;
        let token_mask = Tensor::f32([n, l, k], self.token_mask.clone())?;
        let features = Tensor::f32([n, f], self.features.clone())?;
        let feature_mask = Tensor::f32([n, f], self.feature_mask.clone())?;
        let inputs = [
            (names::SIGNAL, &signal),
            (names::LEAD_IDS, &lead_ids),
            (names::TOKEN_MASK, &token_mask),
            (names::FEATURES, &features),
            (names::FEATURE_MASK, &feature_mask),
        ];
        let mut wanted = vec![names::LOGITS, names::BIAS];
        if with_evidence {
            wanted.extend([names::FEATURE_EVIDENCE, names::EVIDENCE]);
        }
        let familiarity = self.card.familiarity.as_ref();
        wanted.extend(familiarity.map(|_| names::DISTANCE));
        let mut results = session.run(&inputs, &wanted)?.into_iter();
        let logits = results.next();
        let classes = logits.as_ref().and_then(|t| t.shape().get(1)).copied().unwrap_or(0);
        if classes < self.card.class_count() {
            return Err(self.odd(format!("it has {classes} classes, the card uses {}", self.card.class_count())));
        }
        let logits = self.expect(names::LOGITS, logits, &[n, classes])?;
        let bias = self.expect(names::BIAS, results.next(), &[classes])?;
        let (feature_evidence, evidence) = if with_evidence {
            let by_feature = self.expect(names::FEATURE_EVIDENCE, results.next(), &[n, classes, f])?;
            (by_feature, self.expect(names::EVIDENCE, results.next(), &[n, classes, l, k])?)
        } else {
            (Vec::new(), Vec::new())
        };
        let distance = familiarity.map(|_| self.expect(names::DISTANCE, results.next(), &[n])).transpose()?;
        let limit = familiarity.map_or(f32::INFINITY, |familiarity| familiarity.limit(l));
        Ok(Answers { classes, features: f, leads: l, tokens: k, logits, evidence, feature_evidence, bias, distance, limit })
    }

    /// Runs a batch of the wave model; the answer is `[N, L, C, T]` with as many samples as the batch has.
    ///
    /// # Errors
    /// Those of the engine; also when the graph answers in another shape than the contract says, or something that is no number.
    pub fn run_waves(&self, session: &dyn Session) -> Result<Tensor, EngineError> {
        let (n, l, k) = (self.n, self.leads, self.tokens);
        let signal = Tensor::f32([n, l, k * self.card.input.hop], self.signal.clone())?;
        let lead_ids = Tensor::i64([n, l], self.lead_ids.clone())?;
        let token_mask = Tensor::f32([n, l, k], self.token_mask.clone())?;
        let inputs = [(names::SIGNAL, &signal), (names::LEAD_IDS, &lead_ids), (names::TOKEN_MASK, &token_mask)];
        let answer = session.run(&inputs, &[names::WAVES])?.into_iter().next();
        let classes = answer.as_ref().and_then(|t| t.shape().get(2)).copied().unwrap_or(0);
        if classes < self.card.class_count() {
            return Err(self.odd(format!("it has {classes} classes, the card uses {}", self.card.class_count())));
        }
        let shape = [n, l, classes, k * self.card.input.hop];
        Tensor::f32(shape, self.expect(names::WAVES, answer, &shape)?)
    }

    fn expect(&self, name: &str, tensor: Option<Tensor>, shape: &[usize]) -> Result<Vec<f32>, EngineError> {
        match tensor {
            Some(Tensor::F32 { shape: found, data }) if found == shape => {
                if data.iter().all(|v| v.is_finite()) {
                    return Ok(data);
                }
                Err(self.odd(format!("output `{name}` holds values that are no numbers")))
            }
            other => {
                let found = other.map(|t| format!("{:?}", t.shape())).unwrap_or_else(|| "nothing".to_owned());
                Err(self.odd(format!("output `{name}` should be of shape {shape:?}, it is {found}")))
            }
        }
    }

    fn odd(&self, reason: String) -> EngineError {
        EngineError::Run { engine: "the engine".to_owned(), graph: self.card.name.clone(), reason }
    }
}

impl Answers {
    /// Logits of one row.
    pub fn logits(&self, row: usize) -> &[f32] {
        slice(&self.logits, row, self.classes)
    }

    /// `[L, K]` of one row and class; empty when it was not asked for.
    pub fn evidence(&self, row: usize, class: usize) -> &[f32] {
        slice(&self.evidence, row * self.classes + class, self.leads * self.tokens)
    }

    /// `[F]` of one row and class; empty when it was not asked for.
    pub fn feature_evidence(&self, row: usize, class: usize) -> &[f32] {
        slice(&self.feature_evidence, row * self.classes + class, self.features)
    }

    /// Why a row is too unlike the recordings of the training to be answered, if it is.
    pub fn unfamiliar(&self, row: usize) -> Option<String> {
        let distance = *self.distance.as_ref()?.get(row)?;
        (distance > self.limit)
            .then(|| format!("unlike the recordings the model was trained on (distance {distance:.1}, limit {:.1})", self.limit))
    }

    /// The class's constant.
    pub fn bias(&self, class: usize) -> f32 {
        self.bias.get(class).copied().unwrap_or(0.0)
    }
}

fn slice(values: &[f32], index: usize, size: usize) -> &[f32] {
    values.get(index * size..(index + 1) * size).unwrap_or(&[])
}

/// A known value limited to the card's plausible range, as in training, and normalised.
fn normalised(spec: &FeatureSpec, value: f32) -> f32 {
    let low = spec.min.unwrap_or(f32::NEG_INFINITY);
    let high = spec.max.unwrap_or(f32::INFINITY);
    // `max` and `min` rather than `clamp`, which panics on a range that is none.
    (value.max(low).min(high) - spec.mean) / spec.sd
}
