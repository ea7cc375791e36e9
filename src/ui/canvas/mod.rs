//! The canvas: the design as cards, frames and edges, to be looked at and edited with the pointer or the keyboard.
//!
//! Our own widget. It reads the editor, queues commands, and never changes the design; what it remembers between frames
//! is how it is looked at. It asks for no repaint of its own.

mod controls;
pub mod drop;
mod find;
pub mod hit;
mod interact;
pub mod layout;
pub mod paint;
pub mod projection;
mod speech;
#[cfg(test)]
mod tests;
pub mod view;

use std::collections::HashSet;
use std::sync::{Arc, Weak};

use egui::{Id, Pos2, Rect, Response, Sense, Ui};

use self::drop::{NodeSet, moved};
use self::find::Find;
use self::interact::{Gesture, Shown};
use self::paint::{Brush, Look, Texts};
use self::projection::Scene;
use self::view::{View, to_position};
use super::queue::CommandQueue;
use super::theme::Theme;
use super::widgets::focus_visible;
use crate::editor::{Derived, EditCommand, Editor, Revision};
use crate::model::{ComponentId, ComponentKind, Design, Position};
use crate::workspace::Workspace;

type Hasher = foldhash::fast::FixedState;

/// What a palette tile carries while it is dragged (egui's drag-and-drop payload).
#[derive(Clone, Debug, PartialEq)]
pub struct PaletteItem(pub ComponentKind);

/// What actions ask of the canvas; only the view changes, never the design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CanvasEvent {
    /// Shows everything.
    FitAll,
    /// Shows the selection.
    FitSelection,
    /// Back to 100 %.
    ZoomActual,
    /// One step nearer.
    ZoomIn,
    /// One step farther.
    ZoomOut,
    /// Opens the find field.
    Find,
    /// Selects the next match.
    FindNext,
    /// Brings a component into view.
    Reveal(ComponentId),
    /// Gives the canvas the keyboard.
    TakeFocus,
}

/// Something that waits for the next frame, when the size of the canvas is known.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Aim {
    All,
    Selection,
    Reveal(ComponentId),
}

/// What the canvas remembers between frames.
#[derive(Debug, Default)]
pub struct CanvasState {
    view: View,
    scene: Scene,
    /// Which design the scene was made of: its revision, and its address while it is kept.
    scene_of: Option<(Revision, Weak<Design>)>,
    texts: Texts,
    gesture: Gesture,
    aim: Option<Aim>,
    /// Centre and zoom that "Fit all" has set; while they are still the view's, it follows the size of the canvas.
    fitted: Option<(Pos2, f32)>,
    wants_focus: bool,
    has_focus: bool,
    /// The component that the keyboard is at.
    cursor: Option<ComponentId>,
    /// Where the pointer is, in canvas points, while it is over the canvas.
    pointer: Option<Pos2>,
    find: Find,
}

/// What the canvas shows.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The editing session.
    pub editor: &'a Editor,
    /// Findings of the last good revision.
    pub derived: &'a Derived,
}

impl<'a> From<&'a Workspace> for Source<'a> {
    fn from(workspace: &'a Workspace) -> Self {
        Self { editor: workspace.editor(), derived: workspace.derived() }
    }
}

impl CanvasState {
    /// The widget's identity: it has the keyboard when `ctx.memory(|m| m.has_focus(CanvasState::id()))`.
    pub fn id() -> Id {
        Id::new("canvas")
    }

    /// The zoom; 1.0 is 100 %.
    pub fn zoom(&self) -> f32 {
        self.view.zoom
    }

    /// Whether the canvas had the keyboard in the last frame.
    pub fn is_focused(&self) -> bool {
        self.has_focus
    }

    /// Whether a drag is under way: Esc then cancels it and means nothing else.
    pub fn is_gesture_active(&self) -> bool {
        self.gesture.is_active()
    }

    /// Another document was opened: nothing is under way in it, and nothing has a place yet.
    pub(super) fn forget_document(&mut self) {
        self.scene = Scene::default();
        self.scene_of = None;
        self.gesture.cancel();
        self.cursor = None;
        self.find = Find::default();
        self.texts.clear();
    }

    /// Takes an event; called after the frame.
    pub fn handle(&mut self, event: CanvasEvent, _workspace: &Workspace) {
        self.look(event);
    }

    /// The same, of any editor.
    pub fn look(&mut self, event: CanvasEvent) {
        match event {
            CanvasEvent::FitAll => self.aim = Some(Aim::All),
            CanvasEvent::FitSelection => self.aim = Some(Aim::Selection),
            CanvasEvent::Reveal(id) => self.aim = Some(Aim::Reveal(id)),
            CanvasEvent::ZoomActual => self.view.zoom_to(1.0),
            CanvasEvent::ZoomIn => self.view.zoom_step(1),
            CanvasEvent::ZoomOut => self.view.zoom_step(-1),
            CanvasEvent::TakeFocus => self.wants_focus = true,
            CanvasEvent::Find => self.find.open(),
            CanvasEvent::FindNext => self.find_next(),
        }
    }

    /// Where the pointer is, in the design's units, if it is over the canvas: where a paste goes.
    pub fn pointer(&self) -> Option<Position> {
        self.pointer.map(to_position)
    }

    /// The middle of the view, in the design's units: where a component goes that is added with the keyboard.
    pub fn center(&self) -> Position {
        to_position(self.view.centre)
    }

    /// What moves the selected cards by so many units; `None` when nothing that can be moved is selected.
    pub fn nudge(&self, editor: &Editor, dx: f32, dy: f32) -> Option<EditCommand> {
        let selected = editor.selection().iter().filter_map(|id| self.scene.node_of(id));
        let cards: NodeSet = selected
            .flat_map(|node| self.scene.nodes[node].members.iter().copied().chain(std::iter::once(node)))
            .collect();
        let moves = moved(&self.scene, &cards, egui::vec2(dx, dy) * view::POINTS_PER_UNIT)?;
        Some(EditCommand::Move { moves })
    }

    /// What is drawn, as of the last frame.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// How the canvas is looked at, as of the last frame.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Makes the scene anew if the design has changed; returns whether it did.
    fn refresh(&mut self, editor: &Editor) -> bool {
        let design = editor.shared_design();
        let shown = self.scene_of.as_ref().is_some_and(|(revision, shown)| {
            *revision == editor.revision() && shown.as_ptr() == Arc::as_ptr(&design)
        });
        if shown {
            return false;
        }
        let scene = Scene::of(&design, editor.revision(), &self.scene);
        if self.scene_of.is_none() {
            self.aim = self.aim.or(Some(Aim::All));
        } else if let Some(new) = editor.selection().primary()
            && self.scene.node_of(new).is_none()
        {
            // What was added or pasted is shown, wherever the layout has put it; the first in the middle.
            let is_placed = design.component(new).is_some_and(|it| it.position().is_some());
            let is_first = self.scene.nodes.is_empty() && !is_placed;
            self.aim = self.aim.or(Some(if is_first { Aim::All } else { Aim::Reveal(new) }));
        }
        self.scene = scene;
        self.scene_of = Some((editor.revision(), Arc::downgrade(&design)));
        self.texts.clear();
        true
    }

    /// Takes the room that there is. A view that shows everything goes on to do so.
    fn resize(&mut self, viewport: Rect) {
        if self.view.viewport.size() != viewport.size()
            && self.fitted == Some((self.view.centre, self.view.zoom))
        {
            self.aim = self.aim.or(Some(Aim::All));
        }
        self.view.viewport = viewport;
    }

    fn aim(&mut self, editor: &Editor) {
        let selected = || {
            let nodes = editor.selection().iter().filter_map(|id| self.scene.node_of(id));
            nodes.map(|node| self.scene.nodes[node].rect).fold(Rect::NOTHING, Rect::union)
        };
        match self.aim.take() {
            None => {}
            Some(Aim::Selection) if !editor.selection().is_empty() => self.view.fit(selected()),
            Some(Aim::All | Aim::Selection) => {
                self.view.fit(self.scene.bounds);
                self.fitted = Some((self.view.centre, self.view.zoom));
            }
            Some(Aim::Reveal(id)) => {
                if let Some(node) = self.scene.node_of(id) {
                    let rect = self.scene.nodes[node].rect;
                    // A filter is seen with the plugin around it, if that can be seen at all.
                    let wallet = self.scene.nodes[node].holder.filter(|_| self.scene.nodes[node].is_held());
                    let around = wallet.map_or(rect, |wallet| self.scene.nodes[wallet].rect);
                    let fits = (around.size() * self.view.zoom).max(self.view.visible_room())
                        == self.view.visible_room();
                    self.view.reveal(if fits { around } else { rect });
                }
            }
        }
    }
}

/// Tells whether the canvas draws what is dragged from the palette, so that nobody else has to.
pub fn draws_ghost(ctx: &egui::Context) -> bool {
    ctx.data(|data| data.get_temp(CanvasState::id().with("ghost"))).unwrap_or(false)
}

/// Shows the canvas in all the room that is left. The response is that of the whole canvas: for a context menu, whose
/// component has been selected when it opens.
pub fn canvas_ui(
    ui: &mut Ui,
    state: &mut CanvasState,
    workspace: &Workspace,
    theme: &Theme,
    queue: &mut CommandQueue,
) -> Response {
    frame(ui, state, Source::from(workspace), theme, queue)
}

/// One frame of the canvas, of any editor.
pub fn frame(
    ui: &mut Ui,
    state: &mut CanvasState,
    source: Source<'_>,
    theme: &Theme,
    queue: &mut CommandQueue,
) -> Response {
    let rect = ui.available_rect_before_wrap();
    let zoom = state.view.zoom;
    state.resize(rect);
    state.texts.begin_frame(ui.ctx());
    if state.refresh(source.editor) {
        state.gesture.cancel();
    }
    state.aim(source.editor);
    state.walk_with_tab(ui, source.editor, queue);
    let response = ui.interact(rect, CanvasState::id(), Sense::click_and_drag());
    ui.advance_cursor_after_rect(rect);
    if std::mem::take(&mut state.wants_focus) {
        response.request_focus();
    }
    let shown = state.interact(ui, &response, source, queue);
    state.has_focus = response.has_focus();
    state.paint(ui, source, theme, &shown);
    state.speak(ui, &response, source, &shown, queue);
    state.controls_ui(ui, theme);
    state.find_ui(ui, theme, queue);
    if zoom.to_bits() != state.view.zoom.to_bits() {
        // What was painted before the canvas (the status bar) still shows the former zoom.
        ui.ctx().request_repaint();
    }
    response
}

impl CanvasState {
    /// The node that the keyboard is at: it goes with the selection.
    fn cursor(&self, editor: &Editor) -> Option<usize> {
        let selection = editor.selection();
        let cursor = self.cursor.filter(|id| selection.contains(*id)).or(selection.primary());
        cursor.and_then(|id| self.scene.node_of(id))
    }

    fn paint(&mut self, ui: &Ui, source: Source<'_>, theme: &Theme, shown: &Shown) {
        let mut selected: HashSet<ComponentId, Hasher> = source.editor.selection().iter().collect();
        if let Some(banded) = &shown.selected {
            selected = banded.iter().copied().collect();
        }
        let look = Look {
            theme,
            view: self.view,
            selected: &selected,
            hovered: shown.hovered,
            hovered_slot: shown.hovered_slot,
            cursor: self.cursor(source.editor).filter(|_| self.has_focus && focus_visible(ui.ctx())),
            counts: &source.derived.counts,
            overlay: &shown.overlay,
        };
        let painter = ui.painter_at(self.view.viewport);
        let mut brush = Brush::new(painter, &self.scene, &look, &mut self.texts);
        brush.background();
        brush.scene();
        if let Some(area) = shown.band {
            brush.band(area);
        }
        if let Some(drag) = &shown.drag {
            if let Some(insertion) = drag.plan.insertion {
                brush.insertion(insertion, !drag.plan.is_refused());
            }
            let below = brush.ghost(&drag.load, drag.pointer, drag.offset);
            let at = self.view.to_screen(drag.pointer);
            if let Some((rect, text)) = brush.effect(&drag.plan, at, below) {
                speech::effect(ui, rect, &text);
            }
        }
        if self.has_focus && focus_visible(ui.ctx()) && look.cursor.is_none() {
            let ring = self.view.viewport.shrink(1.0);
            ui.painter().rect_stroke(ring, 0.0, theme.focus_ring(), egui::StrokeKind::Inside);
        }
    }
}
