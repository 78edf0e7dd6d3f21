//! Pacing: spikes and the beats behind them.

use super::{
    reader::{Reader, Spec},
    types::{Criteria, CriteriaInput, Group, Severity},
};

/// How far the recording is paced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paced {
    /// No spikes, or they were not looked for.
    No,
    /// Spikes, at a minority of beats or at none.
    Partly {
        /// At least one ventricular spike: measurements may come from paced beats.
        ventricular: bool,
    },
    /// At least half of the beats follow an atrial spike only.
    Atrial,
    /// At least half of the beats follow a ventricular spike.
    Ventricular,
}

impl Paced {
    /// QRS, ST and T may be those of paced beats.
    pub fn ventricular(self) -> bool {
        matches!(self, Self::Ventricular | Self::Partly { ventricular: true })
    }

    /// The rhythm is that of the pacemaker.
    pub fn dominant(self) -> bool {
        matches!(self, Self::Atrial | Self::Ventricular)
    }
}

const fn spec(code: &'static str, text: &'static str) -> Spec {
    Spec::new(Group::Pacing, code, Some("PACE"), Severity::Abnormal, text)
}

// AHA/ACC/HRS 2007 Part II, category N.
const ATRIAL: Spec = spec("AHA 180", "Atrial-paced rhythm");
const VENTRICULAR: Spec = spec("AHA 181", "Ventricular-paced rhythm");
const SENSED: Spec = spec("AHA 183", "Atrial-sensed ventricular-paced rhythm");
const DUAL: Spec = spec("AHA 184", "AV dual-paced rhythm");
const ATRIAL_BEATS: Spec = spec("AHA 180", "Atrial-paced complexes");
const VENTRICULAR_BEATS: Spec = spec("AHA 181", "Ventricular-paced complexes");
const SPIKES: Spec = Spec::new(Group::Pacing, "X-SPIKES", None, Severity::Abnormal, "Pacing spikes that belong to no beat");

/// Share of beats behind a spike from which the rhythm is called paced.
const DOMINANT: f64 = 0.5;

pub(super) fn judge(input: &CriteriaInput, out: &mut Criteria) -> Paced {
    let Some(facts) = &input.rhythm.pacing else {
        out.skip(Group::Pacing, "pacing", "pacing spikes were not looked for");
        return Paced::No;
    };
    let beats = input.rhythm.beats();
    let at = |list: &[bool], beat: usize| list.get(beat).copied().unwrap_or(false);
    let count = |wanted: &dyn Fn(usize) -> bool| (0..beats).filter(|b| wanted(*b)).count();
    let atrial = count(&|b| at(&facts.atrial, b));
    let ventricular = count(&|b| at(&facts.ventricular, b));
    if facts.spikes == 0 && atrial == 0 && ventricular == 0 {
        return Paced::No;
    }
    let most = |number: usize| beats > 0 && number as f64 >= DOMINANT * beats as f64;
    let own_p =
        count(&|b| at(&facts.ventricular, b) && !at(&facts.atrial, b) && input.rhythm.p_present.get(b) == Some(&Some(true)));
    let (spec, paced) = match (most(atrial), most(ventricular)) {
        (true, true) => (DUAL, Paced::Ventricular),
        (false, true) if own_p * 2 > ventricular => (SENSED, Paced::Ventricular),
        (false, true) => (VENTRICULAR, Paced::Ventricular),
        (true, false) => (ATRIAL, if ventricular > 0 { Paced::Ventricular } else { Paced::Atrial }),
        (false, false) if ventricular > 0 => (VENTRICULAR_BEATS, Paced::Partly { ventricular: true }),
        (false, false) if atrial > 0 => (ATRIAL_BEATS, Paced::Partly { ventricular: false }),
        (false, false) => (SPIKES, Paced::Partly { ventricular: false }),
    };
    let mut read = Reader::new(input);
    read.keep("pacing_spikes", facts.spikes as f64);
    read.keep("atrial_paced_beats", atrial as f64);
    read.keep("ventricular_paced_beats", ventricular as f64);
    read.keep("beats", beats as f64);
    out.say(read.state(
        spec,
        format!(
            "{} spikes; {atrial} of {beats} beats behind an atrial spike, {ventricular} behind a ventricular one (a rhythm from half of \
             the beats on; AHA/ACC/HRS 2007 Part II, category N)",
            facts.spikes
        ),
    ));
    paced
}
