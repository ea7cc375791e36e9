//! Slow work off the window's thread: named jobs, one for each key, with progress and cancel.
//!
//! What a job brings is taken over in [`super::Workspace::poll`] and nowhere else. A job that panics reports that like
//! any other failure; one that was stopped or overtaken is not heard any more.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

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

/// A job that began and has not reported yet.
struct Running {
    number: u64,
    key: &'static str,
    progress: Progress,
}

struct Report<E> {
    number: u64,
    event: E,
}

/// The jobs under way; `E` is what they report.
pub(super) struct Jobs<E> {
    wake: Arc<dyn Fn() + Send + Sync>,
    sender: Sender<Report<E>>,
    receiver: Receiver<Report<E>>,
    running: Vec<Running>,
    /// Those that the user sees.
    shown: Vec<Job>,
    count: u64,
}

impl<E: Send + 'static> Jobs<E> {
    /// No jobs; `wake` is called, from other threads, when one has reported.
    pub(super) fn new(wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let (sender, receiver) = channel();
        Self { wake, sender, receiver, running: Vec::new(), shown: Vec::new(), count: 0 }
    }

    /// Starts a job; one of the same key that runs is stopped. A job with a `label` is shown. `failed` makes the report
    /// of a job that could not be done, of the reason.
    pub(super) fn start(
        &mut self,
        key: &'static str,
        label: Option<String>,
        work: impl FnOnce(&Progress) -> E + Send + 'static,
        failed: impl FnOnce(String) -> E + Send + 'static,
    ) {
        self.cancel(key);
        self.count += 1;
        let number = self.count;
        let progress = Progress::default();
        self.running.push(Running { number, key, progress: progress.clone() });
        if let Some(label) = label {
            self.shown.push(Job { key, label, progress: progress.clone() });
        }
        let (sender, wake) = (self.sender.clone(), Arc::clone(&self.wake));
        let run = move || {
            // What the job held is dropped with it, so nothing half-done is seen.
            let event = catch_unwind(AssertUnwindSafe(|| work(&progress)))
                .unwrap_or_else(|panic| failed(panic_text(panic.as_ref())));
            // Nobody listens when the program has ended.
            let _ended = sender.send(Report { number, event });
            wake();
        };
        if let Err(err) = thread::Builder::new().name(key.to_owned()).spawn(run) {
            // The system has no thread left: the job's own report is gone with it.
            self.forget(number);
            log_failure(key, &err);
        }
    }

    /// Stops a job; what it still brings is not heard.
    pub(super) fn cancel(&mut self, key: &str) {
        for job in self.running.iter().filter(|job| job.key == key) {
            job.progress.cancel();
        }
        self.running.retain(|job| job.key != key);
        self.shown.retain(|job| job.key != key);
    }

    /// Asks a job to stop, but waits for its report: it says what has become of its work.
    pub(super) fn ask_to_stop(&self, key: &str) {
        for job in self.running.iter().filter(|job| job.key == key) {
            job.progress.cancel();
        }
    }

    fn forget(&mut self, number: u64) -> bool {
        let Some(at) = self.running.iter().position(|job| job.number == number) else { return false };
        let job = self.running.remove(at);
        self.shown.retain(|shown| shown.key != job.key);
        true
    }

    /// The next report that has come in.
    pub(super) fn take(&mut self) -> Option<E> {
        while let Ok(report) = self.receiver.try_recv() {
            if self.forget(report.number) {
                return Some(report.event);
            }
        }
        None
    }

    /// Waits for the next report. `None` when no job runs.
    pub(super) fn wait(&mut self) -> Option<E> {
        while !self.running.is_empty() {
            let report = self.receiver.recv().ok()?;
            if self.forget(report.number) {
                return Some(report.event);
            }
        }
        None
    }

    /// Tells whether a job of this key runs.
    pub(super) fn is_running(&self, key: &str) -> bool {
        self.running.iter().any(|job| job.key == key)
    }

    /// Those that the user sees.
    pub(super) fn shown(&self) -> &[Job] {
        &self.shown
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no reason given".to_owned())
}

#[cfg(feature = "gui")]
fn log_failure(key: &str, err: &std::io::Error) {
    log::error!("the job {key} could not be started: {err}");
}

#[cfg(not(feature = "gui"))]
fn log_failure(_key: &str, _err: &std::io::Error) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn jobs() -> Jobs<String> {
        Jobs::new(Arc::new(|| {}))
    }

    #[test]
    fn a_panic_is_a_report() {
        let mut jobs = jobs();
        jobs.start("a", Some("Working".to_owned()), |_| panic!("broken {}", 1), |reason| reason);
        assert_eq!(jobs.shown().len(), 1);
        assert_eq!(jobs.wait().as_deref(), Some("broken 1"));
        assert!(jobs.shown().is_empty() && !jobs.is_running("a"));
        assert_eq!(jobs.wait(), None, "nothing to wait for");
    }

    #[test]
    fn what_was_stopped_or_overtaken_is_not_heard() {
        let mut jobs = jobs();
        let (go, wait) = channel::<()>();
        let work = move |progress: &Progress| {
            let _gone = wait.recv();
            format!("old, cancelled: {}", progress.is_cancelled())
        };
        jobs.start("a", None, work, |reason| reason);
        jobs.start("a", None, |_| "new".to_owned(), |reason| reason);
        go.send(()).unwrap();
        assert_eq!(jobs.wait().as_deref(), Some("new"));
        assert_eq!(jobs.wait(), None);
        jobs.start("b", None, |_| "b".to_owned(), |reason| reason);
        jobs.cancel("b");
        assert_eq!(jobs.wait(), None);
    }
}
