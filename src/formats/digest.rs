//! Digests of a signal's digital samples: what `info` prints so that two programs can compare what they read.

use crate::recording::{Data, INVALID_SAMPLE, SampleError, SampleSource, Scale, Signal};
use sha2::{Digest, Sha256};

/// Physical values shown from either end.
const SHOWN: usize = 10;

/// Seconds read of each signal in turn.
const BLOCK_SECONDS: f64 = 4.0;

/// Samples read at a time at most.
const MOST_IN_BLOCK: u64 = 1 << 16;

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
    /// Sum of the samples as stored, for formats whose header declares it.
    pub stored_checksum: Option<i16>,
    /// Whether the stored samples have the checksum the header declares; `None` where it declares none.
    pub checksum_ok: Option<bool>,
}

/// Reads a signal through once. `None` for derived leads, which have no digital samples.
///
/// # Errors
/// [`SampleError`] when the file can no longer be read.
pub fn digest(signal: &Signal) -> Result<Option<SignalDigest>, SampleError> {
    Ok(digests(&[signal])?.pop().flatten())
}

/// Reads signals through once, block by block side by side: what a file stores together is read and decoded once.
///
/// # Errors
/// As [`digest()`].
pub fn digests(signals: &[&Signal]) -> Result<Vec<Option<SignalDigest>>, SampleError> {
    let mut running: Vec<Option<Running>> = signals.iter().map(|signal| Running::new(signal)).collect();
    while running.iter().flatten().any(|digest| !digest.is_done()) {
        for digest in running.iter_mut().flatten() {
            digest.step()?;
        }
    }
    running.into_iter().map(|digest| digest.map(Running::finish).transpose()).collect()
}

/// A digest that has come to `at`.
struct Running<'a> {
    signal: &'a Signal,
    source: &'a dyn SampleSource,
    scale: &'a Scale,
    at: u64,
    sum: i64,
    sha: Sha256,
    block: Vec<i32>,
    bytes: Vec<u8>,
}

impl<'a> Running<'a> {
    fn new(signal: &'a Signal) -> Option<Self> {
        let Data::Recorded { source, scale } = &signal.data else { return None };
        let source = source.as_ref();
        Some(Self { signal, source, scale, at: 0, sum: 0, sha: Sha256::new(), block: Vec::new(), bytes: Vec::new() })
    }

    fn is_done(&self) -> bool {
        self.at >= self.source.len()
    }

    /// Goes on by a part of the signal: signals of one recording stay together in time, whatever their rates.
    fn step(&mut self) -> Result<(), SampleError> {
        let part = ((self.signal.rate.hz() * BLOCK_SECONDS) as u64).clamp(1, MOST_IN_BLOCK);
        let count = self.source.len().saturating_sub(self.at).min(part);
        self.block.resize(count as usize, INVALID_SAMPLE);
        self.source.read(self.at, &mut self.block)?;
        let invalid = self.source.invalid_code();
        self.bytes.clear();
        for value in &self.block {
            let stored = if *value == INVALID_SAMPLE { invalid } else { *value };
            self.sum = self.sum.wrapping_add(i64::from(stored));
            self.bytes.extend_from_slice(&stored.to_le_bytes());
        }
        self.sha.update(&self.bytes);
        self.at += count;
        Ok(())
    }

    fn finish(self) -> Result<SignalDigest, SampleError> {
        let samples = self.source.len();
        let physical = |start: u64| -> Result<Vec<Option<f64>>, SampleError> {
            let mut digital = vec![INVALID_SAMPLE; (samples - start).min(SHOWN as u64) as usize];
            self.source.read(start, &mut digital)?;
            Ok(digital.into_iter().map(|d| Some(self.scale.physical(d)).filter(|value| value.is_finite())).collect())
        };
        let (first, last) = (physical(0)?, physical(samples.saturating_sub(SHOWN as u64))?);
        let declared = self.signal.declared_checksum;
        let stored_checksum = if declared.is_some() { self.source.stored_checksum()? } else { None };
        Ok(SignalDigest {
            samples,
            sum: self.sum,
            sha256: self.sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
            first,
            last,
            stored_checksum,
            checksum_ok: stored_checksum.zip(declared).map(|(stored, declared)| stored == declared),
        })
    }
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
