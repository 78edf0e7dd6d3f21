//! Long recordings: cut into windows, summed up over them.

use super::{Finding, WindowFindings};
use crate::model::{Activation, Card};

/// Ranges of samples of `window` each that cover `length`; a remainder shorter than `least` joins the last window.
pub fn cut(length: usize, window: usize, least: usize) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let window = window.max(1);
    let mut start = 0;
    while start < length {
        let next = start + window;
        let end = if next + least > length { length } else { next };
        out.push(start..end);
        start = end;
    }
    out
}

/// The record's findings as the mean over its windows, each window that answered counting by its length.
pub fn mean(windows: &[WindowFindings], card: &Card) -> Vec<Finding> {
    let mut out = Vec::new();
    for task in &card.tasks {
        let mut findings: Vec<Finding> = Vec::new();
        for class in &task.classes {
            let (mut weight, mut probability, mut logit, mut model, mut bias) = (0.0f64, 0.0f64, 0.0f64, String::new(), 0.0);
            for window in windows {
                let Some(found) = window.findings.iter().find(|f| f.task == task.task && f.code == class.code) else { continue };
                let length = window.end_s - window.start_s;
                weight += length;
                probability += length * f64::from(found.probability);
                logit += length * f64::from(found.logit);
                model.clone_from(&found.model);
                bias = found.bias;
            }
            if weight > 0.0 {
                let probability = (probability / weight) as f32;
                findings.push(Finding {
                    task: task.task.clone(),
                    code: class.code.clone(),
                    label: class.label.clone(),
                    probability,
                    threshold: class.threshold,
                    present: probability >= class.threshold,
                    uncertain: class.uncertain.is_some_and(|[low, high]| (low..=high).contains(&probability)),
                    model,
                    logit: (logit / weight) as f32,
                    bias,
                    feature_evidence: Vec::new(),
                    evidence: None,
                });
            }
        }
        if task.activation == Activation::Softmax {
            let over = |f: &Finding| f.probability / f.threshold.max(f32::EPSILON);
            let best = findings.iter().enumerate().max_by(|(_, a), (_, b)| over(a).total_cmp(&over(b))).map(|(i, _)| i);
            for (index, finding) in findings.iter_mut().enumerate() {
                finding.present = Some(index) == best;
            }
        }
        out.append(&mut findings);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_everything_once() {
        for length in [1, 499, 1000, 1499, 1500, 180_037] {
            let windows = cut(length, 1000, 500);
            assert_eq!(windows.first().unwrap().start, 0);
            assert_eq!(windows.last().unwrap().end, length);
            assert!(windows.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert!(windows.iter().all(|w| w.len() < 1500 && (w.len() >= 500 || length < 500)));
        }
        assert!(cut(0, 1000, 500).is_empty());
    }
}
