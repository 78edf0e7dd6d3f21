//! Work in the background steps back behind what draws the window.

use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};

/// Of 0 to 99: on Linux a nice value of 9, a tenth of the share of a thread that draws.
const PRIORITY: u8 = 25;

/// Gives the calling thread, and those it starts where the system lets them inherit it (Linux: those of ONNX Runtime too), a low priority.
pub fn step_back() {
    let priority = ThreadPriorityValue::try_from(PRIORITY).map_or(ThreadPriority::Min, ThreadPriority::Crossplatform);
    if let Err(error) = set_current_thread_priority(priority) {
        tracing::debug!("a thread in the background keeps its priority: {error}");
    }
}
