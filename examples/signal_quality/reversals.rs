//! False alarms and sensitivity of the suspicion of exchanged electrodes.

use super::{headers, load};
use efficientecg::{
    recording::{LeadName, Rate, SampleIndex, StandardLead},
    signal::quality::{NamedLead, suspected_reversals},
};
use std::path::Path;

type Potentials = fn(f32, f32, f32, f32) -> [f32; 3];

/// Prints `record,exchange made,suspected` for each record as it is and after each exchange.
pub fn table(folder: &Path) {
    println!("record,made,suspected");
    for header in headers(folder) {
        let record = load(&header);
        let find = |lead: StandardLead| record.names.iter().position(|n| n.standard() == Some(lead));
        let Some(places) = StandardLead::ALL.into_iter().map(find).collect::<Option<Vec<_>>>() else { continue };
        let leads: Vec<Vec<f32>> = places.into_iter().map(|i| record.leads[i].clone()).collect();
        let peaks = record.peaks();
        let show = |made: &str, leads: &[Vec<f32>]| {
            println!("{},{made},{}", record.name, suspected(leads, record.rate, &peaks).join(";"));
        };
        show("none", &leads);
        // The right leg's potential is the left leg's but for a little of what the heart makes.
        let limbs: [(&str, Potentials); 5] = [
            ("RA/LA", |ra, la, ll, _| [la, ra, ll]),
            ("RA/LL", |ra, la, ll, _| [ll, la, ra]),
            ("RA/RL", |_, la, ll, rl| [rl, la, ll]),
            ("LA/RL", |ra, _, ll, rl| [ra, rl, ll]),
            ("arms/legs", |ra, _, ll, rl| [rl, ll, ra]),
        ];
        for (name, potentials) in limbs {
            show(name, &exchanged(&leads, potentials));
        }
        for (a, b) in [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 2), (0, 5)] {
            let mut other = leads.clone();
            other.swap(6 + a, 6 + b);
            show(&format!("V{}/V{}", a + 1, b + 1), &other);
        }
    }
}

fn exchanged(leads: &[Vec<f32>], potentials: impl Fn(f32, f32, f32, f32) -> [f32; 3]) -> Vec<Vec<f32>> {
    let mut out = leads.to_vec();
    for (i, (one, two)) in leads[0].iter().zip(&leads[1]).map(|(a, b)| (*a, *b)).enumerate() {
        let (ra, la, ll) = (-(one + two) / 3.0, one - (one + two) / 3.0, two - (one + two) / 3.0);
        let [ra, la, ll] = potentials(ra, la, ll, ll - 0.02 * two);
        let values = [la - ra, ll - ra, ll - la, ra - (la + ll) / 2.0, la - (ra + ll) / 2.0, ll - (ra + la) / 2.0];
        for (lead, value) in values.into_iter().enumerate() {
            if let Some(target) = out[lead].get_mut(i) {
                *target = value;
            }
        }
    }
    out
}

fn suspected(leads: &[Vec<f32>], rate: Rate, peaks: &[SampleIndex]) -> Vec<String> {
    let names: Vec<LeadName> = StandardLead::ALL.into_iter().map(LeadName::from).collect();
    let named: Vec<NamedLead<'_>> = names.iter().zip(leads).map(|(name, samples)| NamedLead { name, samples }).collect();
    suspected_reversals(&named, rate, peaks).into_iter().map(|s| format!("{:?}", s.exchange).replace(',', "/")).collect()
}
