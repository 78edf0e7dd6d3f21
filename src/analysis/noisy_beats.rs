//! Beats that lie in noise: what is found there is told, what kind of beat it is is not.

use super::LeadQuality;
use crate::signal::quality::Problem;

/// Signal to either side of an R peak that must be free of noise, in seconds: the QRS complex and what it stands out from.
const AROUND_S: f64 = 0.25;

/// The seconds of a recording in which every lead that the beats are told by is noisy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoisySeconds(Vec<bool>);

impl NoisySeconds {
    /// From the leads the model is shown. Baseline wander is not counted: the model sees the signal without it.
    pub fn of(leads: &[&LeadQuality]) -> Self {
        let spans = |lead: &&LeadQuality| {
            lead.problems
                .iter()
                .filter(|span| span.problem == Problem::Noise)
                .map(|span| span.start as usize..span.end as usize)
                .collect()
        };
        let leads: Vec<Vec<std::ops::Range<usize>>> = leads.iter().map(spans).collect();
        let seconds = leads.iter().flatten().map(|span| span.end).max().unwrap_or(0);
        let mut noisy_leads = vec![0; seconds];
        for second in leads.iter().flatten().cloned().flatten() {
            noisy_leads[second] += 1;
        }
        Self(noisy_leads.into_iter().map(|count| count == leads.len()).collect())
    }

    /// Whether the signal around an R peak at `seconds` from the beginning lies in noise.
    pub fn around(&self, seconds: f64) -> bool {
        let noisy = |at: f64| self.0.get(at.max(0.0) as usize).copied().unwrap_or(false);
        noisy(seconds - AROUND_S) || noisy(seconds + AROUND_S)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::quality::{LeadNumbers, ProblemSpan};

    fn lead(problems: &[(Problem, u32, u32)]) -> LeadQuality {
        LeadQuality {
            usable: true,
            valid: 1.0,
            flat: false,
            notes: Vec::new(),
            numbers: LeadNumbers::default(),
            problems: problems.iter().map(|&(problem, start, end)| ProblemSpan { problem, start, end }).collect(),
        }
    }

    #[test]
    fn noise_in_all_leads_takes_the_beats_and_noise_in_one_or_wander_does_not() {
        let first = lead(&[(Problem::Wander, 0, 9), (Problem::Noise, 2, 5)]);
        let second = lead(&[(Problem::Noise, 4, 8)]);
        let noisy = NoisySeconds::of(&[&first, &second]);
        let told: Vec<bool> = [1.0, 2.5, 3.7, 3.8, 4.5, 5.2, 5.3, 8.5, 100.0].iter().map(|at| noisy.around(*at)).collect();
        assert_eq!(told, [false, false, false, true, true, true, false, false, false]);
        assert!(NoisySeconds::of(&[&first]).around(2.5));
        assert!(!NoisySeconds::of(&[]).around(2.5));
    }
}
