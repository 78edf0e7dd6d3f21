//! Hypertrophy of the ventricles by voltage, enlargement of the atria by the P wave.
//!
//! Sources: AHA/ACCF/HRS 2009 Part V (Hancock, Circulation 119:e251), which lists the criteria and holds them for insensitive.

use super::{
    conduction::{Block, Fascicle},
    pacing::Paced,
    reader::{Reader, Spec, Unknown, age, all, any, by_sex, child},
    rhythm::Main,
    st,
    types::{Criteria, CriteriaInput, Group, Severity::*, Statement},
};
use crate::recording::StandardLead::*;

const fn spec(code: &'static str, scp: Option<&'static str>, text: &'static str) -> Spec {
    Spec::new(Group::Hypertrophy, code, scp, Abnormal, text)
}

// AHA/ACC/HRS 2007 Part II, category K.
const LEFT_ATRIUM: Spec = spec("AHA 140", Some("LAO/LAE"), "Left atrial enlargement");
/// P terminal force alone is met by a fifth of PTB-XL's normal ECGs: by itself it makes no more than a possibility.
const LEFT_ATRIUM_FORCE: Spec =
    Spec::new(Group::Hypertrophy, "AHA 140+312", None, Variant, "Possible left atrial enlargement (P terminal force only)");
const RIGHT_ATRIUM: Spec = spec("AHA 141", Some("RAO/RAE"), "Right atrial enlargement");
const LEFT: Spec = spec("AHA 142", Some("LVH"), "Left ventricular hypertrophy");
const LEFT_VOLTAGE: Spec = spec("AHA 142+312", Some("VCLVH"), "Possible left ventricular hypertrophy (voltage only)");
const HIGH_VOLTAGE: Spec = spec("X-HVOLT", Some("HVOLT"), "High QRS voltage").weighing(Variant);
const RIGHT: Spec = spec("AHA 143", Some("RVH"), "Right ventricular hypertrophy");
const RIGHT_VOLTAGE: Spec = spec("AHA 143+312", Some("RVH"), "Possible right ventricular hypertrophy");

/// Sokolow-Lyon 1949: S V1 + R V5 or V6, mV.
const SOKOLOW: f64 = 3.5;
/// Casale 1987 (Cornell): R aVL + S V3, mV, men and women.
const CORNELL: (f64, f64) = (2.8, 2.0);
/// Okin 1995 (Cornell product), mV*ms.
const CORNELL_PRODUCT: f64 = 244.0;
/// Sokolow-Lyon 1949: R aVL, mV.
const R_AVL: f64 = 1.1;
/// Part V: voltage criteria hold above 35 years; below, high voltages are frequent in the healthy.
const VOLTAGE_YEARS: f32 = 35.0;
/// P terminal force in V1, mV*ms: 0.04 s * 1 mm (Morris 1964).
const P_FORCE: f64 = 4.0;
/// P duration in ms (AHA/ACCF/HRS 2009 Part V) that confirms it.
const LONG_P: f64 = 120.0;
/// P wave in II and its positive part in V1, mV (Part V).
const P_II: f64 = 0.25;
const P_V1: f64 = 0.15;
/// Sokolow-Lyon 1949, right ventricle: R V1; R V1 + S V5 or V6, mV.
const R_V1: f64 = 0.7;
const R_V1_S_V56: f64 = 1.05;
/// R V1 from which R/S > 1 in V1 counts, mV: in smaller complexes the ratio means nothing.
const R_V1_FOR_RATIO: f64 = 0.5;

/// Voltage criteria of left ventricular hypertrophy.
pub(super) struct Voltage {
    /// Those met, in words with numbers.
    pub met: Vec<String>,
    /// The Cornell product is one of them.
    pub product: bool,
    /// Why others could not be judged.
    pub unknown: Vec<Unknown>,
}

/// Whether left ventricular hypertrophy is stated, so that ST and T changes may be secondary to it.
pub(super) fn judge(
    input: &CriteriaInput,
    main: Main,
    paced: Paced,
    (block, fascicle): (&Block, Fascicle),
    low: bool,
    out: &mut Criteria,
) -> bool {
    if let Some(reason) = child(input) {
        out.skip(Group::Hypertrophy, "hypertrophy", reason);
        return false;
    }
    if main.conducts() && paced == Paced::No {
        out.take(Group::Hypertrophy, "left atrial enlargement", left_atrium(input));
        out.take(Group::Hypertrophy, "right atrial enlargement", right_atrium(input));
    } else {
        out.skip(Group::Hypertrophy, "atrial enlargement", "no P wave of the sinus node or the atria to judge it by");
    }
    if let Some(reason) = block.hides() {
        out.skip(Group::Hypertrophy, "ventricular hypertrophy", reason);
        return false;
    }
    let left = match left(input, fascicle, low) {
        Ok(statement) => statement,
        Err(Unknown(reason)) => {
            out.skip(Group::Hypertrophy, "left ventricular hypertrophy", reason);
            None
        }
    };
    // High voltage in the young is no reason to take ST and T changes for secondary.
    let stated = left.as_ref().is_some_and(|s| !s.is_scp("HVOLT"));
    left.into_iter().for_each(|s| out.say(s));
    if *block == Block::Right {
        out.skip(Group::Hypertrophy, "right ventricular hypertrophy", "right bundle branch block shapes the R wave in V1");
    } else {
        out.take(Group::Hypertrophy, "right ventricular hypertrophy", right(input, block));
    }
    stated
}

pub(super) fn voltage(read: &mut Reader, input: &CriteriaInput, fascicle: Fascicle) -> Voltage {
    let mut found = Voltage { met: Vec::new(), product: false, unknown: Vec::new() };
    let (cornell, whose) = by_sex(input, CORNELL.0, CORNELL.1);
    // Left anterior fascicular block turns the QRS towards aVL and deepens S in V3 without any hypertrophy.
    let limb = fascicle != Fascicle::Anterior;
    let criteria: [(&str, f64, bool, bool, &str); 4] = [
        ("sokolow_lyon", SOKOLOW, false, true, "Sokolow-Lyon"),
        ("cornell", cornell, true, limb, "Cornell"),
        ("cornell_product", CORNELL_PRODUCT, true, limb, "Cornell product"),
        ("r_amplitude_aVL", R_AVL, true, limb, "R aVL"),
    ];
    for (name, limit, above, counts, words) in criteria {
        if !counts {
            continue;
        }
        let value = if name == "r_amplitude_aVL" { read.size("r_amplitude", AVL) } else { read.value(name) };
        match value {
            Ok(value) if (above && value > limit) || (!above && value >= limit) => {
                let sign = if above { ">" } else { ">=" };
                let (unit, digits) = if name == "cornell_product" { ("mV*ms", 0) } else { ("mV", 2) };
                let of = if name == "cornell" { format!(" ({whose})") } else { String::new() };
                found.met.push(format!("{words} {value:.digits$} {sign} {limit} {unit}{of}"));
                found.product |= name == "cornell_product";
            }
            Ok(_) => {}
            Err(reason) => found.unknown.push(reason),
        }
    }
    found
}

fn left(input: &CriteriaInput, fascicle: Fascicle, low: bool) -> Result<Option<Statement>, Unknown> {
    let mut read = Reader::for_adults(input);
    let voltage = voltage(&mut read, input, fascicle);
    if voltage.met.is_empty() {
        return voltage.unknown.into_iter().next().map_or(Ok(None), Err);
    }
    if low {
        return Err(Unknown("low QRS voltage in all leads contradicts the voltage criteria that are met".to_owned()));
    }
    let mut support = Vec::new();
    if voltage.product && voltage.met.len() > 1 {
        support.push("voltage-duration product".to_owned());
    }
    if fascicle == Fascicle::Anterior {
        read.caveat("with left anterior fascicular block only Sokolow-Lyon is judged");
    }
    let mut strain = Reader::new(input);
    if let Some(lead) =
        [V5, V6, I, AVL].into_iter().find(|l| all([st::depressed(&mut strain, *l), st::inverted(&mut strain, *l)]) == Ok(true))
    {
        support.push(format!("ST depression with T inversion in {}", lead.name()));
        read.absorb(strain);
    }
    let mut atrium = Reader::new(input);
    if atrium.value("ptf_v1").is_ok_and(|force| force.abs() >= P_FORCE) {
        support.push("P terminal force in V1".to_owned());
        read.absorb(atrium);
    }
    let met = voltage.met.join("; ");
    let source = "AHA/ACCF/HRS 2009 Part V";
    if !support.is_empty() {
        return Ok(Some(read.state(LEFT, format!("{met}; supported by {} ({source})", support.join(", ")))));
    }
    if age(input).is_some_and(|years| years < VOLTAGE_YEARS) {
        read.caveat(format!("under {VOLTAGE_YEARS} years high voltages are frequent in healthy people"));
        return Ok(Some(read.state(HIGH_VOLTAGE, format!("{met}, without ST-T change, P terminal force or product ({source})"))));
    }
    Ok(Some(read.state(LEFT_VOLTAGE, format!("{met}, without ST-T change, P terminal force or product ({source})"))))
}

/// Voltage criteria of right ventricular hypertrophy that are met. Right bundle branch block: none, as R in V1 is its own.
pub(super) fn right_voltage(read: &mut Reader, block: &Block) -> Result<Vec<String>, Unknown> {
    if *block == Block::Right {
        return Ok(Vec::new());
    }
    let r = read.size("r_amplitude", V1)?;
    let s = read.size("s_amplitude", V1)?;
    let deepest = match (read.size("s_amplitude", V5), read.size("s_amplitude", V6)) {
        (Ok(a), Ok(b)) => Ok(a.max(b)),
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(one),
        (Err(reason), Err(_)) => Err(reason),
    }?;
    let mut met = Vec::new();
    if r > R_V1 {
        met.push(format!("R V1 {r:.2} > {R_V1} mV"));
    }
    if r >= R_V1_FOR_RATIO && r > s {
        met.push(format!("R/S in V1 > 1 ({r:.2} / {s:.2} mV, R at least {R_V1_FOR_RATIO})"));
    }
    // Without an R in V1 to speak of, a deep S in V5 says nothing of the right ventricle that the axis does not say.
    if r > super::conduction::ABSENT && r + deepest > R_V1_S_V56 {
        met.push(format!("R V1 + S V5 or V6 {:.2} > {R_V1_S_V56} mV", r + deepest));
    }
    Ok(met)
}

fn right(input: &CriteriaInput, block: &Block) -> Result<Option<Statement>, Unknown> {
    let mut read = Reader::for_adults(input);
    let met = right_voltage(&mut read, block)?;
    if met.is_empty() {
        return Ok(None);
    }
    let axis = read.value("qrs_axis");
    read.caveat("posterior infarction and counterclockwise rotation raise R in V1 too");
    let words = met.join("; ");
    match axis {
        Ok(axis) if axis > 90.0 => {
            Ok(Some(read.state(RIGHT, format!("{words}; with right axis {axis:.0} > 90 degrees (AHA/ACCF/HRS 2009 Part V)"))))
        }
        _ if met.len() >= 2 => {
            Ok(Some(read.state(RIGHT_VOLTAGE, format!("{words}; two criteria without right axis (AHA/ACCF/HRS 2009 Part V)"))))
        }
        Ok(_) => Ok(None),
        Err(reason) => Err(reason),
    }
}

fn left_atrium(input: &CriteriaInput) -> Result<Option<Statement>, Unknown> {
    let mut read = Reader::for_adults(input);
    // The size of the negative part, whichever sign the measurement gives it.
    let force = read.value("ptf_v1")?.abs();
    if force < P_FORCE {
        return Ok(None);
    }
    let mut rule =
        format!("P terminal force in V1 {force:.1} mV*ms >= {P_FORCE} (0.04 s * 0.1 mV; Morris 1964, AHA/ACCF/HRS 2009 Part V)");
    read.seen_in(&[V1]);
    let long = read.value("p_duration").ok().filter(|duration| *duration >= LONG_P);
    if let Some(duration) = long {
        rule.push_str(&format!("; P duration {duration:.0} ms >= {LONG_P}"));
    }
    Ok(Some(read.state(if long.is_some() { LEFT_ATRIUM } else { LEFT_ATRIUM_FORCE }, rule)))
}

fn right_atrium(input: &CriteriaInput) -> Result<Option<Statement>, Unknown> {
    let mut read = Reader::for_adults(input);
    let (ii, v1) = (read.lead("p_amplitude", II), read.lead("p_amplitude", V1));
    let met = any([ii.as_ref().map(|p| *p > P_II).map_err(Clone::clone), v1.as_ref().map(|p| *p > P_V1).map_err(Clone::clone)])?;
    Ok(met.then(|| {
        let part = |p: &Result<f64, Unknown>| p.as_ref().map_or("not measured".to_owned(), |p| format!("{p:.2} mV"));
        let rule = format!("P in II {} (> {P_II}) or P in V1 {} (> {P_V1}; AHA/ACCF/HRS 2009 Part V)", part(&ii), part(&v1));
        read.seen_in(&[II, V1]);
        read.state(RIGHT_ATRIUM, rule)
    }))
}
