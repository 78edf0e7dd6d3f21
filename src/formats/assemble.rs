//! From a file's channels to a recording's leads: standard order, derived limb leads, unambiguous names.

use crate::recording::{Data, LeadName, Rate, Repair, Signal, StandardLead, Term};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// The channels of a file sorted into ECG leads and the rest.
pub(super) struct Channels {
    /// Standard leads in the usual order, then other ECG channels in file order.
    pub leads: Vec<Arc<Signal>>,
    /// Everything else, in file order.
    pub others: Vec<Arc<Signal>>,
    /// Rate of the fastest ECG lead, or of the fastest channel where there is no ECG lead.
    pub rate: Rate,
}

/// Sorts `signals` (file order; [`Signal::lead`] is set here from the label and the unit). `None` when there is no signal. Labels that stand
/// more than once are listed.
pub(super) fn assemble(signals: Vec<Signal>, repairs: &mut Vec<Repair>) -> Option<Channels> {
    let mut standard: Vec<Arc<Signal>> = Vec::new();
    let mut named: Vec<Arc<Signal>> = Vec::new();
    let mut others = Vec::new();
    let mut names = Names::default();
    let mut other_labels = HashSet::new();
    for (index, mut signal) in signals.into_iter().enumerate() {
        if !LeadName::names_ecg(&signal.label, is_voltage(&signal)) {
            signal.lead = LeadName::Other(signal.label.trim().to_owned());
            if !other_labels.insert(signal.label.clone()) {
                repairs.push(duplicate(index, &signal.label, "kept beside the other signal of this name"));
            }
            others.push(Arc::new(signal));
            continue;
        }
        let wanted = LeadName::parse(&signal.label);
        signal.lead = names.free(wanted.clone());
        if signal.lead != wanted {
            repairs.push(duplicate(index, &signal.label, &format!("shown as {}", signal.lead)));
        }
        match signal.lead {
            LeadName::Standard(_) => standard.push(Arc::new(signal)),
            LeadName::Other(_) => named.push(Arc::new(signal)),
        }
    }
    let derived = derive_limb_leads(&standard);
    standard.extend(derived.into_iter().map(Arc::new));
    standard.sort_by(|a, b| a.lead.cmp(&b.lead));
    standard.append(&mut named);
    // A modified lead (MLII) stands where readers look for the lead it approximates.
    standard.sort_by_key(|s| s.lead.nearest_standard().map_or(usize::MAX, |lead| lead as usize));
    let candidates = if standard.is_empty() { &others } else { &standard };
    let rate = candidates.iter().map(|s| s.rate).max_by(|a, b| a.hz().total_cmp(&b.hz()))?;
    Some(Channels { leads: standard, others, rate })
}

/// Names that leads have been given. A file may name ten thousand signals alike.
#[derive(Default)]
struct Names {
    taken: HashSet<LeadName>,
    /// How far the numbers of a name were given out.
    last: HashMap<LeadName, usize>,
}

impl Names {
    /// The name itself where it is free, else with the first number that makes it so.
    fn free(&mut self, wanted: LeadName) -> LeadName {
        if self.taken.insert(wanted.clone()) {
            return wanted;
        }
        let base = wanted.to_string();
        let last = self.last.entry(wanted).or_insert(1);
        loop {
            *last += 1;
            let numbered = LeadName::Other(format!("{base} ({last})"));
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}

fn duplicate(index: usize, label: &str, assumed: &str) -> Repair {
    Repair::new(format!("label of signal {index}"), format!("{label}, which another signal has too"), assumed)
}

fn is_voltage(signal: &Signal) -> bool {
    match &signal.data {
        Data::Recorded { scale, .. } => scale.millivolts_per_unit.is_some(),
        Data::Derived(_) => true,
    }
}

/// The limb leads that follow from I and II by Einthoven's and Goldberger's equations and were not recorded. I and II must
/// have the same rate and both be calibrated: a sum of two unknown scales means nothing.
fn derive_limb_leads(standard: &[Arc<Signal>]) -> Vec<Signal> {
    let find = |lead: StandardLead| standard.iter().find(|s| s.lead == lead.into());
    let (Some(one), Some(two)) = (find(StandardLead::I), find(StandardLead::II)) else { return Vec::new() };
    if one.rate != two.rate || !one.calibrated || !two.calibrated {
        return Vec::new();
    }
    let equations = [
        (StandardLead::III, -1.0, 1.0),
        (StandardLead::AVR, -0.5, -0.5),
        (StandardLead::AVL, 1.0, -0.5),
        (StandardLead::AVF, -0.5, 1.0),
    ];
    equations
        .into_iter()
        .filter(|(lead, ..)| find(*lead).is_none())
        .map(|(lead, of_one, of_two)| Signal {
            label: lead.name().to_owned(),
            lead: lead.into(),
            rate: one.rate,
            calibrated: true,
            declared_checksum: None,
            data: Data::Derived(vec![
                Term { factor: of_one, signal: Arc::clone(one) },
                Term { factor: of_two, signal: Arc::clone(two) },
            ]),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{MemorySource, Scale};

    fn signal(label: &str, unit: &str, hz: f64, samples: Vec<i32>) -> Signal {
        let scale = Scale { gain: 100.0, baseline: 0.0, unit: unit.into(), millivolts_per_unit: Scale::voltage_unit(unit) };
        Signal {
            label: label.into(),
            lead: LeadName::Other(String::new()),
            rate: Rate::new(hz).unwrap(),
            calibrated: true,
            declared_checksum: None,
            data: Data::Recorded { source: Arc::new(MemorySource(samples)), scale },
        }
    }

    /// Without what was listed.
    fn assemble_quietly(signals: Vec<Signal>) -> Option<Channels> {
        assemble(signals, &mut Vec::new())
    }

    fn names(signals: &[Arc<Signal>]) -> Vec<String> {
        signals.iter().map(|s| s.lead.to_string()).collect()
    }

    #[test]
    fn leads_come_in_the_usual_order_with_derived_ones_marked() {
        let channels = assemble_quietly(vec![
            signal("V1", "mV", 500.0, vec![1]),
            signal("ECG1", "mV", 500.0, vec![1]),
            signal("ii", "mV", 500.0, vec![300]),
            signal("RESP", "mV", 25.0, vec![1]),
            signal("I", "mV", 500.0, vec![100]),
        ])
        .unwrap();
        assert_eq!(names(&channels.leads), ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "ECG1"]);
        assert_eq!(names(&channels.others), ["RESP"]);
        let derived: Vec<(String, f32)> = channels
            .leads
            .iter()
            .filter(|s| s.is_derived())
            .map(|s| {
                let mut values = Vec::new();
                s.read_millivolts(0, 1, &mut values).unwrap();
                (s.lead.to_string(), values[0])
            })
            .collect();
        let expected = [("III", 2.0), ("aVR", -2.0), ("aVL", -0.5), ("aVF", 2.5)];
        assert_eq!(derived, expected.map(|(name, value)| (name.to_owned(), value)));
    }

    #[test]
    fn a_second_lead_of_the_same_name_keeps_its_own() {
        let twice = |label: &str| signal(label, "mV", 500.0, vec![1]);
        let mut listed = Vec::new();
        let channels = assemble(vec![twice("II"), twice("ECG II"), twice("II"), twice("x"), twice("x")], &mut listed).unwrap();
        assert_eq!(listed.len(), 3, "{listed:?}");
        assert_eq!((listed[0].field.as_str(), listed[0].assumed.as_str()), ("label of signal 1", "shown as II (2)"));
        assert_eq!(names(&channels.leads), ["II", "II (2)", "II (3)", "x", "x (2)"]);
    }

    #[test]
    fn nothing_is_derived_across_rates_or_from_uncalibrated_leads() {
        let channels = assemble_quietly(vec![signal("I", "mV", 500.0, vec![1]), signal("II", "mV", 250.0, vec![1])]).unwrap();
        assert_eq!(names(&channels.leads), ["I", "II"]);
        assert_eq!(channels.rate.hz(), 500.0);
        let mut uncalibrated = signal("II", "mV", 500.0, vec![1]);
        uncalibrated.calibrated = false;
        let channels = assemble_quietly(vec![signal("I", "mV", 500.0, vec![1]), uncalibrated]).unwrap();
        assert_eq!(names(&channels.leads), ["I", "II"]);
    }

    #[test]
    fn a_file_without_ecg_has_the_rate_of_its_fastest_channel() {
        let channels =
            assemble_quietly(vec![signal("ABP", "mmHg", 125.0, vec![1]), signal("RESP", "mV", 62.5, vec![1])]).unwrap();
        assert!(channels.leads.is_empty());
        assert_eq!(channels.rate.hz(), 125.0);
        assert!(assemble_quietly(Vec::new()).is_none());
    }
}
