//! From logits to calibrated probabilities and decisions, as the card says.

use super::card::{Activation, Calibration, Curve, TaskSpec};

/// One class's probability and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Decision {
    pub probability: f32,
    pub present: bool,
    pub uncertain: bool,
}

/// Decides a task. `logits` are all of the graph's for one row; the result is in the order of the task's classes.
///
/// Of a softmax task exactly one class is present, the one whose probability is largest against its threshold; of a sigmoid task
/// every class that reaches its threshold.
pub(super) fn decide(task: &TaskSpec, logits: &[f32]) -> Vec<Decision> {
    let probabilities = probabilities(task, logits);
    let against = |p: f32, threshold: f32| p / threshold.max(1e-6);
    let chosen = task
        .classes
        .iter()
        .zip(&probabilities)
        .enumerate()
        .max_by(|(_, (a, p)), (_, (b, q))| against(**p, a.threshold).total_cmp(&against(**q, b.threshold)))
        .map(|(index, _)| index);
    task.classes
        .iter()
        .zip(probabilities)
        .enumerate()
        .map(|(index, (class, probability))| Decision {
            probability,
            present: match task.activation {
                Activation::Softmax => chosen == Some(index),
                Activation::Sigmoid => probability >= class.threshold,
            },
            uncertain: class.uncertain.is_some_and(|[low, high]| (low..=high).contains(&probability)),
        })
        .collect()
}

/// Calibrated probabilities in the order of the task's classes.
pub(super) fn probabilities(task: &TaskSpec, logits: &[f32]) -> Vec<f32> {
    let temperature = if let Calibration::Temperature { temperature } = task.calibration { temperature } else { 1.0 };
    let scaled = task.classes.iter().map(|c| f64::from(logits.get(c.output).copied().unwrap_or(f32::MIN) / temperature));
    let mut raw: Vec<f64> = match task.activation {
        Activation::Sigmoid => scaled.map(|x| 1.0 / (1.0 + (-x).exp())).collect(),
        Activation::Softmax => {
            let scaled: Vec<f64> = scaled.collect();
            let largest = scaled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            normalised(scaled.into_iter().map(|x| (x - largest).exp()).collect())
        }
    };
    if let Calibration::Isotonic { curves } = &task.calibration {
        for (value, class) in raw.iter_mut().zip(&task.classes) {
            if let Some(curve) = curves.get(&class.code) {
                *value = at(curve, *value);
            }
        }
        if task.activation == Activation::Softmax {
            raw = normalised(raw);
        }
    }
    raw.into_iter().map(|p| p as f32).collect()
}

fn normalised(values: Vec<f64>) -> Vec<f64> {
    let sum: f64 = values.iter().sum();
    if sum > 0.0 {
        return values.iter().map(|v| v / sum).collect();
    }
    // All curves say 0: nothing speaks for one class more than for another.
    vec![1.0 / values.len().max(1) as f64; values.len()]
}

/// The curve's value, straight between its points and level beyond them.
fn at(curve: &Curve, x: f64) -> f64 {
    let points = || curve.x.iter().zip(&curve.y).map(|(x, y)| (f64::from(*x), f64::from(*y)));
    let mut before = None;
    for (px, py) in points() {
        if x <= px {
            return match before {
                Some((qx, qy)) if px > qx => qy + (py - qy) * (x - qx) / (px - qx),
                _ => py,
            };
        }
        before = Some((px, py));
    }
    before.map_or(x, |(_, y)| y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::card::ClassSpec;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn task(activation: Activation, thresholds: &[f32], calibration: Calibration) -> TaskSpec {
        let class = |(output, threshold): (usize, &f32)| ClassSpec {
            code: format!("c{output}"),
            label: String::new(),
            snomed: None,
            scp: None,
            output,
            threshold: *threshold,
            uncertain: Some([0.4, 0.6]),
            how: None,
        };
        TaskSpec {
            task: "t".to_owned(),
            activation,
            min_leads: 1,
            max_leads: None,
            prefer_leads: None,
            requires_leads: None,
            classes: thresholds.iter().enumerate().map(class).collect(),
            calibration,
        }
    }

    #[test]
    fn a_sigmoid_class_is_present_from_its_threshold_on() {
        let decisions = decide(&task(Activation::Sigmoid, &[0.5, 0.9], Calibration::None), &[0.0, 2.0]);
        assert!(decisions[0].present && decisions[0].uncertain && decisions[0].probability == 0.5);
        assert!(!decisions[1].present && !decisions[1].uncertain);
        assert!((decisions[1].probability - 0.880_797).abs() < 1e-6);
    }

    #[test]
    fn of_a_softmax_task_the_class_largest_against_its_threshold_is_present() {
        let logits = [0.6f32.ln(), 0.3f32.ln(), 0.1f32.ln()];
        let plain = decide(&task(Activation::Softmax, &[0.5, 0.5, 0.5], Calibration::None), &logits);
        assert_eq!(plain.iter().map(|d| d.present).collect::<Vec<_>>(), [true, false, false]);
        let rare = decide(&task(Activation::Softmax, &[0.9, 0.2, 0.5], Calibration::None), &logits);
        assert_eq!(rare.iter().map(|d| d.present).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn temperature_makes_the_model_less_sure() {
        let warm = Calibration::Temperature { temperature: 2.0 };
        let p = probabilities(&task(Activation::Sigmoid, &[0.5], warm), &[2.0]);
        assert!((p[0] - 0.731_058_6).abs() < 1e-6);
    }

    #[test]
    fn isotonic_curves_are_straight_between_points_and_level_beyond() {
        let curve = Curve { x: vec![0.2, 0.4, 0.8], y: vec![0.1, 0.5, 0.6] };
        for (x, y) in [(0.0, 0.1), (0.2, 0.1), (0.3, 0.3), (0.4, 0.5), (0.6, 0.55), (0.8, 0.6), (1.0, 0.6)] {
            assert!((at(&curve, x) - y).abs() < 1e-6, "{x}");
        }
        let curves = BTreeMap::from([("c0".to_owned(), curve)]);
        let p = probabilities(&task(Activation::Sigmoid, &[0.5], Calibration::Isotonic { curves }), &[0.0]);
        assert!((p[0] - 0.525).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn softmax_probabilities_sum_to_one(logits in proptest::collection::vec(-1e4f32..1e4, 3), temperature in 0.1f32..10.0) {
            let task = task(Activation::Softmax, &[0.3, 0.3, 0.3], Calibration::Temperature { temperature });
            let decisions = decide(&task, &logits);
            prop_assert!((decisions.iter().map(|d| d.probability).sum::<f32>() - 1.0).abs() < 1e-5);
            prop_assert_eq!(decisions.iter().filter(|d| d.present).count(), 1);
            prop_assert!(decisions.iter().all(|d| (0.0..=1.0).contains(&d.probability)));
        }
    }
}
