//! The findings of the record, by task, with what was refused.

use super::{
    Out, format,
    widgets::{FindingRow, section, strip, subsection, unfolding},
};
use crate::{
    analysis::{Analysis, Finding},
    app::{
        message::Message,
        state::{FindingKey, State},
        theme,
        update::panel_order,
    },
};
use egui::{Color32, RichText, Ui};

/// So many absent findings of a task are shown as the others are.
const FEW: usize = 2;

/// Shows the list, or why there is none yet.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    if let Some(progress) = &state.analysing {
        section(ui, "Measurements and findings");
        ui.label(format!("Analysing: {}", stage(progress.stage())));
        ui.horizontal(|ui| {
            ui.add(egui::ProgressBar::new(progress.fraction()).desired_width(ui.available_width() - 84.0).desired_height(10.0));
            if ui.button("Cancel").clicked() {
                out.push(Message::Cancel);
            }
        });
        return;
    }
    if let Some(reason) = &state.analysis_failure {
        section(ui, "Model findings");
        strip(ui, &format!("No findings. {reason}"), theme::ui::error(), theme::ui::error_soft());
        if ui.button("Analyse again").clicked() {
            out.push(Message::Analyse);
        }
        return;
    }
    let Some(analysis) = &state.analysis else { return };
    let tasks = panel_order(&analysis.findings);
    let warnings = warnings(analysis);
    section(ui, "Model findings");
    for warning in warnings {
        strip(ui, &warning, theme::ui::error(), theme::ui::error_soft());
    }
    let here = state.window_in_view();
    for (task, findings) in tasks {
        subsection(ui, &format::task(task));
        ui.spacing_mut().item_spacing.y = 2.0;
        if findings.iter().any(|finding| finding.exclusive) {
            let text = format!("one of {}", format::count(findings.len()));
            ui.label(RichText::new(text).small().color(theme::ui::weak()));
        }
        if !analysis.windows.is_empty() {
            ui.label(RichText::new("Mean over the recording's windows").small().color(theme::ui::weak()));
        }
        if let Some(refusal) = here.and_then(|window| window.refused.iter().find(|refusal| refusal.task == task)) {
            let text = format!("In the window shown not answered: {}", refusal.reason);
            ui.label(RichText::new(text).small().color(theme::ui::caution()));
        }
        let one = |ui: &mut Ui, finding: &Finding, out: Out| {
            let local = here.and_then(|w| w.findings.iter().find(|f| f.task == finding.task && f.code == finding.code));
            row(ui, finding, local, state, out);
        };
        let (shown, absent): (Vec<&Finding>, Vec<&Finding>) = findings.into_iter().partition(|finding| !is_absent(finding));
        for finding in &shown {
            one(ui, finding, out);
        }
        // One or two need no lid.
        if absent.len() <= FEW {
            for finding in &absent {
                one(ui, finding, out);
            }
        } else {
            let title = format!("{}{} not present", if shown.is_empty() { "All " } else { "" }, absent.len());
            let chosen = absent.iter().any(|finding| state.chosen.as_ref() == Some(&FindingKey::of(finding)));
            folded_findings(ui, task, &title, chosen, |ui| {
                for finding in &absent {
                    one(ui, finding, out);
                }
            });
        }
        ui.spacing_mut().item_spacing.y = 6.0;
    }
    for refusal in &analysis.refused {
        subsection(ui, &format::task(&refusal.task));
        ui.label(RichText::new(format!("Not answered: {}", refusal.reason)).color(theme::ui::caution()));
    }
}

/// Said to be absent, and surely: it is put under a lid where there are many.
fn is_absent(finding: &Finding) -> bool {
    !finding.exclusive && !finding.present && !finding.uncertain
}

/// A list that is closed until it is wanted, or while the chosen finding is in it open.
fn folded_findings(ui: &mut Ui, task: &str, title: &str, open: bool, content: impl FnOnce(&mut Ui)) {
    let mut job = egui::text::LayoutJob::default();
    job.append(title, 0.0, egui::TextFormat::simple(egui::FontId::proportional(13.5), theme::ui::weak()));
    unfolding(ui, ("absent", task), job, open, content);
}

/// What makes all answers worthless or keeps them away, said where answers are looked for.
fn warnings(analysis: &Analysis) -> Vec<String> {
    let mut warnings = Vec::new();
    let untrained: Vec<&str> =
        analysis.models.iter().filter(|model| model.version.contains("untrained")).map(|model| model.name.as_str()).collect();
    if !untrained.is_empty() {
        warnings.push(format!("Untrained model ({}): random weights. Its answers mean nothing.", untrained.join(", ")));
    }
    if analysis.findings.is_empty() {
        warnings.push(match analysis.refused.is_empty() {
            true => "No findings: no model answered.".to_owned(),
            false => "No findings: every question was refused, for the reasons below.".to_owned(),
        });
    }
    warnings
}

fn row(ui: &mut Ui, finding: &Finding, local: Option<&Finding>, state: &State, out: Out) {
    let key = FindingKey::of(finding);
    let (verdict, colour) = verdict(finding);
    let remark = local.map(|f| {
        let words = self::verdict(f).0;
        let comma = if words.is_empty() { "" } else { ", " };
        format!("in the window shown: {}{comma}{words}", format::percent(f.probability))
    });
    let row = FindingRow {
        label: &finding.label,
        verdict,
        colour,
        percent: &format::percent(finding.probability),
        probability: finding.probability,
        threshold: (!finding.exclusive).then_some(finding.threshold),
        unsure: finding.uncertain && (finding.present || !finding.exclusive),
        remark: remark.as_deref().unwrap_or_default(),
        selected: state.chosen.as_ref() == Some(&key),
    };
    if row.show(ui).clicked() {
        out.push(Message::ChooseFinding(key));
    }
}

/// The verdict in a word or two, and its colour. Of a task of which exactly one class holds, the chosen class is the most likely
/// one, which is less than "present"; nothing is said of the others.
pub fn verdict(finding: &Finding) -> (&'static str, Color32) {
    match (finding.exclusive, finding.present, finding.uncertain) {
        (true, true, false) => ("most likely", theme::ui::accent()),
        (true, true, true) => ("most likely, uncertain", theme::ui::caution()),
        (true, false, _) => ("", theme::ui::weak()),
        (false, _, true) => ("uncertain", theme::ui::caution()),
        (false, true, false) => ("present", theme::ui::accent()),
        (false, false, false) => ("absent", theme::ui::weak()),
    }
}

/// A stage's name; before the first report there is none.
pub fn stage(stage: &str) -> &str {
    if stage.is_empty() { "starting" } else { stage }
}
