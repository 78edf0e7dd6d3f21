//! How far a background job is, and the wish to stop it.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

/// Shared between a job and whoever watches it: the job reports, the watcher reads and may cancel.
#[derive(Debug, Default)]
pub struct Progress {
    /// In thousandths.
    fraction: AtomicU32,
    cancelled: AtomicBool,
    stage: Mutex<&'static str>,
}

/// The job was cancelled by its watcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

impl Progress {
    /// A job that has not begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// Called by the job: what it does now and how far it is (0 to 1). Says whether to go on.
    pub fn report(&self, stage: &'static str, fraction: f32) -> Result<(), Cancelled> {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        self.fraction.store((fraction.clamp(0.0, 1.0) * 1000.0) as u32, Ordering::Relaxed);
        self.check()
    }

    /// Called by the job: whether to go on.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }

    /// Called by the watcher: asks the job to end soon.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked for the end.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// What the job does now.
    pub fn stage(&self) -> &'static str {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far it is, 0 to 1.
    pub fn fraction(&self) -> f32 {
        self.fraction.load(Ordering::Relaxed) as f32 / 1000.0
    }

    /// The flag itself, for layers that know no `Progress`.
    pub fn cancel_flag(&self) -> &AtomicBool {
        &self.cancelled
    }
}
