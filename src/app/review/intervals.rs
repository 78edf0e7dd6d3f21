//! Marking stretches: rhythms, noise, ST changes, notes.

use super::deeds::{Deed, act, show};
use crate::{
    app::{state::State, update::Effect},
    recording::{LeadName, Rate, SampleIndex, SampleRange},
    review::{Command, Interval, IntervalId, IntervalKind, Rhythm},
    words::ReviewWords,
};

/// The dialog with an interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The one that is changed; `None`: a new one.
    pub id: Option<IntervalId>,
    /// Words that the kinds are searched by.
    pub search: String,
    /// What it is.
    pub kind: Option<IntervalKind>,
    /// Where, as far as the fields below can be read.
    pub range: SampleRange,
    /// Beginning in seconds, as typed.
    pub from: String,
    /// End in seconds, as typed.
    pub to: String,
    /// The lead it is about; `None`: all.
    pub lead: Option<LeadName>,
    /// Remark.
    pub text: String,
    /// What is wrong.
    pub fault: Option<String>,
}

/// Intervals under way.
#[derive(Debug, Clone, Default)]
pub struct Marking {
    /// A key began an interval here.
    pub begun: Option<SampleIndex>,
    /// The pointer is drawing one.
    pub drawn: Option<SampleRange>,
    /// The dialog.
    pub draft: Option<Draft>,
    /// What was marked last: offered first.
    pub last: Option<IntervalKind>,
}

/// What can happen to intervals.
#[derive(Debug, Clone, PartialEq)]
pub enum IntervalMessage {
    /// The key: begins at the chosen beat or the pointer, and ends there the second time.
    Key,
    /// The pointer draws one; `None`: no more.
    Draw(Option<SampleRange>),
    /// A new one.
    New(SampleRange),
    /// Change this one.
    Edit(IntervalId),
    /// Delete this one.
    Delete(IntervalId),
    /// Its beginning or end was dragged: it covers this now.
    Resize {
        /// Which.
        id: IntervalId,
        /// What it covers.
        range: SampleRange,
    },
    /// Show this one.
    GoTo(IntervalId),
    /// The search was edited.
    Search(String),
    /// It is this.
    Kind(IntervalKind),
    /// The beginning was edited.
    From(String),
    /// The end was edited.
    To(String),
    /// The lead was chosen.
    Lead(Option<LeadName>),
    /// The remark was edited.
    Text(String),
    /// Keep it.
    Save,
    /// Drop it.
    Drop,
}

/// The kinds that every word of `search` fits, those of the menu in its order. First the one whose code it is, then those in whose names the words
/// begin words ("vent" is ventricular rather than supraventricular).
pub fn kinds(search: &str, words: &ReviewWords) -> Vec<IntervalKind> {
    let others = [IntervalKind::Noise, IntervalKind::St, IntervalKind::Note];
    let all = Rhythm::listed().map(IntervalKind::Rhythm).chain(others);
    let sought: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let code = |kind: &IntervalKind| match kind {
        IntervalKind::Rhythm(rhythm) => rhythm.code().to_lowercase(),
        _ => String::new(),
    };
    let mut found: Vec<(u8, IntervalKind)> = all
        .filter_map(|kind| {
            // By the reader's own words and by the English ones, which annotators of every country type.
            let name = format!("{} {}", words.kind(&kind), kind.name()).to_lowercase();
            let code = code(&kind);
            let fits = |word: &String| name.contains(word.as_str()) || code.starts_with(word.as_str());
            let exact = sought.len() == 1 && sought.first() == Some(&code);
            let begins = |word: &String| {
                code.starts_with(word.as_str()) || name.split([' ', '-']).any(|part| part.starts_with(word.as_str()))
            };
            let rank = match exact {
                true => 0,
                false => 2 - u8::from(sought.iter().all(begins)),
            };
            sought.iter().all(fits).then_some((rank, kind))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, kind)| kind).collect()
}

/// Applies one message.
pub(super) fn update(state: &mut State, message: IntervalMessage) -> Vec<Effect> {
    let mut out = Vec::new();
    match message {
        IntervalMessage::Key => key(state),
        IntervalMessage::Draw(range) => state.desk.intervals.drawn = range,
        IntervalMessage::New(range) => {
            state.desk.intervals.drawn = None;
            open(state, None, range, None);
        }
        IntervalMessage::Edit(id) => {
            let interval = state.desk.review().and_then(|review| review.content().intervals.get(&id)).cloned();
            if let Some(interval) = interval {
                open(state, Some(id), interval.range, Some(interval));
            }
        }
        IntervalMessage::Delete(id) => drop(act(state, Deed::Perform(Command::DeleteInterval(id)), None, &mut out)),
        IntervalMessage::GoTo(id) => {
            let start = state.desk.review().and_then(|review| review.content().intervals.get(&id)).map(Interval::start);
            if let Some(start) = start {
                show(state, start, &mut out);
            }
        }
        IntervalMessage::Resize { id, range } => resize(state, id, range, &mut out),
        IntervalMessage::Save => save(state, &mut out),
        IntervalMessage::Drop => (state.desk.intervals.draft, state.desk.intervals.begun) = (None, None),
        edit => {
            let rate = state.recording().map(|recording| recording.rate);
            let words = &state.words().review;
            if let (Some(draft), Some(rate)) = (state.desk.intervals.draft.as_mut(), rate) {
                draft.edit(edit, rate, words);
            }
        }
    }
    out
}

impl Draft {
    fn edit(&mut self, message: IntervalMessage, rate: Rate, words: &ReviewWords) {
        self.fault = None;
        match message {
            IntervalMessage::Search(text) => {
                self.kind = if text.trim().is_empty() { None } else { kinds(&text, words).into_iter().next() };
                self.search = text;
            }
            IntervalMessage::Kind(kind) => self.kind = Some(kind),
            IntervalMessage::From(text) => self.from = text,
            IntervalMessage::To(text) => self.to = text,
            IntervalMessage::Lead(lead) => self.lead = lead,
            IntervalMessage::Text(text) => self.text = text,
            _ => {}
        }
        if let (Some(from), Some(to)) = (sample_of(&self.from, rate), sample_of(&self.to, rate)) {
            self.range = SampleRange { start: from, end: to };
        }
    }
}

/// The sample of a time as typed.
fn sample_of(text: &str, rate: Rate) -> Option<SampleIndex> {
    let seconds: f64 = text.trim().replace(',', ".").parse().ok()?;
    (0.0..1e9).contains(&seconds).then(|| rate.sample_at(seconds))
}

/// Begins or ends an interval at the chosen beat, else at the pointer, else at the page's middle.
fn key(state: &mut State) {
    let visible = state.visible();
    let chosen = state.desk.selection.at.filter(|at| visible.contains(*at));
    let pointer = state.cursor.as_ref().map(|cursor| cursor.at);
    let at = chosen.or(pointer).unwrap_or(SampleIndex(visible.start.0 + visible.len() / 2));
    match state.desk.intervals.begun.take() {
        None => {
            state.desk.intervals.begun = Some(at);
            state.desk.said = Some(state.words().review.said.interval_begins.clone());
        }
        Some(begun) => open(state, None, SampleRange { start: begun.min(at), end: begun.max(at) }, None),
    }
}

/// What was drawn while it was dragged ends with it.
fn resize(state: &mut State, id: IntervalId, range: SampleRange, out: &mut Vec<Effect>) {
    state.desk.intervals.drawn = None;
    let interval = state.desk.review().and_then(|review| review.content().intervals.get(&id)).cloned();
    if let Some(interval) = interval.filter(|interval| interval.range != range) {
        act(state, Deed::Perform(Command::ChangeInterval { id, to: Interval { range, ..interval } }), None, out);
    }
}

fn open(state: &mut State, id: Option<IntervalId>, range: SampleRange, interval: Option<Interval>) {
    let Some(rate) = state.recording().map(|recording| recording.rate) else { return };
    if let Some(refusal) = state.not_editable() {
        return crate::app::update::notice(state, refusal, true);
    }
    let seconds = |at: SampleIndex| format!("{:.3}", rate.seconds(at));
    let (kind, lead, text) = match interval {
        Some(interval) => (Some(interval.kind), interval.lead, interval.text),
        None => (state.desk.intervals.last.clone(), None, String::new()),
    };
    let (from, to) = (seconds(range.start), seconds(range.end));
    state.desk.intervals.draft = Some(Draft { id, search: String::new(), kind, range, from, to, lead, text, fault: None });
}

fn save(state: &mut State, out: &mut Vec<Effect>) {
    let Some(rate) = state.recording().map(|recording| recording.rate) else { return };
    let words = &state.words().review.intervals;
    let Some(draft) = state.desk.intervals.draft.as_mut() else { return };
    let readable = sample_of(&draft.from, rate).is_some() && sample_of(&draft.to, rate).is_some();
    let Some(kind) = draft.kind.clone().filter(|_| readable) else {
        let fault = if readable { &words.say_what } else { &words.seconds };
        draft.fault = Some(fault.clone());
        return;
    };
    let interval =
        Interval { kind: kind.clone(), range: draft.range, lead: draft.lead.clone(), text: draft.text.trim().to_owned() };
    let command = match draft.id {
        Some(id) => Command::ChangeInterval { id, to: interval },
        None => Command::AddInterval(interval),
    };
    // What is wrong with it is said where it can be mended.
    if let Some(Err(error)) = state.desk.session.as_ref().map(|session| session.review().step(&command)) {
        draft.fault = Some(super::deeds::capital(&error.to_string()));
        return;
    }
    state.desk.intervals.draft = None;
    state.desk.intervals.last = Some(kind);
    act(state, Deed::Perform(command), None, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn kinds_are_found_by_words_and_codes() {
        let english = &Language::English.words().review;
        let first = |text: &str| kinds(text, english).first().map(|kind| kind.name().to_owned());
        assert_eq!(first("afib").as_deref(), Some("Atrial fibrillation"));
        assert_eq!(first("vent tach").as_deref(), Some("Ventricular tachycardia"));
        assert_eq!(first("noise").as_deref(), Some("Noise"));
        assert_eq!(first("b").as_deref(), Some("Ventricular bigeminy"), "the code itself comes first");
        assert_eq!(first("nonsense"), None);
        assert_eq!(kinds("", english).len(), Rhythm::listed().count() + 3);
        let german = &Language::German.words().review;
        assert_eq!(kinds("vorhoffl", german).first().map(|kind| kind.name()), Some("Atrial fibrillation"));
        assert_eq!(kinds("vent tach", german).first().map(|kind| kind.name()), Some("Ventricular tachycardia"));
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        let rate = Rate::HZ_500;
        assert_eq!(sample_of(" 1,5 ", rate), Some(SampleIndex(750)));
        for text in ["", "x", "-1", "nan", "inf", "1e300"] {
            assert_eq!(sample_of(text, rate), None, "{text}");
        }
    }
}
