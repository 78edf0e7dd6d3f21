//! Tools over the page: calipers, jumps, follow-on scrolling, the chosen beat, comparison, and the blind first read. Their state in one place, changed
//! by their messages alone.

pub mod beat;
pub mod blind;
pub mod calipers;
pub mod events;
pub mod jump;
pub mod play;
pub mod samples;
pub mod superimpose;

use super::{
    state::State,
    update::{Effect, scroll_to},
    waves,
};
use crate::recording::{BeatLabel, LeadName, SampleIndex};
use beat::BeatSeen;
use blind::Blind;
use calipers::{CaliperMessage, Calipers};
use jump::Jump;
use play::Play;
use superimpose::Superimposed;

/// A stretch that stays on screen beside the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pinned {
    /// Its first sample.
    pub start: SampleIndex,
}

/// What the tools know.
#[derive(Debug, Default)]
pub struct Tools {
    /// Calipers on the page.
    pub calipers: Calipers,
    /// The field to go to a time.
    pub jump: Jump,
    /// Follow-on scrolling.
    pub play: Play,
    /// The chosen beat and its evidence.
    pub beat: BeatSeen,
    /// The tangent at the chosen beat's T wave is drawn.
    pub tangent: bool,
    /// The pointer enlarges what lies under it.
    pub magnifier: bool,
    /// Leads over one another.
    pub superimposed: Superimposed,
    /// The stretch beside the page.
    pub pinned: Option<Pinned>,
    /// The first read without the machine.
    pub blind: Blind,
}

/// One thing that happened to a tool.
#[derive(Debug, Clone, PartialEq)]
pub enum ToolMessage {
    /// Of the calipers.
    Caliper(CaliperMessage),
    /// The field to go to a time was edited.
    GoToEdited(String),
    /// Go where the field says.
    GoTo,
    /// Put the keyboard into that field.
    FocusGoTo,
    /// To the beat so many further on (negative: back).
    StepBeat(isize),
    /// To the beat of the class sought, so many further on.
    StepBeatOfClass(isize),
    /// Seek beats of this class.
    SeekClass(BeatLabel),
    /// To the event so many further on.
    StepEvent(isize),
    /// Choose the beat nearest to a place, and that lead.
    ChooseBeat {
        /// Where.
        at: SampleIndex,
        /// The lead the reader pointed at.
        lead: LeadName,
    },
    /// Show what speaks for this class of the chosen beat.
    ShowBeatClass(String),
    /// No beat is chosen any more.
    ClearBeat,
    /// Begin or stop follow-on scrolling.
    TogglePlay,
    /// Scroll at so many times real time.
    SetPlaySpeed(u8),
    /// So many seconds went by.
    Tick(f64),
    /// Hide the machine on the first read, or not.
    ToggleBlind,
    /// Ask the machine.
    Reveal,
    /// Enlarge what lies under the pointer, or not.
    ToggleMagnifier,
    /// Show leads over one another, or not.
    ToggleSuperimposed,
    /// Show this lead among them, or not.
    ToggleSuperimposedLead(LeadName),
    /// All leads over one another, or none.
    SuperimposeAll(bool),
    /// Keep the stretch shown beside the page, or let it go.
    TogglePin,
    /// Draw the tangent at T, or not.
    ToggleTangent,
}

impl Tools {
    /// What stays when another recording is opened: how tools are set, not what they were set to on the recording.
    pub fn for_another(&self) -> Self {
        Self {
            calipers: self.calipers.for_another(),
            play: Play { speed: self.play.speed, ..Play::default() },
            beat: BeatSeen { sought: self.beat.sought, ..BeatSeen::default() },
            tangent: self.tangent,
            magnifier: self.magnifier,
            superimposed: self.superimposed.clone(),
            ..Self::default()
        }
    }

    /// Whether waves are needed on the page.
    pub fn want_waves(&self, state: &State) -> bool {
        self.tangent || self.beat.chosen.is_some() || state.chosen_finding().is_some()
    }
}

/// Applies a tool's message.
pub fn update(state: &mut State, message: ToolMessage) -> Vec<Effect> {
    match message {
        ToolMessage::Caliper(message) => calipers::update(state, message),
        ToolMessage::GoToEdited(text) => {
            state.tools.jump.text = text;
            state.tools.jump.error = None;
            Vec::new()
        }
        ToolMessage::GoTo => jump::go(state),
        ToolMessage::FocusGoTo => {
            state.tools.jump.focus = true;
            Vec::new()
        }
        ToolMessage::StepBeat(by) => beat::step(state, by, None),
        ToolMessage::StepBeatOfClass(by) => {
            let sought = state.tools.beat.sought;
            beat::step(state, by, Some(sought))
        }
        ToolMessage::SeekClass(label) => {
            state.tools.beat.sought = label;
            Vec::new()
        }
        ToolMessage::StepEvent(by) => events::step(state, by),
        ToolMessage::ChooseBeat { at, lead } => beat::choose_near(state, at, lead),
        ToolMessage::ShowBeatClass(code) => {
            if let Some(chosen) = &mut state.tools.beat.chosen {
                chosen.code = Some(code);
                state.evidence_visible = true;
            }
            Vec::new()
        }
        ToolMessage::ClearBeat => {
            state.tools.beat.chosen = None;
            Vec::new()
        }
        ToolMessage::TogglePlay => {
            play::toggle(state);
            Vec::new()
        }
        ToolMessage::SetPlaySpeed(speed) => {
            state.tools.play.speed = speed;
            Vec::new()
        }
        ToolMessage::Tick(seconds) => play::tick(state, seconds),
        ToolMessage::ToggleBlind => {
            blind::toggle(state);
            Vec::new()
        }
        ToolMessage::Reveal => {
            blind::reveal(state);
            scroll_to(state, state.view.start.0 as f64)
        }
        ToolMessage::ToggleMagnifier => {
            state.tools.magnifier = !state.tools.magnifier;
            Vec::new()
        }
        ToolMessage::ToggleSuperimposed => {
            state.tools.superimposed.open = !state.tools.superimposed.open;
            Vec::new()
        }
        ToolMessage::ToggleSuperimposedLead(lead) => {
            state.tools.superimposed.toggle(lead);
            Vec::new()
        }
        ToolMessage::SuperimposeAll(all) => {
            state.tools.superimposed.hidden = if all { Default::default() } else { state.lead_names().into_iter().collect() };
            Vec::new()
        }
        ToolMessage::TogglePin => {
            state.tools.pinned = match state.tools.pinned {
                Some(_) => None,
                None => state.recording().map(|_| Pinned { start: state.view.start }),
            };
            Vec::new()
        }
        ToolMessage::ToggleTangent => {
            state.tools.tangent = !state.tools.tangent;
            if state.tools.tangent && state.tools.beat.chosen.is_none() {
                let mut effects = beat::choose_middle(state);
                effects.extend(waves::ask(state));
                return effects;
            }
            waves::ask(state)
        }
    }
}

/// Esc: what is under way ends, what is chosen is let go.
pub fn escape(state: &mut State) {
    state.tools.beat.chosen = None;
    state.tools.calipers.chosen = None;
    state.tools.calipers.active = false;
    state.tools.magnifier = false;
    state.tools.play.running = false;
}
