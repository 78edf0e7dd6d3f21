//! Storage formats and what they hold.

use crate::formats::write::{NewRecording, WriteError, frames::Frames, survey::Survey};
use std::path::Path;

/// How digital samples are stored. The number is WFDB's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WfdbFormat {
    /// 16 bits.
    Bits16,
    /// 24 bits.
    Bits24,
    /// 32 bits.
    Bits32,
    /// 12 bits, two samples in three bytes (MIT-BIH).
    Packed212,
    /// 16 bits compressed with FLAC.
    Flac516,
    /// 24 bits compressed with FLAC.
    Flac524,
}

impl WfdbFormat {
    /// WFDB's number.
    pub fn number(self) -> u32 {
        match self {
            Self::Bits16 => 16,
            Self::Bits24 => 24,
            Self::Bits32 => 32,
            Self::Packed212 => 212,
            Self::Flac516 => 516,
            Self::Flac524 => 524,
        }
    }

    /// Bits of a stored sample.
    pub fn bits(self) -> u32 {
        match self {
            Self::Bits16 | Self::Flac516 => 16,
            Self::Bits24 | Self::Flac524 => 24,
            Self::Bits32 => 32,
            Self::Packed212 => 12,
        }
    }

    /// Whether it is compressed with FLAC.
    pub fn is_flac(self) -> bool {
        matches!(self, Self::Flac516 | Self::Flac524)
    }

    /// The stored value that means "no valid sample": the smallest there is.
    pub(super) fn invalid(self) -> i32 {
        i32::MIN >> (32 - self.bits())
    }

    /// Whether genuine samples between these two can be stored: the code for invalid ones is none.
    fn holds(self, (low, high): (i32, i32)) -> bool {
        low > self.invalid() && high <= !self.invalid()
    }
}

/// The format asked for, or the smallest that holds everything.
///
/// # Errors
/// [`WriteError::Unsuitable`] naming a signal and a value that the asked format cannot hold: nothing is clipped.
pub(super) fn choose(
    recording: &NewRecording,
    frames: &Frames,
    asked: Option<WfdbFormat>,
    path: &Path,
) -> Result<WfdbFormat, WriteError> {
    let mut smallest = WfdbFormat::Bits16;
    for (signal, per_frame) in recording.signals.iter().zip(&frames.per_frame) {
        let whole = (0, signal.source.len().min(frames.count * per_frame));
        let Some(range) = Survey::of(signal.source.as_ref(), [whole], path)?.range else { continue };
        if let Some(asked) = asked.filter(|asked| !asked.holds(range)) {
            let value = if range.1 > !asked.invalid() { range.1 } else { range.0 };
            let problem = format!(
                "the value {value} does not fit format {}, which holds {} to {}; choose a wider one",
                asked.number(),
                asked.invalid() + 1,
                !asked.invalid()
            );
            return Err(WriteError::unsuitable(path, format!("signal {}", signal.name), problem));
        }
        if let Some(wider) = [WfdbFormat::Bits16, WfdbFormat::Bits24, WfdbFormat::Bits32].into_iter().find(|f| f.holds(range))
            && wider.bits() > smallest.bits()
        {
            smallest = wider;
        }
    }
    Ok(asked.unwrap_or(smallest))
}
