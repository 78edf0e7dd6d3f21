//! The filters the page is seen through, and the mains hum of the open recording, which is looked for once.

use super::{jobs::Job, language, state::State, update::Effect};
use crate::{
    analysis::Progress,
    recording::{Rate, Recording, SampleError, Signal},
    signal::filter::{Biquad, FilterSettings, MAINS_HZ, Mains, find_mains, is_diagnostic},
    words::{fill, window::Filter},
};
use std::sync::Arc;

/// The words of filters.
fn words() -> &'static Filter {
    &language::window().filter
}

/// What is known of the mains hum in the open recording.
#[derive(Debug, Clone, Default)]
pub enum Hum {
    /// Nobody asked yet.
    #[default]
    Unknown,
    /// Being looked for.
    Pending(Arc<Progress>),
    /// 50 or 60 Hz; `None`: there is none to speak of.
    Found(Option<f64>),
    /// It could not be looked for; the reason.
    Failed(String),
}

/// The filters of the page.
#[derive(Debug, Clone)]
pub struct Filtering {
    /// In use.
    pub chosen: FilterSettings,
    /// What the key brings back.
    pub last: FilterSettings,
    /// Hum of the open recording.
    pub hum: Hum,
}

impl Default for Filtering {
    fn default() -> Self {
        Self { chosen: FilterSettings::default(), last: FilterSettings::DIAGNOSTIC, hum: Hum::Unknown }
    }
}

/// The band that is left, hum aside.
fn band_name(settings: &FilterSettings) -> String {
    let number = |hz: f64| language::decimal(&hz.to_string());
    match (settings.high_pass, settings.low_pass) {
        (Some(low), Some(high)) => fill(&words().band, &[("low", &number(low)), ("high", &number(high))]),
        (Some(low), None) => fill(&words().band_from, &[("low", &number(low))]),
        (None, Some(high)) => fill(&words().band_to, &[("high", &number(high))]),
        (None, None) => words().unfiltered.clone(),
    }
}

impl Filtering {
    /// Uses these filters.
    pub fn choose(&mut self, settings: FilterSettings) {
        self.chosen = settings;
        if settings != FilterSettings::default() {
            self.last = settings;
        }
    }

    /// Between unfiltered and the last filters.
    pub fn toggle(&mut self) {
        self.chosen = if self.chosen == FilterSettings::default() { self.last } else { FilterSettings::default() };
    }

    /// What is really done to leads of this rate: corners the rate cannot carry are left out, and hum is removed at the frequency that
    /// was found.
    pub fn applied(&self, rate: Rate) -> FilterSettings {
        let mains = match (self.chosen.mains, &self.hum) {
            (Mains::Auto, Hum::Found(Some(hz))) if *hz == MAINS_HZ[0] => Mains::Hz50,
            (Mains::Auto, Hum::Found(Some(_))) => Mains::Hz60,
            (Mains::Auto, _) => Mains::Off,
            (other, _) => other,
        };
        FilterSettings {
            high_pass: self.chosen.high_pass.filter(|hz| Biquad::high_pass(*hz, rate).is_some()),
            low_pass: self.chosen.low_pass.filter(|hz| can_low_pass(*hz, rate)),
            mains,
        }
    }

    /// The band in words, e.g. `0.05–150 Hz, mains 50 Hz removed`.
    pub fn label(&self, rate: Rate) -> String {
        let applied = self.applied(rate);
        let band = FilterSettings { mains: Mains::Off, ..applied };
        let hum = match (self.chosen.mains, &self.hum, applied.mains) {
            (Mains::Off, ..) => "",
            (Mains::Auto, Hum::Unknown | Hum::Pending(_), _) => &words().hum_sought,
            (Mains::Auto, Hum::Failed(_), _) => &words().hum_not_sought,
            (Mains::Auto, Hum::Found(None), _) => &words().hum_none,
            (_, _, Mains::Hz60) => &words().hum_60,
            _ => &words().hum_50,
        };
        match (band == FilterSettings::default(), hum.is_empty()) {
            (_, true) => band_name(&band),
            (true, false) if applied == FilterSettings::default() => fill(&words().unfiltered_hum, &[("hum", hum)]),
            (true, false) => hum.to_owned(),
            (false, false) => fill(&words().band_hum, &[("band", &band_name(&band)), ("hum", hum)]),
        }
    }

    /// What a reader has to be told about the band; `None` where it is a diagnostic one.
    pub fn caution(&self, rate: Rate) -> Option<String> {
        let applied = self.applied(rate);
        if is_diagnostic(&applied) {
            return None;
        }
        Some(fill(&words().caution, &[("band", &band_name(&applied))]))
    }
}

/// Whether a lead of this rate can be low-passed there.
pub fn can_low_pass(hz: f64, rate: Rate) -> bool {
    Biquad::low_pass(hz, rate).is_some()
}

/// Looks for the hum where it has to be known and is not.
pub fn ask(state: &mut State) -> Vec<Effect> {
    if state.filtering.chosen.mains != Mains::Auto || !matches!(state.filtering.hum, Hum::Unknown) {
        return Vec::new();
    }
    let Some(recording) = state.recording().cloned() else { return Vec::new() };
    let progress = Arc::new(Progress::new());
    state.filtering.hum = Hum::Pending(progress.clone());
    vec![Effect::Start(Job::Hum { recording, generation: state.generation }, progress)]
}

/// Parts of a lead that are looked at, and the length of each in seconds.
const PARTS: u64 = 3;
const PART_S: f64 = 20.0;

/// Why the hum was not found out.
#[derive(Debug, thiserror::Error)]
pub enum HumError {
    /// Nobody waits for it any more.
    #[error(transparent)]
    Cancelled(#[from] crate::analysis::Cancelled),
    /// Samples could not be read.
    #[error(transparent)]
    Unreadable(#[from] SampleError),
}

/// The mains frequency most recorded leads agree on, from up to a minute of each; `None` where no lead hums.
pub fn find_hum(recording: &Recording, progress: &Progress) -> Result<Option<f64>, HumError> {
    let mut votes = [0usize; MAINS_HZ.len()];
    for signal in recording.leads.iter().filter(|signal| !signal.is_derived()) {
        progress.check()?;
        let Some(hz) = find_mains(&parts(signal)?, signal.rate) else { continue };
        let nearest = usize::from((hz - MAINS_HZ[1]).abs() < (hz - MAINS_HZ[0]).abs());
        votes[nearest] += 1;
    }
    let best = usize::from(votes[1] > votes[0]);
    Ok((votes[best] > 0).then_some(MAINS_HZ[best]))
}

/// A lead's beginning, middle and end, apart from one another.
fn parts(signal: &Signal) -> Result<Vec<f32>, SampleError> {
    const MOST: u64 = 1 << 21;
    let length = signal.len();
    let part = signal.rate.samples_in(PART_S).clamp(1, MOST);
    let mut samples = Vec::new();
    if length <= part * PARTS {
        signal.read_millivolts(0, length as usize, &mut samples)?;
        return Ok(samples);
    }
    let apart = signal.rate.samples_in(1.0).clamp(1, MOST) as usize;
    for i in 0..PARTS {
        samples.resize(samples.len() + apart, f32::NAN);
        signal.read_millivolts((length - part) / (PARTS - 1) * i, part as usize, &mut samples)?;
    }
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_says_what_is_really_done() {
        let mut filtering = Filtering::default();
        assert_eq!(filtering.label(Rate::HZ_500), "unfiltered");
        assert_eq!(filtering.caution(Rate::HZ_500), None);
        filtering.choose(FilterSettings::MONITOR);
        assert_eq!(filtering.label(Rate::HZ_500), "0.5–40 Hz, looking for mains hum");
        assert!(filtering.caution(Rate::HZ_500).is_some_and(|text| text.starts_with("Filtered 0.5–40 Hz: ST and QRS")));
        filtering.hum = Hum::Found(Some(50.0));
        assert_eq!(filtering.label(Rate::HZ_500), "0.5–40 Hz, mains 50 Hz removed");
        filtering.choose(FilterSettings::DIAGNOSTIC);
        assert_eq!(filtering.caution(Rate::HZ_500), None);
        // 150 Hz cannot be cut at 250 samples a second.
        assert_eq!(filtering.label(Rate::new(250.0).expect("positive")), "from 0.05 Hz, mains 50 Hz removed");
        filtering.choose(FilterSettings { mains: Mains::Auto, ..Default::default() });
        filtering.hum = Hum::Found(None);
        assert_eq!(filtering.label(Rate::HZ_500), "unfiltered, no mains hum found");
        filtering.toggle();
        assert_eq!(filtering.chosen, FilterSettings::default());
        filtering.toggle();
        assert_eq!(filtering.chosen.mains, Mains::Auto);
    }
}
