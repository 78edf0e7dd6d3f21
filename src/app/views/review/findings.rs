//! Findings in the panel: the machine's to accept or reject, a person's to add.

use super::{super::Out, super::format, send, weak};
use crate::{
    app::{
        review::{ReviewMessage, findings::FindingMessage},
        state::State,
        theme,
    },
    review::{Certainty, FindingKey, Judgement, Review, ReviewedFinding, Verdict, vocabulary},
};
use egui::{Key, RichText, TextEdit, Ui};

/// Statements that the search offers.
const OFFERED: usize = 8;

/// Shows the part.
pub fn show(ui: &mut Ui, state: &State, review: &Review, out: Out) {
    add(ui, state, out);
    let hidden = state.machine_hidden();
    let all: Vec<ReviewedFinding> = review.findings().filter(|finding| !hidden || finding.judgement.is_some()).collect();
    let worth = |finding: &&ReviewedFinding| {
        finding.judgement.is_some() || finding.machine.is_none_or(|machine| machine.present || machine.uncertain)
    };
    let (shown, absent): (Vec<&ReviewedFinding>, Vec<&ReviewedFinding>) = all.iter().partition(worth);
    for finding in &shown {
        row(ui, state, review, finding, out);
    }
    if shown.is_empty() {
        weak(ui, "None yet");
    }
    if !absent.is_empty() {
        let title = format!("{} that the machine says are absent", absent.len());
        super::super::widgets::folded(ui, &title, |ui| {
            for finding in absent {
                row(ui, state, review, finding, out);
            }
        });
    }
}

fn row(ui: &mut Ui, state: &State, review: &Review, finding: &ReviewedFinding, out: Out) {
    let say = |message| ReviewMessage::Finding(message);
    let (key, label) = (finding.key, review.finding_label(finding.key));
    let verdict = finding.judgement.map(|judgement| judgement.verdict);
    ui.add_space(3.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let name = RichText::new(format::capital(&label));
        ui.label(match verdict {
            Some(Verdict::Absent) => name.strikethrough().color(theme::ui::weak()),
            Some(Verdict::Present) => name.strong().color(theme::ui::accent()),
            None => name,
        });
        ui.label(RichText::new(origin(finding)).small().color(theme::ui::weak()));
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if finding.machine.is_some() {
            for (which, word) in [(Verdict::Present, "Accept"), (Verdict::Absent, "Reject")] {
                let button = ui.selectable_label(verdict == Some(which), word);
                if button.accessible_name(format!("{word} {label}")).clicked() {
                    send(out, say(FindingMessage::Judge(key.clone(), which)));
                }
            }
        } else if ui.small_button("Remove").accessible_name(format!("Remove {label}")).clicked() {
            send(out, say(FindingMessage::Remove(key.clone())));
        }
        if let Some(judgement) = finding.judgement {
            decided(ui, state, key, &label, judgement, out);
        }
    });
}

/// Certainty and remark of what is decided.
fn decided(ui: &mut Ui, state: &State, key: &FindingKey, label: &str, judgement: &Judgement, out: Out) {
    let say = |message| ReviewMessage::Finding(message);
    certainty(ui, &format!("certainty {key}"), judgement.certainty, |certainty| {
        send(out, say(FindingMessage::Certainty(key.clone(), certainty)));
    });
    let mut text = match &state.desk.findings.comment {
        Some((typed, text)) if typed == key => text.clone(),
        _ => judgement.comment.clone(),
    };
    let width = ui.available_width().max(80.0);
    let field = ui.add(TextEdit::singleline(&mut text).hint_text("Remark").desired_width(width));
    let field = field.accessible_name(format!("Remark on {label}"));
    if field.changed() {
        send(out, say(FindingMessage::Comment(key.clone(), text)));
    }
    if field.lost_focus() {
        send(out, say(FindingMessage::TypingEnded));
    }
}

fn certainty(ui: &mut Ui, id: &str, chosen: Certainty, mut choose: impl FnMut(Certainty)) {
    let combo = egui::ComboBox::from_id_salt(id).selected_text(chosen.name()).width(84.0).show_ui(ui, |ui| {
        for certainty in Certainty::ALL {
            if ui.selectable_label(chosen == certainty, certainty.name()).clicked() {
                choose(certainty);
            }
        }
    });
    combo.response.accessible_name("Certainty");
}

/// Where a finding comes from.
fn origin(finding: &ReviewedFinding) -> String {
    match finding.machine {
        None => format!("added, {}", finding.key.code),
        Some(machine) => {
            let share = machine.probability.map(|p| format!(" {}", format::percent(p))).unwrap_or_default();
            let verdict = match (machine.present, machine.uncertain) {
                (_, true) => ", uncertain",
                (true, false) => "",
                (false, false) => ", absent",
            };
            let by = if machine.probability.is_some() { "machine" } else { "by rule" };
            format!("{by}{share}{verdict}")
        }
    }
}

/// The search as you type, with what it finds.
fn add(ui: &mut Ui, state: &State, out: Out) {
    let say = |message| ReviewMessage::Finding(message);
    let judging = &state.desk.findings;
    let mut text = judging.search.clone();
    ui.horizontal(|ui| {
        let width = ui.available_width() - 110.0;
        let field =
            ui.add(TextEdit::singleline(&mut text).hint_text("Add a finding: af, lbbb, 164889003 ...").desired_width(width));
        let field = field.accessible_name("Add a finding");
        if judging.focus {
            field.request_focus();
            field.scroll_to_me(None);
        }
        if field.changed() {
            send(out, say(FindingMessage::Search(text.clone())));
        }
        if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) && !text.trim().is_empty() {
            send(out, say(FindingMessage::AddFirst));
            send(out, say(FindingMessage::FocusSearch));
        }
        certainty(ui, "certainty of the next", judging.certainty, |certainty| {
            send(out, say(FindingMessage::NextCertainty(certainty)));
        });
    });
    if text.trim().is_empty() {
        return;
    }
    let found = vocabulary::search(&text);
    if found.is_empty() {
        weak(ui, "No statement of the vocabulary fits");
    }
    for statement in found.into_iter().take(OFFERED) {
        let codes = [
            Some(format!("SCP {}", statement.scp)),
            statement.aha.as_ref().map(|code| format!("AHA {code}")),
            statement.snomed.as_ref().map(|code| format!("SNOMED {code}")),
        ];
        let codes: Vec<String> = codes.into_iter().flatten().collect();
        if ui.button(format::capital(&statement.text)).on_hover_text(codes.join(", ")).clicked() {
            send(out, say(FindingMessage::Add(statement.scp.clone())));
        }
    }
}
