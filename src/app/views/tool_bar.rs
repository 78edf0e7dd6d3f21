//! The bar of tools over the page: calipers, magnifier, comparison, tangent, jumps, follow-on scrolling, the blind first read.

use super::Out;
use crate::{
    app::{
        message::Message,
        state::State,
        theme,
        tools::{ToolMessage, calipers::CaliperMessage, jump, play::SPEEDS},
    },
    recording::{BeatLabel, CaliperKind},
};
use egui::{Button, ComboBox, RichText, Ui};

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    let mut tool = |message: ToolMessage| out.push(Message::Tool(message));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        calipers(ui, state, &mut tool);
        ui.separator();
        looks(ui, state, &mut tool);
        ui.separator();
        jumps(ui, state, &mut tool);
        ui.separator();
        machine(ui, state, &mut tool);
    });
}

fn toggle(ui: &mut Ui, on: bool, text: &str, help: &str) -> bool {
    ui.selectable_label(on, text).on_hover_text(help).clicked()
}

fn calipers(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    let calipers = &state.tools.calipers;
    let mut send = |message| tool(ToolMessage::Caliper(message));
    if toggle(ui, calipers.active, "Calipers", "Drag on a lead to measure (C); Shift C sets one by key") {
        send(CaliperMessage::ToggleMode);
    }
    let mut kind = calipers.kind;
    let combo = ComboBox::from_id_salt("caliper kind").selected_text(kind.label()).width(104.0);
    let shown = combo.show_ui(ui, |ui| {
        for one in CaliperKind::ALL {
            ui.selectable_value(&mut kind, one, one.label());
        }
    });
    shown.response.accessible_name("Caliper kind").on_hover_text("What calipers measure (K)");
    if kind != calipers.kind {
        send(CaliperMessage::SetKind(kind));
    }
    let help = "Ends jump to R peaks, to where waves begin and end, else to the nearest peak (Shift X; Ctrl while dragging turns it round)";
    if toggle(ui, calipers.snap, "Snap", help) {
        send(CaliperMessage::ToggleSnap);
    }
}

fn looks(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    let tools = &state.tools;
    if toggle(ui, tools.magnifier, "Magnifier", "Enlarge what lies under the pointer (M)") {
        tool(ToolMessage::ToggleMagnifier);
    }
    if toggle(ui, tools.superimposed.open, "Superimpose", "Leads over one another (Shift U)") {
        tool(ToolMessage::ToggleSuperimposed);
    }
    if toggle(ui, tools.pinned.is_some(), "Pin", "Keep the stretch shown beside the page and scroll on (P)") {
        tool(ToolMessage::TogglePin);
    }
    if toggle(ui, tools.tangent, "QT tangent", "The end of T of the chosen beat where the tangent meets the baseline (Y)") {
        tool(ToolMessage::ToggleTangent);
    }
}

fn jumps(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    let jump = &state.tools.jump;
    let mut text = jump.text.clone();
    let field = egui::TextEdit::singleline(&mut text).desired_width(92.0).hint_text("Go to time").char_limit(40);
    let response = ui.add(field).accessible_name("Go to time").on_hover_text(format!("{} (Ctrl G)", jump::HELP));
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
    let beats = !state.machine_hidden() && state.analysis.as_ref().is_some_and(|analysis| !analysis.beats.is_empty());
    let mut step = |ui: &mut Ui, enabled: bool, text: &str, help: &str, message: ToolMessage| {
        let button = ui.add_enabled(enabled, Button::new(text)).on_hover_text(help).accessible_name(help);
        if button.clicked() {
            tool(message);
        }
    };
    step(ui, beats, "<", "Previous beat (Shift B)", ToolMessage::StepBeat(-1));
    ui.label("beat");
    step(ui, beats, ">", "Next beat (B)", ToolMessage::StepBeat(1));
    step(ui, beats, "<", "Previous beat of the class (Shift D)", ToolMessage::StepBeatOfClass(-1));
    let mut class = state.tools.beat.sought;
    let combo = ComboBox::from_id_salt("class sought").selected_text(class.letter()).width(36.0);
    let shown = combo.show_ui(ui, |ui| {
        for label in BeatLabel::ALL {
            ui.selectable_value(&mut class, label, label.letter());
        }
    });
    shown.response.accessible_name("Class of beats sought").on_hover_text("Class of beats to jump to");
    step(ui, beats, ">", "Next beat of the class (D)", ToolMessage::StepBeatOfClass(1));
    step(ui, true, "<", "Previous event (Shift I)", ToolMessage::StepEvent(-1));
    let event = state.tools.beat.event.as_ref().filter(|_| state.tools.beat.event_view == state.view.start);
    match event {
        Some(event) => ui.label(RichText::new(&event.what).color(theme::ui::accent())),
        None => ui.label("event"),
    };
    step(ui, true, ">", "Next event: annotation, pause over 2 s, a finding that begins (I)", ToolMessage::StepEvent(1));
    if class != state.tools.beat.sought {
        tool(ToolMessage::SeekClass(class));
    }
    if state.is_longer_than_page() {
        follow(ui, state, tool);
    }
}

fn follow(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    let play = state.tools.play;
    if toggle(ui, play.running, if play.running { "Stop" } else { "Play" }, "Scroll on as time goes by (Space)") {
        tool(ToolMessage::TogglePlay);
    }
    for speed in SPEEDS {
        if toggle(ui, play.speed == speed, &format!("×{speed}"), &format!("{speed} times real time")) {
            tool(ToolMessage::SetPlaySpeed(speed));
        }
    }
    if play.running {
        tool(ToolMessage::Tick(f64::from(ui.input(|input| input.stable_dt))));
    }
}

fn machine(ui: &mut Ui, state: &State, tool: &mut dyn FnMut(ToolMessage)) {
    let help = "Hide what the machine says on every recording until it is asked (Shift H); the moment it is asked is kept";
    if toggle(ui, state.paper.settings.blind_first, "Read first", help) {
        tool(ToolMessage::ToggleBlind);
    }
    if state.machine_hidden() && ui.button("Ask the machine").on_hover_text("Show what the machine says (H)").clicked() {
        tool(ToolMessage::Reveal);
    }
}
