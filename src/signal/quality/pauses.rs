//! Long times without a beat: is the heart silent, or only the signal?

use super::timeline::{LeadQuality, Problem};
use crate::recording::{Rate, SampleIndex, SampleRange};
use serde::{Deserialize, Serialize};

/// Shortest pause that is reported, in seconds.
pub const PAUSE_S: f64 = 3.0;
/// Share of a pause's seconds in which a lead must be good for it to count as a witness.
const WITNESS: f64 = 0.8;

/// Why no beat is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseCause {
    /// Leads are connected and quiet enough, and there is no QRS complex in any: a pause or asystole.
    NoQrs,
    /// Leads are off, flat, railed or missing: nothing can be said of the heart.
    SignalLost,
    /// Leads are connected, but so disturbed that QRS complexes may be hidden.
    Disturbed,
}

/// A time without beats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// From one R peak to the next; at the ends from or to the recording's end.
    pub range: SampleRange,
    /// Why.
    pub cause: PauseCause,
}

/// Times of more than [`PAUSE_S`] without an R peak, with what the leads say about them. `peaks` ascending, in samples at `rate`; `length`
/// samples in all; leads begin with sample 0. A pause that only some leads witness counts: a lead that is off says nothing about the heart.
/// Without any beat in the whole recording the cause is never [`PauseCause::NoQrs`] unless two leads witness it.
pub fn pauses(leads: &[&LeadQuality], peaks: &[SampleIndex], length: u64, rate: Rate) -> Vec<Pause> {
    let least = PAUSE_S * rate.hz();
    let starts = std::iter::once(0).chain(peaks.iter().map(|p| p.0));
    let ends = peaks.iter().map(|p| p.0).chain(std::iter::once(length));
    starts
        .zip(ends)
        .filter(|(start, end)| end.saturating_sub(*start) as f64 > least)
        .map(|(start, end)| Pause {
            range: SampleRange::new(start, end),
            cause: cause(leads, start, end, rate, peaks.is_empty()),
        })
        .collect()
}

fn cause(leads: &[&LeadQuality], start: u64, end: u64, rate: Rate, no_beats: bool) -> PauseCause {
    // The seconds that lie wholly within; the first holds the T wave of the last beat, which is no fault.
    let from = (start as f64 / rate.hz()).ceil().min(f64::from(u32::MAX - 1)) as u32;
    let to = ((end as f64 / rate.hz()).floor().min(f64::from(u32::MAX)) as u32).max(from.saturating_add(1));
    let share = |lead: &LeadQuality, bad: fn(Problem) -> bool| {
        let mut spans: Vec<(u32, u32)> =
            lead.timeline.spans.iter().filter(|s| bad(s.problem)).map(|s| (s.start, s.end)).collect();
        spans.sort_unstable();
        // Spans of different kinds overlap: each second counts once.
        let (mut covered, mut reached) = (0u32, from);
        for (start, end) in spans {
            let (start, end) = (start.max(reached), end.min(to));
            covered += end.saturating_sub(start);
            reached = reached.max(end);
        }
        1.0 - f64::from(covered) / f64::from(to - from)
    };
    let covered = leads.iter().filter(|l| l.timeline.seconds >= to);
    let live: Vec<_> = covered.filter(|l| share(l, |p| p.hides_the_heart() || p == Problem::Saturated) >= WITNESS).collect();
    let quiet = live.iter().filter(|l| share(l, |p| matches!(p, Problem::Noise | Problem::Wander)) >= WITNESS).count();
    match (live.len(), quiet) {
        (0, _) => PauseCause::SignalLost,
        (_, quiet) if quiet >= if no_beats { 2 } else { 1 } => PauseCause::NoQrs,
        _ => PauseCause::Disturbed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{beats::detect, quality::assess};
    use crate::simulate::{Spec, simulate};

    /// A heart that stops from second 4 to 10 of 14; fibrillation of the noise goes on.
    fn stopped(noise_mv: f64) -> Vec<Vec<f32>> {
        let beating = simulate("", "", &Spec { noise_mv, duration_s: 14.0, ..Spec::default() });
        let silent = simulate("", "", &Spec { noise_mv, duration_s: 14.0, size: 0.0, ..Spec::default() });
        let take = |l: (&crate::simulate::SimulatedLead, &crate::simulate::SimulatedLead)| {
            let (mut a, b) = (l.0.millivolts(), l.1.millivolts());
            a[2000..5000].copy_from_slice(&b[2000..5000]);
            a
        };
        beating.leads.iter().zip(&silent.leads).map(take).collect()
    }

    fn found(leads: &[Vec<f32>]) -> Vec<PauseCause> {
        let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
        let beats = detect(&views, Rate::HZ_500).peaks;
        let quality: Vec<_> = views.iter().map(|l| assess(l, Rate::HZ_500, true)).collect();
        let quality: Vec<_> = quality.iter().collect();
        pauses(&quality, &beats, 7000, Rate::HZ_500).into_iter().map(|p| p.cause).collect()
    }

    #[test]
    fn asystole_is_told_apart_from_leads_off() {
        assert_eq!(found(&stopped(0.008)), [PauseCause::NoQrs]);
        let mut off = stopped(0.008);
        off.iter_mut().for_each(|l| l[1950..5050].fill(0.0));
        assert_eq!(found(&off), [PauseCause::SignalLost]);
        let mut some = stopped(0.008);
        some[..11].iter_mut().for_each(|l| l[1950..5050].fill(5.0));
        assert_eq!(found(&some), [PauseCause::NoQrs], "one lead is witness");
        assert!(
            found(
                &simulate("", "", &Spec { duration_s: 14.0, noise_mv: 0.008, ..Spec::default() })
                    .leads
                    .iter()
                    .map(|l| l.millivolts())
                    .collect::<Vec<_>>()
            )
            .is_empty()
        );
    }

    #[test]
    fn noise_is_no_witness() {
        let mut leads = stopped(0.008);
        for lead in &mut leads {
            let mut random = 7u32;
            for v in &mut lead[1950..5050] {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *v += (random >> 8) as f32 / 2.0f32.powi(24) * 0.4 - 0.2;
            }
        }
        assert!(found(&leads).iter().all(|c| *c == PauseCause::Disturbed), "{:?}", found(&leads));
    }

    #[test]
    fn odd_input() {
        assert!(pauses(&[], &[], 0, Rate::HZ_500).is_empty());
        assert_eq!(pauses(&[], &[], 5000, Rate::HZ_500)[0].cause, PauseCause::SignalLost);
        let lead = assess(&[0.0; 3], Rate::HZ_500, true);
        assert_eq!(pauses(&[&lead], &[SampleIndex(9)], u64::MAX / 2, Rate::new(1e5).expect("rate")).len(), 1);
    }
}
