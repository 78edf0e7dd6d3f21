//! What is shown below the page, one thing at a time.

use super::state::State;

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
        match self {
            Self::Trends => "Trends",
            Self::Comparison => "Compare",
            Self::Messages => "Messages",
        }
    }

    /// What the button does.
    pub fn help(self) -> &'static str {
        match self {
            Self::Trends => "Rate, RR intervals, beat classes and quality over time (V)",
            Self::Comparison => "Compare with an earlier recording of the same patient (Shift P)",
            Self::Messages => "Errors, warnings and repairs (R)",
        }
    }
}

/// Shows it, or hides it where it is shown.
pub fn toggle(state: &mut State, drawer: Drawer) {
    state.drawer = (state.drawer != Some(drawer)).then_some(drawer);
}
