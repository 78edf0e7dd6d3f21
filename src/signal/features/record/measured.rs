//! The measurements of the median beat as features, by their published names.

use super::{FeatureValues, RecordFeature, Row, put};
use crate::{
    recording::StandardLead,
    signal::measurements::{Measurements, lead_name},
};

/// Measured over all leads. Left out are rates and RR statistics, which are features already, what depends on sex or age
/// (`cornell_product`), and all but one of the corrected QT intervals.
const OF_ALL_LEADS: [Row; 12] = [
    ("p_duration", "P duration", "ms", 20.0, 250.0),
    ("pr", "PR interval", "ms", 50.0, 500.0),
    ("qrs", "QRS duration", "ms", 30.0, 300.0),
    ("qt", "QT interval", "ms", 150.0, 800.0),
    ("qtc_fridericia", "QTc (Fridericia)", "ms", 200.0, 800.0),
    ("p_axis", "P axis", "degrees", -180.0, 180.0),
    ("qrs_axis", "QRS axis", "degrees", -180.0, 180.0),
    ("t_axis", "T axis", "degrees", -180.0, 180.0),
    ("qrs_t_angle", "QRS-T angle", "degrees", 0.0, 180.0),
    ("ptf_v1", "P terminal force in V1", "mV*ms", -20.0, 5.0),
    ("sokolow_lyon", "Sokolow-Lyon voltage", "mV", 0.0, 12.0),
    ("cornell", "Cornell voltage", "mV", 0.0, 12.0),
];

/// Measured in each standard lead.
const OF_A_LEAD: [Row; 16] = [
    ("p_amplitude", "P amplitude", "mV", -1.0, 1.0),
    ("q_amplitude", "Q amplitude", "mV", -6.0, 0.0),
    ("q_duration", "Q duration", "ms", 0.0, 250.0),
    ("r_amplitude", "R amplitude", "mV", 0.0, 6.0),
    ("r_duration", "R duration", "ms", 0.0, 250.0),
    ("s_amplitude", "S amplitude", "mV", -6.0, 0.0),
    ("s_duration", "S duration", "ms", 0.0, 250.0),
    ("r2_amplitude", "R' amplitude", "mV", 0.0, 4.0),
    ("s2_amplitude", "S' amplitude", "mV", -4.0, 0.0),
    ("qrs_pp", "QRS peak to peak", "mV", 0.0, 10.0),
    ("st_j", "ST at J", "mV", -2.0, 2.0),
    ("st_j60", "ST at J + 60 ms", "mV", -2.0, 2.0),
    ("st_j80", "ST at J + 80 ms", "mV", -2.0, 2.0),
    ("t_amplitude", "T amplitude", "mV", -3.0, 3.0),
    ("rpt", "R peak time", "ms", 0.0, 200.0),
    ("st_slope", "ST slope", "mV/s", -20.0, 20.0),
];

/// All of them, lead by lead.
pub(super) fn table() -> impl Iterator<Item = RecordFeature> {
    let whole = OF_ALL_LEADS.iter().map(|(name, label, unit, min, max)| RecordFeature {
        name: (*name).to_owned(),
        label: (*label).to_owned(),
        unit,
        min: *min,
        max: *max,
    });
    let by_lead = StandardLead::ALL.into_iter().flat_map(|lead| {
        OF_A_LEAD.iter().map(move |(name, label, unit, min, max)| RecordFeature {
            name: lead_name(name, lead.name()),
            label: format!("{label} in {}", lead.name()),
            unit,
            min: *min,
            max: *max,
        })
    });
    whole.chain(by_lead)
}

/// Takes over what was measured. Leads of other names have no features of their own.
pub fn measure(measurements: &Measurements, out: &mut FeatureValues) {
    for (name, ..) in OF_ALL_LEADS {
        put(out, name, measurements.value(name));
    }
    for lead in StandardLead::ALL {
        for (name, ..) in OF_A_LEAD {
            put(out, &lead_name(name, lead.name()), measurements.in_lead(name, lead.name()));
        }
    }
}
