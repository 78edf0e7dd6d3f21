//! What a measurement was measured on: the stretches of time to look at when it is to be checked.

use crate::{
    app::{language, state::State, waves},
    recording::{LeadName, SampleIndex},
    signal::{
        measurements::Measured,
        waves::{BeatWaves, Wave},
    },
    words::window::Spans,
};
use std::ops::Range;

/// A place in a beat.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    /// Onset of a wave.
    On(Part),
    /// Offset of a wave.
    Off(Part),
    /// So many milliseconds after the J point (QRS offset).
    J(f64),
}

/// A wave of a beat.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    P,
    Qrs,
    T,
}

impl Part {
    fn of(self, beat: &BeatWaves) -> Option<Wave> {
        match self {
            Self::P => beat.p,
            Self::Qrs => beat.qrs,
            Self::T => beat.t,
        }
    }
}

impl Place {
    fn of(self, beat: &BeatWaves, rate_hz: f64) -> Option<f64> {
        match self {
            Self::On(part) => part.of(beat).map(|wave| wave.onset),
            Self::Off(part) => part.of(beat).map(|wave| wave.offset),
            Self::J(ms) => beat.qrs.map(|wave| wave.offset + ms * 1e-3 * rate_hz),
        }
    }
}

/// What a kind of measurement is made on.
struct Basis {
    /// Published names.
    names: &'static [&'static str],
    extents: &'static [(Place, Place)],
    /// For people.
    words: fn(&'static Spans) -> &'static str,
    /// The extent's length is the measured value, or what it is computed from.
    length: bool,
}

const P: (Place, Place) = (Place::On(Part::P), Place::Off(Part::P));
const QRS: (Place, Place) = (Place::On(Part::Qrs), Place::Off(Part::Qrs));
const T: (Place, Place) = (Place::On(Part::T), Place::Off(Part::T));

const fn basis(
    names: &'static [&'static str],
    extents: &'static [(Place, Place)],
    words: fn(&'static Spans) -> &'static str,
    length: bool,
) -> Basis {
    Basis { names, extents, words, length }
}

/// Measurements over all leads.
const GLOBAL: &[Basis] = &[
    basis(&["p_duration"], &[P], |words| &words.p_p, true),
    basis(&["pr"], &[(Place::On(Part::P), Place::On(Part::Qrs))], |words| &words.p_qrs, true),
    basis(&["qrs"], &[QRS], |words| &words.qrs_qrs, true),
    basis(
        &["qt", "qtc_bazett", "qtc_fridericia", "qtc_framingham", "qtc_hodges"],
        &[(Place::On(Part::Qrs), Place::Off(Part::T))],
        |words| &words.qrs_t,
        true,
    ),
];

/// Measurements of amplitudes over some leads.
const VOLTAGES: &[Basis] = &[
    basis(&["p_axis", "ptf_v1"], &[P], |words| &words.p, false),
    basis(&["qrs_axis", "sokolow_lyon", "cornell", "cornell_product"], &[QRS], |words| &words.qrs, false),
    basis(&["t_axis"], &[T], |words| &words.t, false),
    basis(&["qrs_t_angle"], &[QRS, T], |words| &words.qrs_and_t, false),
];

/// Measurements made in one lead: their names are these with the lead's name.
const BY_LEAD: &[Basis] = &[
    basis(&["p_amplitude"], &[P], |words| &words.p, false),
    basis(
        &[
            "q_amplitude",
            "q_duration",
            "r_amplitude",
            "r_duration",
            "s_amplitude",
            "s_duration",
            "r2_amplitude",
            "s2_amplitude",
            "qrs_pp",
            "rpt",
        ],
        &[QRS],
        |words| &words.qrs,
        false,
    ),
    basis(&["st_j"], &[(Place::J(0.0), Place::J(0.0))], |words| &words.j, false),
    basis(&["st_j60"], &[(Place::J(60.0), Place::J(60.0))], |words| &words.j60, false),
    basis(&["st_j80"], &[(Place::J(80.0), Place::J(80.0))], |words| &words.j80, false),
    basis(&["st_slope"], &[(Place::J(0.0), Place::J(80.0))], |words| &words.j_slope, false),
    basis(&["t_amplitude"], &[T], |words| &words.t, false),
];

/// Measurements of the beats' distances.
const INTERVALS: [&str; 14] = [
    "heart_rate",
    "heart_rate_min",
    "heart_rate_max",
    "rr_mean",
    "rr_sd",
    "rr_rmssd",
    "rr_pnn50",
    "hrv_mean_nn",
    "hrv_sdnn",
    "hrv_rmssd",
    "hrv_pnn50",
    "hrv_lf",
    "hrv_hf",
    "hrv_lf_hf",
];

/// A name of a measurement made in one lead as its two parts.
pub fn by_lead<'a>(name: &'a str, leads: &[LeadName]) -> Option<(&'static str, &'a str)> {
    let known = BY_LEAD.iter().flat_map(|basis| basis.names);
    known
        .filter_map(|known| Some((*known, name.strip_prefix(known)?.strip_prefix('_')?)))
        .find(|(_, lead)| leads.iter().any(|known| known.to_string() == *lead))
}

/// What is lit up on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Lit {
    /// From where to where, in words.
    pub words: &'static str,
    /// In which leads: `None`: over all of them.
    pub leads: Option<Vec<LeadName>>,
    /// Spans in samples of the recording: those over all leads, or lead by lead.
    pub spans: Vec<(Option<LeadName>, Vec<Range<f64>>)>,
    /// A span's length is the measured value, or what it is computed from.
    pub length: bool,
}

impl Lit {
    /// Lengths of the spans that lie within `view` in milliseconds, ascending.
    pub fn lengths_ms(&self, view: Range<f64>, rate_hz: f64) -> Vec<f64> {
        let inside = |span: &&Range<f64>| span.start >= view.start && span.end <= view.end;
        let spans = self.spans.iter().flat_map(|(_, spans)| spans).filter(inside);
        let mut lengths: Vec<f64> = spans.map(|span| (span.end - span.start) / rate_hz * 1e3).collect();
        lengths.sort_by(f64::total_cmp);
        lengths
    }
}

/// The spans of the chosen measurement on the page; `None`: none is chosen, or it has no place in time.
pub fn lit(state: &State) -> Option<Lit> {
    let (name, measured) = state.chosen_measurement()?;
    let visible = state.visible();
    let view = visible.start.0 as f64..visible.end.0 as f64;
    if INTERVALS.contains(&name) {
        let words = &language::window().spans.rr;
        return Some(Lit { words, leads: None, spans: vec![(None, intervals(state, view))], length: true });
    }
    let known = waves::on_page(state);
    let rate = state.recording()?.rate.hz();
    let collect = |beats: &[BeatWaves], extents, part: &Range<f64>| spans(beats, extents, &view, part, rate);
    if let Some(basis) = find(GLOBAL, name) {
        let spans = known.iter().flat_map(|(waves, part)| collect(&waves.global, basis.extents, part)).collect();
        let words = (basis.words)(&language::window().spans);
        return Some(Lit { words, leads: None, spans: vec![(None, spans)], length: basis.length });
    }
    let all = state.lead_names();
    let (basis, leads) = match find(VOLTAGES, name) {
        Some(basis) => (basis, leads_of(measured, &all)),
        None => {
            let (kind, lead) = by_lead(name, &all)?;
            (find(BY_LEAD, kind)?, all.iter().filter(|known| known.to_string() == lead).cloned().collect())
        }
    };
    let spans = leads
        .iter()
        .map(|lead| {
            let beats = known.iter().filter_map(|(waves, part)| Some((&waves.lead(lead)?.beats, part)));
            (Some(lead.clone()), beats.flat_map(|(beats, part)| collect(beats, basis.extents, part)).collect())
        })
        .collect();
    let words = (basis.words)(&language::window().spans);
    Some(Lit { words, leads: Some(leads), spans, length: basis.length })
}

fn find(table: &'static [Basis], name: &str) -> Option<&'static Basis> {
    table.iter().find(|basis| basis.names.contains(&name))
}

fn leads_of(measured: &Measured, all: &[LeadName]) -> Vec<LeadName> {
    if measured.leads.is_empty() { all.to_vec() } else { measured.leads.clone() }
}

/// Each beat's extents that reach into the view. Beats at a window's edge are told by both windows: `part` decides whose they are.
fn spans(beats: &[BeatWaves], extents: &[(Place, Place)], view: &Range<f64>, part: &Range<f64>, rate: f64) -> Vec<Range<f64>> {
    let mut out = Vec::new();
    for beat in waves::within(beats, view.clone(), rate) {
        let at = beat.qrs.or(beat.t).or(beat.p).map(|wave| wave.peak);
        if !at.is_some_and(|at| part.contains(&at)) {
            continue;
        }
        for (from, to) in extents {
            let (Some(from), Some(to)) = (from.of(beat, rate), to.of(beat, rate)) else { continue };
            if from <= to && from < view.end && to > view.start {
                out.push(from..to);
            }
        }
    }
    out
}

/// From beat to beat; none across a gap.
fn intervals(state: &State, view: Range<f64>) -> Vec<Range<f64>> {
    let (Some(recording), Some(analysis)) = (state.recording(), &state.analysis) else { return Vec::new() };
    let first = analysis.beats.partition_point(|beat| (beat.sample.0 as f64) < view.start).saturating_sub(1);
    let rest = analysis.beats.get(first..).unwrap_or_default();
    let pairs = rest.windows(2).map_while(|pair| match pair {
        [a, b] if (a.sample.0 as f64) < view.end => Some((a.sample, b.sample)),
        _ => None,
    });
    let apart = |from: SampleIndex, to: SampleIndex| recording.gaps.iter().any(|gap| gap.start < to && gap.end > from);
    pairs.filter(|(from, to)| !apart(*from, *to)).map(|(from, to)| from.0 as f64..to.0 as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let leads = ["V1", "aVF", "X_2"].map(LeadName::parse);
        assert_eq!(by_lead("st_j60_V1", &leads), Some(("st_j60", "V1")));
        assert_eq!(by_lead("r2_amplitude_aVF", &leads), Some(("r2_amplitude", "aVF")));
        assert_eq!(by_lead("st_j_V1", &leads), Some(("st_j", "V1")));
        assert_eq!(by_lead("rpt_X_2", &leads), Some(("rpt", "X_2")));
        assert_eq!(by_lead("ptf_v1", &leads), None);
        assert_eq!(by_lead("st_j60_V6", &leads), None);
    }

    #[test]
    fn no_measurement_is_in_two_tables() {
        let mut names: Vec<&str> =
            GLOBAL.iter().chain(VOLTAGES).chain(BY_LEAD).flat_map(|b| b.names).copied().chain(INTERVALS).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn spans_end_where_the_waves_do() {
        let wave = |onset: f64, offset: f64| Some(Wave { onset, peak: 0.5 * (onset + offset), offset });
        let beats = [
            BeatWaves { beat: 0, p: wave(10.0, 50.0), qrs: wave(90.0, 140.0), t: wave(200.0, 290.0) },
            BeatWaves { beat: 1, p: None, qrs: wave(490.0, 540.0), t: wave(600.0, 690.0) },
        ];
        let all = 0.0..1000.0;
        let of = |name: &str| {
            let basis = find(GLOBAL, name).or(find(BY_LEAD, name)).expect("known");
            spans(&beats, basis.extents, &all, &all, 500.0)
        };
        assert_eq!(of("qt"), [90.0..290.0, 490.0..690.0]);
        assert_eq!(of("pr"), [10.0..90.0]);
        assert_eq!(of("st_j60"), [170.0..170.0, 570.0..570.0]);
        let half = spans(&beats, find(GLOBAL, "qrs").expect("known").extents, &all, &(400.0..1000.0), 500.0);
        assert_eq!(half, [490.0..540.0]);
    }
}
