//! The window: egui views over the running program.
//!
//! Views take `ui` first, then their own state, then what they read, then the queue; they read `&Workspace` and queue
//! [`Command`]s, which run after the frame. The frame ([`app`]) owns panels, tab bars, menus
//! and dialogs; the functions `form_ui`, `yaml_ui`, `problems_ui`, `evaluation_ui`, `preview_ui`, `canvas_ui` and
//! `topology_ui` fill the room that it gives them.

pub mod action;
pub mod app;
pub mod canvas;
pub mod chain;
pub mod code;
pub mod command_palette;
pub mod dialogs;
pub mod edges;
pub mod empty_state;
pub mod evaluation;
pub mod fonts;
pub mod input;
pub mod inspector;
pub mod kind_style;
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
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

pub use app::App;
pub use queue::{BottomTab, CentreTab, CommandQueue, InspectorTab, LeftTab, Region, UiEvent};
pub use theme::Theme;

use crate::workspace::{Command, Workspace};

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
///
/// The file is read while the system makes the window.
pub fn run(options: Options) -> Result<(), WindowError> {
    let context: Arc<OnceLock<egui::Context>> = Arc::default();
    let to_wake = Arc::clone(&context);
    let mut workspace = Workspace::new(Arc::new(move || {
        if let Some(context) = to_wake.get() {
            context.request_repaint();
        }
    }));
    workspace.use_settings();
    if let Some(file) = &options.file {
        workspace.run(Command::Open(file.clone()));
    }
    let viewport = egui::ViewportBuilder::default()
        .with_title("Billfold")
        .with_app_id("billfold")
        .with_icon(icon())
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size([900.0, 600.0]);
    let native = eframe::NativeOptions { viewport, ..Default::default() };
    eframe::run_native(
        "billfold",
        native,
        Box::new(move |creation| {
            let context = context.get_or_init(|| creation.egui_ctx.clone());
            Ok(Box::new(App::new(context, workspace, options)))
        }),
    )?;
    Ok(())
}

/// The program's mark for the window and the task bar: the tile of the top bar.
fn icon() -> egui::IconData {
    const SIDE: u32 = 64;
    let (side, radius) = (SIDE as f32, SIDE as f32 * 0.24);
    let mut rgba = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let (x, y) = (x as f32 + 0.5, y as f32 + 0.5);
            let color = widgets::icon::mark_color(f32::midpoint(x, y) / side);
            // Distance beyond the rounded outline, for a soft edge.
            let beyond = |at: f32| ((at - side / 2.0).abs() - (side / 2.0 - radius)).max(0.0);
            let alpha = (radius - beyond(x).hypot(beyond(y)) + 0.5).clamp(0.0, 1.0);
            let color = if is_letter(x / side, y / side) { egui::Color32::WHITE } else { color };
            rgba.extend([color.r(), color.g(), color.b(), (alpha * 255.0) as u8]);
        }
    }
    egui::IconData { rgba, width: SIDE, height: SIDE }
}

/// Whether a point of the unit square lies on the letter of the mark: a stem and two bowls.
fn is_letter(x: f32, y: f32) -> bool {
    const HALF: f32 = 0.045;
    let stem = (x - 0.37).abs() < HALF && (0.235..0.765).contains(&y);
    let bowl = |middle: f32, radius: f32| {
        let beyond = (x - 0.5).max(0.0);
        x > 0.37 && (beyond.hypot(y - middle) - radius).abs() < HALF
    };
    stem || bowl(0.375, 0.095 + HALF / 2.0) || bowl(0.61, 0.11 + HALF / 2.0)
}

#[cfg(test)]
mod bench;
#[cfg(test)]
mod tests;
