//! Quality of a lead over all pieces of a recording, weighted by their length.

use super::LeadQuality;
use crate::{
    recording::{Rate, Signal},
    signal::quality::{self, LeadNumbers, LeadTimeline, Problem, ProblemSpan},
};

/// What has been seen so far.
#[derive(Debug, Default)]
pub struct Judged {
    samples: f64,
    valid: f64,
    usable: f64,
    flat: f64,
    notes: Vec<String>,
    timeline: LeadTimeline,
    numbers: Vec<(f64, LeadNumbers)>,
}

impl Judged {
    /// Adds a piece that begins `since` seconds after the first one.
    pub fn add(&mut self, lead_mv: &[f32], rate: Rate, calibrated: bool, since: u32) {
        let seen = quality::judge(lead_mv, rate, calibrated);
        let length = lead_mv.len() as f64;
        self.samples += length;
        self.valid += length * f64::from(seen.valid);
        self.usable += if seen.usable { length } else { 0.0 };
        self.flat += if seen.flat { length } else { 0.0 };
        for note in seen.notes {
            if !self.notes.contains(&note) && self.notes.len() < 8 {
                self.notes.push(note);
            }
        }
        let assessed = quality::assess(lead_mv, rate, calibrated);
        self.numbers.push((length, assessed.numbers));
        self.timeline.seconds = self.timeline.seconds.max(since.saturating_add(assessed.timeline.seconds));
        for span in assessed.timeline.spans {
            let span = ProblemSpan { start: span.start.saturating_add(since), end: span.end.saturating_add(since), ..span };
            // A problem goes on from one piece to the next.
            match self.timeline.spans.iter_mut().find(|s| s.problem == span.problem && s.end == span.start) {
                Some(before) => before.end = span.end,
                None => self.timeline.spans.push(span),
            }
        }
    }

    /// A lead counts as usable when it is so for a tenth of the time: the windows in which it is not are refused one by one.
    pub fn finish(self, signal: &Signal) -> (LeadQuality, quality::LeadQuality) {
        let share = |part: f64| if self.samples > 0.0 { part / self.samples } else { 0.0 };
        let numbers = mean(&self.numbers);
        let mut timeline = self.timeline;
        timeline.spans.sort_by_key(|span| (span.problem, span.start));
        let mut notes = self.notes;
        for problem in [Problem::LeadOff, Problem::Saturated, Problem::Wander, Problem::Noise, Problem::Mains] {
            let seconds = timeline.seconds_of(problem);
            // Flat lines are in the notes already.
            if seconds > 0 && !(problem == Problem::LeadOff && share(self.flat) > 0.0) {
                notes.push(format!("{problem} for {seconds} of {} s", timeline.seconds));
            }
        }
        if !signal.calibrated {
            notes.push("uncalibrated: amplitudes are not in mV".to_owned());
        }
        let quality = LeadQuality {
            usable: share(self.usable) >= 0.1,
            valid: share(self.valid).clamp(0.0, 1.0) as f32,
            flat: share(self.flat) > 0.5,
            notes,
            numbers,
            problems: timeline.spans.clone(),
        };
        (quality, quality::LeadQuality { timeline, numbers })
    }
}

/// Means over pieces, each number over those that have it; the mains frequency of the longest piece that has one.
fn mean(pieces: &[(f64, LeadNumbers)]) -> LeadNumbers {
    let over = |number: fn(&LeadNumbers) -> Option<f32>| {
        let known = pieces.iter().filter_map(|(length, numbers)| Some((*length, f64::from(number(numbers)?))));
        let (total, sum) = known.fold((0.0, 0.0), |(total, sum), (length, value)| (total + length, sum + length * value));
        (total > 0.0).then(|| (sum / total) as f32)
    };
    let longest = pieces.iter().filter(|(_, numbers)| numbers.mains_hz.is_some()).max_by(|a, b| a.0.total_cmp(&b.0));
    LeadNumbers {
        snr_db: over(|n| n.snr_db),
        wander_mv: over(|n| n.wander_mv),
        noise_mv: over(|n| n.noise_mv),
        mains_mv: over(|n| n.mains_mv),
        mains_hz: longest.and_then(|(_, numbers)| numbers.mains_hz),
        qrs_mv: over(|n| n.qrs_mv),
    }
}
