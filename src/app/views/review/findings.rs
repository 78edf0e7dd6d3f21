//! Findings in the panel: the machine's to accept or reject, a person's to add.

use super::{super::Out, super::format, send, weak};
use crate::{
    app::{
        review::{ReviewMessage, findings::FindingMessage},
        state::State,
        theme,
    },
    review::{Certainty, FindingKey, Judgement, Review, ReviewedFinding, Verdict, vocabulary},
    words::{ReviewWords, fill},
};
use egui::{Key, RichText, TextEdit, Ui};

/// Statements that the search offers.
const OFFERED: usize = 8;

/// Shows the part.
pub fn show(ui: &mut Ui, state: &State, review: &Review, out: Out) {
    add(ui, state, out);
    let words = &state.words().review.findings;
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
        weak(ui, &words.none);
    }
    if !absent.is_empty() {
        let title = fill(&words.absent, &[("count", &absent.len().to_string())]);
        super::super::widgets::folded(ui, &title, |ui| {
            for finding in absent {
                row(ui, state, review, finding, out);
            }
        });
    }
}

fn row(ui: &mut Ui, state: &State, review: &Review, finding: &ReviewedFinding, out: Out) {
    let say = |message| ReviewMessage::Finding(message);
    let words = &state.words().review.findings;
    let (key, label) = (finding.key, review.finding_label(finding.key));
    // Statements by rule are named by their text, the others by their codes.
    let label = match finding.machine {
        Some(machine) if machine.probability.is_none() => state.words().statement(&label),
        _ => state.words().finding(statement_or(&key.task), &key.code, &label).to_owned(),
    };
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
        ui.label(RichText::new(origin(finding, state)).small().color(theme::ui::weak()));
    });
    // Yes and no stay side by side.
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if finding.machine.is_some() {
            for (which, word, name) in
                [(Verdict::Present, &words.accept, &words.accept_one), (Verdict::Absent, &words.reject, &words.reject_one)]
            {
                let button = ui.selectable_label(verdict == Some(which), word);
                if button.accessible_name(fill(name, &[("name", &label)])).clicked() {
                    send(out, say(FindingMessage::Judge(key.clone(), which)));
                }
            }
        } else if ui.small_button(&words.remove).accessible_name(fill(&words.remove_one, &[("name", &label)])).clicked() {
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
    let review = &state.words().review;
    let words = &review.findings;
    certainty(ui, &format!("certainty {key}"), judgement.certainty, review, |certainty| {
        send(out, say(FindingMessage::Certainty(key.clone(), certainty)));
    });
    let mut text = match &state.desk.findings.comment {
        Some((typed, text)) if typed == key => text.clone(),
        _ => judgement.comment.clone(),
    };
    let width = ui.available_width().max(80.0);
    let field = ui.add(TextEdit::singleline(&mut text).hint_text(&words.remark).desired_width(width));
    let field = field.accessible_name(fill(&words.remark_one, &[("name", label)]));
    if field.changed() {
        send(out, say(FindingMessage::Comment(key.clone(), text)));
    }
    if field.lost_focus() {
        send(out, say(FindingMessage::TypingEnded));
    }
}

fn certainty(ui: &mut Ui, id: &str, chosen: Certainty, words: &ReviewWords, mut choose: impl FnMut(Certainty)) {
    let combo = egui::ComboBox::from_id_salt(id).selected_text(words.certainty(chosen)).width(84.0).show_ui(ui, |ui| {
        for certainty in Certainty::ALL {
            if ui.selectable_label(chosen == certainty, words.certainty(certainty)).clicked() {
                choose(certainty);
            }
        }
    });
    combo.response.accessible_name(&words.findings.certainty);
}

/// A person's finding is a statement, and is named as one.
fn statement_or(task: &str) -> &str {
    if task == FindingKey::READER { "statement" } else { task }
}

/// Where a finding comes from.
fn origin(finding: &ReviewedFinding, state: &State) -> String {
    let words = &state.words().review.findings;
    let Some(machine) = finding.machine else { return fill(&words.added, &[("code", &finding.key.code)]) };
    let Some(probability) = machine.probability else {
        return if machine.present { words.rule.clone() } else { words.rule_absent.clone() };
    };
    let text = match (machine.present, machine.uncertain) {
        (_, true) => &words.machine_uncertain,
        (true, false) => &words.machine,
        (false, false) => &words.machine_absent,
    };
    fill(text, &[("share", &format::percent(probability))])
}

/// The search as you type, with what it finds.
fn add(ui: &mut Ui, state: &State, out: Out) {
    let say = |message| ReviewMessage::Finding(message);
    let (judging, review) = (&state.desk.findings, &state.words().review);
    let words = &review.findings;
    let mut text = judging.search.clone();
    ui.horizontal(|ui| {
        let width = ui.available_width() - 110.0;
        let field = ui.add(TextEdit::singleline(&mut text).hint_text(&words.add_hint).desired_width(width));
        let field = field.accessible_name(&words.add);
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
        certainty(ui, "certainty of the next", judging.certainty, review, |certainty| {
            send(out, say(FindingMessage::NextCertainty(certainty)));
        });
    });
    if text.trim().is_empty() {
        return;
    }
    let found = vocabulary::search(&text);
    if found.is_empty() {
        weak(ui, &words.no_statement);
    }
    for statement in found.into_iter().take(OFFERED) {
        let codes = [
            Some(fill(&words.codes_scp, &[("code", &statement.scp)])),
            statement.aha.as_ref().map(|code| fill(&words.codes_aha, &[("code", &code.to_string())])),
            statement.snomed.as_ref().map(|code| fill(&words.codes_snomed, &[("code", &code.to_string())])),
        ];
        let codes: Vec<String> = codes.into_iter().flatten().collect();
        if ui.button(format::capital(&statement.text)).on_hover_text(codes.join(", ")).clicked() {
            send(out, say(FindingMessage::Add(statement.scp.clone())));
        }
    }
}
