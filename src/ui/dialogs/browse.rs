//! The system's file windows, off the window's thread; and looking at folders while a path is typed.
//!
//! Where neither a desktop portal nor its helper exists, the system's window answers like a cancelled one. What it logs
//! then is kept, so that the dialog can say that a path has to be typed.

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, Once};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use super::path::PathPurpose;
use crate::workspace::paths::{self, Completion};

/// What a thread has brought.
#[derive(Debug)]
pub(super) enum Found {
    /// The system's window was closed with these files; empty when it was cancelled.
    Picked(Vec<PathBuf>),
    /// The system's window could not be shown.
    NoWindow,
    /// What the disk says about a half-typed path.
    Completion {
        /// The text that was asked about.
        text: String,
        /// The answer.
        completion: Completion,
    },
}

/// Threads that look at the outside, and what they have found.
#[derive(Debug)]
pub(super) struct Browser {
    sender: Sender<Found>,
    receiver: Receiver<Found>,
    picking: bool,
}

impl Default for Browser {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver, picking: false }
    }
}

impl Browser {
    /// Whether the system's window is shown.
    pub(super) fn is_picking(&self) -> bool {
        self.picking
    }

    /// Shows the system's window for this purpose.
    pub(super) fn pick(&mut self, ctx: &egui::Context, purpose: PathPurpose, in_folder: bool, start: &str) {
        if self.picking {
            return;
        }
        install_logger();
        self.picking = true;
        take_error();
        let mut dialog = rfd::AsyncFileDialog::new().set_title(purpose.title());
        let start = paths::expand(start);
        let folder = if start.is_dir() { Some(start.as_path()) } else { start.parent() };
        if let Some(folder) = folder.filter(|folder| folder.is_dir()) {
            dialog = dialog.set_directory(folder);
        }
        if !in_folder {
            dialog =
                dialog.add_filter("YAML and JSON", &["yaml", "yml", "json"]).add_filter("All files", &["*"]);
        }
        if purpose.writes()
            && !in_folder
            && let Some(name) = start.file_name()
        {
            dialog = dialog.set_file_name(name.to_string_lossy());
        }
        // The future is made here, which macOS asks for, and waited for elsewhere.
        let path = |file: rfd::FileHandle| file.path().to_path_buf();
        match (purpose, in_folder) {
            (PathPurpose::Import, _) => {
                let future = dialog.pick_files();
                self.wait(
                    ctx,
                    async move { future.await.unwrap_or_default().into_iter().map(path).collect() },
                );
            }
            (_, true) => {
                let future = dialog.pick_folder();
                self.wait(ctx, async move { future.await.into_iter().map(path).collect() });
            }
            (PathPurpose::Open, false) => {
                let future = dialog.pick_file();
                self.wait(ctx, async move { future.await.into_iter().map(path).collect() });
            }
            (_, false) => {
                let future = dialog.save_file();
                self.wait(ctx, async move { future.await.into_iter().map(path).collect() });
            }
        }
    }

    fn wait(&self, ctx: &egui::Context, picked: impl Future<Output = Vec<PathBuf>> + Send + 'static) {
        self.spawn(ctx, move || {
            let files = block_on(picked);
            if files.is_empty() && take_error() { Found::NoWindow } else { Found::Picked(files) }
        });
    }

    /// Looks up what `text` could become.
    pub(super) fn complete(&self, ctx: &egui::Context, text: String) {
        self.spawn(ctx, move || Found::Completion { completion: paths::complete(&text), text });
    }

    fn spawn(&self, ctx: &egui::Context, look: impl FnOnce() -> Found + Send + 'static) {
        let (sender, ctx) = (self.sender.clone(), ctx.clone());
        thread::spawn(move || {
            // The window may be gone by now; then nobody waits for the answer.
            if sender.send(look()).is_ok() {
                ctx.request_repaint();
            }
        });
    }

    /// Takes what has been found since the last call.
    pub(super) fn take(&mut self) -> Vec<Found> {
        let found: Vec<Found> = self.receiver.try_iter().collect();
        if found.iter().any(|found| !matches!(found, Found::Completion { .. })) {
            self.picking = false;
        }
        found
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future to its end on this thread.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

/// Whether the file window has logged an error since it was last asked.
static ERROR: Mutex<bool> = Mutex::new(false);

struct Listener;

impl log::Log for Listener {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Error && metadata.target().starts_with("rfd")
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            *ERROR.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = true;
        }
    }

    fn flush(&self) {}
}

fn install_logger() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Somebody else's logger is as good; then a missing window looks like a cancelled one.
        if log::set_logger(&Listener).is_ok() {
            log::set_max_level(log::LevelFilter::Error);
        }
    });
}

fn take_error() -> bool {
    std::mem::take(&mut *ERROR.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_future_that_is_woken_from_another_thread_comes_to_its_end() {
        let (sender, receiver) = channel::<u8>();
        let mut shared: Option<thread::JoinHandle<()>> = None;
        let value = block_on(std::future::poll_fn(|cx| {
            if let Ok(value) = receiver.try_recv() {
                return Poll::Ready(value);
            }
            let (sender, waker) = (sender.clone(), cx.waker().clone());
            shared.get_or_insert_with(|| {
                thread::spawn(move || {
                    sender.send(7).unwrap();
                    waker.wake();
                })
            });
            Poll::Pending
        }));
        assert_eq!(value, 7);
    }
}
