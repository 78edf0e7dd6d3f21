//! Review: what people decide about a recording, kept and attributable.
//!
//! # The interface in one look
//!
//! ```no_run
//! # use efficientecg::{analysis::Analysis, recording::{Recording, SampleIndex}, review::{*, store::*}};
//! # use std::sync::Arc;
//! # fn example(recording: &Recording, analysis: &Analysis) -> Result<(), Box<dyn std::error::Error>> {
//! let folder = data_folder(None).ok_or("no data folder")?;
//! let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder)?);
//! let me = Reviewer::new("Ada Lovelace", "AL")?;
//! store.add_reviewer(&me, SystemClock.now())?; // once; later: store.reviewers()
//! let facts = RecordingFacts::of(RecordingId::of(recording)?, recording); // reads the samples through: in a job
//! let mut session = Session::open(store, Arc::new(SystemClock), &facts, &me.id, false)?;
//! session.labels_arrived(Baseline::of(recording, analysis))?; // whenever the analysis is done; edits made before it stay
//! let beats = session.review().content().beats.as_slice(); // in time order; in_range, nearest, next_after by binary search
//! let chosen: Vec<SampleIndex> = beats.iter().take(12).map(|beat| beat.sample).collect();
//! let relabel = Command::Relabel { beats: chosen, to: BeatType::VentricularPremature };
//! let preview = session.review().preview(&relabel)?; // "Relabel 12 beats as V", 12, [(N, 12)]
//! session.perform(&relabel, None)?; // returns when it is durable; Err: nothing changed
//! session.undo(None)?; // names: review().undo_name(), redo_name()
//! session.confirm()?; // from here on perform, undo and redo need a reason
//! # Ok(())
//! # }
//! ```
//!
//! - [`Review`] is what is shown: [`Review::content`] (beats, intervals, judgements, conclusion, calipers), [`Review::findings`] (the machine's beside the
//!   person's), [`Review::state`], [`Review::may_see`] (blind reading), [`Review::history`].
//! - [`Session`] does things: [`Session::perform`] with a [`Command`], [`Session::undo`], [`Session::redo`], [`Session::confirm`],
//!   [`Session::reveal`]. Each waits for the disk (milliseconds): fine in `update`, or in a job.
//! - [`ReviewError::ReasonNeeded`]: ask for the reason and repeat. [`store::StoreError::Conflict`]: call [`Session::reload`] and show what came.
//!   Every error's text is meant for the person.
//! - [`vocabulary::search`] is the search as you type for findings to add.
//! - [`snap`] gives the R peak near a click; [`select`] chooses beats by place, class and shape and groups them ([`select::Shapes`] in a job);
//!   [`agreement::compare`] compares two readers: matrix, kappa, disagreements to jump between, each of which [`Command::TakeTheirs`] resolves.
//! - [`store`] keeps it all: one trait, SQLite behind it.
//!
//! # How it is kept
//!
//! A review is the labels that were there first ([`Baseline`], kept for ever) and a log of [`Event`]s; the log is the audit trail itself. A [`Step`]
//! is a named list of [`Change`]s, small deltas that know what was there before, so that undo and redo reach back to the first edit in
//! any session: a review is rebuilt by going through its log.

pub mod agreement;
mod baseline;
mod beat_type;
mod beats;
mod change;
mod command;
mod content;
mod error;
mod event;
pub mod exchange;
mod finding;
mod identity;
mod interval;
mod people;
mod review_of;
mod said;
pub mod select;
mod session;
mod snap;
mod state;
pub mod store;
mod tally;
#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;
mod time;
pub mod vocabulary;

pub use baseline::{Baseline, BaselineId, BaselineSource, Labels};
pub use beat_type::BeatType;
pub use beats::{Beat, BeatSource, Beats, WfdbFields};
pub use change::{Change, Relabelled};
pub use command::{Command, LONGEST_CONCLUSION, LONGEST_REMARK, Preview, Taken};
pub use content::{CaliperId, Content};
pub use error::ReviewError;
pub use event::{Entry, Event, Step, Version, Whose};
pub use finding::{Certainty, FindingKey, Judgement, MachineFinding, Verdict};
pub use identity::RecordingId;
pub use interval::{Interval, IntervalId, IntervalKind, Rhythm};
pub use people::{Reviewer, ReviewerId};
pub use review_of::{Confirmation, Review, ReviewKey, ReviewedFinding};
pub use session::{Done, Session, load};
pub use snap::snap;
pub use state::State;
pub use tally::Tally;
pub use time::{Clock, SystemClock, Timestamp};

/// Lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
