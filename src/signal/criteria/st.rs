//! ST level and T wave in one lead, as the fourth Universal Definition of Myocardial Infarction (Thygesen 2018, Circulation 138:e618)
//! asks for them.

use super::reader::{Reader, Truth, Unknown, age};
use super::types::CriteriaInput;
use crate::recording::{
    Sex,
    StandardLead::{self, *},
};

/// ST elevation in mV at the J point, leads other than V2 and V3.
pub(super) const ELEVATION: f64 = 0.1;
/// ST depression in mV.
pub(super) const DEPRESSION: f64 = 0.05;
/// T inversion in mV.
pub(super) const INVERSION: f64 = 0.1;
/// From the J point to 60 ms behind it the ST segment may rise by this much in mV and still be called horizontal.
const HORIZONTAL: f64 = 0.01;
/// R wave in mV that is prominent though S is deeper. The definition gives no number; 0.5 mV is ours.
const PROMINENT_R: f64 = 0.5;
/// Age in years that parts the limits of men.
const YOUNG: f32 = 40.0;

/// Limit of ST elevation in V2 and V3 in mV, and whose it is. Unknown age or sex: the highest that could apply.
pub(super) fn v2_v3_limit(input: &CriteriaInput) -> (f64, &'static str) {
    match (input.sex, age(input)) {
        (Some(Sex::Female), _) => (0.15, "women"),
        (Some(Sex::Male), Some(age)) if age >= YOUNG => (0.2, "men from 40"),
        (Some(Sex::Male), Some(_)) => (0.25, "men under 40"),
        (Some(Sex::Male), None) => (0.25, "men, age unknown: the higher limit"),
        (None, Some(age)) if age >= YOUNG => (0.2, "sex unknown: the higher limit"),
        (None, _) => (0.25, "sex or age unknown: the highest limit"),
    }
}

/// Elevated at the J point. aVR is not judged.
pub(super) fn elevated(read: &mut Reader, input: &CriteriaInput, lead: StandardLead) -> Truth {
    let limit = match lead {
        AVR => return Ok(false),
        V2 | V3 => v2_v3_limit(input).0,
        _ => ELEVATION,
    };
    Ok(read.lead("st_j", lead)? >= limit)
}

/// Depressed at the J point and 60 ms (else 80 ms) behind it, horizontal or downsloping between. aVR is not judged.
pub(super) fn depressed(read: &mut Reader, lead: StandardLead) -> Truth {
    if lead == AVR {
        return Ok(false);
    }
    let j = read.lead("st_j", lead)?;
    if j > -DEPRESSION {
        return Ok(false);
    }
    let later = read.lead("st_j60", lead).or_else(|_| read.lead("st_j80", lead))?;
    Ok(later <= -DEPRESSION && later <= j + HORIZONTAL)
}

/// T inverted where R is prominent or larger than S. Never in aVR and V1, where T is normally inverted.
pub(super) fn inverted(read: &mut Reader, lead: StandardLead) -> Truth {
    if matches!(lead, AVR | V1) {
        return Ok(false);
    }
    if read.lead("t_amplitude", lead)? > -INVERSION {
        return Ok(false);
    }
    let r = read.size("r_amplitude", lead)?;
    if r >= PROMINENT_R {
        return Ok(true);
    }
    Ok(r > super::conduction::ABSENT && r > read.size("s_amplitude", lead)?)
}

/// Reads only what the leads of a finding hold, so that its statement shows those and no others.
pub(super) fn reread<'a>(
    input: &'a CriteriaInput<'a>,
    leads: &[StandardLead],
    mut rule: impl FnMut(&mut Reader<'a>, StandardLead) -> Truth,
) -> Reader<'a> {
    let mut read = Reader::for_adults(input);
    for lead in leads {
        // Known to hold: what is read is kept, the answer was used before.
        let _: Result<bool, Unknown> = rule(&mut read, *lead);
    }
    read.seen_in(leads);
    read
}
