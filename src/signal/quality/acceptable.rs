//! Whether a 12-lead record is good enough to be read, as people have judged others.

use super::record::{FEATURES, record_features};
use crate::{
    recording::{LeadName, Rate, SampleIndex, StandardLead},
    signal::resample::resample,
};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The fitted trees; see `models/training/quality`.
const FITTED: &str = include_str!("acceptable.json");
/// Length of the records it was fitted on, with what a recorder may be off by.
const SECONDS: std::ops::RangeInclusive<f64> = 9.5..=10.5;
/// Rate of those records; faster ones are brought to it, slower ones lack the band in which noise was measured.
const RATE: Rate = Rate::HZ_500;

/// A judgement of a record as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Acceptability {
    /// Probability that people call the record acceptable, 0 to 1. In cross-validation on CinC 2011's set A the side of 0.5 agreed
    /// with the label in 93 of 100 records; the labels are noisy.
    pub probability: f32,
}

impl Acceptability {
    /// More likely acceptable than not.
    pub fn acceptable(self) -> bool {
        self.probability > 0.5
    }
}

/// A lead with its name, for judgements that need to know which is which.
#[derive(Debug, Clone, Copy)]
pub struct NamedLead<'a> {
    /// Name.
    pub name: &'a LeadName,
    /// Samples in mV, NaN = no valid sample.
    pub samples: &'a [f32],
}

/// The twelve standard leads in their order; `None` if one is missing.
pub(super) fn twelve<'a>(leads: &[NamedLead<'a>]) -> Option<[&'a [f32]; 12]> {
    let mut out: [&[f32]; 12] = [&[]; 12];
    for (target, standard) in out.iter_mut().zip(StandardLead::ALL) {
        *target = leads.iter().find(|l| l.name.standard() == Some(standard))?.samples;
    }
    Some(out)
}

/// Judges a record of the twelve standard leads, ten seconds long, in true millivolts, with its R peaks (samples at `rate`).
///
/// # Errors
///
/// Why there is no judgement: it was fitted on such records only, and for others (fewer leads, other lengths, rates under 500 Hz) no
/// probability could be justified. [`super::assess`] judges any lead.
pub fn acceptability(leads: &[NamedLead<'_>], rate: Rate, peaks: &[SampleIndex]) -> Result<Acceptability, &'static str> {
    let Some(twelve) = twelve(leads) else { return Err("needs the twelve standard leads") };
    let seconds = twelve.iter().map(|l| l.len()).max().unwrap_or(0) as f64 / rate.hz();
    if !SECONDS.contains(&seconds) {
        return Err("needs ten seconds");
    }
    if rate.hz() < RATE.hz() - 0.5 {
        return Err("needs 500 samples a second");
    }
    let resampled = twelve.map(|lead| resample(lead, rate, RATE));
    let peaks: Vec<SampleIndex> = peaks.iter().map(|p| RATE.sample_at(rate.seconds(*p))).collect();
    let features = record_features(&resampled.each_ref().map(Vec::as_slice), RATE, &peaks);
    let trees = TREES.as_ref().map_err(|_| "the fitted trees cannot be read")?;
    Ok(Acceptability { probability: trees.probability(&features) })
}

static TREES: LazyLock<Result<Trees, String>> = LazyLock::new(|| Trees::read(FITTED));

#[derive(Deserialize)]
struct Document {
    features: Vec<String>,
    trees: Vec<Vec<f32>>,
}

struct Trees(Vec<Vec<Node>>);

/// A node in preorder: what follows it is its left child.
enum Node {
    Split { feature: usize, at_most: f32, right: usize },
    Leaf(f32),
}

impl Trees {
    fn read(text: &str) -> Result<Self, String> {
        let document: Document = serde_json::from_str(text).map_err(|e| e.to_string())?;
        if document.features != FEATURES {
            return Err("fitted to other features".to_owned());
        }
        let trees: Option<Vec<_>> = document.trees.iter().map(|numbers| tree(numbers)).collect();
        trees.map(Self).filter(|t| !t.0.is_empty()).ok_or_else(|| "a tree is broken".to_owned())
    }

    fn probability(&self, features: &[f32]) -> f32 {
        let one = |nodes: &Vec<Node>| {
            let mut at = 0;
            loop {
                match nodes.get(at) {
                    Some(Node::Split { feature, at_most, right }) => {
                        at = if features.get(*feature).is_some_and(|v| v <= at_most) { at + 1 } else { *right };
                    }
                    Some(Node::Leaf(probability)) => return *probability,
                    None => return 0.0,
                }
            }
        };
        (self.0.iter().map(|nodes| f64::from(one(nodes))).sum::<f64>() / self.0.len() as f64) as f32
    }
}

/// Reads a tree from its numbers: feature and threshold of a node, then its left and its right branch; -1 less the probability of a leaf.
fn tree(numbers: &[f32]) -> Option<Vec<Node>> {
    let mut nodes: Vec<Node> = Vec::new();
    // Splits whose right branch has not begun.
    let mut open: Vec<usize> = Vec::new();
    let mut rest = numbers.iter().copied();
    while let Some(first) = rest.next() {
        if first < 0.0 {
            nodes.push(Node::Leaf(-1.0 - first));
            let next = nodes.len();
            match open.pop().and_then(|index| nodes.get_mut(index)) {
                Some(Node::Split { right, .. }) => *right = next,
                // No branch is open: the tree is complete, and so must the numbers be.
                _ => return rest.next().is_none().then_some(nodes),
            }
        } else {
            let feature = first as usize;
            open.push(nodes.len());
            nodes.push(Node::Split { feature, at_most: rest.next()?, right: usize::MAX });
            if feature >= FEATURES.len() {
                return None;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        signal::beats::detect,
        simulate::{Spec, simulate},
    };

    fn judged(change: impl Fn(usize, &mut Vec<f32>)) -> Result<f32, &'static str> {
        let simulated = simulate("", "", &Spec { noise_mv: 0.01, wander_mv: 0.05, ..Spec::default() });
        let mut leads: Vec<(LeadName, Vec<f32>)> = simulated.leads.iter().map(|l| (l.lead.into(), l.millivolts())).collect();
        leads.iter_mut().enumerate().for_each(|(i, l)| change(i, &mut l.1));
        let views: Vec<&[f32]> = leads.iter().map(|l| l.1.as_slice()).collect();
        let peaks = detect(&views, Rate::HZ_500).peaks;
        let named: Vec<NamedLead<'_>> = leads.iter().map(|(name, samples)| NamedLead { name, samples }).collect();
        acceptability(&named, Rate::HZ_500, &peaks).map(|a| a.probability)
    }

    #[test]
    fn good_and_bad_records_are_told_apart() {
        assert!(judged(|_, _| ()).expect("judged") > 0.85, "{:?}", judged(|_, _| ()));
        assert!(judged(|_, l| l.fill(0.0)).expect("judged") < 0.1);
        let some_off = judged(|i, l| {
            if i >= 8 {
                l.fill(-80.0)
            }
        })
        .expect("judged");
        assert!(some_off < 0.3, "{some_off}");
    }

    #[test]
    fn what_it_was_not_fitted_on_gets_no_probability() {
        assert_eq!(judged(|_, l| l.truncate(3000)), Err("needs ten seconds"));
        assert_eq!(acceptability(&[], Rate::HZ_500, &[]), Err("needs the twelve standard leads"));
        let (slow, samples) = (Rate::new(250.0).expect("rate"), vec![0.0; 2500]);
        let names: Vec<LeadName> = StandardLead::ALL.into_iter().map(LeadName::from).collect();
        let named: Vec<NamedLead<'_>> = names.iter().map(|name| NamedLead { name, samples: &samples }).collect();
        assert_eq!(acceptability(&named, slow, &[]), Err("needs 500 samples a second"));
    }

    #[test]
    fn the_trees_answer_as_where_they_were_fitted() {
        let document: serde_json::Value = serde_json::from_str(FITTED).expect("json");
        let trees = Trees::read(FITTED).expect("trees");
        let cases = document["cases"].as_array().expect("cases");
        assert!(cases.len() >= 5);
        for case in cases {
            let features: Vec<f32> = serde_json::from_value(case["features"].clone()).expect("features");
            let expected = case["probability"].as_f64().expect("probability");
            assert!((f64::from(trees.probability(&features)) - expected).abs() < 1e-4);
        }
    }

    #[test]
    fn broken_trees_are_refused() {
        assert!(tree(&[]).is_none() && tree(&[0.0, 1.0, -1.5]).is_none() && tree(&[-1.5, -1.5]).is_none());
        assert!(tree(&[99.0, 1.0, -1.5, -1.2]).is_none());
        assert_eq!(tree(&[0.0, 1.0, -1.5, -1.2]).map(|t| t.len()), Some(3));
    }
}
