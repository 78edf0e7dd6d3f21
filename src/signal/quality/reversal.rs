//! Electrodes that seem exchanged.
//!
//! Only such exchanges are looked for as can be told with next to no false alarm: a reader who is told "suspected" too often stops
//! looking. The rules for the limbs are the usual ones (AHA/ACC/HRS 2007, part II; Batchvarov et al., Europace 2007;9:1081-90), tightened
//! by requiring that the chest leads, which limb electrodes hardly touch, contradict the limb leads. Exchange of left arm and left
//! leg leaves a plausible ECG and is not looked for.

use super::{
    acceptable::{NamedLead, twelve},
    shape::{self, Shape, correlation},
};
use crate::recording::{Rate, SampleIndex, StandardLead};
use serde::{Deserialize, Serialize};

/// Beats needed for a median beat to be believed.
const LEAST_BEATS: usize = 4;
/// Agreement of the beats with it that is needed.
const LEAST_AGREEMENT: f32 = 0.7;
/// A lead between an arm and the wrong leg sees less than this from peak to peak (mV).
const LEG_MV: f32 = 0.06;
/// ... while the chest sees more than this,
const SEEN_MV: f32 = 0.35;
/// and each of the other two limb leads more than this.
const SEEN_SMALL_MV: f32 = 0.2;
/// Correlation with V6 below which a limb lead contradicts it.
const CONTRADICTS: f32 = -0.4;
/// P waves of this many millivolts are taken as seen.
const P_MV: f32 = 0.025;
/// Two chest electrodes seem exchanged when that shortens the way from V1 to V6 to less than this share.
const SHORTER: f32 = 0.67;

/// Which electrodes seem exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exchange {
    /// Right and left arm.
    ArmsRaLa,
    /// Right arm and left leg.
    RightArmLeftLeg,
    /// Right arm and right leg: lead II is nearly flat.
    RightArmRightLeg,
    /// Left arm and right leg: lead III is nearly flat.
    LeftArmRightLeg,
    /// Both arms with the legs: lead I is nearly flat.
    ArmsWithLegs,
    /// Two chest electrodes.
    Chest(StandardChest, StandardChest),
}

/// A chest electrode, V1 to V6, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StandardChest(pub u8);

/// A suspicion, with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspicion {
    /// Which.
    pub exchange: Exchange,
    /// For the reader, e.g. `Suspected exchange of the arm electrodes (RA/LA): lead I is inverted, aVR upright, V6 is not inverted`.
    pub text: String,
}

/// Exchanged electrodes that the twelve standard leads (mV, at `rate`) make one suspect, given the R peaks. Empty where nothing speaks for
/// one, where a lead is missing, and where beats are too few or too different to tell.
pub fn suspected_reversals(leads: &[NamedLead<'_>], rate: Rate, peaks: &[SampleIndex]) -> Vec<Suspicion> {
    let Some(twelve) = twelve(leads) else { return Vec::new() };
    let beats = Beats { shapes: shape::of_all(&twelve, rate, peaks), rate };
    if beats.shapes.len() < twelve.len() || beats.shapes.iter().any(|s| s.beats < LEAST_BEATS) {
        return Vec::new();
    }
    let mut found: Vec<Suspicion> = limbs(&beats).into_iter().collect();
    found.extend(chest(&beats));
    found
}

/// The median beats of the twelve leads.
struct Beats {
    shapes: Vec<Shape>,
    rate: Rate,
}

impl Beats {
    fn of(&self, lead: StandardLead) -> &Shape {
        &self.shapes[lead as usize]
    }

    fn span(&self, lead: StandardLead) -> f32 {
        let (low, high) = super::seconds::extremes(&self.of(lead).beat);
        if high > low { high - low } else { 0.0 }
    }

    fn firm(&self, lead: StandardLead) -> bool {
        self.of(lead).agreement >= LEAST_AGREEMENT
    }

    /// Baseline just before the QRS complex.
    fn base(&self, lead: StandardLead) -> f32 {
        let part = self.of(lead).part(self.rate, -0.075, -0.055);
        part.iter().sum::<f32>() / part.len().max(1) as f32
    }

    /// R and S together: above 0 the complex is mainly upright.
    fn net_qrs(&self, lead: StandardLead) -> f32 {
        let (low, high) = super::seconds::extremes(self.of(lead).part(self.rate, -0.06, 0.08));
        if high >= low { high + low - 2.0 * self.base(lead) } else { 0.0 }
    }

    /// Height of the P wave, negative when inverted.
    fn p(&self, lead: StandardLead) -> f32 {
        let base = self.base(lead);
        let (low, high) = super::seconds::extremes(self.of(lead).part(self.rate, -0.21, -0.08));
        let (up, down) = (high - base, base - low);
        if !(up.is_finite() && down.is_finite()) {
            0.0
        } else if up >= down {
            up
        } else {
            -down
        }
    }

    /// Correlation over QRS and T.
    fn alike(&self, a: StandardLead, b: StandardLead) -> f32 {
        correlation(self.of(a).part(self.rate, -0.08, 0.40), self.of(b).part(self.rate, -0.08, 0.40))
    }
}

fn suspicion(exchange: Exchange, why: &str) -> Suspicion {
    let what = match exchange {
        Exchange::ArmsRaLa => "the arm electrodes (RA/LA)".to_owned(),
        Exchange::RightArmLeftLeg => "the right arm and left leg electrodes (RA/LL)".to_owned(),
        Exchange::RightArmRightLeg => "the right arm and right leg electrodes (RA/RL)".to_owned(),
        Exchange::LeftArmRightLeg => "the left arm and right leg electrodes (LA/RL)".to_owned(),
        Exchange::ArmsWithLegs => "the arm electrodes with the leg electrodes".to_owned(),
        Exchange::Chest(a, b) => format!("the chest electrodes V{} and V{}", a.0, b.0),
    };
    Suspicion { exchange, text: format!("Suspected exchange of {what}: {why}") }
}

fn limbs(beats: &Beats) -> Option<Suspicion> {
    use StandardLead::{AVF, AVL, AVR, I, II, III, V5, V6};
    let chest_seen = beats.span(V5).max(beats.span(V6)) > SEEN_MV && beats.firm(V6);
    if !chest_seen {
        return None;
    }
    for (lead, others, exchange, name) in [
        (I, [II, III], Exchange::ArmsWithLegs, "I"),
        (II, [I, III], Exchange::RightArmRightLeg, "II"),
        (III, [I, II], Exchange::LeftArmRightLeg, "III"),
    ] {
        if beats.span(lead) < LEG_MV && others.iter().all(|o| beats.span(*o) > SEEN_SMALL_MV && beats.firm(*o)) {
            return Some(suspicion(exchange, &format!("lead {name} is nearly flat while the other limb leads are not")));
        }
    }
    let upright_v6 = beats.net_qrs(V6) > 0.0;
    let inverted =
        |lead| beats.firm(lead) && beats.p(lead) < -P_MV && beats.net_qrs(lead) < 0.0 && beats.alike(lead, V6) < CONTRADICTS;
    if !upright_v6 {
        return None;
    }
    // Where the right arm's electrode really is, the lead looks least like V6: aVR, unless electrodes are exchanged.
    let like_v6 = |lead| beats.alike(lead, V6);
    let (avr, avl, avf) = (like_v6(AVR), like_v6(AVL), like_v6(AVF));
    if inverted(I) && avl < avr.min(avf) && beats.p(AVL) < 0.0 && beats.net_qrs(AVR) > beats.net_qrs(AVL) {
        let why = "lead I is inverted (P and QRS) while V6 is upright, and aVL looks like aVR";
        return Some(suspicion(Exchange::ArmsRaLa, why));
    }
    if inverted(II) && avf < avr.min(avl) && beats.p(AVF) < 0.0 && beats.p(AVR) > 0.0 && beats.net_qrs(AVR) > beats.net_qrs(AVF) {
        let why = "lead II is inverted (P and QRS) while V6 is upright, and aVF looks like aVR";
        return Some(suspicion(Exchange::RightArmLeftLeg, why));
    }
    None
}

/// The pair of chest leads whose exchange would make the way from V1 to V6 much straighter.
fn chest(beats: &Beats) -> Option<Suspicion> {
    use StandardLead::{V1, V2, V3, V4, V5, V6};
    let leads = [V1, V2, V3, V4, V5, V6];
    if !leads.iter().all(|l| beats.firm(*l) && beats.span(*l) > 2.0 * LEG_MV) {
        return None;
    }
    let part = |lead| beats.of(lead).part(beats.rate, -0.20, 0.40);
    let mut apart = [[0.0f32; 6]; 6];
    for (i, a) in leads.iter().enumerate() {
        for (j, b) in leads.iter().enumerate().skip(i + 1) {
            let squares: f32 = part(*a).iter().zip(part(*b)).map(|(x, y)| (x - y) * (x - y)).sum();
            apart[i][j] = squares.sqrt();
            apart[j][i] = apart[i][j];
        }
    }
    let way = |order: &[usize; 6]| order.windows(2).map(|w| apart[w[0]][w[1]]).sum::<f32>();
    let usual = [0, 1, 2, 3, 4, 5];
    let (pair, length) = (0..6)
        .flat_map(|i| (i + 1..6).map(move |j| (i, j)))
        .map(|(i, j)| {
            let mut order = usual;
            order.swap(i, j);
            ((i, j), way(&order))
        })
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    let share = length / way(&usual).max(1e-6);
    (share < SHORTER).then(|| {
        let electrode = |i: usize| StandardChest(i as u8 + 1);
        suspicion(Exchange::Chest(electrode(pair.0), electrode(pair.1)), "the change from V1 to V6 is not gradual")
    })
}

#[cfg(test)]
mod tests;
