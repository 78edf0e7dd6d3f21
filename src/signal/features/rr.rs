//! RR intervals that no gap interrupts.

use super::Input;
use crate::signal::{
    robust::median,
    stretch::{bridge_samples, stretches},
};

/// Beats around a beat whose RR intervals make its local median.
const LOCAL_BEATS: usize = 20;

/// RR intervals in seconds: entry `i` lies between beats `i` and `i + 1`; `None` where a gap in all leads lies between them.
pub fn intervals(input: &Input) -> Vec<Option<f32>> {
    let whole = joint_stretches(input);
    let stretch_of =
        |at: f64| whole.partition_point(|s| s.start as f64 - 0.5 <= at).checked_sub(1).filter(|i| at <= whole[*i].end as f64);
    input
        .beats
        .windows(2)
        .map(|pair| {
            let (a, b) = (stretch_of(pair[0]), stretch_of(pair[1]));
            let rr = ((pair[1] - pair[0]) / input.rate.hz()) as f32;
            (a.is_some() && a == b && rr > 0.0).then_some(rr)
        })
        .collect()
}

/// Stretches in which at least one lead has a signal.
fn joint_stretches(input: &Input) -> Vec<std::ops::Range<usize>> {
    let bridge = bridge_samples(input.rate).max(1);
    let mut all: Vec<std::ops::Range<usize>> = input.leads.iter().flat_map(|lead| stretches(lead, bridge)).collect();
    all.sort_by_key(|s| s.start);
    let mut joint: Vec<std::ops::Range<usize>> = Vec::new();
    for stretch in all {
        match joint.last_mut() {
            Some(last) if stretch.start <= last.end.saturating_add(bridge) => last.end = last.end.max(stretch.end),
            _ => joint.push(stretch),
        }
    }
    joint
}

/// For each beat the median of the RR intervals among the 20 beats around it; `None` where there is none.
pub(super) fn local_medians(rr: &[Option<f32>], beats: usize) -> Vec<Option<f32>> {
    medians_around(rr, beats, LOCAL_BEATS)
}

/// For each beat the median of the `count` values around it; `None` where none is known.
pub(super) fn medians_around(values: &[Option<f32>], beats: usize, count: usize) -> Vec<Option<f32>> {
    let mut known = Vec::with_capacity(count);
    (0..beats)
        .map(|beat| {
            known.clear();
            known.extend(around(values, beat, count).iter().flatten());
            median(&mut known)
        })
        .collect()
}

/// The `count` values around a beat. At the ends of a recording the window moves inward instead of shrinking.
pub(super) fn around<T>(values: &[T], beat: usize, count: usize) -> &[T] {
    let to = (beat + count / 2).min(values.len());
    let from = to.saturating_sub(count);
    values.get(from..(from + count).min(values.len())).unwrap_or_default()
}
