//! How good a recording's signal is: which leads can be analysed, what is wrong with them second by second, whether electrodes seem
//! exchanged, and whether a record is good enough to be read.

mod acceptable;
mod judge;
mod pauses;
mod record;
mod reversal;
mod seconds;
mod shape;
mod timeline;

pub use acceptable::{Acceptability, NamedLead, acceptability};
pub use judge::{LeadSignal, flat_stretches, judge};
pub use pauses::{Pause, PauseCause, pauses};
pub use record::{FEATURES, record_features};
pub use reversal::{Exchange, StandardChest, Suspicion, suspected_reversals};
pub use timeline::{LeadNumbers, LeadQuality, LeadTimeline, Problem, ProblemSpan, assess};
