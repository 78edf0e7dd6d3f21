//! Which recording: by content, so that a moved or renamed file keeps its review.

use crate::recording::{Data, Recording, SampleError, Signal};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// What is digested is versioned: another way of digesting would give every recording another identity.
const METHOD: &[u8] = b"efficientecg recording identity 1\n";

/// Identity of a recording: SHA-256 of its digital samples and signal parameters, 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordingId(String);

impl RecordingId {
    /// Reads the recording through once, block by block.
    ///
    /// Of every recorded signal (the leads, then the others, as the reader orders them): label, rate, gain, baseline, unit, number of samples,
    /// SHA-256 of the samples. Neither the path nor the record's name, patient, start time or annotations take part.
    ///
    /// # Errors
    /// [`SampleError`] when the file can no longer be read.
    pub fn of(recording: &Recording) -> Result<Self, SampleError> {
        let signals: Vec<&Signal> =
            recording.leads.iter().chain(&recording.other_signals).map(AsRef::as_ref).filter(|s| !s.is_derived()).collect();
        let mut sha = Sha256::new();
        sha.update(METHOD);
        sha.update(recording.rate.hz().to_le_bytes());
        sha.update(recording.length.to_le_bytes());
        for (signal, digest) in signals.iter().zip(crate::formats::digests(&signals)?) {
            let (Data::Recorded { scale, .. }, Some(digest)) = (&signal.data, digest) else { continue };
            for text in [&signal.label, &scale.unit, &digest.sha256] {
                // With its length before it, no text runs into the next.
                sha.update((text.len() as u64).to_le_bytes());
                sha.update(text.as_bytes());
            }
            for number in [signal.rate.hz(), scale.gain, scale.baseline] {
                sha.update(number.to_le_bytes());
            }
            sha.update(digest.samples.to_le_bytes());
        }
        Ok(Self(super::hex(&sha.finalize())))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits: enough to tell recordings apart on a screen.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl TryFrom<String> for RecordingId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()) {
            Ok(Self(text))
        } else {
            Err(format!("`{}` is no recording's identity", text.escape_debug()))
        }
    }
}

impl From<RecordingId> for String {
    fn from(id: RecordingId) -> Self {
        id.0
    }
}

impl fmt::Display for RecordingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::test_support::recording;
    use std::sync::Arc;

    #[test]
    fn content_alone_makes_the_identity() {
        let original = recording(&[1, 2, 3, 4]);
        let id = RecordingId::of(&original).unwrap();
        let mut renamed = original.clone();
        renamed.path = "elsewhere/other.edf".into();
        renamed.name = "other".into();
        assert_eq!(RecordingId::of(&renamed).unwrap(), id);
        assert_ne!(RecordingId::of(&recording(&[1, 2, 3, 5])).unwrap(), id, "one sample");
        let mut scaled = original.clone();
        let mut signal = (*scaled.leads[0]).clone();
        if let Data::Recorded { scale, .. } = &mut signal.data {
            scale.gain *= 2.0;
        }
        scaled.leads[0] = Arc::new(signal);
        assert_ne!(RecordingId::of(&scaled).unwrap(), id, "gain");
    }

    #[test]
    fn only_digests_are_identities() {
        assert!(RecordingId::try_from("0".repeat(64)).is_ok());
        assert!(RecordingId::try_from("0".repeat(63)).is_err());
        assert!(RecordingId::try_from("G".repeat(64)).is_err());
    }
}
