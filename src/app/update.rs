//! The one place where the window's state changes.

use super::{
    beside, demographics, drawer,
    filtering::{self, Hum},
    inbox,
    jobs::{Event, Failure, Job},
    language::{self, window},
    measuring,
    message::Message,
    opening::{cancel, on_listed, on_opened, open_entry, open_paths},
    page::{
        geometry::Geometry,
        scale::{NOMINAL_PX_PER_MM, Zoom},
    },
    paper, report, review,
    state::{FindingKey, Notice, State, WindowEvidence},
    tabs::{self, TabMessage},
    tools,
    waves::{self, WindowWaves},
    worklist::{self, screening},
};
use crate::{
    analysis::{Demographics, Finding, Progress},
    recording::{SampleIndex, SampleRange},
    words::fill,
};
use std::{cmp::Ordering, path::PathBuf, sync::Arc};

/// What has to be done outside the state.
#[derive(Debug)]
pub enum Effect {
    /// Start a job.
    Start(Job, Arc<Progress>),
}

/// Windows whose evidence is kept; the furthest from the page are forgotten first.
const KEPT_WINDOWS: usize = 64;

/// Applies one message, and begins what can be done in the background after it.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    language::with(state.paper.settings.language);
    let mut effects = apply(state, message);
    effects.extend(beside::ask(state));
    effects.extend(worklist::pump(state));
    effects.extend(report::ask(state));
    effects
}

fn apply(state: &mut State, message: Message) -> Vec<Effect> {
    match message {
        Message::OpenPaths(paths) => open_paths(state, paths),
        Message::ShowDialog { folder } => vec![Effect::Start(Job::Choose { folder, words: &window().choose }, Arc::default())],
        Message::PathEdited(text) => {
            state.path_text = text;
            Vec::new()
        }
        Message::OpenTypedPath => {
            let text = state.path_text.trim().trim_matches('"').to_owned();
            if text.is_empty() { Vec::new() } else { open_paths(state, vec![PathBuf::from(text)]) }
        }
        Message::FocusPath => {
            state.focus_path = true;
            Vec::new()
        }
        Message::OpenEntry(index) => open_entry(state, index),
        Message::Step(by) => state.worklist.step(by).map_or_else(Vec::new, |index| open_entry(state, index)),
        Message::Close => tabs::update(state, TabMessage::Close(state.tabs.shown())),
        Message::Job(event) => on_event(state, event),
        Message::Cancel => {
            cancel(state);
            Vec::new()
        }
        Message::Analyse => analyse(state),

        Message::PageSized(size) => {
            state.page_size = size;
            scroll_to(state, state.view.start.0 as f64)
        }
        Message::SetLayout(layout) => {
            state.view.layout = layout;
            scroll_to(state, state.view.start.0 as f64)
        }
        Message::SetGain(gain) => {
            state.view.scale.gain = gain;
            Vec::new()
        }
        Message::NextGain => {
            state.view.scale.gain = state.view.scale.gain.next();
            Vec::new()
        }
        Message::SetSpeed(speed) => {
            state.view.scale.speed = speed;
            scroll_to(state, state.view.start.0 as f64)
        }
        Message::NextSpeed => {
            state.view.scale.speed = state.view.scale.speed.next();
            scroll_to(state, state.view.start.0 as f64)
        }
        Message::ToggleSpeed => {
            state.view.scale.speed = state.view.scale.speed.toggled();
            scroll_to(state, state.view.start.0 as f64)
        }
        Message::ScrollBy(seconds) => scroll_to(state, state.view.start.0 as f64 + seconds * rate(state)),
        Message::ScrollPages(pages) => {
            let page = (state.geometry().visible_s() - 1.0).max(0.5);
            scroll_to(state, state.view.start.0 as f64 + pages * page * rate(state))
        }
        Message::CentreOn(second) => centre_on(state, second),
        Message::Home => scroll_to(state, 0.0),
        Message::End => scroll_to(state, f64::INFINITY),
        Message::ZoomAt { factor, x } => zoom(state, factor, x),
        Message::ZoomFit => {
            state.view.scale.zoom = Zoom::Fit;
            state.paper.settings.true_size = false;
            scroll_to(state, state.view.start.0 as f64)
        }
        Message::SetFilter(settings) => {
            state.filtering.choose(settings);
            filtering::ask(state)
        }
        Message::ToggleFilter => {
            state.filtering.toggle();
            filtering::ask(state)
        }
        Message::ToggleWaves => {
            state.waves.visible = !state.waves.visible;
            waves::ask(state)
        }
        Message::Report(message) => report::update(state, message),
        Message::Paper(message) => {
            paper::update(state, message);
            scroll_to(state, state.view.start.0 as f64)
        }
        Message::PointAt(cursor) => {
            state.cursor = cursor;
            Vec::new()
        }

        Message::ChooseFinding(key) => {
            state.chosen = if state.chosen.as_ref() == Some(&key) { None } else { Some(key) };
            state.evidence_visible = true;
            state.tools.beat.chosen = None;
            ask_for_evidence(state)
        }
        Message::StepFinding(by) => step_finding(state, by),
        Message::ToggleEvidence => {
            state.evidence_visible = !state.evidence_visible;
            Vec::new()
        }
        Message::ChooseMeasurement(name) => {
            measuring::choose(state, name);
            waves::ask(state)
        }
        Message::SetQtc(qtc) => {
            state.qtc = qtc;
            Vec::new()
        }
        Message::Escape => {
            state.chosen = None;
            state.measurement = None;
            tools::escape(state);
            Vec::new()
        }
        Message::AgeEdited(text) => {
            state.age_text = text;
            Vec::new()
        }
        Message::AgeEntered => {
            if demographics::enter_age(state) {
                analyse(state)
            } else {
                Vec::new()
            }
        }
        Message::AgeRestored => {
            demographics::restore_age(state);
            Vec::new()
        }
        Message::SexEntered(sex) => {
            if demographics::enter_sex(state, sex) {
                analyse(state)
            } else {
                Vec::new()
            }
        }

        Message::Tool(message) => tools::update(state, message),

        Message::Review(message) => review::update(state, message),
        Message::List(message) => worklist::update(state, message),
        Message::Tab(message) => tabs::update(state, message),
        Message::Inbox(message) => {
            inbox::update(state, message);
            Vec::new()
        }
        Message::CompareWith(path) => {
            beside::choose(state, path);
            Vec::new()
        }
        Message::ToggleDrawer(drawer) => {
            drawer::toggle(state, drawer);
            Vec::new()
        }
        Message::ToggleHelp => {
            state.help_open = !state.help_open;
            Vec::new()
        }
    }
}

/// Adds a notice; what is already there is not said twice but becomes the newest.
pub(super) fn notice(state: &mut State, text: String, of_file: bool) {
    state.notices.retain(|notice| notice.text != text);
    state.notice_count += 1;
    state.notices.push(Notice { id: state.notice_count, text, of_file, read: false });
}

fn rate(state: &State) -> f64 {
    state.recording().map_or(1.0, |recording| recording.rate.hz())
}

/// Gives an event to the recording it belongs to, which may wait in another tab.
fn on_event(state: &mut State, event: Event) -> Vec<Effect> {
    let of_review = if let Event::Review(event) = &event { Some(review::meant(event)) } else { None };
    if let Some(meant) = of_review {
        return tabs::on_the_one(state, |state| meant.is(state), |state| on_event_here(state, event)).unwrap_or_default();
    }
    let (generation, attempt) = match &event {
        Event::Opened { generation, .. } => (None, Some(*generation)),
        Event::Analysed { generation, .. }
        | Event::Evidence { generation, .. }
        | Event::Waves { generation, .. }
        | Event::BeatEvidence { generation, .. }
        | Event::Hum { generation, .. }
        | Event::Overview { generation, .. }
        | Event::Beside { generation, .. } => (Some(*generation), None),
        Event::Chosen { .. } | Event::Listed { .. } | Event::List(_) | Event::Review(_) | Event::Report(_) => {
            return on_event_here(state, event);
        }
    };
    let is_meant = |state: &State| match attempt {
        Some(number) => state.opening.as_ref().is_some_and(|opening| opening.number == number),
        None => Some(state.generation) == generation,
    };
    tabs::on_the_one(state, is_meant, |state| on_event_here(state, event)).unwrap_or_default()
}

fn on_event_here(state: &mut State, event: Event) -> Vec<Effect> {
    match event {
        Event::Chosen { paths } => open_paths(state, paths),
        Event::Review(event) => review::arrived(state, event),
        Event::Listed { generation, files, folders, failures } if generation == state.worklist.listings => {
            on_listed(state, files, folders, failures)
        }
        Event::Beside { made, run, .. } => {
            beside::on_made(state, run, made);
            Vec::new()
        }
        Event::Report(event) => {
            report::on_event(state, event);
            Vec::new()
        }
        Event::List(event) => {
            screening::on_event(state, event);
            Vec::new()
        }
        Event::Opened { path, generation, result } if state.opening.as_ref().is_some_and(|o| o.number == generation) => {
            let (files, folders) = state.opening.take().map(|o| (o.files, o.folders)).unwrap_or_default();
            on_opened(state, path, files, folders, result)
        }
        Event::Analysed { generation, run, result } if (generation, run) == (state.generation, state.run) => {
            state.analysing = None;
            match result {
                Ok(analysis) => {
                    if let Some(path) = state.recording().map(|recording| recording.path.clone()) {
                        state.worklist.on_analysed(&path, &analysis);
                    }
                    state.analysis = Some(Arc::from(analysis));
                    choose_as_asked(state);
                    let mut effects = review::labels(state);
                    effects.extend(ask_for_view(state));
                    effects
                }
                Err(Failure::Cancelled) => {
                    state.analysis_failure = Some(window().findings.cancelled.clone());
                    Vec::new()
                }
                Err(Failure::Failed(reason)) => {
                    state.analysis_failure = Some(reason);
                    Vec::new()
                }
            }
        }
        Event::Evidence { generation, run, window, result } if (generation, run) == (state.generation, state.run) => {
            let entry = match result {
                Ok(findings) => WindowEvidence::Ready(findings),
                Err(Failure::Cancelled) => {
                    state.window_evidence.remove(&window.start.0);
                    return Vec::new();
                }
                Err(Failure::Failed(reason)) => WindowEvidence::Failed(reason),
            };
            state.window_evidence.insert(window.start.0, entry);
            ask_for_evidence(state)
        }
        Event::Waves { generation, run, window, result } if (generation, run) == (state.generation, state.run) => {
            let entry = match result {
                Ok(waves) => WindowWaves::Ready(waves),
                Err(Failure::Cancelled) => {
                    state.waves.windows.remove(&window.start.0);
                    return Vec::new();
                }
                Err(Failure::Failed(reason)) => WindowWaves::Failed(reason),
            };
            state.waves.windows.insert(window.start.0, entry);
            waves::ask(state)
        }
        Event::BeatEvidence { generation, run, beat, result } if (generation, run) == (state.generation, state.run) => {
            tools::beat::arrived(state, beat, result)
        }
        Event::Hum { generation, result } if generation == state.generation => {
            state.filtering.hum = match result {
                Ok(found) => Hum::Found(found),
                Err(Failure::Cancelled) => Hum::Unknown,
                Err(Failure::Failed(reason)) => Hum::Failed(reason),
            };
            Vec::new()
        }
        Event::Overview { generation, result } if generation == state.generation => {
            state.overview_job = None;
            match result {
                Ok(pyramid) => {
                    state.overview = Some(Arc::new(pyramid));
                    Vec::new()
                }
                Err(Failure::Cancelled) => Vec::new(),
                Err(Failure::Failed(reason)) => {
                    notice(state, reason, true);
                    Vec::new()
                }
            }
        }
        // Of a recording, list or analysis that is no longer the one: dropped.
        Event::Listed { .. }
        | Event::Opened { .. }
        | Event::Analysed { .. }
        | Event::Evidence { .. }
        | Event::Waves { .. }
        | Event::BeatEvidence { .. }
        | Event::Hum { .. }
        | Event::Overview { .. } => Vec::new(),
    }
}

pub(super) fn analyse(state: &mut State) -> Vec<Effect> {
    let Some(recording) = state.recording().cloned() else { return Vec::new() };
    if let Some(analysing) = &state.analysing {
        analysing.cancel();
    }
    for window in std::mem::take(&mut state.window_evidence).into_values() {
        if let WindowEvidence::Pending(progress) = window {
            progress.cancel();
        }
    }
    state.waves.forget();
    state.tools.beat.forget();
    state.run += 1;
    state.analysis = None;
    state.analysis_failure = None;
    let progress = Arc::new(Progress::new());
    state.analysing = Some(progress.clone());
    let job = Job::Analyse { recording, demographics: state.demographics(), generation: state.generation, run: state.run };
    vec![Effect::Start(job, progress)]
}

pub(super) fn overview(state: &mut State) -> Option<Effect> {
    let lead = state.rhythm_lead()?;
    let signal = state.recording()?.leads.get(lead)?.clone();
    let progress = Arc::new(Progress::new());
    state.overview_job = Some(progress.clone());
    Some(Effect::Start(Job::Overview { signal, generation: state.generation }, progress))
}

fn choose_as_asked(state: &mut State) {
    let Some(code) = state.choose_when_ready.take() else { return };
    let findings = state.analysis.as_ref().map(|analysis| analysis.findings.as_slice()).unwrap_or_default();
    match findings.iter().find(|finding| finding.code.eq_ignore_ascii_case(&code)).map(FindingKey::of) {
        Some(key) => state.chosen = Some(key),
        None => notice(state, fill(&window().findings.unknown_code, &[("code", &code)]), true),
    }
}

/// Findings in the order of the panel: by task as they come. Of a task of which one class holds that one comes first; of others those
/// present, those uncertain and those absent, each the more probable first.
pub fn panel_order(findings: &[Finding]) -> Vec<(&str, Vec<&Finding>)> {
    let mut tasks: Vec<(&str, Vec<&Finding>)> = Vec::new();
    for finding in findings {
        match tasks.iter_mut().find(|(task, _)| *task == finding.task) {
            Some((_, list)) => list.push(finding),
            None => tasks.push((&finding.task, vec![finding])),
        }
    }
    for (_, list) in &mut tasks {
        list.sort_by(|a, b| {
            let rank = |finding: &Finding| match (finding.exclusive, finding.uncertain, finding.present) {
                (true, _, present) => u8::from(!present),
                (false, true, _) => 1,
                (false, false, present) => {
                    if present {
                        0
                    } else {
                        2
                    }
                }
            };
            // What one of several classes is not keeps the card's order.
            let by_probability = if a.exclusive { Ordering::Equal } else { b.probability.total_cmp(&a.probability) };
            rank(a).cmp(&rank(b)).then(by_probability)
        });
    }
    tasks
}

fn step_finding(state: &mut State, by: isize) -> Vec<Effect> {
    if state.machine_hidden() {
        return Vec::new();
    }
    state.tools.beat.chosen = None;
    let Some(analysis) = state.analysis.clone() else { return Vec::new() };
    let keys: Vec<FindingKey> = panel_order(&analysis.findings).into_iter().flat_map(|(_, l)| l).map(FindingKey::of).collect();
    let current = state.chosen.as_ref().and_then(|chosen| keys.iter().position(|key| key == chosen));
    let next = match current {
        Some(index) => index.saturating_add_signed(by).min(keys.len().saturating_sub(1)),
        None => 0,
    };
    state.chosen = keys.into_iter().nth(next);
    state.evidence_visible = true;
    ask_for_evidence(state)
}

/// For a long recording: starts the next evidence job for a window on the page, one at a time, nearest to the middle first.
fn ask_for_evidence(state: &mut State) -> Vec<Effect> {
    let (Some(recording), Some(finding)) = (state.recording().cloned(), state.chosen_finding()) else { return Vec::new() };
    if finding.evidence.is_some() || state.window_evidence.values().any(|w| matches!(w, WindowEvidence::Pending(_))) {
        return Vec::new();
    }
    let visible = state.visible();
    let middle = visible.start.0 + visible.len() / 2;
    let distance = |range: &SampleRange| (range.start.0 + range.len() / 2).abs_diff(middle);
    let wanted = state
        .windows_on_page()
        .into_iter()
        .filter(|window| !state.window_evidence.contains_key(&window.start.0))
        .min_by_key(distance);
    let Some(window) = wanted else { return Vec::new() };
    while state.window_evidence.len() >= KEPT_WINDOWS {
        let Some(far) = state.window_evidence.keys().copied().max_by_key(|start| start.abs_diff(middle)) else { break };
        state.window_evidence.remove(&far);
    }
    let progress = Arc::new(Progress::new());
    state.window_evidence.insert(window.start.0, WindowEvidence::Pending(progress.clone()));
    let demographics: Demographics = state.demographics();
    let job = Job::Evidence { recording, demographics, window, generation: state.generation, run: state.run };
    vec![Effect::Start(job, progress)]
}

/// Starts what the stretch on the page still lacks.
pub(super) fn ask_for_view(state: &mut State) -> Vec<Effect> {
    let mut effects = ask_for_evidence(state);
    effects.extend(waves::ask(state));
    effects.extend(tools::beat::ask(state));
    effects
}

/// Scrolls so that the page begins at this sample, held within the recording.
pub(super) fn scroll_to(state: &mut State, sample: f64) -> Vec<Effect> {
    let Some(recording) = state.recording() else { return Vec::new() };
    let page = state.geometry().visible_s() * recording.rate.hz();
    let last = (recording.length as f64 - page).max(0.0);
    state.view.start = SampleIndex(sample.clamp(0.0, last).round() as u64);
    ask_for_view(state)
}

/// Scrolls so that this second of the recording is in the middle.
pub(super) fn centre_on(state: &mut State, second: f64) -> Vec<Effect> {
    let half = 0.5 * state.geometry().visible_s();
    scroll_to(state, (second - half) * rate(state))
}

fn zoom(state: &mut State, factor: f32, x: Option<f32>) -> Vec<Effect> {
    let before = state.geometry();
    let x = x.unwrap_or(before.left + 0.5 * before.width);
    let anchored = before.seconds_at(x);
    state.view.scale.zoom = Zoom::factor(before.px_per_mm / NOMINAL_PX_PER_MM * factor);
    state.paper.settings.true_size = false;
    let after: Geometry = state.geometry();
    let shift = anchored - after.seconds_at(x);
    scroll_to(state, state.view.start.0 as f64 + shift * rate(state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_twice() {
        let mut state = State::default();
        for text in ["a", "b", "a"] {
            notice(&mut state, text.into(), true);
        }
        assert_eq!(state.notices.iter().map(|notice| notice.text.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    }
}
