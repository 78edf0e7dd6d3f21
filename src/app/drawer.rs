//! What is shown below the page, one thing at a time.

use super::{language::window, state::State};

/// A thing that can be shown below the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Drawer {
    /// Rate, RR intervals, beat classes and quality over time.
    Trends,
    /// The open recording beside an earlier one of the same patient.
    Comparison,
    /// Errors, warnings and repairs.
    Messages,
}

impl Drawer {
    /// All, as their buttons stand.
    pub const ALL: [Self; 3] = [Self::Trends, Self::Comparison, Self::Messages];

    /// Name of the button.
    pub fn label(self) -> &'static str {
        let words = &window().drawer;
        match self {
            Self::Trends => &words.trends,
            Self::Comparison => &words.compare,
            Self::Messages => &words.messages,
        }
    }

    /// What the button does.
    pub fn help(self) -> &'static str {
        let words = &window().drawer;
        match self {
            Self::Trends => &words.trends_help,
            Self::Comparison => &words.compare_help,
            Self::Messages => &words.messages_help,
        }
    }
}

/// Shows it, or hides it where it is shown.
pub fn toggle(state: &mut State, drawer: Drawer) {
    state.drawer = (state.drawer != Some(drawer)).then_some(drawer);
}
