//! The topology view: the whole graph of wallets, namespaces and selections, read-only, drawn by `egui_graphs`.
//!
//! `egui_graphs` asks for a repaint in every frame that it is shown in. So it is shown only while its layout moves and
//! when something on the picture changes; in all other frames the shapes that it made last are painted again, and the
//! program is idle. Pan, zoom, hit test and "fit" are our own: see [`super::canvas::view`].

mod forces;
mod forms;
mod graph;
mod shapes;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Weak};

use egui::{Align, Align2, Button, CursorIcon, Id, Layout, PointerButton, Pos2, Rect, Response, RichText};
use egui::{Sense, Shape, Ui};
use egui::{UiBuilder, Vec2, WidgetInfo, WidgetType, pos2, vec2};
use egui_graphs::{
    GraphView, LayoutHierarchical, LayoutHierarchicalOrientation, LayoutStateHierarchical, MetadataFrame,
    SettingsInteraction, SettingsNavigation, set_layout_state,
};

use self::forces::Forces;
use self::forms::{Form, PILL, Shown, scale};
use self::graph::{Network, Relation};
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
    /// Fruchterman and Reingold: nodes repel each other, relations pull. Takes n² time a step and part.
    Force,
    /// Namespaces, then wallets, then what they hold and select.
    Hierarchy,
}

/// Beyond so many pairs of nodes, in parts that hang together, only the hierarchy is offered.
const MOST_FOR_FORCE: usize = 1_500 * 1_500;
/// How long nodes may move, in seconds.
const MOVES_AT_MOST: f64 = 5.0;
/// How long the forces may work before the first picture, and between two, in milliseconds.
const FIRST_WORK: u64 = 60;
const WORK: u64 = 10;
/// From row to row of the hierarchy, and from level to level, in graph points.
const ROW: f32 = PILL.y + 8.0;
const LEVEL: f32 = PILL.x + 60.0;
/// More nodes than this in view are not spoken of one by one.
const MOST_SPOKEN: usize = 500;

type HierarchyView = GraphView<LayoutStateHierarchical, LayoutHierarchical>;

/// What it remembers between frames.
#[derive(Default)]
pub struct TopologyState {
    view: View,
    network: Network,
    forces: Forces,
    /// What the forces cost.
    pairs: usize,
    network_of: Option<(Revision, Weak<Design>)>,
    chosen: Option<Arrangement>,
    /// When the layout started to move; `None` while it is at rest.
    moving_since: Option<f64>,
    /// The user has not panned or zoomed: the view follows the layout.
    follows: bool,
    hovered: Option<usize>,
    painted: Option<Painted>,
    /// The size for which the parts were packed.
    packed_for: Vec2,
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
    state.move_on(ui);
    let picture = state.picture(ui, editor, theme);
    if let Some(painted) = state.painted.as_ref().filter(|painted| painted.of == picture) {
        ui.painter_at(rect).extend(painted.shapes.iter().cloned());
    } else {
        state.show(ui, editor, picture);
    }
    // Over the graph's own widget: whatever the pointer does is ours.
    let response = ui.interact(rect, id(), Sense::click_and_drag());
    ui.advance_cursor_after_rect(rect);
    state.click(&response, queue);
    state.speak(ui, &response, editor, queue);
    state.controls_ui(ui, theme);
}

impl TopologyState {
    /// Another document was opened: only the choice of the arrangement goes on.
    pub(super) fn forget_document(&mut self) {
        *self = Self { chosen: self.chosen, ..Self::default() };
    }

    fn arrangement(&self) -> Arrangement {
        if self.pairs > MOST_FOR_FORCE {
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
        self.pairs = forces::pairs(self.network.len(), self.network.pairs());
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
        let is_hierarchy = self.arrangement() == Arrangement::Hierarchy;
        let layout = LayoutStateHierarchical {
            // Triggered already, it leaves the nodes where they are.
            triggered: !is_hierarchy,
            row_dist: LEVEL,
            col_dist: ROW,
            center_parent: false,
            orientation: LayoutHierarchicalOrientation::LeftRight,
        };
        set_layout_state(ui, layout, layout_key());
        self.moving_since = None;
        self.forces = Forces::default();
        if is_hierarchy {
            HierarchyView::fast_forward(ui, &mut self.network.graph, 1, layout_key());
            self.network.fold(ROW, self.view.visible_room());
            self.settle();
        } else {
            let places: Vec<Pos2> = self.network.places().collect();
            self.forces = Forces::of(&places, self.network.pairs());
            let moves = self.forces.work(ui, FIRST_WORK);
            self.moving_since = moves.then(|| ui.input(|input| input.time));
            self.pack();
        }
    }

    /// Puts the nodes where the forces have them.
    fn pack(&mut self) {
        for (node, place) in self.forces.places(self.view.visible_room()) {
            self.network.set_place(node, place);
        }
        self.settle();
    }

    /// The nodes have other places.
    fn settle(&mut self) {
        self.packed_for = self.view.viewport.size();
        self.painted = None;
        if self.follows {
            self.network.fit(&mut self.view);
        }
    }

    /// One frame of a layout that moves.
    fn move_on(&mut self, ui: &mut Ui) {
        if let Some(since) = self.moving_since {
            let time = ui.input(|input| input.time);
            if time - since > MOVES_AT_MOST {
                self.forces.stop();
            }
            if !self.forces.work(ui, WORK) {
                self.moving_since = None;
            }
            self.pack();
            ui.ctx().request_repaint();
        } else if self.packed_for != self.view.viewport.size() && self.follows {
            match self.arrangement() {
                Arrangement::Force => self.pack(),
                Arrangement::Hierarchy => self.arrange(ui),
            }
        }
    }

    /// Lets `egui_graphs` draw, and keeps what it drew.
    fn show(&mut self, ui: &mut Ui, editor: &Editor, picture: Picture) {
        let scale = scale(&self.view);
        let painter = ui.painter_at(self.view.viewport);
        self.network
            .dress(&self.view, editor.selection(), self.hovered, |face| shapes::width(&painter, face, scale));
        let layer = ui.layer_id();
        let first = ui.ctx().graphics_mut(|graphics| graphics.entry(layer).next_idx());
        let is_ours = self.draw(ui);
        let theme = Theme::of(ui.ctx());
        for (ends, lit) in self.network.joins() {
            let clip = painter.clip_rect();
            painter
                .extend(shapes::line_between(ends, Relation::Joins, &theme, lit, clip).unwrap_or_default());
        }
        for pill in self.network.named() {
            painter.extend(pill.draw(&painter, scale));
        }
        if let Some(pill) = self.hovered.and_then(|node| self.network.pill(node)) {
            painter.extend(pill.draw_as(&painter, self.named(&painter), scale));
        }
        self.painted = is_ours.then(|| {
            let shapes = ui.ctx().graphics(|graphics| {
                let list = graphics.get(layer);
                list.map(|list| {
                    list.all_entries().skip(first.0).map(|clipped| clipped.shape.clone()).collect()
                })
            });
            Painted { of: picture, shapes: shapes.unwrap_or_default() }
        });
        if self.painted.is_none() {
            ui.ctx().request_repaint();
        }
    }

    /// What is under the pointer is named, whoever else is there.
    fn named(&self, painter: &egui::Painter) -> Shown {
        let Some((face, shown)) = self.hovered.and_then(|node| self.network.face(node)) else {
            return Shown::NOWHERE;
        };
        if shown.form == Form::Pill {
            return shown;
        }
        let scale = scale(&self.view);
        let size = vec2(shapes::width(painter, face, scale), PILL.y * scale);
        Shown { form: Form::Pill, rect: Rect::from_center_size(shown.rect.center(), size) }
    }

    /// Runs the widget of `egui_graphs`; returns whether it looked from where we do. The first time it shows itself it
    /// fits the graph into the view by its own idea.
    fn draw(&mut self, ui: &mut Ui) -> bool {
        let rect = self.view.viewport;
        let mut metadata = MetadataFrame::new(layout_key()).load(ui);
        metadata.zoom = self.view.zoom;
        metadata.pan = self.view.to_screen(Pos2::ZERO) - rect.left_top();
        let (zoom, pan) = (metadata.zoom, metadata.pan);
        metadata.save(ui);
        let interaction = SettingsInteraction::new();
        let navigation =
            SettingsNavigation::new().with_fit_to_screen_enabled(false).with_zoom_and_pan_enabled(false);
        let graph = &mut self.network.graph;
        ui.scope_builder(UiBuilder::new().max_rect(rect).id_salt("topology graph"), |ui| {
            let view = HierarchyView::new().with_id(layout_key());
            view.with_interactions(&interaction).with_navigations(&navigation).show(ui, graph);
        });
        let metadata = MetadataFrame::new(layout_key()).load(ui);
        (metadata.zoom - zoom).abs() < f32::EPSILON && (metadata.pan - pan).length() < 0.01
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
        let hovered = pointer.and_then(|pointer| self.network.at(pointer));
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
        let hit = pointer.and_then(|pointer| self.network.at(pointer));
        let id = hit.and_then(|node| self.network.id_of(node));
        select(id, queue);
        if response.double_clicked() && id.is_some() {
            queue.event(UiEvent::ShowCentre(CentreTab::Canvas));
        }
    }

    /// Names, roles and places of the nodes in view, for screen readers and tests.
    fn speak(&self, ui: &mut Ui, response: &Response, editor: &Editor, queue: &mut CommandQueue) {
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, "Topology"));
        super::widgets::set_role(response, egui::accesskit::Role::GraphicsDocument);
        let visible = self.view.viewport;
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
                let rect = rect.intersect(self.view.viewport);
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
            if self.pairs <= MOST_FOR_FORCE {
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
                self.network.fit(&mut self.view);
                self.follows = true;
                ui.ctx().request_repaint();
            }
            let has_joins = self.network.has_joins();
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| legend_ui(ui, theme, has_joins));
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
fn legend_ui(ui: &mut Ui, theme: &Theme, has_joins: bool) {
    let joins = has_joins.then_some((Relation::Joins, "is joined with"));
    let always = [(Relation::Selects, "acts on"), (Relation::Frames, "holds"), (Relation::Holds, "runs")];
    for (relation, text) in joins.into_iter().chain(always) {
        ui.label(RichText::new(text).font(Theme::plain(size::SMALL)).color(theme.dim));
        let (rect, _) = ui.allocate_exact_size(vec2(30.0, 20.0), Sense::hover());
        let line = [rect.left_center(), rect.right_center()];
        ui.painter().extend(shapes::line(line, relation, theme, false));
        ui.add_space(space::M);
    }
}
