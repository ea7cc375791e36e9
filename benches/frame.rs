//! One frame: everything from the input to the triangles, without what the graphics driver does with them.

use std::sync::Arc;

use billfold::formats::meshery;
use billfold::ui::canvas::{CanvasEvent, CanvasState, canvas_ui};
use billfold::ui::{App, CommandQueue, Theme, theme};
use billfold::workspace::{Command, Workspace};
use billfold::yaml::Format;
use criterion::BenchmarkId;
use egui::{Context, Event, Pos2, RawInput, Rect, pos2, vec2};

use crate::{Bench, SIZES, designs};

const WINDOW: Rect = Rect { min: Pos2::ZERO, max: pos2(1440.0, 900.0) };

pub(crate) fn bench(criterion: &mut Bench) {
    for size in SIZES {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("design.yaml");
        std::fs::write(&file, meshery::write(&designs::evaluated(size), Format::Yaml)).unwrap();
        let open = || {
            let mut workspace = Workspace::new(Arc::new(|| {}));
            workspace.run(Command::Open(file.clone()));
            workspace.settle();
            assert!(!workspace.document().is_blank, "the design was not opened");
            workspace
        };
        canvas(criterion, size, &open());
        window(criterion, size, App::with_workspace(open()));
    }
}

/// The canvas alone, with the whole design in view and at 100 %.
fn canvas(criterion: &mut Bench, size: usize, workspace: &Workspace) {
    for (name, event) in
        [("canvas, all in view", CanvasEvent::FitAll), ("canvas, at 100 %", CanvasEvent::ZoomActual)]
    {
        let mut screen = Screen::new();
        let mut state = CanvasState::default();
        let mut queue = CommandQueue::default();
        let mut show = |ui: &mut egui::Ui, state: &mut CanvasState| {
            let theme = Theme::of(ui.ctx());
            canvas_ui(ui, state, workspace, &theme, &mut queue);
            drop(queue.take_events());
            drop(queue.take_commands());
        };
        // The first frame has no size to fit the design into.
        screen.frame(|ui| show(ui, &mut state));
        state.handle(event, workspace);
        screen.settle(|ui| show(ui, &mut state));
        criterion.benchmark_group(name).bench_function(BenchmarkId::from_parameter(size), |it| {
            it.iter(|| screen.frame(|ui| show(ui, &mut state)));
        });
    }
}

/// The whole window: the canvas, and every panel beside it.
fn window(criterion: &mut Bench, size: usize, mut app: App) {
    let mut screen = Screen::new();
    screen.settle(|ui| app.frame(ui));
    criterion.benchmark_group("window").bench_function(BenchmarkId::from_parameter(size), |it| {
        it.iter(|| screen.frame(|ui| app.frame(ui)));
    });
}

/// A window that nobody sees. The pointer goes to and fro in its middle, so that a frame has a reason.
struct Screen {
    ctx: Context,
    frames: u32,
}

impl Screen {
    fn new() -> Self {
        let ctx = Context::default();
        theme::install(&ctx);
        Self { ctx, frames: 0 }
    }

    /// Runs and tessellates one frame; returns the number of meshes.
    fn frame(&mut self, show: impl FnMut(&mut egui::Ui)) -> usize {
        self.frames += 1;
        let pointer = WINDOW.center() + vec2((self.frames % 60) as f32, 0.0);
        let input = RawInput {
            screen_rect: Some(WINDOW),
            time: Some(f64::from(self.frames) / 60.0),
            events: vec![Event::PointerMoved(pointer)],
            ..Default::default()
        };
        let output = self.ctx.run_ui(input, show);
        let meshes = self.ctx.tessellate(output.shapes, output.pixels_per_point).len();
        assert!(meshes > 0, "the frame is empty");
        meshes
    }

    /// Until fonts, sizes and animations have come to rest.
    fn settle(&mut self, mut show: impl FnMut(&mut egui::Ui)) {
        for _ in 0..30 {
            self.frame(&mut show);
        }
    }
}
