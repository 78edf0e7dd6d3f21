//! The recording's kinds of beats, and the dominant one among them.

use super::{BeatFeatures, Input, Window, detrend};

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
/// Kinds of beats with a larger share than this are what a beat may be like instead of the dominant one.
const COMMON: f32 = 0.01;

/// Average of the dominant beats in one lead.
pub(super) struct Template {
    pub beat: Vec<f32>,
    pub qrs: Vec<f32>,
    pub p: Option<Vec<f32>>,
}

/// What the survey of a recording's beats found.
#[derive(Default)]
pub(super) struct Survey {
    /// The dominant beat, lead by lead; `None` for leads in which it cannot be seen.
    pub templates: Vec<Option<Template>>,
    /// Numbers of the surveyed beats that are like it.
    pub members: Vec<usize>,
    /// Mean of the dominant kind over [`Window::BEAT`], without its mean, lead by lead.
    pub kind: Vec<Option<Vec<f32>>>,
    /// The same of the other kinds that hold more than [`COMMON`] of the surveyed beats.
    pub others: Vec<Vec<Option<Vec<f32>>>>,
}

/// Finds the kinds of beats and which of them is the dominant one.
pub(super) fn survey(input: &Input, features: &[BeatFeatures]) -> Survey {
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
    let Some(place) = clusters.iter().enumerate().max_by(|a, b| a.1.weight.total_cmp(&b.1.weight)).map(|(i, _)| i) else {
        return Survey { templates: input.leads.iter().map(|_| None).collect(), ..Survey::default() };
    };
    let all: usize = clusters.iter().map(|c| c.members.len()).sum();
    let largest = clusters.swap_remove(place);
    let templates = input
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
        .collect();
    let common = |c: &&Cluster| c.members.len() as f32 > COMMON * all as f32;
    Survey {
        templates,
        kind: largest.mean(),
        others: clusters.iter().filter(common).map(Cluster::mean).collect(),
        members: largest.members,
    }
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

    fn mean(&self) -> Vec<Option<Vec<f32>>> {
        let count = self.members.len().max(1) as f32;
        self.sums.iter().map(|sum| Some(sum.as_ref()?.iter().map(|s| s / count).collect())).collect()
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

pub(super) fn remove_mean(values: &mut [f32]) {
    let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
    values.iter_mut().for_each(|v| *v -= mean);
}

pub(super) fn average(
    lead: &[f32],
    input: &Input,
    window: Window,
    beats: impl Iterator<Item = f64>,
    trend_free: bool,
) -> Option<Vec<f32>> {
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
