//! One channel of a recording: digital samples, their scale, and access in millivolts.

use super::{LeadName, Rate};
use std::{fmt::Debug, sync::Arc};

/// The digital value that stands for "no valid sample" in everything a [`SampleSource`] returns, whatever the file's own
/// code for it is.
pub const INVALID_SAMPLE: i32 = i32::MIN;

/// Why samples could not be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SampleError {
    /// The file changed or shrank after it was opened, or could not be read.
    #[error("{file}: samples could not be read ({reason}); open the recording again")]
    Unreadable {
        /// The signal file.
        file: String,
        /// What happened.
        reason: String,
    },
}

/// Digital samples of one channel, read on demand from whatever holds them.
pub trait SampleSource: Send + Sync + Debug {
    /// Number of samples.
    fn len(&self) -> u64;

    /// True when there is no sample.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `out` with the samples from `start` on; invalid samples, gaps and everything past the end are [`INVALID_SAMPLE`].
    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError>;

    /// The file's own code for an invalid sample, where it has one: digests of a file's digital samples count it as the file does.
    fn invalid_code(&self) -> i32 {
        INVALID_SAMPLE
    }

    /// Low 16 bits of the sum of the samples as they are stored, which is what a WFDB header declares: invalid codes count, and a
    /// skewed signal's samples count from the file's first on. `None` for formats without such a checksum.
    fn stored_checksum(&self) -> Result<Option<i16>, SampleError> {
        Ok(None)
    }
}

/// From digital values to physical ones: `physical = (digital - baseline) / gain`.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Counts per physical unit; never 0, may be negative (inverted ranges).
    pub gain: f64,
    /// The count that means 0 physical units.
    pub baseline: f64,
    /// Physical unit as the file gives it (`mV`, `uV`, `mmHg` ...).
    pub unit: String,
    /// Millivolts per physical unit; `None` when the unit is no voltage.
    pub millivolts_per_unit: Option<f64>,
}

impl Scale {
    /// Physical value of one digital sample, NaN for [`INVALID_SAMPLE`].
    pub fn physical(&self, digital: i32) -> f64 {
        if digital == INVALID_SAMPLE { f64::NAN } else { (f64::from(digital) - self.baseline) / self.gain }
    }

    /// Millivolts per unit for a unit's spelling: V, mV, uV (also with the micro signs), nV, and the words; else `None`.
    pub fn voltage_unit(unit: &str) -> Option<f64> {
        match unit.trim() {
            "V" | "v" | "Volt" | "volt" | "Volts" | "volts" => Some(1e3),
            "mV" | "mv" | "MV" | "mVolt" | "mvolt" | "millivolt" | "millivolts" => Some(1.0),
            "uV" | "uv" | "UV" | "µV" | "μV" | "uVolt" | "uvolt" | "microvolt" | "microvolts" => Some(1e-3),
            "nV" | "nv" => Some(1e-6),
            _ => None,
        }
    }
}

/// One term of a derived lead.
#[derive(Debug, Clone)]
pub struct Term {
    /// Factor, e.g. -0.5.
    pub factor: f32,
    /// The recorded lead it applies to.
    pub signal: Arc<Signal>,
}

/// Where a channel's values come from.
#[derive(Debug, Clone)]
pub enum Data {
    /// Recorded: digital samples with their scale.
    Recorded {
        /// The samples.
        source: Arc<dyn SampleSource>,
        /// Their scale.
        scale: Scale,
    },
    /// Computed from recorded leads of the same rate (Einthoven, Goldberger).
    Derived(Vec<Term>),
}

/// One channel.
#[derive(Debug, Clone)]
pub struct Signal {
    /// Label as written in the file (for derived leads: the lead's name).
    pub label: String,
    /// The lead it is.
    pub lead: LeadName,
    /// Its own rate.
    pub rate: Rate,
    /// False when the file gives no usable gain or unit: values are shown in counts or on the default gain and marked *uncalibrated*.
    pub calibrated: bool,
    /// 16-bit checksum of the digital samples that the header declares (WFDB), for verification.
    pub declared_checksum: Option<i16>,
    /// The values.
    pub data: Data,
}

/// Samples held in memory: decoded blocks, simulated recordings, tests.
#[derive(Debug, Clone, Default)]
pub struct MemorySource(pub Vec<i32>);

impl SampleSource for MemorySource {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let from = usize::try_from(start).unwrap_or(usize::MAX).min(self.0.len());
        let count = out.len().min(self.0.len() - from);
        out[..count].copy_from_slice(&self.0[from..from + count]);
        out[count..].fill(INVALID_SAMPLE);
        Ok(())
    }
}

impl Signal {
    /// Number of samples at the channel's own rate.
    pub fn len(&self) -> u64 {
        match &self.data {
            Data::Recorded { source, .. } => source.len(),
            Data::Derived(terms) => terms.iter().map(|t| t.signal.len()).min().unwrap_or(0),
        }
    }

    /// True when there is no sample.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the lead was computed from others.
    pub fn is_derived(&self) -> bool {
        matches!(self.data, Data::Derived(_))
    }

    /// Appends `count` samples from `start` (own rate) to `out` in millivolts; NaN where there is no valid sample. Uncalibrated
    /// channels come on the assumed scale, channels that are no voltage in their own unit.
    pub fn read_millivolts(&self, start: u64, count: usize, out: &mut Vec<f32>) -> Result<(), SampleError> {
        match &self.data {
            Data::Recorded { source, scale } => {
                let mut digital = vec![INVALID_SAMPLE; count];
                source.read(start, &mut digital)?;
                let factor = scale.millivolts_per_unit.unwrap_or(1.0) / scale.gain;
                let first = out.len();
                out.resize(first + count, f32::NAN);
                // Without branches, several samples are converted at once.
                for (value, d) in out[first..].iter_mut().zip(&digital) {
                    let converted = ((f64::from(*d) - scale.baseline) * factor) as f32;
                    *value = if *d == INVALID_SAMPLE { f32::NAN } else { converted };
                }
            }
            Data::Derived(terms) => {
                let mut sum = vec![0.0f32; count];
                let mut values = Vec::with_capacity(count);
                for term in terms {
                    values.clear();
                    term.signal.read_millivolts(start, count, &mut values)?;
                    for (total, value) in sum.iter_mut().zip(&values) {
                        *total += term.factor * value;
                    }
                }
                out.append(&mut sum);
            }
        }
        Ok(())
    }
}
