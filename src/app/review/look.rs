//! How beats look: their letters, what became of the machine's, and what is said about one.

use super::beats::label_of;
use crate::{
    app::{state::State, theme},
    recording::{BeatLabel, LabelMap, SampleIndex, SampleRange},
    review::{Baseline, Beat, BeatSource, BeatType, Review},
    words::{Words, fill},
};
use egui::Color32;

/// What a person did to a beat. Each is drawn in its own way, not by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nothing: it is as it came.
    None,
    /// Looked at and left as it is: underlined.
    Accepted,
    /// Another label, or placed by a person: framed.
    Corrected,
}

/// A beat on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownBeat {
    /// R peak.
    pub sample: SampleIndex,
    /// Letter, `?` where uncertain; of a chosen or pointed at beat the machine's letter beside it. Empty: hidden or not classified.
    pub text: String,
    /// Colour of its class.
    pub colour: Color32,
    /// Of class N: small, and the first to give way.
    pub normal: bool,
    /// What a person did.
    pub mark: Mark,
}

/// The beats within a range as they are to be shown: the review's, else the analysis'.
pub fn shown(state: &State, range: SampleRange) -> Vec<ShownBeat> {
    let hidden = state.machine_hidden();
    if let Some(review) = state.desk.review().filter(|review| review.baseline().is_some() || !review.content().beats.is_empty()) {
        let pointed = pointed_at(state);
        let beside = |beat: &Beat| state.desk.selection.has(beat.sample) || pointed == Some(beat.sample);
        return review
            .content()
            .beats
            .in_range(range)
            .iter()
            .map(|beat| of_review(beat, review, hidden, beside(beat), state.words()))
            .collect();
    }
    if hidden {
        return Vec::new();
    }
    let beats = state.analysis.as_ref().map(|analysis| analysis.beats.as_slice()).unwrap_or_default();
    let first = beats.partition_point(|beat| beat.sample < range.start);
    let within = beats.get(first..).unwrap_or_default().iter().take_while(|beat| beat.sample < range.end);
    within
        .map(|beat| ShownBeat {
            sample: beat.sample,
            text: beat.label.map(|label| format!("{label}{}", if beat.uncertain { "?" } else { "" })).unwrap_or_default(),
            colour: theme::beat(beat.label),
            normal: matches!(beat.label, None | Some(BeatLabel::N)),
            mark: Mark::None,
        })
        .collect()
}

fn of_review(beat: &Beat, review: &Review, hidden: bool, beside: bool, words: &Words) -> ShownBeat {
    let words = &words.review.beat;
    let label = label_of(beat, hidden);
    let class = label.and_then(|label| label.class(LabelMap::Aami));
    let machine = (!hidden).then(|| said(review, beat)).flatten();
    let mark = mark(beat, machine.as_ref().map(|beat| beat.label));
    let mut text = label.map(|label| label.to_string()).unwrap_or_default();
    if beat.is_uncertain() && !hidden {
        text.push('?');
    }
    match machine.map(|machine| machine.label) {
        Some(machine) if beside && Some(machine) != label => {
            text = fill(&words.was, &[("label", &text), ("before", &machine.to_string())]);
        }
        None if beside && !hidden && mark == Mark::Corrected => text = fill(&words.new, &[("label", &text)]),
        _ => {}
    }
    let normal =
        !beside && matches!(class, None | Some(BeatLabel::N)) && label != Some(BeatType::Artifact) && mark != Mark::Corrected;
    ShownBeat { sample: beat.sample, text, colour: theme::beat(class), normal, mark }
}

fn mark(beat: &Beat, machine: Option<BeatType>) -> Mark {
    match (beat.decided, machine) {
        (false, _) => Mark::None,
        (true, Some(machine)) if machine == beat.label => Mark::Accepted,
        (true, _) => Mark::Corrected,
    }
}

/// What the review began with at a beat: the baseline's beat on the same sample; of a beat that was moved, none.
pub fn said<'a>(review: &'a Review, beat: &Beat) -> Option<&'a Beat> {
    if beat.source == BeatSource::Person {
        return None;
    }
    review.baseline().and_then(|baseline| at(baseline, beat.sample))
}

fn at(baseline: &Baseline, sample: SampleIndex) -> Option<&Beat> {
    let index = baseline.beats.binary_search_by_key(&sample, |beat| beat.sample).ok()?;
    baseline.beats.get(index)
}

/// Beats of the machine within a range that a person deleted or moved away.
pub fn gone(state: &State, range: SampleRange) -> Vec<SampleIndex> {
    let Some(review) = state.desk.review().filter(|_| !state.machine_hidden()) else { return Vec::new() };
    let Some(baseline) = review.baseline() else { return Vec::new() };
    let first = baseline.beats.partition_point(|beat| beat.sample < range.start);
    let within = baseline.beats.get(first..).unwrap_or_default().iter().take_while(|beat| beat.sample < range.end);
    within.map(|beat| beat.sample).filter(|at| review.content().beats.index_of(*at).is_none()).collect()
}

/// The beat under the pointer, in label mode.
pub fn pointed_at(state: &State) -> Option<SampleIndex> {
    let cursor = state.cursor.as_ref().filter(|_| state.desk.label_mode)?;
    nearest(state, cursor.at)
}

/// The beat within reach of a place on the page: 14 points.
pub fn nearest(state: &State, at: SampleIndex) -> Option<SampleIndex> {
    let reach = state.recording()?.rate.samples_in(14.0 / f64::from(state.geometry().px_per_s));
    state.desk.review()?.content().beats.nearest(at, reach).map(|beat| beat.sample)
}

/// A beat in words: its number, label and name, what the machine says, who decided.
pub fn words(state: &State, sample: SampleIndex) -> Option<String> {
    let hidden = state.machine_hidden();
    let (words, names) = (&state.words().review.beat, &state.words().review);
    let review = state.desk.review()?;
    let beats = &review.content().beats;
    let index = beats.index_of(sample)?;
    let beat = beats.as_slice().get(index)?;
    let label = match label_of(beat, hidden) {
        Some(label) => fill(&words.label, &[("label", &label.to_string()), ("name", names.beat_type(label))]),
        None => words.hidden.clone(),
    };
    let (number, count) = ((index + 1).to_string(), beats.len().to_string());
    let mut parts = vec![fill(&words.beat, &[("number", &number), ("count", &count), ("label", &label)])];
    if !hidden {
        parts.push(match said(review, beat).map(|beat| (beat.label, beat.source)) {
            Some((machine, BeatSource::Machine { probability, uncertain })) => {
                let share = probability.map(|p| state.words().percent(p.into())).unwrap_or_default();
                let text = if probability.is_some() { &words.machine_sure } else { &words.machine };
                let text = fill(text, &[("label", &machine.to_string()), ("share", &share)]);
                if uncertain { format!("{text}, {}", words.uncertain) } else { text }
            }
            Some((label, _)) => fill(&words.imported, &[("label", &label.to_string())]),
            None if beat.source == BeatSource::Person => words.added.clone(),
            None => words.moved.clone(),
        });
    }
    if beat.decided {
        parts.push(words.decided.clone());
    }
    Some(parts.join(" · "))
}
