//! The audit trail: entries that chain by hash. Every store computes and checks the chain with this.

use super::super::{Entry, Event, ReviewKey, ReviewerId, Timestamp, Version};
use super::StoreError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// SHA-256 of an entry and, through the one before it, of everything before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::super::hex(&self.0))
    }
}

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("a hash has 64 hexadecimal digits");
        let mut hash = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong());
        }
        for (index, byte) in hash.iter_mut().enumerate() {
            let digits = text.get(index * 2..index * 2 + 2).ok_or_else(wrong)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
        }
        Ok(Self(hash))
    }
}

/// One entry as it is stored: who did what, when, on which version, what the machine had said, and the hash of the entry before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrailEntry {
    /// 1, 2, 3 ... in the store.
    pub number: u64,
    /// Which review; `None`: about the store itself.
    pub review: Option<ReviewKey>,
    /// Version that the review has with it.
    pub version: Version,
    /// When, by the clock of the machine that did it.
    pub at: Timestamp,
    /// Milliseconds that this clock was behind the entry before: it was set back, or it is another machine's. Order is by number, never by time.
    pub behind_ms: i64,
    /// Who.
    pub by: ReviewerId,
    /// What: an [`Event`] as JSON, kept as the text that was hashed.
    pub event: String,
    /// Why a confirmed review was changed.
    pub reason: Option<String>,
    /// What the machine had said there, as JSON.
    pub said: Option<String>,
    /// Hash of the entry before; zeros for the first.
    pub previous: Hash,
    /// Hash of this entry.
    pub hash: Hash,
}

impl TrailEntry {
    /// The hash that this entry should have. Every field takes part, each with its length before it.
    pub fn computed(&self) -> Hash {
        let mut sha = Sha256::new();
        sha.update(b"efficientecg audit entry 1\n");
        let mut field = |bytes: &[u8]| {
            sha.update((bytes.len() as u64).to_le_bytes());
            sha.update(bytes);
        };
        field(&self.previous.0);
        field(&self.number.to_le_bytes());
        match &self.review {
            Some(key) => {
                field(key.recording.as_str().as_bytes());
                field(key.reviewer.as_str().as_bytes());
            }
            None => field(b""),
        }
        field(&self.version.0.to_le_bytes());
        field(&self.at.0.to_le_bytes());
        field(&self.behind_ms.to_le_bytes());
        field(self.by.as_str().as_bytes());
        field(self.event.as_bytes());
        for text in [&self.reason, &self.said] {
            // Nothing and an empty text are told apart.
            field(if text.is_some() { b"1" } else { b"0" });
            field(text.as_deref().unwrap_or_default().as_bytes());
        }
        Hash(sha.finalize().into())
    }

    /// Finishes an entry with the hash that it has after `previous`.
    pub fn sealed(mut self, previous: Hash) -> Self {
        self.previous = previous;
        self.hash = self.computed();
        self
    }

    /// The event.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when the text is none.
    pub fn parsed(&self) -> Result<Event, StoreError> {
        serde_json::from_str(&self.event)
            .map_err(|error| StoreError::Broken { entry: self.number, problem: format!("it is no event ({error})") })
    }

    /// Event, time, person and reason, as a review takes it.
    ///
    /// # Errors
    /// As [`TrailEntry::parsed`].
    pub fn entry(&self) -> Result<Entry, StoreError> {
        Ok(Entry { event: self.parsed()?, at: self.at, by: self.by.clone(), reason: self.reason.clone() })
    }
}
