//! Age, sex, the plain statistics of RR intervals, and whether P waves repeat.

use super::{
    super::{
        Input, rr,
        window::{Window, correlation, detrend, peak_to_peak},
    },
    Row,
};
use crate::{recording::Sex, signal::robust::median};
use serde::{Deserialize, Serialize};

/// Fewest P windows whose likeness says anything.
const LEAST_P_WINDOWS: usize = 3;

/// In the order of [`RecordFeatures::values`].
pub(super) const TABLE: [Row; 12] = [
    ("age_years", "Age", "years", 0.0, 120.0),
    ("sex_male", "Male sex", "", 0.0, 1.0),
    ("rr_mean_s", "Mean RR", "s", 0.2, 4.0),
    ("rr_sd_s", "SD of RR", "s", 0.0, 2.0),
    ("rr_rmssd_s", "RMSSD of RR", "s", 0.0, 3.0),
    ("rr_cv", "RR variation coefficient", "", 0.0, 2.0),
    ("rr_irregularity", "RR irregularity", "", 0.0, 2.0),
    ("rr_pnn50", "RR changes over 50 ms", "share", 0.0, 1.0),
    ("rr_min_ratio", "Shortest RR over median", "", 0.0, 1.0),
    ("rr_max_ratio", "Longest RR over median", "", 1.0, 10.0),
    ("p_correlation", "P wave repeats", "correlation", -1.0, 1.0),
    ("p_amplitude_mv", "P wave amplitude", "mV", 0.0, 2.0),
];

/// The plainest features of a record; `None` = not measurable or unknown. Fields carry their names in [`super::RECORD_FEATURES`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordFeatures {
    /// Age in years.
    pub age_years: Option<f32>,
    /// 1 male, 0 female.
    pub sex_male: Option<f32>,
    /// Mean RR interval in seconds.
    pub rr_mean_s: Option<f32>,
    /// Standard deviation (n - 1) of RR intervals in seconds; from two intervals on.
    pub rr_sd_s: Option<f32>,
    /// Root mean square of differences of successive RR intervals in seconds.
    pub rr_rmssd_s: Option<f32>,
    /// Standard deviation over mean.
    pub rr_cv: Option<f32>,
    /// Median absolute successive difference over median RR interval.
    pub rr_irregularity: Option<f32>,
    /// Share of successive differences over 50 ms.
    pub rr_pnn50: Option<f32>,
    /// Shortest RR interval over the median.
    pub rr_min_ratio: Option<f32>,
    /// Longest RR interval over the median.
    pub rr_max_ratio: Option<f32>,
    /// Mean correlation of each beat's P window, freed of its trend, with the average of the others', in the lead where it is highest; from
    /// three beats on.
    pub p_correlation: Option<f32>,
    /// Peak-to-peak of the average P window of that lead in millivolts.
    pub p_amplitude_mv: Option<f32>,
}

impl RecordFeatures {
    /// Values, in the order of the fields.
    pub fn values(&self) -> [Option<f32>; 12] {
        [
            self.age_years,
            self.sex_male,
            self.rr_mean_s,
            self.rr_sd_s,
            self.rr_rmssd_s,
            self.rr_cv,
            self.rr_irregularity,
            self.rr_pnn50,
            self.rr_min_ratio,
            self.rr_max_ratio,
            self.p_correlation,
            self.p_amplitude_mv,
        ]
    }

    /// The value of that name; `None` also for names that are no record feature.
    pub fn get(&self, name: &str) -> Option<f32> {
        let index = TABLE.iter().position(|row| row.0 == name)?;
        self.values().get(index).copied().flatten()
    }
}

/// Measures what RR intervals tell of a record; all other features are `None`.
pub fn rr_features(input: &Input) -> RecordFeatures {
    let mut features = RecordFeatures::default();
    rhythm(&rr::intervals(input), &mut features);
    features
}

/// Measures a record.
pub fn record_features(input: &Input, age_years: Option<f32>, sex: Option<Sex>) -> RecordFeatures {
    let mut features = rr_features(input);
    features.age_years = age_years.filter(|a| a.is_finite());
    features.sex_male = sex.map(|s| if s == Sex::Male { 1.0 } else { 0.0 });
    let best = input.leads.iter().filter_map(|lead| p_waves(lead, input)).max_by(|a, b| a.0.total_cmp(&b.0));
    features.p_correlation = best.map(|b| b.0);
    features.p_amplitude_mv = best.map(|b| b.1);
    features
}

fn rhythm(rr: &[Option<f32>], features: &mut RecordFeatures) {
    let known: Vec<f32> = rr.iter().copied().flatten().collect();
    let differences: Vec<f32> = rr.windows(2).filter_map(|pair| Some((pair[1]? - pair[0]?).abs())).collect();
    let count = known.len() as f64;
    let Some(middle) = median(&mut known.clone()) else { return };
    let mean = known.iter().map(|v| f64::from(*v)).sum::<f64>() / count;
    features.rr_mean_s = Some(mean as f32);
    features.rr_min_ratio = known.iter().copied().reduce(f32::min).map(|v| v / middle);
    features.rr_max_ratio = known.iter().copied().reduce(f32::max).map(|v| v / middle);
    if known.len() >= 2 {
        let sd = (known.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
        features.rr_sd_s = Some(sd as f32);
        features.rr_cv = Some((sd / mean) as f32);
    }
    if !differences.is_empty() {
        let n = differences.len() as f64;
        features.rr_rmssd_s = Some((differences.iter().map(|d| f64::from(*d).powi(2)).sum::<f64>() / n).sqrt() as f32);
        // Half a millisecond of tolerance: intervals counted in samples must not fall on either side by rounding.
        features.rr_pnn50 = Some((differences.iter().filter(|d| **d > 0.0505).count() as f64 / n) as f32);
        features.rr_irregularity = median(&mut differences.clone()).map(|d| d / middle);
    }
}

/// Likeness and size of one lead's P windows.
fn p_waves(lead: &[f32], input: &Input) -> Option<(f32, f32)> {
    let length = Window::P.len(input.rate);
    let mut sum = vec![0.0f32; length];
    let mut window = Vec::with_capacity(length);
    let mut count = 0usize;
    // Two passes over the signal instead of keeping every window: a day has a hundred thousand.
    for beat in input.beats {
        if Window::P.cut(lead, input.rate, *beat, &mut window) {
            detrend(&mut window);
            sum.iter_mut().zip(&window).for_each(|(s, w)| *s += w);
            count += 1;
        }
    }
    if count < LEAST_P_WINDOWS {
        return None;
    }
    let mut others = vec![0.0f32; length];
    let (mut total, mut compared) = (0.0f64, 0usize);
    for beat in input.beats {
        if Window::P.cut(lead, input.rate, *beat, &mut window) {
            detrend(&mut window);
            // Compared with itself even noise would look alike.
            others.iter_mut().zip(sum.iter().zip(&window)).for_each(|(o, (s, w))| *o = (s - w) / (count - 1) as f32);
            if let Some(r) = correlation(&window, &others) {
                total += f64::from(r);
                compared += 1;
            }
        }
    }
    if compared < LEAST_P_WINDOWS {
        return None;
    }
    sum.iter_mut().for_each(|s| *s /= count as f32);
    Some(((total / compared as f64) as f32, peak_to_peak(&sum)))
}
