//! One frame: everything from the input to the triangles, without what the graphics driver does with them.

use std::sync::Arc;

use billfold::editor::{Derived, Editor};
use billfold::formats::meshery;
use billfold::registry::Registry;
use billfold::ui::canvas::projection::Scene;
use billfold::ui::canvas::{self, CanvasEvent, CanvasState, Source, canvas_ui};
use billfold::ui::topology::{self, TopologyState};
use billfold::ui::{App, CommandQueue, Theme, theme};
use billfold::workspace::{Command, Workspace};
use billfold::yaml::Format;
use criterion::BenchmarkId;
use egui::{Context, Event, Pos2, RawInput, Rect, pos2, vec2};

use crate::{Bench, SIZES, designs};

const WINDOW: Rect = Rect { min: Pos2::ZERO, max: pos2(1440.0, 900.0) };

/// The canvas has to be quick in designs that nobody draws by hand.
const HUGE: usize = 100_000;

pub(crate) fn bench(criterion: &mut Bench) {
    for size in SIZES.into_iter().chain([HUGE]) {
        let editor = Editor::open(designs::evaluated(size), Registry::builtin());
        scene(criterion, size, &editor);
        gestures(criterion, size, &editor);
        hovered_topology(criterion, size, &editor);
    }
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
        whole_canvas(criterion, size, &open());
        window(criterion, size, App::with_workspace(open()));
    }
}

/// The scene of a design: when it is opened, and again after an edit of one component.
fn scene(criterion: &mut Bench, size: usize, editor: &Editor) {
    let design = editor.shared_design();
    let revision = editor.revision();
    criterion.benchmark_group("scene, first").bench_function(BenchmarkId::from_parameter(size), |it| {
        it.iter(|| Scene::of(&design, revision, &Scene::default()));
    });
    let before = Scene::of(&design, revision, &Scene::default());
    criterion.benchmark_group("scene, after an edit").bench_function(
        BenchmarkId::from_parameter(size),
        |it| {
            it.iter(|| Scene::of(&design, revision, &before));
        },
    );
}

/// A gesture on the canvas, frame by frame: all in view, or at 100 %.
fn gestures(criterion: &mut Bench, size: usize, editor: &Editor) {
    let derived = Derived::default();
    let source = Source { editor, derived: &derived };
    for (view, event) in [("all in view", CanvasEvent::FitAll), ("at 100 %", CanvasEvent::ZoomActual)] {
        for (name, gesture) in [("pan", Gesture::Pan), ("zoom", Gesture::Zoom), ("drag", Gesture::Drag)] {
            let mut screen = Screen::new();
            let mut state = CanvasState::default();
            let mut queue = CommandQueue::default();
            let mut show = |ui: &mut egui::Ui, state: &mut CanvasState| {
                let theme = Theme::of(ui.ctx());
                canvas::frame(ui, state, source, &theme, &mut queue);
                drop(queue.take_events());
                drop(queue.take_commands());
            };
            screen.frame(|ui| show(ui, &mut state));
            state.look(event);
            screen.settle(|ui| show(ui, &mut state));
            if gesture == Gesture::Drag {
                let node = state.scene().node(state.scene().frames).map(|node| node.rect.left_top());
                let at = state.view().to_screen(node.unwrap_or_default() + vec2(60.0, 20.0));
                let at = WINDOW.shrink(40.0).clamp(at);
                screen.press(at);
                screen.frame_of(at, Vec::new(), |ui| show(ui, &mut state));
                screen.frame_of(at + vec2(30.0, 0.0), Vec::new(), |ui| show(ui, &mut state));
            }
            let name = format!("{name}, {view}");
            criterion.benchmark_group(name).bench_function(BenchmarkId::from_parameter(size), |it| {
                it.iter(|| {
                    let (at, events) = gesture.events(screen.frames);
                    screen.frame_of(at, events, |ui| show(ui, &mut state))
                });
            });
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Gesture {
    Pan,
    Zoom,
    Drag,
}

impl Gesture {
    fn events(self, frame: u32) -> (Pos2, Vec<Event>) {
        let side = if (frame / 20).is_multiple_of(2) { 1.0 } else { -1.0 };
        let at = WINDOW.center() + vec2((frame % 60) as f32, 0.0);
        match self {
            Self::Pan => {
                let (unit, delta) = (egui::MouseWheelUnit::Point, vec2(8.0 * side, 3.0 * side));
                let (phase, modifiers) = (egui::TouchPhase::Move, egui::Modifiers::NONE);
                (at, vec![Event::MouseWheel { unit, delta, phase, modifiers }])
            }
            Self::Zoom => (at, vec![Event::Zoom(1.0 + 0.01 * side)]),
            Self::Drag => (at, Vec::new()),
        }
    }
}

/// The topology, all in view, hovered.
fn hovered_topology(criterion: &mut Bench, size: usize, editor: &Editor) {
    let mut screen = Screen::new();
    let mut state = TopologyState::default();
    let mut queue = CommandQueue::default();
    let mut show = |ui: &mut egui::Ui| {
        let theme = Theme::of(ui.ctx());
        topology::frame(ui, &mut state, editor, &theme, &mut queue);
        drop(queue.take_events());
        drop(queue.take_commands());
    };
    screen.settle(&mut show);
    criterion.benchmark_group("topology, hover").bench_function(BenchmarkId::from_parameter(size), |it| {
        it.iter(|| screen.frame(&mut show));
    });
    criterion.benchmark_group("topology, pan").bench_function(BenchmarkId::from_parameter(size), |it| {
        it.iter(|| {
            let (at, events) = Gesture::Pan.events(screen.frames);
            screen.frame_of(at, events, &mut show)
        });
    });
}

/// The canvas alone, with the whole design in view and at 100 %.
fn whole_canvas(criterion: &mut Bench, size: usize, workspace: &Workspace) {
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
    pressed: Option<Event>,
}

impl Screen {
    fn new() -> Self {
        let ctx = Context::default();
        theme::install(&ctx);
        Self { ctx, frames: 0, pressed: None }
    }

    /// Runs and tessellates one frame; returns the number of meshes.
    fn frame(&mut self, show: impl FnMut(&mut egui::Ui)) -> usize {
        self.frame_of(WINDOW.center() + vec2((self.frames % 60) as f32, 0.0), Vec::new(), show)
    }

    /// Holds the button down from here on.
    fn press(&mut self, pos: Pos2) {
        let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
        self.pressed = Some(Event::PointerButton { pos, button, pressed: true, modifiers });
    }

    /// The same with the pointer there, and with these events.
    fn frame_of(&mut self, pointer: Pos2, events: Vec<Event>, show: impl FnMut(&mut egui::Ui)) -> usize {
        self.frames += 1;
        let mut all = vec![Event::PointerMoved(pointer)];
        all.extend(self.pressed.take());
        all.extend(events);
        let input = RawInput {
            screen_rect: Some(WINDOW),
            time: Some(f64::from(self.frames) / 60.0),
            events: all,
            ..Default::default()
        };
        let mut output = self.ctx.run_ui(input, show);
        output.textures_delta.clear();
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
