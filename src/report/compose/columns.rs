//! The four columns above the paper.

mod machine;
mod measured;
mod reader;
mod recording;

pub use machine::machine;
pub use measured::{measured, remarks};
pub use reader::{is_unread, reader, signature};
pub use recording::recording;

use super::Context;
use crate::report::reviewed::Status;

impl Context<'_> {
    /// A person stands for it.
    pub fn confirmed(&self) -> bool {
        self.content.review.status == Status::Confirmed
    }
}
