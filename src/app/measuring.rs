//! Which measurement the reader looks at, and by which formula they like the QT interval corrected.

use super::state::State;
use crate::signal::measurements::Measured;

/// A formula that corrects the QT interval for the rate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Qtc {
    /// QT / √RR.
    Bazett,
    /// QT / ∛RR. The default: among 452,440 measurements Bazett's varied most, Fridericia's and Framingham's least (PMC8275798).
    #[default]
    Fridericia,
    /// QT + 0.154 (1 s − RR).
    Framingham,
    /// QT + 1.75 ms (rate − 60).
    Hodges,
}

impl Qtc {
    /// All.
    pub const ALL: [Self; 4] = [Self::Bazett, Self::Fridericia, Self::Framingham, Self::Hodges];

    /// Who it is named after.
    pub fn label(self) -> &'static str {
        match self {
            Self::Bazett => "Bazett",
            Self::Fridericia => "Fridericia",
            Self::Framingham => "Framingham",
            Self::Hodges => "Hodges",
        }
    }

    /// Published name of the measurement.
    pub fn measurement(self) -> &'static str {
        match self {
            Self::Bazett => "qtc_bazett",
            Self::Fridericia => "qtc_fridericia",
            Self::Framingham => "qtc_framingham",
            Self::Hodges => "qtc_hodges",
        }
    }
}

impl State {
    /// The chosen measurement, where the recording has a value for it.
    pub fn chosen_measurement(&self) -> Option<(&str, &Measured)> {
        let name = self.measurement.as_deref()?;
        let measured = self.analysis.as_ref()?.measurements.get(name)?;
        measured.value.is_some().then_some((name, measured))
    }
}

/// Chooses a measurement, or the chosen one again to clear it.
pub fn choose(state: &mut State, name: String) {
    state.measurement = if state.measurement.as_ref() == Some(&name) { None } else { Some(name) };
}
