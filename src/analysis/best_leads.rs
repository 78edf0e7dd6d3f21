//! Which leads show the beats best.

use super::{LeadQuality, Quality};
use crate::{recording::LeadName, signal::quality::Problem};

/// Above this signal-to-noise ratio, in dB, less noise is of no more use.
const CLEAN_DB: f32 = 20.0;
/// A step of noise, in dB.
const STEP_DB: f32 = 6.0;
/// A step of time with problems, as a share of the recording.
const STEP_SHARE: f32 = 0.1;
/// A QRS complex smaller than this part of the largest is a step worse, and smaller than its square two.
const SMALL: f32 = 0.5;

/// For each lead how much worse its signal is than a good one's, in steps that count for the beats: noise, time with problems or
/// without signal, small QRS complexes. Leads of equal number are as good as each other. The recording lasts `seconds`.
pub fn worse(names: &[&LeadName], quality: &Quality, seconds: f64) -> Vec<u32> {
    let known: Vec<Option<&LeadQuality>> = names.iter().map(|name| quality.leads.get(&name.to_string())).collect();
    let largest = known.iter().flatten().filter_map(|q| q.numbers.qrs_mv).reduce(f32::max);
    known
        .iter()
        .map(|quality| {
            let Some(quality) = quality else { return 0 };
            let noise = quality.numbers.snr_db.map_or(0.0, |snr| ((CLEAN_DB - snr) / STEP_DB).clamp(0.0, 10.0));
            let size = match (quality.numbers.qrs_mv, largest) {
                (Some(qrs), Some(largest)) if largest > 0.0 => {
                    u32::from(qrs < SMALL * largest) + u32::from(qrs < SMALL * SMALL * largest)
                }
                _ => 0,
            };
            steps(noise)
                + steps((1.0 - quality.valid).clamp(0.0, 1.0) / STEP_SHARE)
                + steps(troubled(quality, seconds) / STEP_SHARE)
                + size
        })
        .collect()
}

/// Share of the time with problems that filters do not take away.
fn troubled(quality: &LeadQuality, seconds: f64) -> f32 {
    let spans = quality.problems.iter().filter(|span| span.problem != Problem::Mains);
    let total: f64 = spans.map(|span| f64::from(span.end.saturating_sub(span.start))).sum();
    if seconds > 0.0 { (total / seconds).min(1.0) as f32 } else { 0.0 }
}

fn steps(value: f32) -> u32 {
    value.floor().clamp(0.0, 100.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::quality::{LeadNumbers, ProblemSpan};

    fn lead(snr_db: f32, qrs_mv: f32, troubled_s: u32) -> LeadQuality {
        LeadQuality {
            usable: true,
            valid: 1.0,
            flat: false,
            notes: Vec::new(),
            numbers: LeadNumbers { snr_db: Some(snr_db), qrs_mv: Some(qrs_mv), ..LeadNumbers::default() },
            problems: vec![ProblemSpan { problem: Problem::Noise, start: 0, end: troubled_s }],
        }
    }

    #[test]
    fn noise_trouble_and_small_complexes_count_and_little_differences_do_not() {
        let leads = [
            ("I", lead(30.0, 1.0, 0)),
            ("II", lead(21.0, 0.9, 1)),
            ("III", lead(5.0, 1.0, 0)),
            ("V1", lead(30.0, 0.3, 0)),
            ("V2", lead(30.0, 1.0, 50)),
        ];
        let names: Vec<LeadName> = leads.iter().map(|(name, _)| LeadName::parse(name)).collect();
        let quality = Quality {
            leads: leads.iter().map(|(name, lead)| ((*name).to_owned(), lead.clone())).collect(),
            ..Quality::default()
        };
        let counted = worse(&names.iter().collect::<Vec<_>>(), &quality, 100.0);
        assert_eq!(counted, [0, 0, 2, 1, 5]);
        assert_eq!(worse(&[&LeadName::parse("V6")], &quality, 0.0), [0]);
    }
}
