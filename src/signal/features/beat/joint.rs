//! How a beat differs from the dominant one in all leads together, and its P wave from those of the beats around.

use super::{
    BeatFeatures, Input, Window, detrend,
    dominant::{Survey, average, remove_mean},
    rr,
};
use crate::signal::{features::window::peak_to_peak, robust::median};

/// Beats that stand for a minute, and for some minutes.
const NEAR: usize = 60;
const LONG: usize = 300;
/// Beats that the quality of the place is told by.
const PLACE: usize = 12;
/// Bounds of `rr_prev_ratio` of a beat in time.
const IN_TIME: std::ops::Range<f32> = 0.85..1.3;
/// With fewer beats in time all dominant ones make the average.
const LEAST: usize = 5;

/// One window of the dominant beat, freed of mean (or trend), lead by lead.
type Shape = Vec<Option<Vec<f32>>>;

/// Sets what is measured over all leads together; returns the dominant QRS complex's size: the sum of peak-to-peak over the leads.
pub(super) fn add(input: &Input, survey: &Survey, features: &mut [BeatFeatures]) -> f32 {
    let in_time = |beat: &&usize| features.get(**beat).and_then(|f| f.rr_prev_ratio).is_some_and(|r| IN_TIME.contains(&r));
    let mut members: Vec<usize> = survey.members.iter().filter(in_time).copied().collect();
    if members.len() < LEAST {
        members.clone_from(&survey.members);
    }
    let shape = |window: Window, trend_free: bool| -> Shape {
        let peaks = || members.iter().filter_map(|i| input.beats.get(*i).copied());
        let of = |lead: &&[f32]| {
            let mut mean = average(lead, input, window, peaks(), trend_free)?;
            remove_mean(&mut mean);
            Some(mean)
        };
        input.leads.iter().map(of).collect()
    };
    let (core, beat, t, p) =
        (shape(Window::CORE, false), shape(Window::BEAT, false), shape(Window::T, false), shape(Window::P, true));
    let (mut cut, mut before, mut place) = (Shape::new(), Shape::new(), Vec::new());
    let mut p_alike: Vec<Option<f32>> = Vec::with_capacity(features.len());
    let mut p_rest: Vec<Option<f32>> = Vec::with_capacity(features.len());
    for (features, peak) in features.iter_mut().zip(input.beats) {
        take(input, Window::CORE, *peak, false, &mut cut);
        let sums = Sums::of(&cut, &core);
        (features.qrs_correlation, features.qrs_residual) = (sums.correlation(), sums.residual());
        take(input, Window::T, *peak, false, &mut cut);
        features.t_correlation = Sums::of(&cut, &t).correlation();
        take(input, Window::P, *peak, true, &mut cut);
        let sums = Sums::of(&cut, &p);
        p_alike.push(sums.correlation());
        p_rest.push(sums.residual());
        take(input, Window::BEAT, *peak, false, &mut cut);
        let sums = Sums::of(&cut, &beat);
        (features.beat_correlation, features.beat_residual) = (sums.correlation(), sums.residual());
        features.previous_correlation = Sums::of(&cut, &before).correlation();
        let like = |kind: &Shape| Sums::of(&cut, kind).correlation();
        let other = survey.others.iter().filter_map(like).reduce(f32::max);
        features.kind_margin = like(&survey.kind).map(|dominant| dominant - other.unwrap_or(0.0));
        std::mem::swap(&mut cut, &mut before);
    }
    let beats = features.len();
    let (p_near, p_long) = (rr::medians_around(&p_alike, beats, NEAR), rr::medians_around(&p_alike, beats, LONG));
    let rest_long = rr::medians_around(&p_rest, beats, LONG);
    let likeness: Vec<Option<f32>> = features.iter().map(|f| f.qrs_correlation).collect();
    for (number, features) in features.iter_mut().enumerate() {
        let at = |values: &[Option<f32>]| values.get(number).copied().flatten();
        features.p_joint_relative = at(&p_alike).zip(at(&p_near)).map(|(here, around)| here - around);
        features.p_joint_long = at(&p_long);
        features.p_residual_ratio =
            at(&p_rest).zip(at(&rest_long)).filter(|(_, usual)| *usual > 0.0).map(|(here, usual)| here / usual);
        features.qrs_correlation_prev = number.checked_sub(1).and_then(|i| likeness.get(i).copied().flatten());
        place.clear();
        place.extend(rr::around(&likeness, number, PLACE).iter().flatten().copied());
        features.qrs_correlation_around = lower_quartile(&mut place);
    }
    core.iter().flatten().map(|lead| peak_to_peak(lead)).sum()
}

/// Cuts a window out of every lead; `None` where there is no whole one.
fn take(input: &Input, window: Window, peak: f64, trend_free: bool, out: &mut Shape) {
    out.resize(input.leads.len(), None);
    for (out, lead) in out.iter_mut().zip(input.leads) {
        let mut values = out.take().unwrap_or_default();
        if window.cut(lead, input.rate, peak, &mut values) {
            if trend_free {
                detrend(&mut values);
            } else {
                remove_mean(&mut values);
            }
            *out = Some(values);
        }
    }
}

/// Products of a beat with the dominant one, over the leads that both have.
#[derive(Default)]
struct Sums {
    ab: f32,
    aa: f32,
    bb: f32,
}

impl Sums {
    fn of(beat: &Shape, dominant: &Shape) -> Self {
        let mut sums = Self::default();
        for (a, b) in beat.iter().zip(dominant).filter_map(|(a, b)| a.as_ref().zip(b.as_ref())) {
            for (a, b) in a.iter().zip(b) {
                sums.ab += a * b;
                sums.aa += a * a;
                sums.bb += b * b;
            }
        }
        sums
    }

    fn correlation(&self) -> Option<f32> {
        (self.aa > 1e-9 && self.bb > 1e-9).then(|| (self.ab / (self.aa * self.bb).sqrt()).clamp(-1.0, 1.0))
    }

    /// Root of the difference's energy over the dominant beat's.
    fn residual(&self) -> Option<f32> {
        (self.bb > 1e-9).then(|| ((self.aa - 2.0 * self.ab + self.bb).max(0.0) / self.bb).sqrt())
    }
}

fn lower_quartile(values: &mut [f32]) -> Option<f32> {
    let place = values.len() / 4;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(place, f32::total_cmp).1)
}

/// Median of known values; here so that [`super::noise`] shares it.
pub(super) fn middle(values: impl Iterator<Item = f32>) -> Option<f32> {
    median(&mut values.collect::<Vec<f32>>())
}
