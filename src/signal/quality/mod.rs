//! How good a recording's signal is: which leads can be analysed, what is wrong with them second by second, whether electrodes seem
//! exchanged, and whether a record is good enough to be read.

mod judge;
mod pauses;
mod seconds;
mod timeline;

pub use judge::{LeadSignal, flat_stretches, judge};
pub use pauses::{Pause, PauseCause, pauses};
pub use timeline::{LeadNumbers, LeadQuality, LeadTimeline, Problem, ProblemSpan, assess};
