//! Follow-on scrolling: the page moves as time goes by.

use crate::app::{
    state::State,
    update::{Effect, scroll_to},
};

/// Times real time that can be chosen.
pub const SPEEDS: [u8; 3] = [1, 2, 4];
/// Longest step in seconds: after a stutter the page must not leap.
const LONGEST_S: f64 = 0.25;

/// How the page follows time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Play {
    /// It does.
    pub running: bool,
    /// So many times real time.
    pub speed: u8,
    /// Part of a sample not yet scrolled.
    pub(super) left: f64,
}

impl Default for Play {
    fn default() -> Self {
        Self { running: false, speed: 1, left: 0.0 }
    }
}

/// Begins or stops; at the recording's end it begins again from the start.
pub fn toggle(state: &mut State) {
    let running = !state.tools.play.running && state.is_longer_than_page();
    state.tools.play.running = running;
    state.tools.play.left = 0.0;
    if running && at_end(state) {
        state.view.start = crate::recording::SampleIndex(0);
    }
}

/// Moves the page on by what `seconds` of real time are worth; stops at the end.
pub fn tick(state: &mut State, seconds: f64) -> Vec<Effect> {
    let play = state.tools.play;
    let Some(hz) = state.recording().map(|recording| recording.rate.hz()).filter(|_| play.running) else { return Vec::new() };
    let samples = seconds.clamp(0.0, LONGEST_S) * f64::from(play.speed) * hz + play.left;
    state.tools.play.left = samples.fract();
    let effects = scroll_to(state, state.view.start.0 as f64 + samples.floor());
    if at_end(state) {
        state.tools.play.running = false;
    }
    effects
}

fn at_end(state: &State) -> bool {
    state.recording().is_some_and(|recording| state.visible().end.0 >= recording.length)
}
