//! The bar of tools, as wide as the window: calipers, magnifier, comparison, tangent, jumps, follow-on scrolling, the blind first read.

use super::{Out, widgets::together};
use crate::{
    app::{
        language,
        message::Message,
        state::State,
        theme,
        tools::{ToolMessage, calipers::CaliperMessage, play::SPEEDS},
    },
    recording::{BeatLabel, CaliperKind},
    words::{fill, window::Tools},
};
use egui::{Button, ComboBox, RichText, Ui};

/// The words of this bar.
fn words() -> &'static Tools {
    &language::window().tools
}

/// In a narrower bar everything stands closer, so that it takes fewer lines.
const NARROW: f32 = 900.0;

/// There is a page, or there will be in a moment: what stands below must not jump from one recording to the next.
pub fn wanted(state: &State) -> bool {
    state.recording().map_or(state.opening.is_some(), |recording| !recording.leads.is_empty())
}

/// Shows the bar. What belongs together stays together where it takes more than one line.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let mut tool = |message: ToolMessage| out.push(Message::Tool(message));
    ui.horizontal_wrapped(|ui| {
        if state.recording().is_none() {
            ui.disable();
        }
        ui.spacing_mut().item_spacing.x = 5.0;
        if ui.available_width() < NARROW {
            ui.spacing_mut().item_spacing.x = 3.0;
            ui.spacing_mut().button_padding.x = 5.0;
        }
        together(ui, "calipers", |ui| calipers(ui, state, &mut tool));
        together(ui, "looks", |ui| looks(ui, state, &mut tool));
        together(ui, "time", |ui| go_to(ui, state, &mut tool));
        together(ui, "beats", |ui| beats(ui, state, &mut tool));
        together(ui, "classes", |ui| classes(ui, state, &mut tool));
        together(ui, "events", |ui| events(ui, state, &mut tool));
        if state.is_longer_than_page() {
            together(ui, "follow", |ui| follow(ui, state, &mut tool));
        }
        together(ui, "machine", |ui| machine(ui, state, &mut tool));
    });
}

/// What a kind of caliper is called.
pub fn kind_name(kind: CaliperKind) -> &'static str {
    match kind {
        CaliperKind::Interval => &words().interval,
        CaliperKind::Rate => &words().rate,
        CaliperKind::Amplitude => &words().amplitude,
        CaliperKind::MarchThrough => &words().march,
    }
}

fn toggle(ui: &mut Ui, on: bool, text: &str, help: &str) -> bool {
    ui.selectable_label(on, text).on_hover_text(help).clicked()
}

fn calipers(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    let calipers = &state.tools.calipers;
    let mut send = |message| tool(ToolMessage::Caliper(message));
    if toggle(ui, calipers.active, &words().calipers, &words().calipers_help) {
        send(CaliperMessage::ToggleMode);
    }
    let mut kind = calipers.kind;
    let combo = ComboBox::from_id_salt("caliper kind").selected_text(kind_name(kind)).width(104.0);
    let shown = combo.show_ui(ui, |ui| {
        for one in CaliperKind::ALL {
            ui.selectable_value(&mut kind, one, kind_name(one));
        }
    });
    shown.response.accessible_name(&words().kind).on_hover_text(&words().kind_help);
    if kind != calipers.kind {
        send(CaliperMessage::SetKind(kind));
    }
    if toggle(ui, calipers.snap, &words().snap, &words().snap_help) {
        send(CaliperMessage::ToggleSnap);
    }
}

fn looks(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    let tools = &state.tools;
    if toggle(ui, tools.magnifier, &words().magnifier, &words().magnifier_help) {
        tool(ToolMessage::ToggleMagnifier);
    }
    if toggle(ui, tools.superimposed.open, &words().superimpose, &words().superimpose_help) {
        tool(ToolMessage::ToggleSuperimposed);
    }
    if toggle(ui, tools.pinned.is_some(), &words().pin, &words().pin_help) {
        tool(ToolMessage::TogglePin);
    }
    if toggle(ui, tools.tangent, &words().tangent, &words().tangent_help) {
        tool(ToolMessage::ToggleTangent);
    }
}

fn go_to(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    let jump = &state.tools.jump;
    let mut text = jump.text.clone();
    let field = egui::TextEdit::singleline(&mut text).desired_width(92.0).hint_text(&words().go_to).char_limit(40);
    let response = ui.add(field).accessible_name(&words().go_to).on_hover_text(&words().go_to_help);
    if response.changed() {
        tool(ToolMessage::GoToEdited(text));
    }
    if jump.focus {
        response.request_focus();
    }
    if response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
        tool(ToolMessage::GoTo);
    }
    if let Some(error) = &jump.error {
        ui.label(RichText::new(error).color(theme::ui::error()));
    }
}

/// A button that goes one further or back.
fn step(ui: &mut Ui, enabled: bool, text: &str, help: &str, tool: &mut dyn FnMut(ToolMessage), message: ToolMessage) {
    if ui.add_enabled(enabled, Button::new(text)).on_hover_text(help).accessible_name(help).clicked() {
        tool(message);
    }
}

fn has_beats(state: &State) -> bool {
    !state.machine_hidden() && state.analysis.as_ref().is_some_and(|analysis| !analysis.beats.is_empty())
}

fn beats(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    let enabled = has_beats(state);
    step(ui, enabled, "<", &words().beat_before, tool, ToolMessage::StepBeat(-1));
    ui.label(&words().beat);
    step(ui, enabled, ">", &words().beat_after, tool, ToolMessage::StepBeat(1));
}

fn classes(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    let enabled = has_beats(state);
    step(ui, enabled, "<", &words().class_before, tool, ToolMessage::StepBeatOfClass(-1));
    let mut class = state.tools.beat.sought;
    let combo = ComboBox::from_id_salt("class sought").selected_text(class.letter()).width(36.0);
    let shown = combo.show_ui(ui, |ui| {
        for label in BeatLabel::ALL {
            ui.selectable_value(&mut class, label, label.letter());
        }
    });
    shown.response.accessible_name(&words().class).on_hover_text(&words().class_help);
    step(ui, enabled, ">", &words().class_after, tool, ToolMessage::StepBeatOfClass(1));
    if class != state.tools.beat.sought {
        tool(ToolMessage::SeekClass(class));
    }
}

fn events(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    step(ui, true, "<", &words().event_before, tool, ToolMessage::StepEvent(-1));
    let event = state.tools.beat.event.as_ref().filter(|_| state.tools.beat.event_view == state.view.start);
    match event {
        Some(event) => ui.label(RichText::new(&event.what).color(theme::ui::accent())),
        None => ui.label(&words().event),
    };
    step(ui, true, ">", &words().event_after, tool, ToolMessage::StepEvent(1));
}

fn follow(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    let play = state.tools.play;
    if toggle(ui, play.running, if play.running { &words().stop } else { &words().play }, &words().play_help) {
        tool(ToolMessage::TogglePlay);
    }
    for speed in SPEEDS {
        if toggle(ui, play.speed == speed, &format!("×{speed}"), &fill(&words().play_speed, &[("speed", &speed.to_string())])) {
            tool(ToolMessage::SetPlaySpeed(speed));
        }
    }
    if play.running {
        tool(ToolMessage::Tick(f64::from(ui.input(|input| input.stable_dt))));
    }
}

fn machine(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    if toggle(ui, state.paper.settings.blind_first, &words().read_first, &words().read_first_help) {
        tool(ToolMessage::ToggleBlind);
    }
    if state.machine_hidden() && ui.button(&words().ask).on_hover_text(&words().ask_help).clicked() {
        tool(ToolMessage::Reveal);
    }
}
