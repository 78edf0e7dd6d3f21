//! Who decides.

use super::ReviewError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fmt,
    hash::{BuildHasher, RandomState},
};

/// Longest name in characters.
const LONGEST_NAME: usize = 200;
/// Longest initials in characters.
const LONGEST_INITIALS: usize = 8;

/// Identity of a reviewer: 32 hexadecimal digits, made once and the same on every machine that shares the store.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReviewerId(String);

impl ReviewerId {
    /// A new identity that nobody else has.
    pub fn new() -> Self {
        let mut sha = Sha256::new();
        // Every RandomState has keys of its own from the system's generator of random numbers.
        for salt in 0..4u64 {
            sha.update(RandomState::new().hash_one(salt).to_le_bytes());
        }
        sha.update(std::process::id().to_le_bytes());
        Self(super::hex(&sha.finalize()).chars().take(32).collect())
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ReviewerId {
    fn default() -> Self {
        Self::new()
    }
}

impl TryFrom<String> for ReviewerId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()) {
            Ok(Self(text))
        } else {
            Err(format!("`{}` is no reviewer's identity", text.escape_debug()))
        }
    }
}

impl From<ReviewerId> for String {
    fn from(id: ReviewerId) -> Self {
        id.0
    }
}

impl fmt::Display for ReviewerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person who reviews, or another annotator whose labels were imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewer {
    /// Identity.
    pub id: ReviewerId,
    /// Name as reports show it.
    pub name: String,
    /// Initials as the trail shows them.
    pub initials: String,
    /// The labels came from a file: nobody reviews under this name.
    pub imported: bool,
}

impl Reviewer {
    /// A new reviewer. White space around and repeated within is removed; empty initials are made of the name.
    ///
    /// # Errors
    /// [`ReviewError::Reviewer`] for a name without letters or that is too long.
    pub fn new(name: &str, initials: &str) -> Result<Self, ReviewError> {
        let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = tidy(name);
        let mut initials = tidy(initials);
        if initials.is_empty() {
            initials = name.split(' ').filter_map(|word| word.chars().next()).take(LONGEST_INITIALS).collect();
        }
        let refuse = |problem: &str| Err(ReviewError::Reviewer { problem: problem.to_owned() });
        if !name.chars().any(char::is_alphanumeric) {
            return refuse("a name is needed");
        }
        if name.chars().count() > LONGEST_NAME || initials.chars().count() > LONGEST_INITIALS {
            return refuse("names have at most 200 characters, initials 8");
        }
        if name.chars().chain(initials.chars()).any(char::is_control) {
            return refuse("names have no control characters");
        }
        Ok(Self { id: ReviewerId::new(), name, initials, imported: false })
    }

    /// An annotator whose labels come from a file.
    ///
    /// # Errors
    /// As [`Reviewer::new`].
    pub fn imported(name: &str) -> Result<Self, ReviewError> {
        let initials: String = name.split_whitespace().collect::<String>().chars().take(4).collect();
        Ok(Self { imported: true, ..Self::new(name, &initials)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_name() {
        let reviewer = Reviewer::new("  Ada   Maria Lovelace ", "").unwrap();
        assert_eq!((reviewer.name.as_str(), reviewer.initials.as_str()), ("Ada Maria Lovelace", "AML"));
        assert!(Reviewer::new(" . ", "").is_err());
        assert!(Reviewer::new(&"x".repeat(201), "").is_err());
        assert!(Reviewer::new("A\u{7}b", "").is_err());
    }

    #[test]
    fn identities_differ_and_are_checked() {
        assert_ne!(ReviewerId::new(), ReviewerId::new());
        let id = ReviewerId::new();
        assert_eq!(ReviewerId::try_from(id.as_str().to_owned()), Ok(id));
        assert!(ReviewerId::try_from("../../etc".to_owned()).is_err());
    }
}
