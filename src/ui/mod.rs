//! The window: egui views over the running program.
//!
//! Views take `ui` first, then their own state, then what they read, then the queue; they read `&Workspace` and queue
//! [`Command`](crate::workspace::Command)s, which run after the frame. The frame ([`app`]) owns panels, tab bars, menus
//! and dialogs; the functions `form_ui`, `yaml_ui`, `problems_ui`, `evaluation_ui`, `preview_ui`, `canvas_ui` and
//! `topology_ui` fill the room that it gives them.

pub mod action;
pub mod app;
pub mod canvas;
pub mod command_palette;
pub mod dialogs;
pub mod empty_state;
pub mod evaluation;
pub mod fonts;
pub mod inspector;
pub mod menus;
pub mod notices;
pub mod outline;
pub mod palette;
pub mod panels;
pub mod preview;
pub mod problems;
pub mod queue;
pub mod shortcuts;
pub mod status_bar;
pub mod theme;
pub mod top_bar;
pub mod topology;
pub mod view;
pub mod widgets;

use std::path::PathBuf;
use std::time::{Duration, Instant};

pub use app::App;
pub use queue::{BottomTab, CentreTab, CommandQueue, InspectorTab, LeftTab, Region, UiEvent};
pub use theme::Theme;

/// Takes the time from the start of the program to its first frame.
pub type Report = Box<dyn FnOnce(Duration)>;

/// How the window starts.
pub struct Options {
    /// A design or manifests to open.
    pub file: Option<PathBuf>,
    /// Called once at the end of the first frame that paints the design.
    pub on_first_frame: Option<Report>,
    /// When the program started.
    pub started: Instant,
}

/// The window could not be opened, or its loop failed.
#[derive(Debug, thiserror::Error)]
#[error("could not open the window")]
pub struct WindowError(#[from] eframe::Error);

/// Opens the window and runs it until it is closed.
pub fn run(options: Options) -> Result<(), WindowError> {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Billfold")
        .with_app_id("billfold")
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size([900.0, 600.0]);
    let native = eframe::NativeOptions { viewport, ..Default::default() };
    eframe::run_native(
        "billfold",
        native,
        Box::new(|creation| Ok(Box::new(App::new(&creation.egui_ctx, options)))),
    )?;
    Ok(())
}
