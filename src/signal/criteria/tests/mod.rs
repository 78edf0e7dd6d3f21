//! Rules tried on tables of measurements: just below and just above each limit, hidden by conduction, with values missing.

mod agreement;
mod patterns;
mod properties;
mod rhythms;
mod shapes;
mod thresholds;

use super::{Criteria, CriteriaInput, PacingFacts, RhythmFacts, Severity, judge};
use crate::{
    recording::{
        BeatLabel, LeadName, Sex,
        StandardLead::{self, *},
    },
    signal::measurements::{Measured, Measurements, lead_name},
};

/// A recording's table, to be changed and judged.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub measurements: Measurements,
    pub rhythm: RhythmFacts,
    pub leads: Vec<LeadName>,
    pub age: Option<f32>,
    pub sex: Option<Sex>,
}

/// Typical amplitudes in mV and durations in ms of a healthy adult: p, q, q ms, r, r ms, s, s ms, t, R peak time.
const NORMAL: [(StandardLead, [f64; 9]); 12] = [
    (I, [0.08, 0.04, 15.0, 0.7, 50.0, 0.1, 20.0, 0.2, 38.0]),
    (II, [0.12, 0.06, 15.0, 1.0, 55.0, 0.15, 20.0, 0.3, 40.0]),
    (III, [0.05, 0.05, 15.0, 0.4, 45.0, 0.1, 20.0, 0.1, 40.0]),
    (AVR, [-0.1, 0.0, 0.0, 0.0, 0.0, 0.85, 60.0, -0.25, 0.0]),
    (AVL, [0.04, 0.03, 12.0, 0.3, 40.0, 0.1, 20.0, 0.1, 38.0]),
    (AVF, [0.09, 0.05, 15.0, 0.7, 50.0, 0.1, 20.0, 0.2, 40.0]),
    (V1, [0.05, 0.0, 0.0, 0.2, 25.0, 0.9, 50.0, -0.05, 20.0]),
    (V2, [0.06, 0.0, 0.0, 0.5, 30.0, 1.4, 50.0, 0.5, 25.0]),
    (V3, [0.06, 0.0, 0.0, 0.8, 35.0, 1.0, 40.0, 0.5, 30.0]),
    (V4, [0.06, 0.0, 0.0, 1.3, 45.0, 0.6, 30.0, 0.5, 36.0]),
    (V5, [0.06, 0.05, 15.0, 1.3, 50.0, 0.3, 25.0, 0.4, 40.0]),
    (V6, [0.06, 0.05, 15.0, 1.0, 50.0, 0.1, 20.0, 0.3, 40.0]),
];

impl Case {
    /// A healthy man of 50 in sinus rhythm at 72 bpm.
    pub fn normal() -> Self {
        let mut case = Self {
            measurements: Measurements::default(),
            rhythm: RhythmFacts { pacing: Some(PacingFacts::default()), ..RhythmFacts::default() },
            leads: StandardLead::ALL.into_iter().map(LeadName::from).collect(),
            age: Some(50.0),
            sex: Some(Sex::Male),
        };
        for (name, value) in [
            ("heart_rate", 72.0),
            ("rr_mean", 833.0),
            ("rr_sd", 20.0),
            ("rr_rmssd", 25.0),
            ("p_duration", 105.0),
            ("pr", 160.0),
            ("qrs", 92.0),
            ("qt", 390.0),
            ("qtc_bazett", 427.0),
            ("qtc_fridericia", 414.0),
            ("qtc_framingham", 416.0),
            ("qtc_hodges", 411.0),
            ("p_axis", 50.0),
            ("qrs_axis", 45.0),
            ("t_axis", 40.0),
            ("sokolow_lyon", 2.2),
            ("cornell", 1.3),
            ("cornell_product", 120.0),
            ("ptf_v1", 1.5),
        ] {
            case.set(name, value);
        }
        for (lead, [p, q, q_ms, r, r_ms, s, s_ms, t, rpt]) in NORMAL {
            for (name, value) in [
                ("p_amplitude", p),
                ("q_amplitude", q),
                ("q_duration", q_ms),
                ("r_amplitude", r),
                ("r_duration", r_ms),
                ("s_amplitude", s),
                ("s_duration", s_ms),
                ("r2_amplitude", 0.0),
                ("s2_amplitude", 0.0),
                ("qrs_pp", r + s.max(q)),
                ("st_j", 0.01),
                ("st_j60", 0.02),
                ("st_j80", 0.02),
                ("st_slope", 0.1),
                ("t_amplitude", t),
                ("rpt", rpt),
            ] {
                case.lead(name, lead, value);
            }
        }
        case.beats(&[BeatLabel::N; 12], 0.833);
        case
    }

    pub fn set(&mut self, name: &str, value: f64) -> &mut Self {
        self.measurements.0.insert(name.to_owned(), Measured::new(value, ""));
        self
    }

    pub fn lead(&mut self, name: &str, lead: StandardLead, value: f64) -> &mut Self {
        self.set(&lead_name(name, lead.name()), value)
    }

    pub fn leads(&mut self, name: &str, leads: &[StandardLead], value: f64) -> &mut Self {
        for lead in leads {
            self.lead(name, *lead, value);
        }
        self
    }

    pub fn without(&mut self, name: &str) -> &mut Self {
        self.measurements.0.insert(name.to_owned(), Measured::missing("", "too noisy"));
        self
    }

    /// Beats with these labels at an even rate, with P waves and a constant PR before all but ventricular ones.
    pub fn beats(&mut self, labels: &[BeatLabel], rr: f64) -> &mut Self {
        self.rhythm.rr = vec![Some(rr); labels.len().saturating_sub(1)];
        self.rhythm.labels = labels.iter().copied().map(Some).collect();
        self.rhythm.p_present = labels.iter().map(|l| Some(*l != BeatLabel::V)).collect();
        self.rhythm.pr = labels.iter().map(|l| (*l != BeatLabel::V).then_some(160.0)).collect();
        self
    }

    /// RR intervals in seconds that vary as in atrial fibrillation, no P waves.
    pub fn fibrillation(&mut self) -> &mut Self {
        self.beats(&[BeatLabel::N; 12], 0.8);
        self.rhythm.rr = [0.62, 0.95, 0.71, 1.02, 0.58, 0.84, 0.66, 1.1, 0.75, 0.6, 0.9].map(Some).to_vec();
        self.rhythm.p_present = vec![Some(false); 12];
        self.rhythm.pr = vec![None; 12];
        self.without("pr").without("p_axis")
    }

    pub fn judge(&self) -> Criteria {
        judge(&CriteriaInput {
            measurements: &self.measurements,
            rhythm: &self.rhythm,
            leads: &self.leads,
            age_years: self.age,
            sex: self.sex,
        })
    }

    /// Codes of all statements.
    pub fn codes(&self) -> Vec<String> {
        self.judge().statements.into_iter().map(|s| s.code).collect()
    }

    /// SCP-ECG codes of all statements that have one.
    pub fn scp(&self) -> Vec<String> {
        self.judge().statements.into_iter().filter_map(|s| s.scp).collect()
    }

    pub fn has(&self, code: &str) -> bool {
        self.codes().iter().any(|c| c == code)
    }

    pub fn has_scp(&self, code: &str) -> bool {
        self.judge().scp(code).is_some()
    }

    /// Whether something of that name was left unjudged.
    pub fn skipped(&self, what: &str) -> bool {
        self.judge().not_judged.iter().any(|n| n.what.contains(what))
    }
}

/// A change to the normal table.
pub(super) fn with(change: impl FnOnce(&mut Case)) -> Case {
    let mut case = Case::normal();
    change(&mut case);
    case
}

/// Typical left bundle branch block.
pub(super) fn left_block() -> Case {
    with(|c| {
        c.set("qrs", 148.0).set("qrs_axis", -10.0);
        c.leads("q_amplitude", &[I, AVL, V5, V6], 0.0).leads("q_duration", &[I, AVL, V5, V6], 0.0);
        c.leads("s_amplitude", &[I, AVL, V5, V6], 0.0).leads("s_duration", &[I, AVL, V5, V6], 0.0);
        c.leads("rpt", &[I, AVL, V5, V6], 85.0).leads("r_amplitude", &[I, V5, V6], 1.2);
        c.leads("r_amplitude", &[V1, V2, V3], 0.1).leads("s_amplitude", &[V1, V2, V3], 1.8);
        c.leads("st_j", &[V1, V2, V3], 0.3).leads("st_j60", &[V1, V2, V3], 0.35);
        c.leads("st_j", &[I, AVL, V5, V6], -0.1).leads("st_j60", &[I, AVL, V5, V6], -0.12);
        c.leads("t_amplitude", &[I, AVL, V5, V6], -0.3);
        c.set("sokolow_lyon", 3.9).set("cornell", 3.0).set("qtc_framingham", 465.0);
    })
}

/// Typical right bundle branch block.
pub(super) fn right_block() -> Case {
    with(|c| {
        c.set("qrs", 136.0).set("qrs_axis", 70.0);
        c.leads("r2_amplitude", &[V1, V2], 0.9).lead("r_amplitude", V1, 0.2).lead("s_amplitude", V1, 0.4);
        c.leads("s_duration", &[I, V5, V6], 60.0).leads("s_amplitude", &[I, V5, V6], 0.4);
        c.leads("t_amplitude", &[V1, V2, V3], -0.3).leads("st_j", &[V1, V2, V3], -0.08).leads("st_j60", &[V1, V2, V3], -0.09);
        c.lead("r_amplitude", V3, 1.2).lead("r_amplitude", V2, 0.8);
    })
}

/// Typical inferior infarction: Q waves and ST elevation below, depression opposite.
pub(super) fn inferior_infarction() -> Case {
    with(|c| {
        c.leads("q_amplitude", &[II, III, AVF], 0.3).leads("q_duration", &[II, III, AVF], 42.0);
        c.leads("r_amplitude", &[II, III, AVF], 0.5).set("qrs_axis", 10.0);
        c.leads("st_j", &[II, III, AVF], 0.22).leads("st_j60", &[II, III, AVF], 0.25);
        c.leads("st_j", &[I, AVL], -0.1).leads("st_j60", &[I, AVL], -0.12);
    })
}

/// Typical left anterior fascicular block.
pub(super) fn anterior_block() -> Case {
    with(|c| {
        c.set("qrs_axis", -55.0).lead("rpt", AVL, 50.0).lead("q_amplitude", AVL, 0.06).lead("r_amplitude", AVL, 0.9);
        c.leads("r_amplitude", &[II, III, AVF], 0.3).leads("s_amplitude", &[II, III, AVF], 0.8);
    })
}

/// Severity of the statement with that code.
pub(super) fn severity(case: &Case, code: &str) -> Option<Severity> {
    case.judge().statements.into_iter().find(|s| s.code == code).map(|s| s.severity)
}
