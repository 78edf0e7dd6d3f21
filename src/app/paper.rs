//! Layouts, the screen's true scale, colours and keys: what the reader sets rather than what they look at.

use super::{
    page::scale::{NOMINAL_PX_PER_MM, Zoom},
    settings::{self, PIXELS_PER_MM, Settings},
    shortcuts::{self, Keys},
    state::State,
    theme::Theme,
};
use crate::layout::Catalogue;
use std::sync::Arc;

/// Millimetres of the bar that is held against a ruler, and of a bank card's long side (ISO/IEC 7810, ID-1).
pub const BARS_MM: [f32; 2] = [100.0, 85.6];

/// What tells one monitor from another, as far as the window system says.
#[derive(Debug, Clone, PartialEq)]
pub struct Screen {
    /// Size and pixel density, e.g. `2560x1440@1.25`.
    pub key: String,
    /// Physical pixels a point takes, the interface's scale included.
    pub pixels_per_point: f32,
}

/// A calibration under way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Physical pixels a millimetre takes by the bar as it is now.
    pub pixels_per_mm: f32,
    /// Which of [`BARS_MM`].
    pub bar: usize,
}

/// What belongs to the paper and the window rather than to a recording.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The layouts to choose from.
    pub layouts: Arc<Catalogue>,
    /// The lead that is shown where one is.
    pub lead: usize,
    /// What is kept from one start to the next. Layout, gain and speed are those of the page: see [`kept`].
    pub settings: Settings,
    /// The screen the window is on, once known.
    pub screen: Option<Screen>,
    /// A calibration under way.
    pub calibration: Option<Calibration>,
    /// The dialog with colours and sizes is open.
    pub looks_open: bool,
    /// The default key of the shortcut that waits for its new key.
    pub rebinding: Option<Keys>,
    /// Why the last key could not be taken.
    pub rebinding_fault: Option<String>,
}

impl Default for Paper {
    fn default() -> Self {
        Self {
            layouts: Arc::new(Catalogue::standard()),
            lead: 0,
            settings: Settings::default(),
            screen: None,
            calibration: None,
            looks_open: false,
            rebinding: None,
            rebinding_fault: None,
        }
    }
}

/// What can happen to it.
#[derive(Debug, Clone, PartialEq)]
pub enum PaperMessage {
    /// Another lead, where one is shown: so many further down (negative: up).
    StepLead(isize),
    /// Draw in the theme of this id.
    SetTheme(String),
    /// The next theme.
    NextTheme,
    /// Draw everything but the paper this large.
    SetInterfaceScale(f32),
    /// Larger or smaller by this factor.
    ScaleInterface(f32),
    /// The window is on this screen.
    OnScreen(Screen),
    /// Begin to measure the screen, or leave it.
    ToggleCalibration,
    /// The bar is this long.
    Bar(Calibration),
    /// The bar agrees with the ruler.
    Calibrated,
    /// Forget what was measured on this screen.
    ForgetScreen,
    /// Paper in true size.
    TrueSize,
    /// Show or hide colours and sizes.
    ToggleLooks,
    /// Show the window in this language.
    SetLanguage(crate::words::Language),
    /// Wait for a new key for the shortcut with this default key; `None`: no more.
    Rebind(Option<Keys>),
    /// Give the waiting shortcut this key.
    Bind(Keys),
    /// All keys as they come with the program.
    DefaultKeys,
}

impl Paper {
    /// Points a millimetre takes in true size; `None`: the screen was not measured.
    pub fn true_px_per_mm(&self) -> Option<f32> {
        let screen = self.screen.as_ref()?;
        let pixels = self.settings.screens.get(&screen.key)?;
        Some(pixels / screen.pixels_per_point.max(0.1))
    }

    /// The theme to draw with.
    pub fn theme(&self) -> &'static Theme {
        Theme::named(&self.settings.theme)
    }
}

/// The settings as they are to be kept.
pub fn kept(state: &State) -> Settings {
    Settings {
        layout: state.view.layout.to_string(),
        gain: state.view.scale.gain,
        speed: state.view.scale.speed,
        ..state.paper.settings.clone()
    }
}

/// Applies one message.
pub fn update(state: &mut State, message: PaperMessage) {
    let leads = state.recording().map_or(0, |recording| recording.leads.len());
    let paper = &mut state.paper;
    match message {
        PaperMessage::StepLead(by) => {
            paper.lead = paper.lead.min(leads.saturating_sub(1)).saturating_add_signed(by).min(leads.saturating_sub(1));
        }
        PaperMessage::SetTheme(id) => paper.settings.theme = id,
        PaperMessage::NextTheme => {
            let all = &super::theme::ALL;
            let at = all.iter().position(|theme| theme.id == paper.settings.theme).map_or(0, |at| at + 1);
            if let Some(next) = all.get(at).or(all.first()) {
                paper.settings.theme = next.id.clone();
            }
        }
        PaperMessage::SetInterfaceScale(scale) => paper.settings.interface_scale = settings::scale(scale),
        PaperMessage::ScaleInterface(factor) => {
            paper.settings.interface_scale = settings::scale((paper.settings.interface_scale * factor * 20.0).round() / 20.0);
        }
        PaperMessage::OnScreen(screen) => on_screen(state, screen),
        PaperMessage::ToggleCalibration => {
            paper.calibration = match paper.calibration {
                Some(_) => None,
                None => Some(Calibration { pixels_per_mm: begin(paper), bar: 0 }),
            };
        }
        PaperMessage::Bar(bar) => {
            paper.calibration = paper.calibration.map(|before| Calibration {
                pixels_per_mm: if bar.pixels_per_mm.is_finite() {
                    bar.pixels_per_mm.clamp(PIXELS_PER_MM.0, PIXELS_PER_MM.1)
                } else {
                    before.pixels_per_mm
                },
                bar: bar.bar.min(BARS_MM.len() - 1),
            });
        }
        PaperMessage::Calibrated => {
            if let (Some(found), Some(screen)) = (paper.calibration.take(), &paper.screen) {
                paper.settings.screens.insert(screen.key.clone(), found.pixels_per_mm);
                true_size(state);
            }
        }
        PaperMessage::ForgetScreen => {
            if let Some(screen) = &paper.screen {
                paper.settings.screens.remove(&screen.key);
            }
            paper.calibration = None;
        }
        PaperMessage::TrueSize => match paper.true_px_per_mm() {
            Some(_) => true_size(state),
            // It cannot be had without measuring.
            None => paper.calibration = Some(Calibration { pixels_per_mm: begin(paper), bar: 0 }),
        },
        PaperMessage::SetLanguage(language) => paper.settings.language = language,
        PaperMessage::ToggleLooks => paper.looks_open = !paper.looks_open,
        PaperMessage::Rebind(which) => {
            paper.rebinding = which;
            paper.rebinding_fault = None;
        }
        PaperMessage::Bind(keys) => {
            if let Some(default) = paper.rebinding {
                match shortcuts::bind(&mut paper.settings.shortcuts, default, keys) {
                    Ok(()) => (paper.rebinding, paper.rebinding_fault) = (None, None),
                    Err(fault) => paper.rebinding_fault = Some(fault),
                }
            }
        }
        PaperMessage::DefaultKeys => {
            paper.settings.shortcuts.clear();
            (paper.rebinding, paper.rebinding_fault) = (None, None);
        }
    }
}

/// What to begin measuring with: what was measured before, else what 96 dpi would be.
fn begin(paper: &Paper) -> f32 {
    let Some(screen) = &paper.screen else { return NOMINAL_PX_PER_MM };
    paper.settings.screens.get(&screen.key).copied().unwrap_or(NOMINAL_PX_PER_MM * screen.pixels_per_point)
}

fn true_size(state: &mut State) {
    if let Some(px_per_mm) = state.paper.true_px_per_mm() {
        state.view.scale.zoom = Zoom::factor(px_per_mm / NOMINAL_PX_PER_MM);
        state.paper.settings.true_size = true;
    }
}

/// Another screen or another interface scale: paper in true size stays so.
fn on_screen(state: &mut State, screen: Screen) {
    state.paper.screen = Some(screen);
    if state.paper.settings.true_size {
        true_size(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(state: &mut State, key: &str, pixels_per_point: f32) {
        update(state, PaperMessage::OnScreen(Screen { key: key.into(), pixels_per_point }));
    }

    #[test]
    fn true_size_follows_screen_and_interface_scale() {
        let mut state = State::default();
        on(&mut state, "a", 1.0);
        assert_eq!(state.paper.true_px_per_mm(), None);
        update(&mut state, PaperMessage::TrueSize);
        assert!(state.paper.calibration.is_some(), "it has to be measured first");
        update(&mut state, PaperMessage::Bar(Calibration { pixels_per_mm: 5.0, bar: 1 }));
        update(&mut state, PaperMessage::Calibrated);
        let px_per_mm = |state: &State| state.geometry().px_per_mm;
        assert!((px_per_mm(&state) - 5.0).abs() < 1e-3);
        assert!(kept(&state).true_size);
        // Twice as many pixels a point: half as many points a millimetre.
        on(&mut state, "a", 2.0);
        assert!((px_per_mm(&state) - 2.5).abs() < 1e-3);
        // A screen that was not measured: the paper stays as it is, and nothing is claimed.
        on(&mut state, "b", 1.0);
        assert_eq!(state.paper.true_px_per_mm(), None);
        on(&mut state, "a", 1.0);
        assert!((px_per_mm(&state) - 5.0).abs() < 1e-3, "back on the measured screen");
        update(&mut state, PaperMessage::ForgetScreen);
        assert_eq!(state.paper.true_px_per_mm(), None);
    }

    #[test]
    fn a_bar_is_held_within_reason() {
        let mut state = State::default();
        update(&mut state, PaperMessage::ToggleCalibration);
        for (value, held) in [(1e9, PIXELS_PER_MM.1), (-3.0, PIXELS_PER_MM.0), (f32::NAN, PIXELS_PER_MM.0)] {
            update(&mut state, PaperMessage::Bar(Calibration { pixels_per_mm: value, bar: 9 }));
            assert_eq!(state.paper.calibration, Some(Calibration { pixels_per_mm: held, bar: 1 }));
        }
        update(&mut state, PaperMessage::Calibrated);
        assert!(state.paper.settings.screens.is_empty(), "no screen, nothing measured");
    }

    #[test]
    fn what_the_page_shows_is_kept() {
        let mut state = State::default();
        state.view.scale.gain = super::super::page::scale::Gain::Mm20;
        state.view.layout = crate::layout::LayoutId::new("12x1");
        let kept = kept(&state);
        assert_eq!((kept.layout.as_str(), kept.gain), ("12x1", super::super::page::scale::Gain::Mm20));
    }
}
