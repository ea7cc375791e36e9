//! The status bar: evaluation, findings, size of the design, jobs, saved state, zoom.

use egui::{Align, Layout, ProgressBar, RichText, Ui, Vec2};

use super::action::Cx;
use super::queue::{BottomTab, CommandQueue, UiEvent};
use super::theme::{Theme, size, space};
use super::widgets::{icon, link_button, zoom_text};
use crate::editor::Revision;
use crate::workspace::Command;

/// Height of the bar in points.
pub const HEIGHT: f32 = 26.0;

/// What the bar has counted, and of which revision.
#[derive(Debug, Default)]
pub struct StatusState {
    counted: Option<(Revision, usize)>,
}

impl StatusState {
    fn wallets(&mut self, cx: Cx<'_>) -> usize {
        let revision = cx.workspace.editor().revision();
        match self.counted {
            Some((of, wallets)) if of == revision => wallets,
            _ => {
                let wallets =
                    cx.design().components().filter(|component| component.kind().is_wallet()).count();
                self.counted = Some((revision, wallets));
                wallets
            }
        }
    }
}

/// Shows the bar.
pub fn status_bar_ui(
    ui: &mut Ui,
    state: &mut StatusState,
    theme: &Theme,
    cx: Cx<'_>,
    zoom: f32,
    queue: &mut CommandQueue,
) {
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.set_height(HEIGHT);
        ui.spacing_mut().item_spacing.x = space::L;
        ui.add_space(space::M);
        let small =
            |text: String, color| RichText::new(text).font(Theme::plain(size::SMALL + 0.5)).color(color);
        if cx.workspace.document().is_blank {
            ui.label(small(concat!("Billfold ", env!("CARGO_PKG_VERSION")).to_owned(), theme.dim));
            jobs_ui(ui, theme, cx, queue);
            return;
        }
        evaluation_ui(ui, theme, cx, queue);
        let total = cx.workspace.derived().total;
        let mut findings = Vec::new();
        for (count, one, many) in [
            (total.errors, "error", "errors"),
            (total.warnings, "warning", "warnings"),
            (total.infos, "info", "infos"),
        ] {
            if count > 0 {
                findings.push(format!("{count} {}", if count == 1 { one } else { many }));
            }
        }
        let findings = match findings.as_slice() {
            [] if cx.workspace.is_first_derivation() => "checking…".to_owned(),
            [] => "no problems".to_owned(),
            findings => findings.join(" · "),
        };
        let problems =
            ui.add(egui::Button::new(small(findings, theme.dim)).frame(false).min_size(Vec2::new(0.0, 24.0)));
        if problems.on_hover_text("Show the problems").clicked() {
            queue.event(UiEvent::ShowBottom(BottomTab::Problems));
        }
        let components = cx.design().components().len();
        let wallets = state.wallets(cx);
        let noun = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        let counts = format!("{} · {}", noun(components, "component"), noun(wallets, "wallet"));
        if ui.available_width() > 420.0 {
            ui.label(small(counts, theme.dim));
        }
        let selected = cx.workspace.editor().selection().len();
        if selected > 1 && ui.available_width() > 380.0 {
            ui.label(small(format!("{selected} selected"), theme.dim));
        }
        jobs_ui(ui, theme, cx, queue);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(space::M);
            ui.label(small(zoom_text(zoom), theme.dim));
            let saved = match (&cx.workspace.document().path, cx.workspace.editor().is_dirty()) {
                (_, true) => "unsaved changes",
                (Some(_), false) => "saved",
                (None, false) => "not saved yet",
            };
            ui.label(small(saved.to_owned(), theme.dim));
        });
    });
}

fn evaluation_ui(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, queue: &mut CommandQueue) {
    let derived = cx.workspace.derived();
    let is_current = derived.revision == cx.workspace.editor().revision();
    let font = Theme::plain(size::SMALL + 0.5);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        if !is_current {
            ui.label(RichText::new("evaluating…").font(font).color(theme.dim));
            return;
        }
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(12.0), egui::Sense::hover());
        icon::check(ui.painter(), rect.center(), 11.0, theme.success);
        let trace = &cx.workspace.editor().evaluation().trace;
        let changes = trace.relationships_added.len()
            + trace.relationships_removed.len()
            + trace.relationships_updated.len()
            + trace.components_updated.len();
        let text = match changes {
            0 => "evaluated".to_owned(),
            1 => "evaluated 1 change".to_owned(),
            changes => format!("evaluated {changes} changes"),
        };
        let text = RichText::new(text).font(font).color(theme.success);
        let response = ui.add(egui::Button::new(text).frame(false).min_size(Vec2::new(0.0, 24.0)));
        if response.on_hover_text("Show what the last step changed, and why").clicked() {
            queue.event(UiEvent::ShowBottom(BottomTab::Evaluation));
        }
    });
}

fn jobs_ui(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, queue: &mut CommandQueue) {
    for job in cx.workspace.jobs() {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            let (done, total) = job.progress.state();
            ui.label(RichText::new(&job.label).font(Theme::plain(size::SMALL + 0.5)).color(theme.text));
            if total > 0 {
                let part = (done as f64 / total as f64).clamp(0.0, 1.0) as f32;
                ui.add(ProgressBar::new(part).desired_width(90.0).desired_height(6.0));
            } else if done > 0 {
                let text = format!("{} KiB", done / 1024);
                ui.label(RichText::new(text).font(Theme::plain(size::SMALL + 0.5)).color(theme.dim));
            }
            if link_button(ui, theme, "Cancel").on_hover_text(format!("Stop: {}", job.label)).clicked() {
                queue.push(Command::CancelJob(job.key));
            }
        });
    }
}
