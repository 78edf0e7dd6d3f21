//! The findings of the record, by task, with what was refused.

use super::{
    Out, format,
    widgets::{FindingRow, section, strip, subsection, unfolding},
};
use crate::{
    analysis::{Analysis, Finding},
    app::{
        language,
        message::Message,
        state::{FindingKey, State},
        theme,
        update::panel_order,
    },
    words::{fill, window::Findings},
};
use egui::{Color32, RichText, Ui};

/// The words of this part.
fn words() -> &'static Findings {
    &language::window().findings
}

/// So many absent findings of a task are shown as the others are.
const FEW: usize = 2;

/// Shows the list, or why there is none yet.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    if let Some(progress) = &state.analysing {
        section(ui, &words().analysing_heading);
        ui.label(fill(&words().analysing, &[("stage", language::stage(progress.stage()))]));
        ui.horizontal(|ui| {
            ui.add(egui::ProgressBar::new(progress.fraction()).desired_width(ui.available_width() - 84.0).desired_height(10.0));
            if ui.button(&words().cancel).clicked() {
                out.push(Message::Cancel);
            }
        });
        return;
    }
    if let Some(reason) = &state.analysis_failure {
        section(ui, &words().heading);
        strip(ui, &fill(&words().failed, &[("reason", reason)]), theme::ui::error(), theme::ui::error_soft());
        if ui.button(&words().again).clicked() {
            out.push(Message::Analyse);
        }
        return;
    }
    let Some(analysis) = &state.analysis else { return };
    let tasks = panel_order(&analysis.findings);
    let warnings = warnings(analysis);
    section(ui, &words().heading);
    for warning in warnings {
        strip(ui, &warning, theme::ui::error(), theme::ui::error_soft());
    }
    let here = state.window_in_view();
    for (task, findings) in tasks {
        subsection(ui, &format::task(task));
        ui.spacing_mut().item_spacing.y = 2.0;
        if findings.iter().any(|finding| finding.exclusive) {
            let text = fill(&words().one_of, &[("count", &format::count(findings.len()))]);
            ui.label(RichText::new(text).small().color(theme::ui::weak()));
        }
        if !analysis.windows.is_empty() {
            ui.label(RichText::new(&words().mean).small().color(theme::ui::weak()));
        }
        if let Some(refusal) = here.and_then(|window| window.refused.iter().find(|refusal| refusal.task == task)) {
            let text = fill(&words().refused_here, &[("reason", &language::said(&refusal.reason))]);
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
            let title = if shown.is_empty() { &words().all_absent } else { &words().absent };
            let title = fill(title, &[("count", &absent.len().to_string())]);
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
        ui.label(
            RichText::new(fill(&words().refused, &[("reason", &language::said(&refusal.reason))])).color(theme::ui::caution()),
        );
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
        warnings.push(fill(&words().untrained, &[("models", &untrained.join(", "))]));
    }
    if analysis.findings.is_empty() {
        warnings.push(match analysis.refused.is_empty() {
            true => words().no_answer.clone(),
            false => words().all_refused.clone(),
        });
    }
    warnings
}

fn row(ui: &mut Ui, finding: &Finding, local: Option<&Finding>, state: &State, out: Out) {
    let key = FindingKey::of(finding);
    let (verdict, colour) = verdict(finding);
    let remark = local.map(|f| {
        let (verdict, share) = (self::verdict(f).0, format::percent(f.probability));
        let text = if verdict.is_empty() { &words().here } else { &words().here_verdict };
        fill(text, &[("probability", &share), ("verdict", verdict)])
    });
    let row = FindingRow {
        label: language::finding_of(finding),
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
        (true, true, false) => (&words().most_likely, theme::ui::accent()),
        (true, true, true) => (&words().most_likely_uncertain, theme::ui::caution()),
        (true, false, _) => ("", theme::ui::weak()),
        (false, _, true) => (&words().uncertain, theme::ui::caution()),
        (false, true, false) => (&words().present, theme::ui::accent()),
        (false, false, false) => (&words().not_present, theme::ui::weak()),
    }
}
