//! Serial comparison: what changed between two recordings of a patient. Measurements are set beside each other with the difference that
//! matters stated; median beats are laid over each other at R. Whether both are of one patient is for the caller to know.

use super::{Analysis, MedianBeatView};
use crate::{
    recording::LeadName,
    signal::measurements::{Measurements, lead_name},
};

/// From which difference on a measurement is marked, and where that comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Published name of the measurement; of one made in each lead without the lead.
    pub name: &'static str,
    /// Made in each lead.
    pub by_lead: bool,
    /// Differences up to this are not marked; in the measurement's unit.
    pub most: f64,
    /// Unit it is stated in.
    pub unit: &'static str,
    /// Why this much.
    pub source: &'static str,
}

/// Twice the standard deviation that IEC 60601-2-25 allows an electrocardiograph's interval measurements.
const IEC: &str = "twice the standard deviation IEC 60601-2-25 allows";
const E14: &str = "ICH E14 counts changes of QTc above 30 ms";
const UDMI: &str = "new ST deviation of 0.1 mV (fourth universal definition of myocardial infarction)";
const OWN: &str = "own choice: electrodes and posture change it by less";

/// The table of tolerances.
pub const TOLERANCES: &[Tolerance] = &[
    of("heart_rate", 15.0, "bpm", "own choice: rest and breathing change it by less"),
    of("p_duration", 30.0, "ms", IEC),
    of("pr", 20.0, "ms", IEC),
    of("qrs", 20.0, "ms", IEC),
    of("qt", 60.0, "ms", IEC),
    of("qtc_fridericia", 30.0, "ms", E14),
    of("qtc_bazett", 30.0, "ms", E14),
    of("p_axis", 40.0, "degrees", OWN),
    of("qrs_axis", 30.0, "degrees", OWN),
    of("t_axis", 40.0, "degrees", OWN),
    of("sokolow_lyon", 0.7, "mV", OWN),
    of("cornell", 0.7, "mV", OWN),
    in_leads("st_j60", 0.1, UDMI),
    in_leads("t_amplitude", 0.25, OWN),
    in_leads("r_amplitude", 0.7, OWN),
];

const fn of(name: &'static str, most: f64, unit: &'static str, source: &'static str) -> Tolerance {
    Tolerance { name, by_lead: false, most, unit, source }
}

const fn in_leads(name: &'static str, most: f64, source: &'static str) -> Tolerance {
    Tolerance { name, by_lead: true, most, unit: "mV", source }
}

/// What a comparison says of a measurement.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The difference is within the tolerance.
    Within,
    /// It is beyond.
    Beyond,
    /// They cannot be compared; why.
    NotComparable(String),
}

/// A measurement then and now.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Published name.
    pub name: String,
    /// The lead it was made in.
    pub lead: Option<LeadName>,
    /// Unit.
    pub unit: String,
    /// Before.
    pub before: Option<f64>,
    /// Now.
    pub now: Option<f64>,
    /// Now less before; of axes the shorter way round.
    pub difference: Option<f64>,
    /// Tolerance.
    pub tolerance: Tolerance,
    /// What follows.
    pub verdict: Verdict,
}

/// A lead's median beat in time around R.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// First sample, ms from R.
    pub start_ms: f64,
    /// Between samples, ms.
    pub step_ms: f64,
    /// Millivolts; NaN where there is none.
    pub samples: Vec<f32>,
}

impl Shape {
    fn of(view: &MedianBeatView, lead: &LeadName) -> Option<Self> {
        let step_ms = 1000.0 / view.beats.rate.hz();
        let samples = view.beats.lead(lead)?.samples.clone();
        Some(Self { start_ms: -(view.beats.origin as f64) * step_ms, step_ms, samples })
    }

    /// The value at `ms` from R, on the straight line between samples; `None` outside and beside invalid ones.
    pub fn at(&self, ms: f64) -> Option<f32> {
        let place = (ms - self.start_ms) / self.step_ms;
        if !(place >= 0.0 && place <= (self.samples.len().checked_sub(1)?) as f64) {
            return None;
        }
        let (left, part) = (place.floor() as usize, place.fract() as f32);
        let a = self.samples.get(left)?;
        let value = if part == 0.0 { *a } else { a + part * (self.samples.get(left + 1)? - a) };
        value.is_finite().then_some(value)
    }
}

/// A lead then and now.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadPair {
    /// Which lead.
    pub lead: LeadName,
    /// Before; `None`: not recorded or not usable then.
    pub before: Option<Shape>,
    /// Now.
    pub now: Option<Shape>,
    /// Root mean square of the difference where both are, mV.
    pub rms_mv: Option<f32>,
    /// A measurement of this lead is beyond its tolerance.
    pub changed: bool,
}

/// What changed between two recordings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// Measurements: those of the whole recording first, then lead by lead. Those that neither has are left out.
    pub changes: Vec<Change>,
    /// Median beats.
    pub leads: Vec<LeadPair>,
}

impl Comparison {
    /// Changes beyond their tolerance.
    pub fn beyond(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.verdict == Verdict::Beyond)
    }
}

/// Compares an analysis with that of an earlier recording.
pub fn compare(before: &Analysis, now: &Analysis) -> Comparison {
    let shapes = (before.median_beat.as_ref(), now.median_beat.as_ref());
    compare_parts((&before.measurements, shapes.0), (&now.measurements, shapes.1))
}

/// Measurements and median beat of a recording.
type Part<'a> = (&'a Measurements, Option<&'a MedianBeatView>);

/// Compares measurements and median beats.
pub fn compare_parts(before: Part, now: Part) -> Comparison {
    let names = |part: &Part| -> Vec<LeadName> {
        part.1.map(|view| view.beats.leads.iter().map(|beat| beat.lead.clone()).collect()).unwrap_or_default()
    };
    let mut leads = names(&now);
    leads.extend(names(&before).into_iter().filter(|lead| !names(&now).contains(lead)));
    let whole = TOLERANCES.iter().filter(|tolerance| !tolerance.by_lead).map(|tolerance| (tolerance, None));
    let by_lead = leads
        .iter()
        .flat_map(|lead| TOLERANCES.iter().filter(|t| t.by_lead).map(move |tolerance| (tolerance, Some(lead.clone()))));
    let changes: Vec<Change> =
        whole.chain(by_lead).filter_map(|(tolerance, lead)| change(before.0, now.0, tolerance, lead)).collect();
    let pairs = leads
        .into_iter()
        .map(|lead| {
            let shape = |part: &Part| part.1.and_then(|view| Shape::of(view, &lead));
            let (then, today) = (shape(&before), shape(&now));
            let rms_mv = then.as_ref().zip(today.as_ref()).and_then(|(then, today)| rms(then, today));
            let changed = changes.iter().any(|c| c.lead.as_ref() == Some(&lead) && c.verdict == Verdict::Beyond);
            LeadPair { lead, before: then, now: today, rms_mv, changed }
        })
        .collect();
    Comparison { changes, leads: pairs }
}

fn change(before: &Measurements, now: &Measurements, tolerance: &Tolerance, lead: Option<LeadName>) -> Option<Change> {
    let name = lead.as_ref().map_or_else(|| tolerance.name.to_owned(), |lead| lead_name(tolerance.name, lead));
    let (then, today) = (before.get(&name), now.get(&name));
    let unit = today.or(then)?.unit.clone();
    let (old, new) = (then.and_then(|m| m.value), today.and_then(|m| m.value));
    let same_unit = then.zip(today).is_none_or(|(a, b)| a.unit == b.unit);
    let difference = old.zip(new).filter(|_| same_unit).map(|(old, new)| match tolerance.unit {
        "degrees" => (new - old + 180.0).rem_euclid(360.0) - 180.0,
        _ => new - old,
    });
    let verdict = match (old, new, difference) {
        (_, _, Some(difference)) if unit == tolerance.unit => {
            // A hair more than the tolerance that is only rounding is not beyond it.
            if difference.abs() > tolerance.most * (1.0 + 1e-9) { Verdict::Beyond } else { Verdict::Within }
        }
        (Some(_), Some(_), _) => Verdict::NotComparable("in different units".into()),
        (None, None, _) => return None,
        (None, Some(_), _) => Verdict::NotComparable(missing(then, "then")),
        (Some(_), None, _) => Verdict::NotComparable(missing(today, "now")),
    };
    Some(Change { name, lead, unit, before: old, now: new, difference, tolerance: *tolerance, verdict })
}

fn missing(measured: Option<&crate::signal::measurements::Measured>, when: &str) -> String {
    match measured.and_then(|measured| measured.reason.as_deref()) {
        Some(reason) => format!("not measurable {when}: {reason}"),
        None => format!("not measured {when}"),
    }
}

/// Root mean square of the difference over the time both have, in steps of the finer one.
fn rms(a: &Shape, b: &Shape) -> Option<f32> {
    let fine = if a.step_ms <= b.step_ms { a } else { b };
    let squares: Vec<f64> = (0..fine.samples.len())
        .filter_map(|i| {
            let ms = fine.start_ms + i as f64 * fine.step_ms;
            Some(f64::from(a.at(ms)? - b.at(ms)?).powi(2))
        })
        .collect();
    (!squares.is_empty()).then(|| (squares.iter().sum::<f64>() / squares.len() as f64).sqrt() as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        recording::Rate,
        signal::{
            measurements::{Fiducials, Measured},
            median_beat::{MedianBeat, MedianBeats},
        },
    };

    fn measurements(values: &[(&str, f64, &str)]) -> Measurements {
        Measurements(values.iter().map(|(name, value, unit)| ((*name).to_owned(), Measured::new(*value, unit))).collect())
    }

    fn beat(hz: f64, lead: &str, height: f32) -> MedianBeatView {
        let origin = (0.2 * hz) as usize;
        let samples = (0..(0.6 * hz) as usize)
            .map(|i| {
                let s = (i as f64 - origin as f64) / hz;
                height * (-0.5 * (s / 0.03).powi(2)).exp() as f32
            })
            .collect();
        let beat = MedianBeat { lead: LeadName::parse(lead), samples, noise_mv: None, beats: 9 };
        let beats = MedianBeats {
            rate: Rate::new(hz).expect("positive"),
            origin,
            leads: vec![beat],
            beats_used: Vec::new(),
            shifts: Vec::new(),
            level: 0.0..1.0,
            alike: 9,
            looked_at: 9,
        };
        MedianBeatView { beats, fiducials: Fiducials::default() }
    }

    fn verdict<'a>(comparison: &'a Comparison, name: &str) -> &'a Verdict {
        &comparison.changes.iter().find(|change| change.name == name).expect(name).verdict
    }

    #[test]
    fn differences_are_marked_beyond_their_tolerance_only() {
        let before = measurements(&[("qrs", 90.0, "ms"), ("pr", 160.0, "ms"), ("qtc_bazett", 420.0, "ms"), ("qt", 400.0, "ms")]);
        let mut now = measurements(&[("qrs", 111.0, "ms"), ("pr", 180.0, "ms"), ("qt", 0.4, "s")]);
        now.0.insert("qtc_bazett".into(), Measured::missing("ms", "no T wave"));
        let comparison = compare_parts((&before, None), (&now, None));
        assert_eq!(*verdict(&comparison, "qrs"), Verdict::Beyond);
        assert_eq!(*verdict(&comparison, "pr"), Verdict::Within, "20 ms is the tolerance");
        assert_eq!(*verdict(&comparison, "qtc_bazett"), Verdict::NotComparable("not measurable now: no T wave".into()));
        assert_eq!(*verdict(&comparison, "qt"), Verdict::NotComparable("in different units".into()));
        assert_eq!(comparison.beyond().count(), 1);
        assert!(comparison.changes.iter().all(|change| change.name != "heart_rate"), "neither has it");
    }

    #[test]
    fn axes_turn_the_shorter_way() {
        let axis = |degrees| measurements(&[("qrs_axis", degrees, "degrees")]);
        let comparison = compare_parts((&axis(170.0), None), (&axis(-175.0), None));
        assert_eq!(comparison.changes[0].difference, Some(15.0));
        assert_eq!(comparison.changes[0].verdict, Verdict::Within);
    }

    #[test]
    fn beats_of_different_rates_are_laid_over_each_other_at_r() {
        let none = Measurements::default();
        let (slow, fast) = (beat(250.0, "V2", 1.0), beat(500.0, "V2", 1.0));
        let comparison = compare_parts((&none, Some(&slow)), (&none, Some(&fast)));
        let pair = &comparison.leads[0];
        assert!(pair.rms_mv.is_some_and(|rms| rms < 0.01), "{:?}", pair.rms_mv);
        let taller = beat(500.0, "V2", 1.4);
        let comparison = compare_parts((&none, Some(&slow)), (&none, Some(&taller)));
        assert!(comparison.leads[0].rms_mv.is_some_and(|rms| rms > 0.1));
    }

    #[test]
    fn a_lead_of_one_side_is_shown_alone_and_its_change_is_marked() {
        let now = measurements(&[("st_j60_V2", 0.25, "mV")]);
        let before = measurements(&[("st_j60_V2", 0.05, "mV")]);
        let (v2, v5) = (beat(500.0, "V2", 1.0), beat(500.0, "V5", 1.0));
        let comparison = compare_parts((&before, Some(&v5)), (&now, Some(&v2)));
        let [first, second] = comparison.leads.as_slice() else { panic!("two leads") };
        assert!(first.changed && first.before.is_none() && first.rms_mv.is_none());
        assert!(!second.changed && second.now.is_none());
        assert_eq!(*verdict(&comparison, "st_j60_V2"), Verdict::Beyond);
    }
}
