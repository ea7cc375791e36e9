//! Slow work off the window's thread: named jobs, one for each key, with progress and cancel.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What a running job shows, and how it is stopped. Shared between the job's thread and the window's.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    cancelled: Arc<AtomicBool>,
    done: Arc<AtomicU64>,
    total: Arc<AtomicU64>,
}

impl Progress {
    /// Asks the job to stop at the next chance.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Tells whether the job was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Says how far the job is; a `total` of 0 means unknown.
    pub fn report(&self, done: u64, total: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// How far the job is: done and total, in the job's own unit (bytes for a download). A total of 0 is unknown.
    pub fn state(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}

/// A job under way.
#[derive(Clone, Debug)]
pub struct Job {
    /// One job runs for each key; a new one cancels the old.
    pub key: &'static str,
    /// What it does, for people: "Downloading design.yaml".
    pub label: String,
    /// How far it is.
    pub progress: Progress,
}
