//! Statements by rule, apart from what the model finds.

use super::{
    disagreement::{self, Disagreement},
    format,
    widgets::{folded, section, unfolding},
};
use crate::{
    analysis::Analysis,
    app::{language, theme},
    signal::criteria::{Severity, Statement},
    words::{fill, window::Rules},
};
use egui::{RichText, Ui};

/// The words of this part.
fn words() -> &'static Rules {
    &language::window().rules
}

/// One statement as the panel shows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rule {
    /// What it speaks of; rows of one group stand together. Empty: no group.
    pub group: String,
    /// In words.
    pub text: String,
    /// Its code.
    pub code: String,
    /// The rule that was met.
    pub rule: String,
    /// Values that met it, with their names and units as people read them.
    pub values: Vec<(String, String)>,
    /// Leads it was seen in.
    pub leads: Vec<String>,
    /// What has to be known to weigh it.
    pub caveats: Vec<String>,
    /// The least confidence of the measurements used.
    pub confidence: Option<f32>,
    /// To be looked at first.
    pub urgent: bool,
}

impl Rule {
    /// A statement as it is shown; units are those of the measurements it names.
    pub fn of(statement: &Statement, analysis: &Analysis) -> Self {
        let value = |(name, value): (&String, &f64)| {
            let unit = analysis.measurements.get(name).map_or("", |measured| measured.unit.as_str());
            (format::measurement_name(name), format::measured(*value, unit))
        };
        Self {
            group: statement.group.name().to_owned(),
            text: statement.text.clone(),
            code: statement.code.clone(),
            rule: statement.rule.clone(),
            values: statement.values.iter().map(value).collect(),
            leads: statement.leads.iter().map(ToString::to_string).collect(),
            caveats: statement.caveats.clone(),
            confidence: statement.confidence,
            urgent: statement.severity == Severity::Urgent,
        }
    }
}

/// What the rules say about an analysed recording: see [`show`].
pub fn of_analysis(ui: &mut Ui, analysis: &Analysis) {
    let rules = analysis.statements.as_ref().map(|all| all.iter().map(|one| Rule::of(one, analysis)).collect::<Vec<_>>());
    let not_judged: Vec<_> = analysis.not_judged.iter().map(|one| (one.what.clone(), one.reason.clone())).collect();
    show(ui, rules.as_deref(), &not_judged);
    let contradictions = analysis.agreement.disagreements.iter();
    let contradictions: Vec<Disagreement> =
        contradictions.map(|one| Disagreement { topic: &one.topic, rules: &one.rule_says, model: &one.model_says }).collect();
    disagreement::show(ui, &contradictions);
}

/// Shows the section: `None`: rules were not asked.
pub fn show(ui: &mut Ui, rules: Option<&[Rule]>, not_judged: &[(String, String)]) {
    section(ui, &words().heading);
    let weak = |ui: &mut Ui, text: &str| ui.add(egui::Label::new(RichText::new(text).color(theme::ui::weak())).wrap());
    match rules {
        None => {
            weak(ui, &words().not_asked);
        }
        Some([]) => {
            weak(ui, &words().none);
        }
        Some(rules) => {
            ui.label(RichText::new(&words().by_rules).small().color(theme::ui::weak()));
            ui.scope(|ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                let mut group = "";
                for (index, rule) in rules.iter().enumerate() {
                    if rule.group != group {
                        group = &rule.group;
                        ui.add_space(3.0);
                        ui.label(RichText::new(format::capital(language::group(group))).small().color(theme::ui::weak()));
                    }
                    one(ui, index, rule);
                }
            });
        }
    }
    if !not_judged.is_empty() {
        folded(ui, &fill(&words().not_judged, &[("count", &not_judged.len().to_string())]), |ui| {
            for (what, reason) in not_judged {
                weak(ui, &format!("{}: {}", language::said(what), language::said(reason)));
            }
        });
    }
}

fn one(ui: &mut Ui, index: usize, rule: &Rule) {
    let leads = rule.leads.join(", ");
    // Some statements name their leads themselves.
    let text = format::capital(&language::words().statement(&rule.text));
    let text = if rule.text.contains(&leads) { text } else { fill(&words().in_leads, &[("text", &text), ("leads", &leads)]) };
    let title = title_of(&text, rule);
    unfolding(ui, ("rule", index), title, false, |ui| {
        ui.add(egui::Label::new(RichText::new(fill(&words().rule, &[("rule", &language::said(&rule.rule))])).size(13.0)).wrap());
        for (name, value) in &rule.values {
            super::widgets::fact(ui, name, value, false);
        }
        if let Some(confidence) = rule.confidence {
            super::widgets::fact(ui, &words().confidence, &format::percent(confidence), true);
        }
        for caveat in &rule.caveats {
            ui.add(egui::Label::new(RichText::new(format::capital(caveat)).size(13.0).color(theme::ui::caution())).wrap());
        }
    });
}

fn title_of(text: &str, rule: &Rule) -> egui::text::LayoutJob {
    let mut job = egui::text::LayoutJob::default();
    let format = |size, colour| egui::TextFormat::simple(egui::FontId::proportional(size), colour);
    job.append(text, 0.0, format(14.0, if rule.urgent { theme::ui::error() } else { theme::ui::text() }));
    job.append(&format!("  {}", rule.code), 0.0, format(12.0, theme::ui::weak()));
    job
}
