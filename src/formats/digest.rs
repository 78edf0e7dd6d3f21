//! Digests of a signal's digital samples: what `info` prints so that two programs can compare what they read.

use crate::recording::{Data, INVALID_SAMPLE, SampleError, Signal};
use sha2::{Digest, Sha256};

/// Physical values shown from either end.
const SHOWN: usize = 10;

/// Samples read at a time.
const BLOCK: u64 = 1 << 16;

/// What was read of one recorded signal.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalDigest {
    /// Number of samples.
    pub samples: u64,
    /// Sum of the digital samples; an invalid sample counts as the file's own code for it.
    pub sum: i64,
    /// SHA-256 of the digital samples as little-endian 32-bit integers, in lower-case hexadecimal.
    pub sha256: String,
    /// The first ten physical values in the signal's unit; `None` where invalid.
    pub first: Vec<Option<f64>>,
    /// The last ten.
    pub last: Vec<Option<f64>>,
    /// Whether the stored samples have the checksum the header declares; `None` where it declares none.
    pub checksum_ok: Option<bool>,
}

/// Reads a signal through once. `None` for derived leads, which have no digital samples.
///
/// # Errors
/// [`SampleError`] when the file can no longer be read.
pub fn digest(signal: &Signal) -> Result<Option<SignalDigest>, SampleError> {
    let Data::Recorded { source, scale } = &signal.data else { return Ok(None) };
    let samples = source.len();
    let invalid = source.invalid_code();
    let mut sum = 0i64;
    let mut sha = Sha256::new();
    let mut block = Vec::new();
    let mut bytes = Vec::new();
    let mut start = 0;
    while start < samples {
        block.resize((samples - start).min(BLOCK) as usize, INVALID_SAMPLE);
        source.read(start, &mut block)?;
        bytes.clear();
        for value in &block {
            let stored = if *value == INVALID_SAMPLE { invalid } else { *value };
            sum = sum.wrapping_add(i64::from(stored));
            bytes.extend_from_slice(&stored.to_le_bytes());
        }
        sha.update(&bytes);
        start += block.len() as u64;
    }
    let physical = |start: u64| -> Result<Vec<Option<f64>>, SampleError> {
        let mut digital = vec![INVALID_SAMPLE; (samples - start).min(SHOWN as u64) as usize];
        source.read(start, &mut digital)?;
        Ok(digital.into_iter().map(|d| Some(scale.physical(d)).filter(|value| value.is_finite())).collect())
    };
    let checksum_ok = match signal.declared_checksum {
        Some(declared) => source.stored_checksum()?.map(|stored| stored == declared),
        None => None,
    };
    Ok(Some(SignalDigest {
        samples,
        sum,
        sha256: sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
        first: physical(0)?,
        last: physical(samples.saturating_sub(SHOWN as u64))?,
        checksum_ok,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{LeadName, MemorySource, Rate, Scale};
    use std::sync::Arc;

    #[test]
    fn a_known_signal_has_its_known_digest() {
        let scale = Scale { gain: 2.0, baseline: 1.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) };
        let source = Arc::new(MemorySource((0..12).chain([INVALID_SAMPLE]).collect()));
        let signal = Signal {
            label: "II".into(),
            lead: LeadName::parse("II"),
            rate: Rate::new(100.0).unwrap(),
            calibrated: true,
            declared_checksum: None,
            data: Data::Recorded { source, scale },
        };
        let digest = digest(&signal).unwrap().unwrap();
        assert_eq!((digest.samples, digest.sum), (13, 66 + i64::from(i32::MIN)));
        // Computed with Python: hashlib.sha256(struct.pack("<13i", *range(12), -2**31)).hexdigest().
        assert_eq!(digest.sha256, "7f769949d692e01dc6c86da99fc5c7180d7f0a44ac7ef76502fc342faf031179");
        assert_eq!(digest.first[..2], [Some(-0.5), Some(0.0)]);
        assert_eq!((digest.first.len(), digest.last.len()), (10, 10));
        assert_eq!(digest.last[8..], [Some(5.0), None]);
        assert_eq!(digest.checksum_ok, None);
    }
}
