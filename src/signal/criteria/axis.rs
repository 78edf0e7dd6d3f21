//! Frontal QRS axis and low voltage (category J of the AHA/ACC/HRS list).

use super::{
    conduction::{Block, Fascicle},
    reader::{Reader, Spec, Unknown, all, child},
    types::{Criteria, CriteriaInput, Group, Severity::*, Statement},
};
use crate::recording::StandardLead;

const fn spec(code: &'static str, scp: Option<&'static str>, text: &'static str) -> Spec {
    Spec::new(Group::Axis, code, scp, Abnormal, text)
}

/// Low voltage: peak to peak below these in mV in every limb lead, every chest lead (AHA/ACC/HRS list, code 125; 0.5 and 1.0 mV are the
/// customary limits). Never a variant: with low voltage, or a wrong scale, no criterion of amplitude is worth much.
const LOW_LIMB: f64 = 0.5;
const LOW_CHEST: f64 = 1.0;
const LOW_BOTH: Spec = spec("AHA 125", Some("LVOLT"), "Low voltage in limb and chest leads");
const LOW_LIMBS: Spec = spec("AHA 125", None, "Low voltage in limb leads");
const LOW_CHESTS: Spec = spec("AHA 125", None, "Low voltage in chest leads");

/// A sector of the frontal plane.
struct Sector {
    holds: fn(f64) -> bool,
    words: &'static str,
    spec: Spec,
}

/// AHA/ACCF/HRS 2009 Part III: normal -30 to 90; left moderate -30 to -45, marked -45 to -90; right moderate 90 to 120, marked 120 to
/// 180. What is left is the right superior axis (code 122).
const SECTORS: [Sector; 5] = [
    Sector {
        holds: |a| a < -30.0 && a > -45.0,
        words: "moderately left, -30 to -45",
        spec: spec("AHA 121", None, "Left-axis deviation").weighing(Variant),
    },
    Sector {
        holds: |a| (-90.0..=-45.0).contains(&a),
        words: "markedly left, -45 to -90",
        spec: spec("AHA 121", None, "Left-axis deviation"),
    },
    Sector {
        holds: |a| a > 90.0 && a <= 120.0,
        words: "moderately right, 90 to 120",
        spec: spec("AHA 120", None, "Right-axis deviation").weighing(Variant),
    },
    Sector {
        holds: |a| a > 120.0 || a == -180.0,
        words: "markedly right, 120 to 180",
        spec: spec("AHA 120", None, "Right-axis deviation"),
    },
    Sector {
        holds: |a| a > -180.0 && a < -90.0,
        words: "right superior, -90 to -180",
        spec: spec("AHA 122", None, "Right superior axis"),
    },
];

/// Whether the QRS complexes are low everywhere; then nothing is said of high voltages.
pub(super) fn judge(input: &CriteriaInput, block: &Block, fascicle: Fascicle, out: &mut Criteria) -> bool {
    if let Some(reason) = child(input) {
        out.skip(Group::Axis, "axis and voltage", reason);
        return false;
    }
    match block {
        Block::Paced | Block::Preexcitation | Block::Foreign(_) => {
            out.skip(Group::Axis, "axis", "the ventricles are not excited by the ordinary way")
        }
        // A fascicular block says it already.
        _ if fascicle != Fascicle::None => {}
        _ => out.take(Group::Axis, "axis", axis(input)),
    }
    low_voltage(input, out)
}

fn axis(input: &CriteriaInput) -> Result<Option<Statement>, Unknown> {
    let mut read = Reader::for_adults(input);
    let degrees = read.value("qrs_axis")?;
    if !(-180.0..=180.0).contains(&degrees) {
        return Err(Unknown(format!("qrs_axis: {degrees} is no angle from -180 to 180 degrees")));
    }
    Ok(SECTORS.iter().find(|s| (s.holds)(degrees)).map(|sector| {
        let rule = format!("QRS axis {degrees:.0} degrees, {} (normal -30 to 90; AHA/ACCF/HRS 2009 Part III)", sector.words);
        let mut statement = read.state(sector.spec, rule);
        statement.text.push_str(&format!(" ({degrees:.0} degrees)"));
        statement
    }))
}

fn low_voltage(input: &CriteriaInput, out: &mut Criteria) -> bool {
    let (limb, chest) = StandardLead::ALL.split_at(6);
    let mut read = Reader::for_adults(input);
    let mut low = |leads: &[StandardLead], limit: f64| {
        let each: Vec<_> = leads.iter().map(|l| read.lead("qrs_pp", *l).map(|pp| pp < limit)).collect();
        all(each)
    };
    let (limb, chest) = (low(limb, LOW_LIMB), low(chest, LOW_CHEST));
    let rule =
        format!("QRS peak to peak below {LOW_LIMB} mV in all limb leads or below {LOW_CHEST} mV in all chest leads (code 125)");
    let spec = match (&limb, &chest) {
        (Ok(true), Ok(true)) => Some(LOW_BOTH),
        (Ok(true), _) => Some(LOW_LIMBS),
        (_, Ok(true)) => Some(LOW_CHESTS),
        _ => None,
    };
    for unknown in [&limb, &chest].into_iter().filter_map(|low| low.as_ref().err()) {
        out.skip(Group::Axis, "low voltage", unknown.0.as_str());
    }
    if let Some(spec) = spec {
        out.say(read.state(spec, rule));
    }
    limb == Ok(true) && chest == Ok(true)
}
