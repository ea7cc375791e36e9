//! The program in its window: panels in a frame, commands after it.

use std::sync::Arc;

use super::Options;
use super::canvas::{CanvasState, canvas_ui};
use super::evaluation::{EvaluationState, evaluation_ui};
use super::inspector::{InspectorState, form_ui, yaml_ui};
use super::preview::{PreviewState, preview_ui};
use super::problems::{ProblemsState, problems_ui};
use super::queue::{BottomTab, CentreTab, CommandQueue, InspectorTab};
use super::theme::{self, Theme};
use super::topology::{TopologyState, topology_ui};
use crate::workspace::{Command, Workspace};

/// The window's state: the running program, and what its views remember.
pub struct App {
    workspace: Workspace,
    queue: CommandQueue,
    options: Options,
    panels: Panels,
}

/// What the views remember between frames.
#[derive(Default)]
struct Panels {
    canvas: CanvasState,
    topology: TopologyState,
    inspector: InspectorState,
    problems: ProblemsState,
    evaluation: EvaluationState,
    preview: PreviewState,
    centre: CentreTab,
    bottom: BottomTab,
    inspector_tab: InspectorTab,
}

impl App {
    /// Starts the program in a window with this context.
    pub fn new(ctx: &egui::Context, options: Options) -> Self {
        theme::install(ctx);
        let wake = ctx.clone();
        let mut workspace = Workspace::new(Arc::new(move || wake.request_repaint()));
        if let Some(file) = &options.file {
            workspace.run(Command::Open(file.clone()));
        }
        Self { workspace, queue: CommandQueue::default(), options, panels: Panels::default() }
    }

    fn show(&mut self, ui: &mut egui::Ui) {
        let theme = Theme::of(ui.ctx());
        let (workspace, panels, queue) = (&self.workspace, &mut self.panels, &mut self.queue);
        egui::Panel::bottom("bottom").resizable(true).show(ui, |ui| {
            egui::Panel::right("preview").show(ui, |ui| {
                preview_ui(ui, &mut panels.preview, workspace, &theme, queue);
            });
            match panels.bottom {
                BottomTab::Problems => problems_ui(ui, &mut panels.problems, workspace, &theme, queue),
                BottomTab::Evaluation => evaluation_ui(ui, &mut panels.evaluation, workspace, &theme, queue),
            }
        });
        egui::Panel::right("right").show(ui, |ui| match panels.inspector_tab {
            InspectorTab::Form => form_ui(ui, &mut panels.inspector, workspace, &theme, queue),
            InspectorTab::Yaml => yaml_ui(ui, &mut panels.inspector, workspace, &theme, queue),
        });
        match panels.centre {
            CentreTab::Canvas => canvas_ui(ui, &mut panels.canvas, workspace, &theme, queue),
            CentreTab::Topology => topology_ui(ui, &mut panels.topology, workspace, &theme, queue),
        }
        if self.options.timing {
            log::info!("{:?}", self.options.started.elapsed());
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, _ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.workspace.poll();
        for command in self.queue.take_commands() {
            self.workspace.run(command);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }
}
