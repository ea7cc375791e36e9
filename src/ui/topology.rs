//! The topology view: the whole graph of wallets, namespaces and selections, read-only, drawn by `egui_graphs`.
//!
//! `egui_graphs` asks for a repaint in every frame that it is shown in. So it is shown only while its layout moves and
//! when something on the picture changes; in all other frames the shapes that it made last are painted again, and the
//! program is idle. Pan, zoom, hit test and "fit" are our own: see [`super::canvas::view`].

mod graph;
mod shapes;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Weak};

use egui::{Align, Align2, Button, CursorIcon, Id, Layout, PointerButton, Pos2, Rect, Response, RichText};
use egui::{Sense, Shape, Ui};
use egui::{UiBuilder, Vec2, WidgetInfo, WidgetType, pos2, vec2};
use egui_graphs::{
    FruchtermanReingoldWithCenterGravity, FruchtermanReingoldWithCenterGravityState, GraphView,
    LayoutForceDirected, LayoutHierarchical, LayoutHierarchicalOrientation, LayoutStateHierarchical,
    MetadataFrame, SettingsInteraction, SettingsNavigation, get_layout_state, set_layout_state,
};

use self::graph::{Network, PILL, Relation};
use super::canvas::CanvasEvent;
use super::canvas::view::View;
use super::queue::{CentreTab, CommandQueue, UiEvent};
use super::theme::{Theme, size, space};
use crate::editor::{Editor, Revision};
use crate::model::{ComponentId, Design};
use crate::workspace::{Command, Workspace};

/// How nodes are arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arrangement {
    /// Fruchterman and Reingold: nodes repel each other, relations pull. Takes n² time a step.
    Force,
    /// Namespaces, then wallets, then what they hold and select.
    Hierarchy,
}

/// Beyond so many nodes only the hierarchy is offered.
const MOST_FOR_FORCE: usize = 1_500;
/// How long nodes may move, in seconds.
const MOVES_AT_MOST: f64 = 5.0;
/// Nodes that move less than this in a step, on average and in graph points, are at rest.
const AT_REST: f32 = 0.25;
/// Distance that the forces aim at between related nodes, in graph points.
const IDEAL_DISTANCE: f32 = 190.0;
/// From row to row of the hierarchy, in graph points.
const ROW: f32 = PILL.y + 14.0;
/// How strongly parts that nothing joins are kept together.
const GRAVITY: f32 = 1.2;
/// More nodes than this in view are not spoken of one by one.
const MOST_SPOKEN: usize = 500;

type ForceState = FruchtermanReingoldWithCenterGravityState;
type ForceView = GraphView<ForceState, LayoutForceDirected<FruchtermanReingoldWithCenterGravity>>;
type HierarchyView = GraphView<LayoutStateHierarchical, LayoutHierarchical>;

/// What it remembers between frames.
#[derive(Default)]
pub struct TopologyState {
    view: View,
    network: Network,
    network_of: Option<(Revision, Weak<Design>)>,
    chosen: Option<Arrangement>,
    /// When the layout started to move; `None` while it is at rest.
    moving_since: Option<f64>,
    /// The user has not panned or zoomed: the view follows the layout.
    follows: bool,
    hovered: Option<usize>,
    painted: Option<Painted>,
    /// A layout has been chosen and has not been run yet.
    starts: bool,
}

/// The last picture, and what it shows.
struct Painted {
    of: Picture,
    shapes: Vec<Shape>,
}

/// What a picture depends on.
#[derive(Clone, Debug, PartialEq)]
struct Picture {
    view: View,
    revision: Revision,
    hovered: Option<usize>,
    selected: Vec<ComponentId>,
    dark: bool,
    pixels_per_point: f32,
    atlas_is_of: u32,
}

fn id() -> Id {
    Id::new("topology")
}

#[expect(clippy::unnecessary_wraps, reason = "egui_graphs takes an option, by value, everywhere")]
fn layout_key() -> Option<String> {
    Some("topology".to_owned())
}

/// Shows the graph in all the room that is left.
pub fn topology_ui(
    ui: &mut Ui,
    state: &mut TopologyState,
    workspace: &Workspace,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    frame(ui, state, workspace.editor(), theme, queue);
}

/// One frame of the topology, of any editor.
pub fn frame(
    ui: &mut Ui,
    state: &mut TopologyState,
    editor: &Editor,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    let rect = ui.available_rect_before_wrap();
    state.view.viewport = rect;
    ui.painter().rect_filled(rect, 0.0, theme.canvas);
    state.refresh(ui, editor);
    state.navigate(ui);
    state.network.mark(editor.selection(), state.hovered);
    let picture = state.picture(ui, editor, theme);
    if state.moving_since.is_some() || state.starts {
        state.move_on(ui, rect, picture);
    } else if let Some(painted) = state.painted.as_ref().filter(|painted| painted.of == picture) {
        ui.painter_at(rect).extend(painted.shapes.iter().cloned());
    } else {
        state.show(ui, rect, picture);
    }
    // Over the graph's own widget: whatever the pointer does is ours.
    let response = ui.interact(rect, id(), Sense::click_and_drag());
    ui.advance_cursor_after_rect(rect);
    state.click(&response, queue);
    state.speak(ui, &response, editor, queue);
    state.controls_ui(ui, theme);
}

impl TopologyState {
    fn arrangement(&self) -> Arrangement {
        if self.network.len() > MOST_FOR_FORCE {
            return Arrangement::Hierarchy;
        }
        self.chosen.unwrap_or(Arrangement::Force)
    }

    /// Makes the graph anew if the design has changed; nodes that stay keep their places.
    fn refresh(&mut self, ui: &mut Ui, editor: &Editor) {
        let design = editor.shared_design();
        let shown = self.network_of.as_ref().is_some_and(|(revision, shown)| {
            *revision == editor.revision() && shown.as_ptr() == Arc::as_ptr(&design)
        });
        if shown {
            return;
        }
        let network = Network::of(&design, editor.revision(), &self.network);
        let same_shape = network.has_shape_of(&self.network);
        self.follows |= self.network_of.is_none();
        self.network = network;
        self.network_of = Some((editor.revision(), Arc::downgrade(&design)));
        self.painted = None;
        self.hovered = None;
        if !same_shape {
            self.arrange(ui);
        }
    }

    /// Starts the layout.
    fn arrange(&mut self, ui: &mut Ui) {
        self.painted = None;
        self.starts = true;
        match self.arrangement() {
            Arrangement::Force => {
                let area = ui.ctx().content_rect().area().max(1.0);
                let nodes = self.network.len().max(1) as f32;
                let mut layout = ForceState::default();
                layout.base.is_running = true;
                layout.extras.0.params.c = GRAVITY;
                layout.base.k_scale = IDEAL_DISTANCE / (area / nodes).sqrt();
                set_layout_state(ui, layout, layout_key());
                let graph = &mut self.network.graph;
                ForceView::fast_forward_budgeted(ui, graph, 300, 60, layout_key());
                self.moving_since = Some(ui.input(|input| input.time));
            }
            Arrangement::Hierarchy => {
                let layout = LayoutStateHierarchical {
                    triggered: false,
                    row_dist: PILL.x + 90.0,
                    col_dist: ROW,
                    center_parent: false,
                    orientation: LayoutHierarchicalOrientation::LeftRight,
                };
                set_layout_state(ui, layout, layout_key());
                self.moving_since = None;
            }
        }
    }

    /// One frame of a layout that moves, or of one that is done in a frame.
    fn move_on(&mut self, ui: &mut Ui, rect: Rect, picture: Picture) {
        self.starts = false;
        self.show(ui, rect, picture);
        self.painted = None;
        if self.arrangement() == Arrangement::Hierarchy {
            self.network.fold(ROW, rect.aspect_ratio());
        }
        if self.follows {
            self.view.fit(self.network.bounds());
        }
        ui.ctx().request_repaint();
        let Some(since) = self.moving_since else { return };
        let mut layout: ForceState = get_layout_state(ui, layout_key());
        let rests = layout.base.last_avg_displacement.is_some_and(|moved| moved < AT_REST);
        if rests || ui.input(|input| input.time) - since > MOVES_AT_MOST {
            layout.base.is_running = false;
            set_layout_state(ui, layout, layout_key());
            self.moving_since = None;
        }
    }

    /// Lets `egui_graphs` draw, and keeps what it drew.
    fn show(&mut self, ui: &mut Ui, rect: Rect, picture: Picture) {
        let view = self.view;
        let mut metadata = MetadataFrame::new(layout_key()).load(ui);
        metadata.zoom = view.zoom;
        metadata.pan = view.to_screen(Pos2::ZERO) - rect.left_top();
        let (zoom, pan) = (metadata.zoom, metadata.pan);
        metadata.save(ui);
        let layer = ui.layer_id();
        let first = ui.ctx().graphics_mut(|graphics| graphics.entry(layer).next_idx());
        let arrangement = self.arrangement();
        let graph = &mut self.network.graph;
        let interaction = SettingsInteraction::new();
        let navigation =
            SettingsNavigation::new().with_fit_to_screen_enabled(false).with_zoom_and_pan_enabled(false);
        ui.scope_builder(UiBuilder::new().max_rect(rect).id_salt("topology graph"), |ui| match arrangement {
            Arrangement::Hierarchy => {
                let view = HierarchyView::new().with_id(layout_key());
                view.with_interactions(&interaction).with_navigations(&navigation).show(ui, graph);
            }
            Arrangement::Force => {
                let view = ForceView::new().with_id(layout_key());
                view.with_interactions(&interaction).with_navigations(&navigation).show(ui, graph);
            }
        });
        // The first time it shows itself it fits the graph into the view by its own idea: that picture is not kept.
        let metadata = MetadataFrame::new(layout_key()).load(ui);
        let is_ours = (metadata.zoom - zoom).abs() < f32::EPSILON && (metadata.pan - pan).length() < 0.01;
        self.painted = is_ours.then(|| {
            let shapes = ui.ctx().graphics(|graphics| {
                let list = graphics.get(layer);
                list.map(|list| {
                    list.all_entries().skip(first.0).map(|clipped| clipped.shape.clone()).collect()
                })
            });
            Painted { of: picture, shapes: shapes.unwrap_or_default() }
        });
    }

    /// What a picture made now would show.
    fn picture(&self, ui: &Ui, editor: &Editor, theme: &Theme) -> Picture {
        #[expect(clippy::redundant_closure_for_method_calls, reason = "the method has a lifetime of its own")]
        let atlas = ui.fonts(|fonts| fonts.font_atlas_fill_ratio());
        Picture {
            view: self.view,
            revision: editor.revision(),
            hovered: self.hovered,
            selected: editor.selection().iter().collect(),
            dark: theme.dark,
            pixels_per_point: ui.ctx().pixels_per_point(),
            // Texts of a picture point into the font atlas, which starts anew when it is full.
            atlas_is_of: (atlas * 1000.0) as u32,
        }
    }

    /// Pan, zoom and hover, from what the pointer does to the response of the last frame.
    fn navigate(&mut self, ui: &Ui) {
        let Some(response) = ui.ctx().read_response(id()) else { return };
        let before = self.view;
        if response.dragged_by(PointerButton::Primary) || response.dragged_by(PointerButton::Middle) {
            self.view.pan_by(response.drag_delta());
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        }
        let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|_| response.contains_pointer());
        if let Some(pointer) = pointer {
            let (zoom, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta()));
            if (zoom - 1.0).abs() > f32::EPSILON {
                self.view.zoom_at(pointer, zoom);
            } else if scroll != Vec2::ZERO {
                self.view.pan_by(scroll);
            }
        }
        let moved = self.view.centre != before.centre || self.view.zoom.to_bits() != before.zoom.to_bits();
        self.follows &= !moved;
        let hovered = pointer.and_then(|pointer| self.network.at(self.view.to_canvas(pointer)));
        if hovered.is_some() && !response.dragged() {
            ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
        }
        self.hovered = hovered;
    }

    /// A click selects on the canvas; a double click goes there.
    fn click(&self, response: &Response, queue: &mut CommandQueue) {
        if !response.clicked_by(PointerButton::Primary) {
            return;
        }
        let pointer = response.interact_pointer_pos();
        let hit = pointer.and_then(|pointer| self.network.at(self.view.to_canvas(pointer)));
        let id = hit.and_then(|node| self.network.id_of(node));
        select(id, queue);
        if response.double_clicked() && id.is_some() {
            queue.event(UiEvent::ShowCentre(CentreTab::Canvas));
        }
    }

    /// Names, roles and places of the nodes in view, for screen readers and tests.
    fn speak(&self, ui: &mut Ui, response: &Response, editor: &Editor, queue: &mut CommandQueue) {
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, "Topology"));
        let visible = self.view.visible();
        let clicked: Vec<_> = ui.input(|input| {
            let requests = input.events.iter().filter_map(|event| match event {
                egui::Event::AccessKitActionRequest(request)
                    if request.action == egui::accesskit::Action::Click =>
                {
                    Some(request.target_node)
                }
                _ => None,
            });
            requests.collect()
        });
        let builder = UiBuilder::new().max_rect(self.view.viewport).accessibility_parent(response.id);
        ui.scope_builder(builder, |ui| {
            let nodes = self.network.faces().filter(|(_, rect)| rect.intersects(visible));
            for (face, rect) in nodes.take(MOST_SPOKEN) {
                let rect = self.view.rect_to_screen(rect).intersect(self.view.viewport);
                let id = Id::new(("topology component", face.id.uuid().as_u128()));
                let response = ui.interact(rect, id, Sense::hover());
                response.widget_info(|| {
                    let selected = editor.selection().contains(face.id);
                    WidgetInfo::selected(WidgetType::SelectableLabel, true, selected, &face.spoken)
                });
                ui.ctx().accesskit_node_builder(id, |node| node.add_action(egui::accesskit::Action::Click));
                if clicked.contains(&id.accesskit_id()) {
                    select(Some(face.id), queue);
                }
            }
        });
    }

    /// Arrangement and fit, bottom left; what the lines mean, bottom right.
    fn controls_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let viewport = self.view.viewport;
        let bar = Rect::from_min_max(
            pos2(viewport.left() + space::M, viewport.bottom() - space::M - 28.0),
            viewport.right_bottom() - vec2(space::M, space::M),
        );
        let builder = UiBuilder::new().max_rect(bar).layout(Layout::left_to_right(Align::Center));
        ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            if self.network.is_empty() {
                return;
            }
            if self.network.len() <= MOST_FOR_FORCE {
                for (arrangement, name) in
                    [(Arrangement::Force, "Force layout"), (Arrangement::Hierarchy, "Hierarchy layout")]
                {
                    let is_chosen = self.arrangement() == arrangement;
                    let button = Button::selectable(is_chosen, name).min_size(vec2(0.0, 28.0)).frame(true);
                    if ui.add(button).clicked() && !is_chosen {
                        self.chosen = Some(arrangement);
                        self.follows = true;
                        self.arrange(ui);
                        ui.ctx().request_repaint();
                    }
                }
            }
            let fit = ui.add(Button::new("Fit").min_size(vec2(40.0, 28.0)));
            fit.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, "Fit all"));
            if fit.clicked() {
                self.view.fit(self.network.bounds());
                self.follows = true;
                ui.ctx().request_repaint();
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| legend_ui(ui, theme));
        });
        if self.network.is_empty() {
            let hint = "Nothing to show yet: add a component on the canvas";
            let font = Theme::plain(size::HEADING);
            ui.painter().text(viewport.center(), Align2::CENTER_CENTER, hint, font, theme.dim);
        }
    }
}

fn select(id: Option<ComponentId>, queue: &mut CommandQueue) {
    queue.push(Command::Select(id.into_iter().collect()));
    if let Some(id) = id {
        queue.event(UiEvent::Canvas(CanvasEvent::Reveal(id)));
    }
}

/// What the lines mean.
fn legend_ui(ui: &mut Ui, theme: &Theme) {
    for (relation, text) in
        [(Relation::Selects, "acts on"), (Relation::Frames, "holds"), (Relation::Holds, "runs")]
    {
        ui.label(RichText::new(text).font(Theme::plain(size::SMALL)).color(theme.dim));
        let (rect, _) = ui.allocate_exact_size(vec2(30.0, 20.0), Sense::hover());
        let line = [rect.left_center(), rect.right_center()];
        ui.painter().extend(shapes::line(line, relation, theme, false));
    }
}
