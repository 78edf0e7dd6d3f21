//! Figures for many recordings, as EC57 asks for them: gross (every beat counts the same) and average (every recording counts the same).

use super::{BeatComparison, BeatMatrix, RrError, RunComparison, Share};

/// Mean of a percentage over the recordings in which it is defined.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Average {
    sum: f64,
    /// How many recordings have it.
    pub recordings: usize,
}

impl Average {
    /// Adds one recording's figure; an undefined one does not count.
    pub fn add(&mut self, percent: Option<f64>) {
        if let Some(percent) = percent {
            self.sum += percent;
            self.recordings += 1;
        }
    }

    /// The mean; `None` without recordings.
    pub fn mean(self) -> Option<f64> {
        (self.recordings > 0).then(|| self.sum / self.recordings as f64)
    }
}

/// Several recordings' comparisons together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// How many recordings.
    pub recordings: usize,
    /// Gross counts of beat pairs.
    pub beats: BeatMatrix,
    /// All RR differences, in milliseconds.
    pub rr_error: RrError,
    /// Gross counts of ventricular runs.
    pub ventricular: RunComparison,
    /// Gross counts of supraventricular runs.
    pub supraventricular: RunComparison,
    /// Averages: QRS, VEB, SVEB, each sensitivity then positive predictivity.
    pub averages: [Average; 6],
}

impl Summary {
    /// Adds a recording.
    pub fn add(&mut self, beats: &BeatComparison) {
        self.recordings += 1;
        self.beats.add(&beats.matrix);
        let error = beats.rr_error_ms();
        self.rr_error.sum_of_squares += error.sum_of_squares;
        self.rr_error.count += error.count;
        for (average, share) in self.averages.iter_mut().zip(six(&beats.matrix)) {
            average.add(share.percent());
        }
    }

    /// Adds a recording's runs.
    pub fn add_runs(&mut self, ventricular: &RunComparison, supraventricular: &RunComparison) {
        self.ventricular.add(ventricular);
        self.supraventricular.add(supraventricular);
    }

    /// Gross shares in the order of [`Summary::averages`].
    pub fn gross(&self) -> [Share; 6] {
        six(&self.beats)
    }
}

fn six(matrix: &BeatMatrix) -> [Share; 6] {
    let s = matrix.statistics();
    [s.qrs_sensitivity, s.qrs_predictivity, s.veb_sensitivity, s.veb_predictivity, s.sveb_sensitivity, s.sveb_predictivity]
}
