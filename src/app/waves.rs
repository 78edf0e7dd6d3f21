//! Where waves are known: of the whole recording, or window by window of one of which the analysis has only samples.

use super::{jobs::Job, language, state::State, update::Effect};
use crate::{
    analysis::Progress,
    recording::{SampleIndex, SampleRange},
    signal::waves::{BeatWaves, Waves},
};
use std::{collections::BTreeMap, ops::Range, sync::Arc};

/// Length of a window that is delineated on demand.
const WINDOW_S: f64 = 10.0;
/// Windows that are kept; the furthest from the page are forgotten first.
const KEPT_WINDOWS: usize = 64;
/// Most a wave may lie away from where its beat's first wave begins.
const BEAT_S: f64 = 3.0;

/// Waves of one window.
#[derive(Debug, Clone)]
pub enum WindowWaves {
    /// Asked for.
    Pending(Arc<Progress>),
    /// Here.
    Ready(Waves),
    /// Not to be had; the reason.
    Failed(String),
}

/// What is known of waves beside the analysis.
#[derive(Debug, Default)]
pub struct WavesSeen {
    /// Waves are marked on the page.
    pub visible: bool,
    /// By the window's first sample; used where the analysis has only samples of the recording.
    pub windows: BTreeMap<u64, WindowWaves>,
}

impl WavesSeen {
    /// Forgets all windows and stops what is under way.
    pub fn forget(&mut self) {
        for window in std::mem::take(&mut self.windows).into_values() {
            if let WindowWaves::Pending(progress) = window {
                progress.cancel();
            }
        }
    }

    /// Whether a window is being delineated.
    pub fn is_busy(&self) -> bool {
        self.windows.values().any(|window| matches!(window, WindowWaves::Pending(_)))
    }
}

/// Whether the analysis has waves of samples only: of fewer than half of the beats.
fn sampled(state: &State) -> bool {
    state
        .analysis
        .as_ref()
        .is_some_and(|analysis| analysis.waves.as_ref().is_some_and(|waves| 2 * waves.global.len() < analysis.beats.len()))
}

/// The waves that are known on the page, each with the samples of the recording it speaks of.
pub fn on_page(state: &State) -> Vec<(&Waves, Range<f64>)> {
    let (Some(recording), Some(analysis)) = (state.recording(), &state.analysis) else { return Vec::new() };
    if !sampled(state) {
        return analysis.waves.iter().map(|waves| (waves, 0.0..recording.length as f64)).collect();
    }
    let windows = windows_on_page(state).into_iter();
    windows
        .filter_map(|window| match state.waves.windows.get(&window.start.0) {
            Some(WindowWaves::Ready(waves)) => Some((waves, window.start.0 as f64..window.end.0 as f64)),
            _ => None,
        })
        .collect()
}

/// Why there are no waves on the page; `None` where there are some or they are on their way.
pub fn missing(state: &State) -> Option<String> {
    let analysis = state.analysis.as_ref()?;
    if analysis.waves.is_none() {
        let refused = analysis.refused.iter().find(|refusal| refusal.task == "waves");
        return Some(refused.map_or(&language::window().page.waves_not_sought, |refusal| &refusal.reason).clone());
    }
    windows_on_page(state).into_iter().find_map(|window| match state.waves.windows.get(&window.start.0) {
        Some(WindowWaves::Failed(reason)) if sampled(state) => Some(reason.clone()),
        _ => None,
    })
}

/// The beats of a list (ascending) of which a wave may lie within `view` (samples).
pub fn within(beats: &[BeatWaves], view: Range<f64>, rate_hz: f64) -> &[BeatWaves] {
    let slack = BEAT_S * rate_hz;
    let begins = |beat: &BeatWaves| beat.p.or(beat.qrs).or(beat.t).map_or(f64::NEG_INFINITY, |wave| wave.onset);
    let first = beats.partition_point(|beat| begins(beat) < view.start - slack);
    let rest = beats.get(first..).unwrap_or_default();
    rest.get(..rest.partition_point(|beat| begins(beat) < view.end + slack)).unwrap_or_default()
}

/// Windows on a raster of [`WINDOW_S`] that reach into the page.
fn windows_on_page(state: &State) -> Vec<SampleRange> {
    let Some(recording) = state.recording() else { return Vec::new() };
    let visible = state.visible();
    let length = recording.rate.samples_in(WINDOW_S).max(1);
    let (first, last) = (visible.start.0 / length, visible.end.0.saturating_sub(1) / length);
    let window =
        |i: u64| SampleRange { start: SampleIndex(i * length), end: SampleIndex(((i + 1) * length).min(recording.length)) };
    (first..=last).map(window).filter(|window| window.start < window.end).collect()
}

/// Starts the next job for a window on the page, one at a time, nearest to the middle first. Only while somebody looks at waves.
pub fn ask(state: &mut State) -> Vec<Effect> {
    let wanted = state.waves.visible || state.chosen_measurement().is_some() || state.tools.want_waves(state);
    if !wanted || !sampled(state) || state.waves.is_busy() {
        return Vec::new();
    }
    let Some(recording) = state.recording().cloned() else { return Vec::new() };
    let visible = state.visible();
    let middle = visible.start.0 + visible.len() / 2;
    let next = windows_on_page(state)
        .into_iter()
        .filter(|window| !state.waves.windows.contains_key(&window.start.0))
        .min_by_key(|window| (window.start.0 + window.len() / 2).abs_diff(middle));
    let Some(window) = next else { return Vec::new() };
    let windows = &mut state.waves.windows;
    while windows.len() >= KEPT_WINDOWS {
        let Some(far) = windows.keys().copied().max_by_key(|start| start.abs_diff(middle)) else { break };
        windows.remove(&far);
    }
    let progress = Arc::new(Progress::new());
    windows.insert(window.start.0, WindowWaves::Pending(progress.clone()));
    vec![Effect::Start(Job::Waves { recording, window, generation: state.generation, run: state.run }, progress)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::waves::Wave;

    #[test]
    fn only_beats_in_view_are_looked_at() {
        let beats: Vec<BeatWaves> = (0..100_000)
            .map(|i| {
                let at = f64::from(i) * 400.0;
                let wave = |from: f64| Some(Wave { onset: at + from, peak: at + from + 20.0, offset: at + from + 40.0 });
                BeatWaves { beat: i as usize, p: if i % 3 == 0 { None } else { wave(0.0) }, qrs: wave(80.0), t: wave(200.0) }
            })
            .collect();
        let seen = within(&beats, 4_000_000.0..4_005_000.0, 500.0);
        assert!(seen.len() < 25, "{}", seen.len());
        for beat in 10_000..10_012 {
            assert!(seen.iter().any(|waves| waves.beat == beat), "{beat}");
        }
        assert!(within(&beats, -10_000.0..-5000.0, 500.0).is_empty());
        assert!(within(&[], 0.0..1.0, 500.0).is_empty());
    }
}
