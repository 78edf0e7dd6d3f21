//! What the chosen finding is made of: bias, features, evidence by lead, and that they add up to the logit.

use super::{
    Out, format,
    panel::evidence_colour,
    segments,
    widgets::{section, signed_bar},
};
use crate::{
    analysis::{Evidence, FeatureEvidence, Finding},
    app::{
        language,
        message::Message,
        state::{State, WindowEvidence},
        theme,
    },
    recording::{LeadName, Sex},
    words::{fill, window::Explain},
};
use egui::{RichText, Ui};

/// The words of this part.
fn words() -> &'static Explain {
    &language::window().explain
}

/// Shows the explanation of the chosen finding, if one is chosen.
pub fn show(ui: &mut Ui, state: &State, out: Out) {
    if state.chosen_beat().is_some() {
        return;
    }
    let Some(chosen) = state.chosen_finding() else { return };
    section(ui, &fill(&words().heading, &[("finding", language::finding_of(chosen))]));
    let shown = if state.evidence_visible { &words().hide } else { &words().show };
    if ui.button(shown).clicked() {
        out.push(Message::ToggleEvidence);
    }
    let explained = state.explained();
    // For a long recording the window in the middle of the page speaks.
    let middle = state.window_in_view().map(|window| window.range.start);
    let finding =
        explained.iter().find(|f| middle.is_none() || f.evidence.as_ref().map(|e| e.start) == middle).or(explained.first());
    let Some(finding) = finding else {
        ui.label(RichText::new(missing(state)).color(theme::ui::weak()));
        return;
    };
    if middle.is_some() {
        ui.label(RichText::new(&words().window).small().color(theme::ui::weak()));
    }
    body(ui, state, finding, out);
}

/// What an answer is made of: age, sex and measurements, leads, parts of the beat.
pub fn body(ui: &mut Ui, state: &State, finding: &Finding, out: Out) {
    let Some(evidence) = &finding.evidence else { return };
    sum(ui, finding, evidence);
    let totals = lead_totals(evidence);
    let (shown, others) = largest(&finding.feature_evidence);
    let bars = totals.iter().map(|(_, total)| *total).chain(shown.iter().map(|f| f.contribution)).chain(others.map(|o| o.1));
    let full = bars.fold(0.0f32, |most, bar| most.max(bar.abs()));
    ui.add_space(4.0);
    let features: f32 = finding.feature_evidence.iter().map(|feature| feature.contribution).sum();
    let title = fill(&words().features, &[("sum", &format::signed(features))]);
    ui.label(RichText::new(title).color(theme::ui::weak()));
    if finding.feature_evidence.is_empty() {
        ui.label(RichText::new(&words().no_features).small());
    }
    ui.spacing_mut().item_spacing.y = 1.0;
    for feature in shown {
        signed_bar(ui, &feature.label, &value_of(feature), feature.contribution, full, evidence_colour());
    }
    if let Some((count, sum)) = others {
        signed_bar(ui, &fill(&words().others, &[("count", &count.to_string())]), "", sum, full, evidence_colour());
    }
    ui.add_space(6.0);
    ui.label(RichText::new(&words().leads).color(theme::ui::weak()));
    for (lead, total) in &totals {
        signed_bar(ui, &lead.to_string(), "", *total, full, evidence_colour());
    }
    ui.spacing_mut().item_spacing.y = 6.0;
    segments::show(ui, state, evidence, out);
}

fn missing(state: &State) -> String {
    for window in state.windows_on_page() {
        match state.window_evidence.get(&window.start.0) {
            Some(WindowEvidence::Pending(_)) => return words().pending.clone(),
            Some(WindowEvidence::Failed(reason)) => return fill(&words().failed, &[("reason", reason)]),
            _ => {}
        }
    }
    words().none.clone()
}

/// Value of a feature as the model was given it.
fn value_of(feature: &FeatureEvidence) -> String {
    match (feature.name.as_str(), feature.value) {
        (_, None) => words().unknown.clone(),
        ("sex_male", Some(value)) => format::sex(if value >= 0.5 { Sex::Male } else { Sex::Female }).to_owned(),
        // A correlation says its kind in its name.
        (_, Some(value)) if feature.unit == "correlation" => format::trimmed(f64::from(value)),
        (_, Some(value)) => format::measured(f64::from(value), &feature.unit),
    }
}

/// Features shown one by one; a model may have hundreds.
const SHOWN: usize = 8;

/// The features that add most for or against, the largest first, and how many others there are with what these add together. None is hidden where all can be
/// shown.
fn largest(features: &[FeatureEvidence]) -> (Vec<&FeatureEvidence>, Option<(usize, f32)>) {
    if features.len() <= SHOWN + 1 {
        return (features.iter().collect(), None);
    }
    let mut ranked: Vec<&FeatureEvidence> = features.iter().collect();
    ranked.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
    let others = ranked.split_off(SHOWN);
    let sum = others.iter().map(|feature| f64::from(feature.contribution)).sum::<f64>() as f32;
    (ranked, Some((others.len(), sum)))
}

/// Sum of each lead's evidence over time, in the evidence's order.
pub fn lead_totals(evidence: &Evidence) -> Vec<(LeadName, f32)> {
    let total = |lead: &LeadName| evidence.row(lead).unwrap_or_default().iter().sum();
    evidence.leads.iter().map(|lead| (lead.clone(), total(lead))).collect()
}

/// Largest difference between the logit and its parts that rounding explains.
const ROUNDING: f32 = 2e-3;

fn sum(ui: &mut Ui, finding: &Finding, evidence: &Evidence) {
    let features: f32 = finding.feature_evidence.iter().map(|feature| feature.contribution).sum();
    let looked = evidence.sum();
    let [bias, sum, looked_at, logit] = [finding.bias, features, looked, finding.logit].map(format::plain);
    let places =
        [("bias", bias.as_str()), ("features", sum.as_str()), ("evidence", looked_at.as_str()), ("logit", logit.as_str())];
    let text = fill(&words().sum, &places);
    ui.label(RichText::new(text).size(13.0));
    let rest = finding.logit - (finding.bias + features + looked);
    if rest.abs() > ROUNDING || rest.is_nan() {
        let text = fill(&words().unexplained, &[("rest", &format::signed(rest))]);
        ui.label(RichText::new(text).color(theme::ui::error()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::SampleIndex;

    #[test]
    fn the_largest_features_are_shown_and_the_others_summed_up() {
        let features: Vec<FeatureEvidence> = (0..270u16)
            .map(|i| FeatureEvidence {
                name: format!("f{i}"),
                label: format!("F{i}"),
                value: Some(1.0),
                unit: String::new(),
                contribution: if i % 2 == 0 { f32::from(i) } else { -f32::from(i) } / 100.0,
            })
            .collect();
        let (shown, others) = largest(&features);
        let (count, sum) = others.unwrap();
        assert_eq!((shown.len(), count), (8, 262));
        assert_eq!(shown.iter().map(|f| f.name.as_str()).take(2).collect::<Vec<_>>(), ["f269", "f268"]);
        let all: f32 = features.iter().map(|f| f.contribution).sum();
        assert!((shown.iter().map(|f| f.contribution).sum::<f32>() + sum - all).abs() < 1e-4);
        let (shown, others) = largest(&features[..9]);
        assert!(shown.len() == 9 && others.is_none());
    }

    #[test]
    fn leads_are_summed_over_time() {
        let evidence = Evidence {
            start: SampleIndex(0),
            hop: 1.0,
            leads: vec![LeadName::parse("I"), LeadName::parse("V1")],
            tokens: 2,
            values: vec![0.5, -0.25, 1.0, 2.0],
        };
        assert_eq!(lead_totals(&evidence), [(LeadName::parse("I"), 0.25), (LeadName::parse("V1"), 3.0)]);
    }
}
