//! Measurements: what every clinical ECG carries in its corner, each with its unit, or with the reason why it was not made.
//!
//! Everything but the rate is measured on the [median beat](crate::signal::median_beat) between representative fiducial points: for each
//! lead the median over the used beats of where a wave begins, peaks and ends relative to R; over all leads the
//! earliest onset and the latest offset, isolated outliers left out.
//!
//! Names: `heart_rate`, `heart_rate_min`, `heart_rate_max` (bpm), `rr_mean`, `rr_sd`, `rr_rmssd` (ms), `rr_pnn50` (%), `p_duration`, `pr`,
//! `qrs`, `qt`, `qtc_bazett`, `qtc_fridericia`, `qtc_framingham`, `qtc_hodges` (ms), `p_axis`, `qrs_axis`, `t_axis`, `qrs_t_angle`
//! (degrees), `ptf_v1` (mV*ms), `sokolow_lyon`, `cornell` (mV), `cornell_product` (mV*ms). For each lead, as `name_lead`:
//! `p_amplitude`, `q_amplitude`, `r_amplitude`, `s_amplitude`, `r2_amplitude`, `s2_amplitude` (R' and S'), `qrs_pp`, `st_j`, `st_j60`,
//! `st_j80`, `t_amplitude` (mV), `q_duration`, `r_duration`, `s_duration`, `rpt` (ms, QRS onset to R peak), `st_slope` (mV/s).
//! Amplitudes are signed as recorded: Q, S and S' are negative. A wave that is not there has amplitude and duration 0, with a warning that
//! says from which size it would have been seen. A complex without R is given as Q, with the warning `QS complex`.

mod amplitudes;
mod axes;
mod confidence;
mod fiducials;
mod intervals;
mod limits;
mod measured;
mod qrs_waves;
mod rates;
mod st_t;
#[cfg(test)]
mod tests;
mod trace;
mod voltages;

pub use fiducials::{Fiducials, LeadFiducials, RelativeWaves};
pub use measured::{Limits, Measured, Measurements, lead_name};
pub use rates::range as rr_range;

use crate::{
    recording::{LeadName, Rate, Sex, StandardLead},
    signal::{
        median_beat::{self, MedianBeats, MedianInput, SourceLead},
        waves::Waves,
    },
};
use limits::Person;

/// A lead to be measured.
#[derive(Debug, Clone, Copy)]
pub struct MeasureLead<'a> {
    /// Which lead.
    pub name: &'a LeadName,
    /// Samples in millivolts in the diagnostic band (0.05 to 150 Hz or as recorded); what is not finite is invalid.
    pub samples: &'a [f32],
    /// The millivolts are true. Otherwise only times are measured.
    pub calibrated: bool,
}

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub struct MeasureInput<'a> {
    /// The leads, all at one rate and from one first sample.
    pub leads: &'a [MeasureLead<'a>],
    /// Their rate.
    pub rate: Rate,
    /// R peaks of all beats in samples, ascending.
    pub peaks: &'a [f64],
    /// Which beats the median beat may be made of (e.g. those of class N); `None`: all. Of those the dominant shape is taken.
    pub used: Option<&'a [bool]>,
    /// The waves as delineated; [`crate::signal::waves::BeatWaves::beat`] counts in `peaks`.
    pub waves: &'a Waves,
    /// Age in years.
    pub age_years: Option<f32>,
    /// Sex.
    pub sex: Option<Sex>,
}

/// What was measured, and on what.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureOutput {
    /// The measurements, those that could not be made included.
    pub measurements: Measurements,
    /// The median beat; `None` where there is no usable beat.
    pub median: Option<MedianBeats>,
    /// The representative fiducial points relative to R.
    pub fiducials: Fiducials,
}

/// Fewer delineated beats than this are too few to be the only ones the median beat is made of.
const LEAST_DELINEATED: usize = 3;

/// Measures a recording.
pub fn measure(input: &MeasureInput) -> MeasureOutput {
    let sources: Vec<SourceLead> = input.leads.iter().map(|l| SourceLead { name: l.name, samples: l.samples }).collect();
    let delineated = delineated(input);
    let used = if delineated.iter().filter(|d| **d).count() >= LEAST_DELINEATED { Some(&delineated[..]) } else { input.used };
    let median_input = MedianInput { leads: &sources, rate: input.rate, peaks: input.peaks, used };
    let selection = median_beat::select(&median_input);
    // Where the baseline is isoelectric follows from the waves before alignment: it need not be exact.
    let rough: Vec<(usize, f64)> = selection.beats.iter().filter_map(|b| Some((*b, *input.peaks.get(*b)?))).collect();
    let hints = fiducials::of(input, &rough).hints(input.rate);
    let median = median_beat::make(&median_input, selection, &hints);
    let aligned: Vec<(usize, f64)> = median.as_ref().map(|m| m.aligned(input.peaks).collect()).unwrap_or_default();
    let statistics = fiducials::of(input, &aligned);
    let fiducials = statistics.fiducials();

    let mut out = Measurements::default();
    let person = Person { age_years: input.age_years, sex: input.sex };
    let rhythm = rates::measure(input, &mut out);
    intervals::measure(&statistics, &rhythm, input.rate, &mut out);
    let traces = trace::traces(input, median.as_ref(), &fiducials, statistics.no_p);
    for (lead, trace) in input.leads.iter().zip(&traces) {
        amplitudes::measure(lead.name, trace, &mut out);
    }
    axes::measure(input.leads, &traces, &mut out);
    voltages::measure(input, &traces, &mut out);
    for (name, measured) in &mut out.0 {
        if measured.value.is_some() {
            measured.limits = limits::limits(name, person);
        }
    }
    MeasureOutput { measurements: out, median, fiducials }
}

/// Which of the beats that may be used have been delineated.
fn delineated(input: &MeasureInput) -> Vec<bool> {
    let mut out = vec![false; input.peaks.len()];
    let lists = std::iter::once(&input.waves.global).chain(input.waves.leads.iter().map(|l| &l.beats));
    for waves in lists.flatten().filter(|w| w.qrs.is_some()) {
        let allowed = input.used.is_none_or(|used| used.get(waves.beat).copied().unwrap_or(false));
        if let Some(beat) = out.get_mut(waves.beat) {
            *beat |= allowed;
        }
    }
    out
}

/// The lead of that name.
fn position(leads: &[MeasureLead], wanted: StandardLead) -> Option<usize> {
    leads.iter().position(|l| l.name.standard() == Some(wanted))
}
