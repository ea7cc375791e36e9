//! The panels around the canvas: their places, sizes and tab bars.

use std::sync::Arc;

use egui::{CentralPanel, Frame, Margin, Panel, Rect, Ui};

use super::action::Cx;
use super::app::States;
use super::canvas::{CanvasState, canvas_ui};
use super::chain::chain_ui;
use super::edges;
use super::evaluation::evaluation_ui;
use super::inspector::{form_ui, yaml_ui};
use super::menus::{context_menu, first_menu};
use super::outline::{OutlineState, outline_ui};
use super::palette::{PaletteState, palette_ui};
use super::preview::{PreviewState, preview_ui};
use super::problems::problems_ui;
use super::queue::{BottomTab, CentreTab, CommandQueue, InspectorTab, LeftTab, Region, UiEvent};
use super::theme::{Theme, space};
use super::topology::topology_ui;
use super::widgets::{Tab, active_tab_id, quiet_button, tab_bar};

const LEFT: &str = "Insert and Outline";
const CENTRE: &str = "Canvas and Topology";
const RIGHT: &str = "Inspector";
const BOTTOM: &str = "Problems, Chain and Evaluation";
const PREVIEW: &str = "Preview";

/// Shows all panels of an open document; returns the room of the canvas.
pub fn panels_ui(
    ui: &mut Ui,
    theme: &Theme,
    cx: Cx<'_>,
    states: &mut States,
    queue: &mut CommandQueue,
) -> Rect {
    states.edges.begin(ui.ctx(), cx.workspace);
    let sizes = cx.workspace.panel_sizes();
    let screen = ui.available_size();
    let frame = Frame::new().fill(theme.panel);
    let style = mark_edges(ui, theme);
    if cx.view.bottom_open {
        Panel::bottom(edges::BOTTOM)
            .frame(frame)
            .resizable(true)
            .default_size(sizes.bottom.unwrap_or((screen.y * 0.25).clamp(150.0, 320.0)))
            .size_range(110.0..=(screen.y * 0.5).max(120.0))
            .show(ui, |ui| {
                ui.set_style(Arc::clone(&style));
                bottom_ui(ui, theme, cx, states, queue);
            });
    }
    if cx.view.left_open {
        Panel::left(edges::LEFT)
            .frame(frame)
            .resizable(true)
            .default_size(sizes.left.unwrap_or((screen.x * 0.2).clamp(276.0, 310.0)))
            .size_range(190.0..=(screen.x * 0.27).max(200.0))
            .show(ui, |ui| {
                ui.set_style(Arc::clone(&style));
                left_ui(ui, theme, cx, states, queue);
            });
    }
    if cx.view.right_open {
        Panel::right(edges::RIGHT)
            .frame(frame)
            .resizable(true)
            .default_size(sizes.right.unwrap_or((screen.x * 0.225).clamp(250.0, 380.0)))
            .size_range(230.0..=(screen.x * 0.34).max(240.0))
            .show(ui, |ui| {
                ui.set_style(Arc::clone(&style));
                right_ui(ui, theme, cx, states, queue);
            });
    }
    let centre = CentralPanel::default().frame(Frame::new().fill(theme.canvas)).show(ui, |ui| {
        ui.set_style(Arc::clone(&style));
        centre_ui(ui, theme, cx, states, queue);
    });
    states.edges.end(ui, theme, queue);
    centre.response.rect
}

/// Shows the edges that can be dragged in the accent's colour; returns the style for what lies within.
fn mark_edges(ui: &mut Ui, theme: &Theme) -> Arc<egui::Style> {
    let style = Arc::clone(ui.style());
    let widgets = &mut ui.visuals_mut().widgets;
    widgets.hovered.fg_stroke = egui::Stroke::new(2.0, theme.accent);
    widgets.active.fg_stroke = egui::Stroke::new(2.0, theme.accent);
    style
}

fn left_ui(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, states: &mut States, queue: &mut CommandQueue) {
    let tabs = [Tab::new(LeftTab::Insert, "Insert"), Tab::new(LeftTab::Outline, "Outline")];
    if let Some(tab) = tab_bar(ui, theme, LEFT, &tabs, cx.view.left, |_| {}) {
        queue.event(UiEvent::ShowLeft(tab));
    }
    match cx.view.left {
        LeftTab::Insert => padded(ui, Margin::symmetric(12, 0), |ui| {
            palette_ui(ui, &mut states.palette, theme, cx, queue);
        }),
        LeftTab::Outline => padded(ui, Margin::same(6), |ui| {
            outline_ui(ui, &mut states.outline, theme, cx, queue);
        }),
    }
}

fn centre_ui(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, states: &mut States, queue: &mut CommandQueue) {
    let tabs = [Tab::new(CentreTab::Canvas, "Canvas"), Tab::new(CentreTab::Topology, "Topology")];
    ui.spacing_mut().item_spacing.y = 0.0;
    if let Some(tab) = tab_bar(ui, theme, CENTRE, &tabs, cx.view.centre, |_| {}) {
        queue.event(UiEvent::ShowCentre(tab));
    }
    match cx.view.centre {
        CentreTab::Canvas => {
            let response = canvas_ui(ui, &mut states.canvas, cx.workspace, theme, queue);
            response.context_menu(|ui| context_menu(ui, theme, cx, queue));
        }
        CentreTab::Topology => topology_ui(ui, &mut states.topology, cx.workspace, theme, queue),
    }
}

fn right_ui(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, states: &mut States, queue: &mut CommandQueue) {
    let tabs = [Tab::new(InspectorTab::Form, "Form"), Tab::new(InspectorTab::Yaml, "YAML")];
    if let Some(tab) = tab_bar(ui, theme, RIGHT, &tabs, cx.view.inspector, |_| {}) {
        queue.event(UiEvent::ShowInspector(tab));
    }
    match cx.view.inspector {
        InspectorTab::Form => form_ui(ui, &mut states.inspector, cx.workspace, theme, queue),
        InspectorTab::Yaml => yaml_ui(ui, &mut states.inspector, cx.workspace, theme, queue),
    }
}

fn bottom_ui(ui: &mut Ui, theme: &Theme, cx: Cx<'_>, states: &mut States, queue: &mut CommandQueue) {
    let width = ui.available_width();
    let style = mark_edges(ui, theme);
    Panel::right(edges::PREVIEW)
        .frame(Frame::new().fill(theme.panel))
        .resizable(true)
        .default_size(cx.workspace.panel_sizes().preview.unwrap_or((width * 0.39).max(260.0)))
        .size_range(220.0..=(width * 0.65).max(230.0))
        .show(ui, |ui| {
            ui.set_style(Arc::clone(&style));
            ui.spacing_mut().item_spacing.y = 0.0;
            let tabs = [Tab::new((), "Export preview")];
            tab_bar(ui, theme, PREVIEW, &tabs, (), |ui| {
                let copy = quiet_button(ui, theme, "Copy");
                if copy.on_hover_text("Copy the manifests as they would be exported").clicked() {
                    queue.event(UiEvent::CopyText(cx.workspace.preview().to_owned()));
                }
            });
            preview_ui(ui, &mut states.preview, cx.workspace, theme, queue);
        });
    CentralPanel::default().frame(Frame::new().fill(theme.panel)).show(ui, |ui| {
        ui.set_style(style);
        let total = cx.workspace.derived().total;
        let count = total.errors + total.warnings + total.infos;
        let mut problems = Tab::new(BottomTab::Problems, "Problems");
        if let Some(worst) = total.worst() {
            problems.badge = Some((count.to_string(), theme.severity(worst)));
        }
        let chain = Tab::new(BottomTab::Chain, "Chain");
        let tabs = [problems, chain, Tab::new(BottomTab::Evaluation, "Evaluation")];
        if let Some(tab) = tab_bar(ui, theme, BOTTOM, &tabs, cx.view.bottom, |_| {}) {
            queue.event(UiEvent::ShowBottom(tab));
        }
        match cx.view.bottom {
            BottomTab::Problems => problems_ui(ui, &mut states.problems, cx.workspace, theme, queue),
            BottomTab::Chain => chain_ui(ui, &mut states.chain, cx.workspace, theme, queue),
            BottomTab::Evaluation => evaluation_ui(ui, &mut states.evaluation, cx.workspace, theme, queue),
        }
    });
}

fn padded(ui: &mut Ui, margin: Margin, content: impl FnOnce(&mut Ui)) {
    Frame::new().inner_margin(margin).show(ui, content);
}

/// Gives the keyboard to a region that is shown: to what it shows where that takes it, else to its active tab.
pub fn focus(ctx: &egui::Context, cx: Cx<'_>, states: &mut States, region: Region) {
    let view = cx.view;
    let id = match region {
        Region::Right
            if view.inspector == InspectorTab::Form && cx.workspace.editor().selection().len() == 1 =>
        {
            return states.inspector.focus_first();
        }
        Region::Bottom
            if view.bottom == BottomTab::Problems && cx.workspace.derived().total.worst().is_some() =>
        {
            return states.problems.take_focus();
        }
        Region::Bottom if view.bottom == BottomTab::Chain && states.chain.has_chain() => {
            return states.chain.take_focus();
        }
        Region::Bottom if view.bottom == BottomTab::Evaluation && states.evaluation.has_rows() => {
            return states.evaluation.take_focus();
        }
        Region::Left if view.left == LeftTab::Outline => OutlineState::id(),
        Region::Left => PaletteState::field_id(),
        Region::Centre if view.centre == CentreTab::Canvas => CanvasState::id(),
        Region::Centre => active_tab_id(CENTRE),
        Region::Right => active_tab_id(RIGHT),
        Region::Bottom => active_tab_id(BOTTOM),
        Region::Preview if !cx.workspace.preview().is_empty() => PreviewState::id(),
        Region::Preview => active_tab_id(PREVIEW),
        Region::Menus => match first_menu(ctx) {
            Some(id) => id,
            None => return,
        },
    };
    ctx.memory_mut(|memory| memory.request_focus(id));
}

/// Padding of a panel's body, for the views that fill it.
pub const PADDING: f32 = space::M;
