//! Nothing is sent anywhere: ONNX Runtime's own reports of use are turned off, or it is not loaded.
//!
//! Official builds since 1.29 keep events about sessions and models (file names, hashes, times) in the user's cache folder and send them to their
//! maker, on Linux and macOS too. The switch of the interface acts on an environment that has already begun to; only
//! these variables, set before the library starts, keep it from making its files and its connection at all (its
//! documentation of privacy, and `tests/silence.rs`).

use std::env;

/// Under which names releases of ONNX Runtime look for the wish to be left alone.
const VARIABLES: [&str; 2] = ["ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED"];

/// Tells ONNX Runtime, should it be loaded later, to report nothing.
///
/// # Safety
/// Changes the environment of the process: no other thread may run yet.
pub unsafe fn silence() {
    for name in VARIABLES {
        // SAFETY: the caller's promise.
        unsafe { env::set_var(name, "1") };
    }
}

/// Whether ONNX Runtime will report nothing.
pub(super) fn is_silenced() -> bool {
    env::var_os(VARIABLES[0]).is_some_and(|value| value == "1")
}
