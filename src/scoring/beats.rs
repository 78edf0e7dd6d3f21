//! Beat-by-beat comparison. Source: EC57; bxb(1).

use super::{
    BeatMatrix, Mark, NEVER, Settings, Side, Time,
    track::{Beat, Track},
};
use crate::recording::Annotation;

/// Two beats that do not agree, or a beat without partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch {
    /// What the reference says.
    pub reference: Mark,
    /// What the test annotator says.
    pub test: Mark,
    /// The reference beat's sample; where there is none, the test beat's.
    pub reference_at: i64,
    /// The test beat's sample; where there is none, the reference beat's.
    pub test_at: i64,
}

/// Differences between RR intervals that end in paired beats.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RrError {
    /// Sum of the squared differences, in squared milliseconds or samples as its holder says.
    pub sum_of_squares: f64,
    /// How many intervals.
    pub count: u64,
}

impl RrError {
    /// Root of the mean square; `None` without intervals.
    pub fn rms(self) -> Option<f64> {
        (self.count > 0).then(|| (self.sum_of_squares / self.count as f64).sqrt())
    }
}

/// What a beat-by-beat comparison finds.
#[derive(Debug, Clone, PartialEq)]
pub struct BeatComparison {
    /// Counts of pairs.
    pub matrix: BeatMatrix,
    /// RR differences in samples.
    pub rr_error: RrError,
    /// Whole samples a second, for durations.
    pub samples_per_second: i64,
    /// Duration of the test annotator's shutdown, learning period included, rounded to seconds.
    pub shutdown_s: i64,
    /// Where the two disagree, in time order.
    pub mismatches: Vec<Mismatch>,
}

impl BeatComparison {
    /// Root mean square error of the RR intervals in ms; `None` without intervals.
    pub fn rr_rms_ms(&self) -> Option<f64> {
        self.rr_error.rms().map(|samples| samples * 1000.0 / self.samples_per_second as f64)
    }

    /// RR differences in milliseconds.
    pub fn rr_error_ms(&self) -> RrError {
        let factor = 1000.0 / self.samples_per_second as f64;
        RrError { sum_of_squares: self.rr_error.sum_of_squares * factor * factor, ..self.rr_error }
    }
}

/// Compares beat by beat. Both lists are in time order and count in samples of `settings.rate`.
///
/// Beats of the two annotators are paired when they lie at most the match window apart, unless the later one fits the other's next beat better; a beat
/// left alone is missed, extra, or in the other's shutdown.
pub fn compare_beats(reference: &[Annotation], test: &[Annotation], settings: &Settings) -> BeatComparison {
    let mut pairing = Pairing {
        reference: Track::new(reference, Side::Reference, *settings),
        test: Track::new(test, Side::Test, *settings),
        matrix: BeatMatrix::default(),
        rr_error: RrError::default(),
        mismatches: Vec::new(),
    };
    pairing.leave_learning_period(settings);
    pairing.pair_all(settings);
    let samples_per_second = settings.samples_per_second();
    // Half a second on top, so that whole seconds are rounded.
    let shutdown = pairing.test.shutdown.saturating_add(settings.rate.samples_in(0.5) as i64);
    BeatComparison {
        matrix: pairing.matrix,
        rr_error: pairing.rr_error,
        samples_per_second,
        shutdown_s: shutdown / samples_per_second,
        mismatches: pairing.mismatches,
    }
}

struct Pairing<'a> {
    reference: Track<'a>,
    test: Track<'a>,
    matrix: BeatMatrix,
    rr_error: RrError,
    mismatches: Vec<Mismatch>,
}

fn apart(a: Time, b: Time) -> Time {
    a.saturating_sub(b).saturating_abs()
}

impl Pairing<'_> {
    /// Up to the first reference beat of the test period. A test beat just before the period may belong to it; one just after the period's start that
    /// belongs to a reference beat before it is passed over.
    fn leave_learning_period(&mut self, settings: &Settings) {
        let (reference, test) = (&mut self.reference, &mut self.test);
        loop {
            reference.advance();
            if reference.current.time >= settings.start {
                break;
            }
        }
        loop {
            test.advance();
            if test.upcoming.time >= settings.start {
                break;
            }
        }
        let distance = reference.current.time.saturating_sub(test.current.time);
        if distance < apart(reference.current.time, test.upcoming.time) && distance <= settings.window {
            self.pair_currents();
            self.reference.advance();
            self.test.advance();
            return;
        }
        test.advance();
        let near_start = test.current.time.saturating_sub(settings.start) <= settings.window;
        let next_fits_better =
            apart(reference.current.time, test.upcoming.time) < apart(reference.current.time, test.current.time);
        if near_start && next_fits_better {
            test.advance();
        }
    }

    fn pair_all(&mut self, settings: &Settings) {
        loop {
            let (at, test_at) = (self.reference.current.time, self.test.current.time);
            let more = match settings.end {
                Some(end) => at <= end || test_at <= end,
                None => at != NEVER,
            };
            if !more {
                return;
            }
            let near = apart(at, test_at) <= settings.window;
            if test_at < at {
                if near && fits(&self.test, &self.reference) {
                    self.pair_currents();
                    self.reference.advance();
                    self.test.advance();
                } else {
                    let mark = absent(&self.reference, test_at, true);
                    self.pair(mark, of(self.test.current));
                    self.test.advance();
                }
            } else if near && fits(&self.reference, &self.test) {
                self.pair_currents();
                self.test.advance();
                self.reference.advance();
            } else {
                let mark = absent(&self.test, at, false);
                self.pair(of(self.reference.current), mark);
                self.reference.advance();
            }
        }
    }

    fn pair_currents(&mut self) {
        self.pair(of(self.reference.current), of(self.test.current));
    }

    /// Counts a pair; the virtual beat before all others (`None`) counts for nothing.
    fn pair(&mut self, reference: Option<Mark>, test: Option<Mark>) {
        if let (Some(rr), Some(test_rr)) = (self.reference.rr, self.test.rr)
            && rr > 0
            && test_rr > 0
        {
            let difference = rr.saturating_sub(test_rr) as f64;
            self.rr_error.sum_of_squares += difference * difference;
            self.rr_error.count += 1;
        }
        let (Some(reference), Some(test)) = (reference, test) else { return };
        self.matrix.count(reference, test);
        if reference != test {
            let (mut reference_at, mut test_at) = (self.reference.current.time, self.test.current.time);
            if matches!(reference, Mark::NoBeat | Mark::Shutdown) {
                reference_at = test_at;
            } else if matches!(test, Mark::NoBeat | Mark::Shutdown) {
                test_at = reference_at;
            }
            self.mismatches.push(Mismatch { reference, test, reference_at, test_at });
        }
    }
}

fn of(beat: Beat) -> Option<Mark> {
    beat.label.map(Mark::Beat)
}

/// Whether the later current beat belongs to the `earlier` one: it lies nearer to it than to the beat that follows, or that next beat has a nearer partner in
/// the later annotator's own next beat.
fn fits(earlier: &Track<'_>, later: &Track<'_>) -> bool {
    let to_next = apart(later.current.time, earlier.upcoming.time);
    apart(later.current.time, earlier.current.time) < to_next || apart(later.upcoming.time, earlier.upcoming.time) < to_next
}

/// What the annotator without a beat at `time` says there. Fibrillation counts in the reference only.
fn absent(track: &Track<'_>, time: Time, reference: bool) -> Option<Mark> {
    Some(if reference && track.fibrillation_at(time) {
        Mark::Fibrillation
    } else if track.shut_down_at(time) {
        Mark::Shutdown
    } else {
        Mark::NoBeat
    })
}
