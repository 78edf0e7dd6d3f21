use super::*;
use crate::{
    recording::LeadName,
    signal::beats::detect,
    simulate::{Conduction, Rhythm, Spec, simulate},
};

type Leads = Vec<Vec<f32>>;
type Potentials = fn(f32, f32, f32) -> [f32; 3];

fn found(leads: &Leads) -> Vec<Exchange> {
    let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
    let peaks = detect(&views, Rate::HZ_500).peaks;
    let names: Vec<LeadName> = StandardLead::ALL.into_iter().map(LeadName::from).collect();
    let named: Vec<NamedLead<'_>> = names.iter().zip(leads).map(|(name, samples)| NamedLead { name, samples }).collect();
    suspected_reversals(&named, Rate::HZ_500, &peaks).into_iter().map(|s| s.exchange).collect()
}

fn heart(rhythm: Rhythm, conduction: Conduction) -> Leads {
    let spec = Spec { noise_mv: 0.006, wander_mv: 0.03, rhythm, conduction, ..Spec::default() };
    simulate("", "", &spec).leads.iter().map(|l| l.millivolts()).collect()
}

/// Limb leads from the potentials of RA, LA and LL.
fn limb_leads(leads: &mut Leads, potentials: impl Fn(f32, f32, f32) -> [f32; 3]) {
    for i in 0..leads[0].len() {
        let (one, two) = (leads[0][i], leads[1][i]);
        let (ra, la, ll) = (-(one + two) / 3.0, one - (one + two) / 3.0, two - (one + two) / 3.0);
        let [ra, la, ll] = potentials(ra, la, ll);
        let values = [la - ra, ll - ra, ll - la, ra - (la + ll) / 2.0, la - (ra + ll) / 2.0, ll - (ra + la) / 2.0];
        values.into_iter().enumerate().for_each(|(lead, v)| leads[lead][i] = v);
    }
}

#[test]
fn exchanged_limb_electrodes_are_suspected() {
    let cases: [(Exchange, Potentials); 4] = [
        (Exchange::ArmsRaLa, |ra, la, ll| [la, ra, ll]),
        (Exchange::RightArmLeftLeg, |ra, la, ll| [ll, la, ra]),
        (Exchange::RightArmRightLeg, |_, la, ll| [ll, la, ll]),
        (Exchange::LeftArmRightLeg, |ra, _, ll| [ra, ll, ll]),
    ];
    for (exchange, potentials) in cases {
        let mut leads = heart(Rhythm::Sinus, Conduction::Normal);
        limb_leads(&mut leads, potentials);
        assert_eq!(found(&leads), [exchange]);
    }
}

#[test]
fn exchanged_chest_electrodes_are_suspected() {
    let mut leads = heart(Rhythm::Sinus, Conduction::Normal);
    leads.swap(6, 11);
    assert_eq!(found(&leads), [Exchange::Chest(StandardChest(1), StandardChest(6))]);
}

#[test]
fn nothing_is_suspected_of_well_placed_electrodes() {
    for rhythm in [Rhythm::Sinus, Rhythm::AtrialFibrillation, Rhythm::Bigeminy, Rhythm::VentricularPaced] {
        for conduction in [Conduction::Normal, Conduction::LeftBundleBranchBlock, Conduction::InferiorStElevation] {
            assert_eq!(found(&heart(rhythm, conduction)), [], "{rhythm:?} {conduction:?}");
        }
    }
}

#[test]
fn nothing_is_said_without_beats_or_leads() {
    assert!(suspected_reversals(&[], Rate::HZ_500, &[]).is_empty());
    assert_eq!(found(&vec![vec![0.0; 5000]; 12]), []);
    assert_eq!(found(&vec![vec![f32::NAN; 10]; 12]), []);
}

#[test]
fn the_wording_is_careful() {
    assert!(suspicion(Exchange::ArmsRaLa, "x").text.starts_with("Suspected exchange of the arm electrodes (RA/LA)"));
}
