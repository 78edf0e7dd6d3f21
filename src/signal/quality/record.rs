//! The numbers by which a 12-lead record of ten seconds is judged acceptable or not.

use super::{
    seconds::{Second, look},
    shape,
    timeline::wander,
};
use crate::{
    recording::{Rate, SampleIndex},
    signal::robust::percentile,
};

/// Names of the numbers of [`record_features`], in order.
pub const FEATURES: [&str; 58] = [
    "off_leads",
    "off_worst",
    "off_2nd",
    "railed_worst",
    "railed_leads",
    "still_worst",
    "still_2nd",
    "range_worst",
    "range_2nd",
    "range_4th",
    "range_median",
    "wander_worst",
    "wander_2nd",
    "wander_4th",
    "wander_median",
    "jump_worst",
    "jump_2nd",
    "jump_median",
    "noise_worst",
    "noise_2nd",
    "noise_4th",
    "noise_median",
    "noise_burst",
    "mains_worst",
    "mains_median",
    "step_worst",
    "step_2nd",
    "step_median",
    "qrs_least",
    "qrs_2nd_least",
    "qrs_median",
    "qrs_worst",
    "snr_least",
    "snr_2nd_least",
    "snr_median",
    "agreement_least",
    "agreement_2nd_least",
    "agreement_4th_least",
    "agreement_median",
    "beats",
    "wild_worst",
    "wild_2nd",
    "wild_leads",
    "drift_worst",
    "drift_2nd",
    "drift_leads",
    "odd_worst",
    "odd_2nd",
    "odd_median",
    "strange_worst",
    "strange_2nd",
    "strange_4th",
    "strange_median",
    "rest_worst",
    "rest_2nd",
    "rest_4th",
    "rest_median",
    "small_leads",
];

/// What is known of one lead.
struct Lead {
    off: f32,
    railed: f32,
    still: f32,
    range: f32,
    wander: f32,
    jump: f32,
    noise: f32,
    burst: f32,
    mains: f32,
    step: f32,
    qrs: f32,
    snr: f32,
    agreement: f32,
    wild: f32,
    drift: f32,
    odd: f32,
    strange: f32,
    rest: f32,
}

/// Describes a record by the worst, the next worst and the median of what its leads show. Leads in mV, all at `rate`; NaN counts as off.
pub fn record_features(leads: &[&[f32]], rate: Rate, peaks: &[SampleIndex]) -> [f32; FEATURES.len()] {
    let shapes = shape::of_all(leads, rate, peaks);
    let seen: Vec<Lead> = leads.iter().zip(&shapes).map(|(lead, shape)| lead_numbers(lead, rate, shape)).collect();
    let ranked = |of: fn(&Lead) -> f32| {
        let mut values: Vec<f32> = seen.iter().map(of).collect();
        values.sort_by(f32::total_cmp);
        move |rank: usize, from_top: bool| {
            let index = if from_top { values.len().checked_sub(rank) } else { rank.checked_sub(1) };
            index.and_then(|i| values.get(i)).copied().unwrap_or(0.0)
        }
    };
    let middle = |of: fn(&Lead) -> f32| percentile(&mut seen.iter().map(of).collect(), 0.5).unwrap_or(0.0);
    let count = |of: fn(&Lead) -> bool| seen.iter().filter(|l| of(l)).count() as f32;
    let (off, railed, still) = (ranked(|l| l.off), ranked(|l| l.railed), ranked(|l| l.still));
    let (range, wander, jump) = (ranked(|l| l.range), ranked(|l| l.wander), ranked(|l| l.jump));
    let (noise, burst, mains) = (ranked(|l| l.noise), ranked(|l| l.burst), ranked(|l| l.mains));
    let (wild, drift, odd) = (ranked(|l| l.wild), ranked(|l| l.drift), ranked(|l| l.odd));
    let (strange, rest) = (ranked(|l| l.strange), ranked(|l| l.rest));
    let (step, qrs, snr, agreement) = (ranked(|l| l.step), ranked(|l| l.qrs), ranked(|l| l.snr), ranked(|l| l.agreement));
    [
        count(|l| l.off > 0.5),
        off(1, true),
        off(2, true),
        railed(1, true),
        count(|l| l.railed > 0.05),
        still(1, true),
        still(2, true),
        range(1, true),
        range(2, true),
        range(4, true),
        middle(|l| l.range),
        wander(1, true),
        wander(2, true),
        wander(4, true),
        middle(|l| l.wander),
        jump(1, true),
        jump(2, true),
        middle(|l| l.jump),
        noise(1, true),
        noise(2, true),
        noise(4, true),
        middle(|l| l.noise),
        burst(1, true),
        mains(1, true),
        middle(|l| l.mains),
        step(1, true),
        step(2, true),
        middle(|l| l.step),
        qrs(1, false),
        qrs(2, false),
        middle(|l| l.qrs),
        qrs(1, true),
        snr(1, false),
        snr(2, false),
        middle(|l| l.snr),
        agreement(1, false),
        agreement(2, false),
        agreement(4, false),
        middle(|l| l.agreement),
        peaks.len() as f32,
        wild(1, true),
        wild(2, true),
        count(|l| l.wild > 0.15),
        drift(1, true),
        drift(2, true),
        count(|l| l.drift > 0.5),
        odd(1, true),
        odd(2, true),
        middle(|l| l.odd),
        strange(1, true),
        strange(2, true),
        strange(4, true),
        middle(|l| l.strange),
        rest(1, true),
        rest(2, true),
        rest(4, true),
        middle(|l| l.rest),
        count(|l| l.qrs < 0.15),
    ]
}

fn lead_numbers(lead_mv: &[f32], rate: Rate, shape: &shape::Shape) -> Lead {
    let seconds = look(lead_mv, rate);
    let all = seconds.len().max(1) as f32;
    let share = |of: fn(&Second) -> bool| seconds.iter().filter(|s| of(s)).count() as f32 / all;
    let mean = |of: fn(&Second) -> f32| seconds.iter().map(of).sum::<f32>() / all;
    let middle = |of: fn(&Second) -> f32| percentile(&mut seconds.iter().map(of).collect(), 0.5).unwrap_or(0.0);
    let most = |of: fn(&Second) -> f32| seconds.iter().map(of).fold(0.0f32, f32::max);
    let valid = || seconds.iter().filter(|s| s.valid > 0.0);
    let levels: Vec<f32> = valid().flat_map(|s| s.level).collect();
    let high = percentile(&mut levels.clone(), 1.0).unwrap_or(0.0);
    let low = percentile(&mut levels.clone(), 0.0).unwrap_or(0.0);
    let jump = levels.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0f32, f32::max);
    let top = valid().map(|s| s.high).fold(f32::NEG_INFINITY, f32::max);
    let bottom = valid().map(|s| s.low).fold(f32::INFINITY, f32::min);
    let (noise, qrs) = (middle(|s| s.noise), middle(|s| s.qrs));
    Lead {
        off: share(|s| s.valid < 0.5 || s.high - s.low < 0.02),
        railed: mean(|s| s.railed),
        still: mean(|s| s.still),
        range: if top > bottom { top - bottom } else { 0.0 },
        wander: high - low,
        jump,
        noise,
        burst: most(|s| s.noise),
        mains: middle(|s| s.mains[0].max(s.mains[1])),
        step: most(|s| s.step),
        qrs,
        snr: 20.0 * (qrs.max(1e-4) / noise.max(1e-4)).log10(),
        agreement: shape.agreement,
        wild: share(|s| s.high - s.low > 4.0),
        drift: (0..seconds.len()).map(|i| wander(&seconds, i)).filter(|w| *w > 0.25).count() as f32 / all,
        odd: shape.odd,
        strange: shape.strangest,
        rest: shape.rest,
    }
}
