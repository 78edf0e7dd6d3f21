//! Features of each beat, against the recording's dominant beat.

use super::{
    Input, context, rr,
    window::{Window, correlation, detrend, peak_to_peak},
};
use serde::{Deserialize, Serialize};

/// Beats that are compared to find the dominant one, evenly spread over the recording.
const SURVEYED: usize = 1500;
/// Beats this alike belong together.
const ALIKE: f32 = 0.85;
/// Kinds of beats that are told apart; what is like none of them is then no candidate.
const MOST_CLUSTERS: usize = 24;
/// A beat whose RR interval before is this much shorter than the one after is premature.
const PREMATURE: f32 = 0.8;
/// What a premature beat counts when the dominant cluster is chosen: in bigeminy half of all beats are ectopic.
const PREMATURE_WEIGHT: f32 = 0.25;

/// Features of one beat; `None` = not measurable. Fields carry the names of [`super::BEAT_FEATURES`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct BeatFeatures {
    /// RR interval before, seconds; `None` at the start and after a gap.
    pub rr_prev_s: Option<f32>,
    /// RR interval after, seconds.
    pub rr_next_s: Option<f32>,
    /// Before over the median RR of the 20 beats around.
    pub rr_prev_ratio: Option<f32>,
    /// After over that median.
    pub rr_next_ratio: Option<f32>,
    /// Before over after.
    pub rr_prev_next: Option<f32>,
    /// The interval before the previous one over that median.
    pub rr_prev2_ratio: Option<f32>,
    /// Correlation with the dominant beat from R - 150 to R + 250 ms, best lead.
    pub template_correlation: Option<f32>,
    /// Peak-to-peak of the QRS complex over the dominant beat's, over all leads.
    pub amplitude_ratio: Option<f32>,
    /// Time that holds the middle half of the QRS complex's slope energy, over the dominant beat's, over all leads.
    pub width_ratio: Option<f32>,
    /// Correlation of the P window, freed of its trend, with the dominant beat's, best lead.
    pub p_correlation: Option<f32>,
    /// RR interval before over the median of the 300 intervals around.
    pub rr_prev_long_ratio: Option<f32>,
    /// Median absolute difference of successive intervals over their median, of the 60 intervals around.
    pub rr_local_irregularity: Option<f32>,
    /// Median `p_correlation` of the 60 beats around.
    pub p_correlation_local: Option<f32>,
}

impl BeatFeatures {
    /// Values in the order of [`super::BEAT_FEATURES`].
    pub fn values(&self) -> [Option<f32>; 13] {
        [
            self.rr_prev_s,
            self.rr_next_s,
            self.rr_prev_ratio,
            self.rr_next_ratio,
            self.rr_prev_next,
            self.rr_prev2_ratio,
            self.template_correlation,
            self.amplitude_ratio,
            self.width_ratio,
            self.p_correlation,
            self.rr_prev_long_ratio,
            self.rr_local_irregularity,
            self.p_correlation_local,
        ]
    }

    /// The value of that name; `None` also for names that are no beat feature.
    pub fn get(&self, name: &str) -> Option<f32> {
        let index = super::BEAT_FEATURES.iter().position(|f| f.name == name)?;
        self.values().get(index).copied().flatten()
    }
}

/// Measures every beat of `input.beats`, in their order.
pub fn beat_features(input: &Input) -> Vec<BeatFeatures> {
    let intervals = rr::intervals(input);
    let medians = rr::local_medians(&intervals, input.beats.len());
    let interval = |i: Option<usize>| i.and_then(|i| intervals.get(i).copied().flatten());
    let mut out: Vec<BeatFeatures> = medians
        .iter()
        .enumerate()
        .map(|(i, median)| {
            let (before, after) = (interval(i.checked_sub(1)), interval(Some(i)));
            let earlier = before.and(interval(i.checked_sub(2)));
            let over = |value: Option<f32>, reference: Option<f32>| Some(value? / reference?);
            BeatFeatures {
                rr_prev_s: before,
                rr_next_s: after,
                rr_prev_ratio: over(before, *median),
                rr_next_ratio: over(after, *median),
                rr_prev_next: over(before, after),
                rr_prev2_ratio: over(earlier, *median),
                ..Default::default()
            }
        })
        .collect();
    let dominant = dominant_beat(input, &out);
    let mut scratch = Vec::new();
    for (features, beat) in out.iter_mut().zip(input.beats) {
        compare(input, *beat, &dominant, features, &mut scratch);
    }
    context::add(&intervals, &mut out);
    out
}

/// Average of the dominant beats in one lead.
struct Template {
    beat: Vec<f32>,
    qrs: Vec<f32>,
    p: Option<Vec<f32>>,
}

/// The dominant beat, lead by lead; `None` for leads in which it cannot be seen.
fn dominant_beat(input: &Input, features: &[BeatFeatures]) -> Vec<Option<Template>> {
    let step = input.beats.len().div_ceil(SURVEYED).max(1);
    let surveyed: Vec<usize> = (0..input.beats.len()).step_by(step).collect();
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut cut = Vec::new();
    for index in &surveyed {
        // All leads side by side; a lead without signal at this beat is left out of the comparison.
        let leads: Vec<Option<Vec<f32>>> = input
            .leads
            .iter()
            .map(|lead| {
                Window::BEAT.cut(lead, input.rate, input.beats[*index], &mut cut).then(|| {
                    remove_mean(&mut cut);
                    cut.clone()
                })
            })
            .collect();
        if leads.iter().all(Option::is_none) {
            continue;
        }
        let premature = features.get(*index).and_then(|f| f.rr_prev_next).is_some_and(|r| r < PREMATURE);
        let weight = if premature { PREMATURE_WEIGHT } else { 1.0 };
        let room = clusters.len() < MOST_CLUSTERS;
        let nearest = clusters.iter_mut().map(|c| (c.likeness(&leads), c)).max_by(|a, b| a.0.total_cmp(&b.0));
        match nearest {
            Some((likeness, cluster)) if likeness >= ALIKE => cluster.add(*index, &leads, weight),
            _ if room => {
                let mut cluster = Cluster::new(input.leads.len());
                cluster.add(*index, &leads, weight);
                clusters.push(cluster);
            }
            _ => {}
        }
    }
    let Some(largest) = clusters.into_iter().max_by(|a, b| a.weight.total_cmp(&b.weight)) else {
        return input.leads.iter().map(|_| None).collect();
    };
    input
        .leads
        .iter()
        .map(|lead| {
            let members = || largest.members.iter().filter_map(|i| input.beats.get(*i).copied());
            Some(Template {
                beat: average(lead, input, Window::BEAT, members(), false)?,
                qrs: average(lead, input, Window::QRS, members(), false)?,
                p: average(lead, input, Window::P, members(), true),
            })
        })
        .collect()
}

/// Beats that look alike.
struct Cluster {
    members: Vec<usize>,
    weight: f32,
    sums: Vec<Option<Vec<f32>>>,
}

impl Cluster {
    fn new(leads: usize) -> Self {
        Self { members: Vec::new(), weight: 0.0, sums: vec![None; leads] }
    }

    fn add(&mut self, index: usize, leads: &[Option<Vec<f32>>], weight: f32) {
        self.members.push(index);
        self.weight += weight;
        for (sum, lead) in self.sums.iter_mut().zip(leads) {
            match (sum.as_mut(), lead) {
                (Some(sum), Some(lead)) => sum.iter_mut().zip(lead).for_each(|(s, v)| *s += v),
                (None, Some(lead)) => *sum = Some(lead.clone()),
                _ => {}
            }
        }
    }

    /// Correlation over all leads that both have, each in its own size.
    fn likeness(&self, leads: &[Option<Vec<f32>>]) -> f32 {
        let count = self.members.len().max(1) as f32;
        let (mut ab, mut aa, mut bb) = (0.0f32, 0.0f32, 0.0f32);
        for (sum, lead) in self.sums.iter().zip(leads) {
            if let (Some(sum), Some(lead)) = (sum, lead) {
                for (s, v) in sum.iter().zip(lead) {
                    let s = s / count;
                    ab += s * v;
                    aa += s * s;
                    bb += v * v;
                }
            }
        }
        if aa > 0.0 && bb > 0.0 { ab / (aa * bb).sqrt() } else { 0.0 }
    }
}

fn remove_mean(values: &mut [f32]) {
    let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
    values.iter_mut().for_each(|v| *v -= mean);
}

fn average(lead: &[f32], input: &Input, window: Window, beats: impl Iterator<Item = f64>, trend_free: bool) -> Option<Vec<f32>> {
    let mut sum = vec![0.0f32; window.len(input.rate)];
    let mut cut = Vec::with_capacity(sum.len());
    let mut count = 0usize;
    for beat in beats {
        if window.cut(lead, input.rate, beat, &mut cut) {
            if trend_free {
                detrend(&mut cut);
            }
            sum.iter_mut().zip(&cut).for_each(|(s, v)| *s += v);
            count += 1;
        }
    }
    (count > 0).then(|| {
        sum.iter_mut().for_each(|s| *s /= count as f32);
        sum
    })
}

fn compare(input: &Input, beat: f64, dominant: &[Option<Template>], features: &mut BeatFeatures, cut: &mut Vec<f32>) {
    let (mut likeness, mut p_likeness): (Option<f32>, Option<f32>) = (None, None);
    let (mut size, mut usual_size) = (0.0f32, 0.0f32);
    let (mut energy, mut usual_energy) = (Vec::new(), Vec::new());
    for (lead, template) in input.leads.iter().zip(dominant) {
        let Some(template) = template else { continue };
        if Window::BEAT.cut(lead, input.rate, beat, cut) {
            likeness = best(likeness, correlation(cut, &template.beat));
        }
        if Window::QRS.cut(lead, input.rate, beat, cut) {
            size += peak_to_peak(cut);
            usual_size += peak_to_peak(&template.qrs);
            add_slope_energy(cut, &mut energy);
            add_slope_energy(&template.qrs, &mut usual_energy);
        }
        if let Some(p) = &template.p
            && Window::P.cut(lead, input.rate, beat, cut)
        {
            detrend(cut);
            p_likeness = best(p_likeness, correlation(cut, p));
        }
    }
    features.template_correlation = likeness;
    features.p_correlation = p_likeness;
    features.amplitude_ratio = (usual_size > 0.001).then(|| size / usual_size);
    features.width_ratio = match (middle_half(&energy), middle_half(&usual_energy)) {
        (Some(width), Some(usual)) if usual > 0.0 => Some(width / usual),
        _ => None,
    };
}

fn best(a: Option<f32>, b: Option<f32>) -> Option<f32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}

fn add_slope_energy(values: &[f32], energy: &mut Vec<f32>) {
    energy.resize(values.len().saturating_sub(1), 0.0);
    for (e, pair) in energy.iter_mut().zip(values.windows(2)) {
        *e += (pair[1] - pair[0]).powi(2);
    }
}

/// Samples between the places where a quarter and three quarters of the energy have passed.
fn middle_half(energy: &[f32]) -> Option<f32> {
    let total: f32 = energy.iter().sum();
    if total <= 1e-9 {
        return None;
    }
    let place = |share: f32| {
        let mut passed = 0.0;
        for (i, e) in energy.iter().enumerate() {
            if passed + e >= share * total {
                return i as f32 + (share * total - passed) / e.max(f32::MIN_POSITIVE);
            }
            passed += e;
        }
        energy.len() as f32
    };
    Some(place(0.75) - place(0.25))
}
