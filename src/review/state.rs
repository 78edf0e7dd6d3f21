//! Where a review stands between unread and confirmed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// State of the workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has begun.
    #[default]
    Unread,
    /// Somebody is at it.
    InReview,
    /// A person stands for it.
    Confirmed,
    /// Changed after it was confirmed: unconfirmed until it is confirmed again.
    Amended,
}

impl State {
    /// All, in the order of the workflow.
    pub const ALL: [Self; 4] = [Self::Unread, Self::InReview, Self::Confirmed, Self::Amended];

    /// Word for people and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::InReview => "in review",
            Self::Confirmed => "confirmed",
            Self::Amended => "amended, unconfirmed",
        }
    }

    /// A person stands for what the review says.
    pub fn is_confirmed(self) -> bool {
        self == Self::Confirmed
    }

    /// The state of that snake-case name.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
    }

    /// Snake-case name as it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::InReview => "in_review",
            Self::Confirmed => "confirmed",
            Self::Amended => "amended",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back() {
        for state in State::ALL {
            assert_eq!(State::parse(state.code()), Some(state));
        }
        assert_eq!(State::parse("done"), None);
    }
}
