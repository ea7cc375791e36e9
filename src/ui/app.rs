//! The program in its window: panels in a frame, commands after it.

use egui::{CentralPanel, Frame, Panel, ViewportCommand};

use super::Options;
use super::action::{self, Cx};
use super::canvas::{CanvasEvent, CanvasState};
use super::chain::ChainState;
use super::dialogs::Dialogs;
use super::edges::EdgesState;
use super::empty_state::empty_state_ui;
use super::evaluation::EvaluationState;
use super::input::Held;
use super::inspector::InspectorState;
use super::notices::{NoticesState, notices_ui};
use super::outline::OutlineState;
use super::palette::PaletteState;
use super::preview::PreviewState;
use super::problems::{ProblemsState, reveal};
use super::queue::{CentreTab, CommandQueue, Region, UiEvent};
use super::status_bar::StatusState;
use super::theme::{self, Theme};
use super::topology::TopologyState;
use super::view::View;
use super::widgets::note_input;
use super::{panels, shortcuts, status_bar, top_bar};
use crate::workspace::{Appearance, Command, Workspace};

/// Joins the nudges of one row into one step.
const NUDGE: u64 = 0x6e75_6467;

/// The window's state: the running program, and what its views remember.
pub struct App {
    workspace: Workspace,
    view: View,
    states: States,
    dialogs: Dialogs,
    notices: NoticesState,
    queue: CommandQueue,
    title: String,
    may_close: bool,
    /// Input that waits for its frame.
    held: Held,
    /// Whether a text was being edited at the end of the last frame.
    was_in_text: bool,
    first_frame: Option<Options>,
}

/// What the views remember between frames.
#[derive(Default)]
pub struct States {
    /// The edges of the panels.
    pub edges: EdgesState,
    /// The palette.
    pub palette: PaletteState,
    /// The Outline.
    pub outline: OutlineState,
    /// The canvas.
    pub canvas: CanvasState,
    /// The topology.
    pub topology: TopologyState,
    /// The inspector.
    pub inspector: InspectorState,
    /// The problems.
    pub problems: ProblemsState,
    /// The chain of filters.
    pub chain: ChainState,
    /// The trace.
    pub evaluation: EvaluationState,
    /// The export preview.
    pub preview: PreviewState,
    /// The status bar.
    pub status: StatusState,
}

impl States {
    /// Another document was opened: what is remembered of the one before means nothing in it, even where the two have
    /// components of the same identity.
    fn forget_document(&mut self) {
        self.outline = OutlineState::default();
        self.inspector = InspectorState::default();
        self.canvas.forget_document();
        self.topology.forget_document();
        self.problems.forget();
        self.chain.forget_document();
    }
}

impl App {
    /// The program in a window with this context.
    pub fn new(ctx: &egui::Context, mut workspace: Workspace, options: Options) -> Self {
        theme::install(ctx);
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        workspace.poll();
        set_appearance(ctx, workspace.appearance());
        Self { first_frame: Some(options), ..Self::with_workspace(workspace) }
    }

    /// A window over a program that runs already; for tests, which install the theme themselves.
    pub fn with_workspace(workspace: Workspace) -> Self {
        Self {
            workspace,
            view: View::default(),
            states: States::default(),
            dialogs: Dialogs::default(),
            notices: NoticesState::default(),
            queue: CommandQueue::default(),
            title: String::new(),
            may_close: false,
            held: Held::default(),
            was_in_text: false,
            first_frame: None,
        }
    }

    /// The running program.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The running program, to be changed from outside of the window.
    pub fn workspace_mut(&mut self) -> &mut Workspace {
        &mut self.workspace
    }

    /// Which panels and tabs are shown.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// One frame: take over what jobs have brought, show everything, run what was asked for.
    pub fn frame(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        note_input(&ctx);
        self.workspace.poll();
        self.take_outbox(&ctx);
        self.guard_close(&ctx);
        self.take_dropped_files(&ctx);
        let theme = Theme::of(&ctx);
        let in_menu = egui::Popup::is_any_open(&ctx);
        let free = !self.dialogs.is_open() && self.workspace.question().is_none();
        if free {
            let cx = Cx { workspace: &self.workspace, view: &self.view };
            shortcuts::before_frame(&ctx, cx, self.states.canvas.pointer(), &mut self.queue);
        }
        self.regions(ui, &theme);
        self.dialogs.show(&ctx, &theme, &self.workspace, &self.view, &mut self.queue);
        drop_hint(&ctx, &theme);
        // The key that ends the editing of a text is the text's: Esc and Enter do no more than that.
        let was_in_text = std::mem::replace(&mut self.was_in_text, ctx.text_edit_focused());
        if free && !in_menu && !was_in_text {
            if !self.states.canvas.is_gesture_active() {
                shortcuts::after_frame(&ctx, &mut self.queue);
                self.nudge(&ctx);
            }
            self.keep_focus_on_canvas(&ctx);
        }
        drop_lost_focus(&ctx);
        self.run_queue(&ctx);
        let selected = self.workspace.editor().selection().primary();
        self.view.problem = self.states.problems.at_hand(self.workspace.derived(), selected);
        // Between two frames: each is painted in one set of colours and with one atlas of glyphs.
        set_appearance(&ctx, self.workspace.appearance());
        self.update_title(&ctx);
        self.report_first_frame();
    }

    fn regions(&mut self, ui: &mut egui::Ui, theme: &Theme) {
        let Self { workspace, view, states, notices, queue, .. } = self;
        let cx = Cx { workspace, view };
        let bar = Frame::new().fill(theme.base);
        Panel::top("top bar").frame(bar).exact_size(top_bar::HEIGHT).resizable(false).show(ui, |ui| {
            top_bar::top_bar_ui(ui, theme, cx, queue);
        });
        Panel::bottom("status bar").frame(bar).exact_size(status_bar::HEIGHT).resizable(false).show(
            ui,
            |ui| {
                let zoom = states.canvas.zoom();
                status_bar::status_bar_ui(ui, &mut states.status, theme, cx, zoom, queue);
            },
        );
        let room = if workspace.document().is_blank {
            let page = CentralPanel::default().frame(Frame::new().fill(theme.canvas));
            page.show(ui, |ui| empty_state_ui(ui, theme, cx, queue)).response.rect
        } else {
            panels::panels_ui(ui, theme, cx, states, queue)
        };
        let ctx = ui.ctx().clone();
        let is_dragging = states.canvas.is_gesture_active() || egui::DragAndDrop::has_any_payload(&ctx);
        notices_ui(&ctx, notices, theme, workspace, room, is_dragging, queue);
        if let Some(region) = view.focus.take() {
            let cx = Cx { workspace, view };
            panels::focus(ui.ctx(), cx, states, region);
        }
    }

    /// Arrow keys move the selected cards; presses in a row are one step.
    fn nudge(&mut self, ctx: &egui::Context) {
        let Some((x, y)) = shortcuts::take_nudge(ctx) else { return };
        if let Some(edit) = self.states.canvas.nudge(self.workspace.editor(), x, y) {
            self.queue.edit_coalesced(edit, NUDGE);
        }
    }

    /// Where nothing has the keyboard, the canvas has it: its keys work right after opening and after Esc.
    fn keep_focus_on_canvas(&self, ctx: &egui::Context) {
        let nothing = ctx.memory(|memory| memory.focused().is_none());
        let pressing = ctx.input(|input| input.pointer.any_down());
        let is_shown = !self.workspace.document().is_blank && self.view.centre == CentreTab::Canvas;
        if nothing && !pressing && is_shown && !egui::Popup::is_any_open(ctx) {
            ctx.memory_mut(|memory| memory.request_focus(CanvasState::id()));
        }
    }

    /// Runs what the frame asked for. Events may ask for more: an action is an event that becomes a command.
    fn run_queue(&mut self, ctx: &egui::Context) {
        let mut ran = false;
        // An action that runs an action that runs …: none does today, and none may hang the window.
        for _ in 0..4 {
            let events = self.queue.take_events();
            let commands = self.queue.take_commands();
            if events.is_empty() && commands.is_empty() {
                break;
            }
            ran = true;
            for command in commands {
                self.workspace.run(command);
            }
            for event in events {
                self.handle(ctx, event);
            }
        }
        if ran {
            self.take_outbox(ctx);
            ctx.request_repaint();
        }
    }

    fn handle(&mut self, ctx: &egui::Context, event: UiEvent) {
        match event {
            UiEvent::Run(id) => {
                let cx = Cx { workspace: &self.workspace, view: &self.view };
                action::run(id, cx, &mut self.queue);
            }
            UiEvent::Open(dialog) => self.dialogs.open(ctx, dialog, &self.workspace),
            UiEvent::Answer(command) => self.workspace.answer(command),
            UiEvent::Toggle(region) if self.view.is_open(region) => self.view.set_open(region, false),
            UiEvent::Focus(region) | UiEvent::Toggle(region) => self.view.focus(region),
            UiEvent::ShowLeft(tab) => {
                self.view.left = tab;
                self.view.focus(Region::Left);
            }
            UiEvent::ShowCentre(tab) => {
                self.view.centre = tab;
                self.view.focus(Region::Centre);
            }
            UiEvent::ShowInspector(tab) => {
                self.view.inspector = tab;
                self.view.focus(Region::Right);
            }
            UiEvent::ShowBottom(tab) => {
                self.view.bottom = tab;
                self.view.focus(Region::Bottom);
            }
            UiEvent::ShowProxy(proxy) => {
                self.states.chain.pick(proxy);
                self.view.bottom = super::queue::BottomTab::Chain;
                self.view.focus(Region::Bottom);
            }
            UiEvent::Canvas(event) => self.states.canvas.handle(event, &self.workspace),
            UiEvent::CopyText(text) => ctx.copy_text(text),
            UiEvent::RequestPaste => ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
            UiEvent::StepProblem { forward } => self.step_problem(forward),
        }
    }

    fn step_problem(&mut self, forward: bool) {
        let derived = self.workspace.derived();
        let Some(location) = self.states.problems.step(derived, forward) else { return };
        self.view.bottom = super::queue::BottomTab::Problems;
        self.view.bottom_open = true;
        let command = reveal(&derived.design, &location);
        self.workspace.run(command);
    }

    fn take_outbox(&mut self, ctx: &egui::Context) {
        let outbox = self.workspace.take_outbox();
        if let Some(text) = outbox.clipboard {
            ctx.copy_text(text);
        }
        if outbox.fit_all {
            self.states.forget_document();
            // What fields would take back on Ctrl+Z was typed into the document before.
            ctx.data_mut(egui::util::IdTypeMap::remove_by_type::<egui::text_edit::TextEditState>);
            if self.workspace.editor().design().components().len() == 0 {
                self.view.centre = CentreTab::Canvas; // An empty design is begun where things can be added.
            }
            self.view.focus(Region::Centre);
            self.states.canvas.handle(CanvasEvent::FitAll, &self.workspace);
        }
        if let Some((id, path)) = outbox.reveal {
            self.view.right_open = true;
            self.view.inspector = super::queue::InspectorTab::Form;
            self.states.inspector.reveal(id, &path);
            self.states.canvas.handle(CanvasEvent::Reveal(id), &self.workspace);
        }
        if outbox.quit {
            self.may_close = true;
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
    }

    /// Closing the window is the action Quit: it may have to ask first.
    fn guard_close(&mut self, ctx: &egui::Context) {
        let asked = ctx.input(|input| input.viewport().close_requested());
        if asked && !self.may_close && self.workspace.editor().is_dirty() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            if self.workspace.question().is_none() {
                self.workspace.run(Command::Quit);
            }
        }
    }

    fn take_dropped_files(&mut self, ctx: &egui::Context) {
        let mut files: Vec<std::path::PathBuf> = ctx
            .input(|input| input.raw.dropped_files.clone())
            .into_iter()
            .map(|file| file.path().to_path_buf())
            .collect();
        match files.len() {
            0 => {}
            1 => self.workspace.run(Command::Open(files.swap_remove(0))),
            _ => self.workspace.run(Command::Import(files)),
        }
    }

    fn update_title(&mut self, ctx: &egui::Context) {
        let document = self.workspace.document();
        let title = if document.is_blank {
            "Billfold".to_owned()
        } else {
            let mark = if self.workspace.editor().is_dirty() { " ●" } else { "" };
            format!("{}{mark} — Billfold", document.name)
        };
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Says once how long it took until the design was painted.
    fn report_first_frame(&mut self) {
        let Some(options) = &self.first_frame else { return };
        let waits = options.file.is_some() && self.workspace.document().is_blank;
        if waits && !self.workspace.jobs().is_empty() {
            return;
        }
        if let Some(Options { started, on_first_frame: Some(report), .. }) = self.first_frame.take() {
            report(started.elapsed());
        }
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.frame(ui);
    }

    fn raw_input_hook(&mut self, ctx: &egui::Context, raw_input: &mut egui::RawInput) {
        if self.held.take_turns(raw_input) {
            ctx.request_repaint();
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// Takes the focus from what this frame has not shown: to a screen reader, a focus on nothing is an error.
fn drop_lost_focus(ctx: &egui::Context) {
    let Some(id) = ctx.memory(egui::Memory::focused) else { return };
    if !ctx.viewport(|viewport| viewport.this_pass.widgets.contains(id)) {
        ctx.memory_mut(|memory| memory.surrender_focus(id));
    }
}

fn set_appearance(ctx: &egui::Context, appearance: Appearance) {
    let wanted = match appearance {
        Appearance::System => egui::ThemePreference::System,
        Appearance::Dark => egui::ThemePreference::Dark,
        Appearance::Light => egui::ThemePreference::Light,
    };
    if ctx.options(|options| options.theme_preference) != wanted {
        ctx.set_theme(wanted);
        ctx.request_repaint();
    }
}

/// While files hang over the window: what dropping them will do.
fn drop_hint(ctx: &egui::Context, theme: &Theme) {
    let count = ctx.input(|input| input.raw.hovered_files.len());
    if count == 0 {
        return;
    }
    let text = if count == 1 { "Drop to open".to_owned() } else { format!("Drop to import {count} files") };
    let painter = ctx.layer_painter(egui::LayerId::new(egui::Order::Tooltip, egui::Id::new("drop hint")));
    let screen = ctx.content_rect();
    painter.rect_filled(screen, 0.0, theme.base.gamma_multiply(0.75));
    let stroke = egui::Stroke::new(2.0, theme.drop_allowed);
    painter.rect_stroke(screen.shrink(12.0), theme::RADIUS_CARD, stroke, egui::StrokeKind::Inside);
    let font = Theme::strong(theme::size::TITLE);
    painter.text(screen.center(), egui::Align2::CENTER_CENTER, text, font, theme.text);
}
