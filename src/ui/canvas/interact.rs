//! Gestures: what pointer and keyboard do on the canvas, and what is shown of it before they are done.

use std::hash::BuildHasher as _;

use egui::{CursorIcon, EventFilter, Key, Modifiers, PointerButton, Pos2, Rect, Response, Ui, Vec2, vec2};

use super::drop::{Drag, Load, NodeSet, Plan, REACH, Release};
use super::layout::{frame_around, metric};
use super::paint::Overlay;
use super::projection::{Form, Hit};
use super::{Aim, CanvasState, PaletteItem, Source};
use crate::editor::{Destination, EditCommand, Editor};
use crate::model::{ComponentId, ComponentKind, IdSeed};
use crate::ui::queue::{CommandQueue, Region, UiEvent};
use crate::workspace::Command;

/// Moves end on multiples of this, in canvas points: half a unit of the file.
const SNAP: f32 = 4.0;
/// How near to the edge of the canvas a drag pans it, in screen points.
const AUTO_PAN: f32 = 18.0;
/// How far it pans in one frame, at most.
const AUTO_PAN_STEP: f32 = 14.0;

/// What the pointer is doing.
#[derive(Debug, Default)]
pub(super) enum Gesture {
    /// Nothing.
    #[default]
    Idle,
    /// It holds the canvas itself.
    Pan,
    /// It pulls a rubber band from this canvas point.
    Band { from: Pos2, keep: Vec<ComponentId> },
    /// It carries cards; `grab` is the canvas point that was pressed.
    Drag { load: Load, carried: NodeSet, grab: Pos2 },
    /// It was cancelled; the button is still down.
    Cancelled,
}

impl Gesture {
    pub(super) fn is_active(&self) -> bool {
        matches!(self, Self::Band { .. } | Self::Drag { .. })
    }

    pub(super) fn cancel(&mut self) {
        if self.is_active() {
            *self = Self::Cancelled;
        }
    }
}

/// A drag, as it is shown.
pub(super) struct ShownDrag {
    pub(super) load: Load,
    pub(super) plan: Plan,
    pub(super) pointer: Pos2,
    pub(super) offset: Vec2,
}

/// What a frame shows of the gesture under way.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) overlay: Overlay,
    pub(super) hovered: Option<usize>,
    pub(super) hovered_slot: Option<usize>,
    /// What the rubber band would select.
    pub(super) selected: Option<Vec<ComponentId>>,
    pub(super) band: Option<Rect>,
    pub(super) drag: Option<ShownDrag>,
}

fn fresh_ids() -> IdSeed {
    IdSeed(uuid::Uuid::new_v4())
}

fn snapped(offset: Vec2) -> Vec2 {
    (offset / SNAP).round() * SNAP
}

/// What was held when the button was let go, even if it is up again by the end of the frame.
fn click_modifiers(ui: &Ui) -> Modifiers {
    ui.input(|input| {
        let released = input.events.iter().rev().find_map(|event| match event {
            egui::Event::PointerButton { pressed: false, modifiers, .. } => Some(*modifiers),
            _ => None,
        });
        released.unwrap_or(input.modifiers)
    })
}

fn adds_to_selection(modifiers: Modifiers) -> bool {
    modifiers.shift || modifiers.command
}

impl CanvasState {
    fn reach(&self) -> f32 {
        REACH / self.view.zoom.min(1.0)
    }

    /// Everything that pointer and keyboard do in one frame.
    pub(super) fn interact(
        &mut self,
        ui: &Ui,
        response: &Response,
        source: Source<'_>,
        queue: &mut CommandQueue,
    ) -> Shown {
        let over = response.contains_pointer();
        let pointer = ui.input(|input| input.pointer.latest_pos());
        self.wheel(ui, over);
        self.pointer = pointer.filter(|_| over).map(|pointer| self.view.to_canvas(pointer));
        if response.has_focus() {
            let filter =
                EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        }
        self.nudge_with_arrows(ui, response, source.editor, queue);
        self.start(ui, response, source, queue);
        if self.gesture.is_active() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
            self.gesture.cancel();
        }
        let shown = self.carry_on(ui, response, pointer, source, queue);
        self.clicks(ui, response, source, queue);
        shown
    }

    fn wheel(&mut self, ui: &Ui, over: bool) {
        let (zoom, scroll, pointer) =
            ui.input(|input| (input.zoom_delta(), input.translation_delta(), input.pointer.hover_pos()));
        let Some(pointer) = pointer.filter(|_| over) else { return };
        if (zoom - 1.0).abs() > f32::EPSILON {
            self.view.zoom_at(pointer, zoom);
        }
        if scroll != Vec2::ZERO {
            self.view.pan_by(scroll);
        }
    }

    /// Starts a gesture when a drag has begun.
    fn start(&mut self, ui: &Ui, response: &Response, source: Source<'_>, queue: &mut CommandQueue) {
        if response.drag_started() {
            response.request_focus();
        }
        if response.drag_started_by(PointerButton::Middle) {
            self.gesture = Gesture::Pan;
            return;
        }
        if !response.drag_started_by(PointerButton::Primary) {
            return;
        }
        let (origin, space, modifiers) =
            ui.input(|input| (input.pointer.press_origin(), input.key_down(Key::Space), input.modifiers));
        // A press elsewhere is not ours, wherever the pointer has got to since.
        let Some(origin) = origin.filter(|origin| self.view.viewport.contains(*origin)) else { return };
        if space {
            self.gesture = Gesture::Pan;
            return;
        }
        let grab = self.view.to_canvas(origin);
        let grabbed = match self.scene.hit(grab, self.reach()) {
            Hit::Node(node) | Hit::Slot(node) => Some(node),
            Hit::Inside(frame) => Some(frame).filter(|&frame| self.scene.nodes[frame].members.is_empty()),
            Hit::Empty => None,
        };
        let Some(grabbed) = grabbed else {
            let selection = source.editor.selection();
            let keep = if adds_to_selection(modifiers) { selection.iter().collect() } else { Vec::new() };
            self.gesture = Gesture::Band { from: grab, keep };
            return;
        };
        let id = self.scene.nodes[grabbed].id;
        if !source.editor.selection().contains(id) {
            queue.push(Command::Select(vec![id]));
        }
        self.cursor = Some(id);
        let selected = source.editor.selection().iter().filter_map(|id| self.scene.node_of(id));
        let load = Load::of(&self.scene, grabbed, selected);
        let carried = load.carried(&self.scene);
        self.gesture = Gesture::Drag { load, carried, grab };
    }

    /// Carries the gesture on, ends it when the button is up, and tells what to show.
    fn carry_on(
        &mut self,
        ui: &Ui,
        response: &Response,
        pointer: Option<Pos2>,
        source: Source<'_>,
        queue: &mut CommandQueue,
    ) -> Shown {
        let ended = !response.dragged();
        let mut shown = Shown::default();
        match std::mem::take(&mut self.gesture) {
            Gesture::Idle => self.hover(ui, response, source.editor, queue, &mut shown),
            Gesture::Pan => {
                self.view.pan_by(response.drag_delta());
                ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
                self.gesture = Gesture::Pan;
            }
            Gesture::Cancelled => self.gesture = Gesture::Cancelled,
            Gesture::Band { from, keep } => {
                let Some(pointer) = pointer else { return shown };
                self.auto_pan(ui, pointer);
                let area = Rect::from_two_pos(from, self.view.to_canvas(pointer));
                let found = self.scene.within(area).into_iter().map(|node| self.scene.nodes[node].id);
                let mut selected = keep.clone();
                selected.extend(found.filter(|id| !keep.contains(id)));
                if ended {
                    queue.push(Command::Select(selected));
                } else {
                    shown.band = Some(area);
                    shown.selected = Some(selected);
                    self.gesture = Gesture::Band { from, keep };
                }
            }
            Gesture::Drag { load, carried, grab } => {
                let Some(pointer) = pointer else { return shown };
                if !ended {
                    self.auto_pan(ui, pointer);
                }
                let pointer = self.view.to_canvas(pointer);
                let offset = snapped(pointer - grab);
                let drag = Drag { load: &load, carried: &carried, pointer, offset };
                let plan = drag.plan(&self.scene, source.editor);
                if ended {
                    if let Some(command) = drag.command(&self.scene, &plan.release, fresh_ids()) {
                        queue.edit(command);
                        // A filter that is taken out gives way to what lies there.
                        if let (Load::Filters(filters), Release::Place(_)) = (&load, &plan.release) {
                            self.aim =
                                filters.first().map(|&filter| Aim::Reveal(self.scene.nodes[filter].id));
                        }
                    }
                } else {
                    self.show_drag(ui, &drag, plan, &mut shown);
                    self.gesture = Gesture::Drag { load, carried, grab };
                }
            }
        }
        if ended && !response.drag_started() {
            self.gesture = Gesture::Idle;
        }
        shown
    }

    fn show_drag(&self, ui: &Ui, drag: &Drag<'_>, plan: Plan, shown: &mut Shown) {
        let refused = plan.is_refused();
        ui.ctx().set_cursor_icon(if refused { CursorIcon::NotAllowed } else { CursorIcon::Grabbing });
        shown.overlay = self.overlay(drag, &plan);
        shown.drag =
            Some(ShownDrag { load: drag.load.clone(), plan, pointer: drag.pointer, offset: drag.offset });
    }

    fn overlay(&self, drag: &Drag<'_>, plan: &Plan) -> Overlay {
        let mut overlay = Overlay { offset: drag.offset, ..Overlay::default() };
        let refused = plan.is_refused();
        overlay.target = plan.target.map(|target| (target, !refused));
        if let Some(insertion) = plan.insertion.filter(|insertion| insertion.before.is_none())
            && let Some(text) = plan.says()
        {
            overlay.slot = Some((insertion.wallet, text.to_owned(), !refused));
        }
        match drag.load {
            Load::New(_) => {}
            Load::Filters(filters) => overlay.lifted = filters.iter().copied().collect(),
            Load::Cards(_) => {
                overlay.moved.clone_from(drag.carried);
                self.follow_frames(drag, plan, &mut overlay);
            }
        }
        overlay
    }

    /// Frames follow the cards that move, and let go of those that leave.
    fn follow_frames(&self, drag: &Drag<'_>, plan: &Plan, overlay: &mut Overlay) {
        let into = match plan.release {
            Release::Place(Destination::Frame { namespace, .. }) => self.scene.node_of(namespace),
            _ => None,
        };
        let leaves = matches!(plan.release, Release::Place(_));
        let mut touched: Vec<usize> =
            drag.carried.iter().filter_map(|&card| self.scene.nodes[card].holder).collect();
        touched.sort_unstable();
        touched.dedup();
        for frame in touched.into_iter().filter(|&frame| self.scene.nodes[frame].form == Form::Frame) {
            if drag.carried.contains(&frame) {
                continue;
            }
            let members = self.scene.nodes[frame].members.iter().filter_map(|member| {
                let rect = self.scene.nodes[*member].rect;
                if !drag.carried.contains(member) {
                    return Some(rect);
                }
                (!leaves || into == Some(frame)).then(|| rect.translate(drag.offset))
            });
            let around = frame_around(members).unwrap_or_else(|| {
                Rect::from_center_size(self.scene.nodes[frame].rect.center(), metric::FRAME_EMPTY)
            });
            overlay.frames.insert(frame, around);
        }
    }

    /// Something from the palette hovers, or is dropped.
    fn drag_in(
        &mut self,
        ui: &Ui,
        response: &Response,
        editor: &Editor,
        queue: &mut CommandQueue,
        shown: &mut Shown,
    ) -> bool {
        let hovers = response.dnd_hover_payload::<PaletteItem>().zip(self.pointer);
        let ghost = Self::id().with("ghost");
        if ui.data(|data| data.get_temp(ghost).unwrap_or(false)) != hovers.is_some() {
            ui.data_mut(|data| data.insert_temp(ghost, hovers.is_some()));
        }
        let Some((item, pointer)) = hovers else { return false };
        let load = Load::New(item.0.clone());
        let carried = NodeSet::default();
        let drag = Drag { load: &load, carried: &carried, pointer, offset: Vec2::ZERO };
        let plan = drag.plan(&self.scene, editor);
        if response.dnd_release_payload::<PaletteItem>().is_none() {
            self.show_drag(ui, &drag, plan, shown);
            return true;
        }
        let seed = fresh_ids();
        if let Some(command) = drag.command(&self.scene, &plan.release, seed) {
            queue.edit(command);
            queue.push(Command::Select(vec![seed.component(0)]));
            self.cursor = Some(seed.component(0));
        }
        response.request_focus();
        true
    }

    /// No drag of ours: the pointer hovers, perhaps with something from the palette.
    fn hover(
        &mut self,
        ui: &Ui,
        response: &Response,
        editor: &Editor,
        queue: &mut CommandQueue,
        shown: &mut Shown,
    ) {
        if self.drag_in(ui, response, editor, queue, shown) {
            return;
        }
        let Some(pointer) = self.pointer else { return };
        if !response.hovered() {
            return;
        }
        match self.scene.hit(pointer, self.reach()) {
            Hit::Node(node) => shown.hovered = Some(node),
            Hit::Slot(wallet) => {
                shown.hovered_slot = Some(wallet);
                ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
            }
            Hit::Inside(_) | Hit::Empty => {}
        }
        if ui.input(|input| input.key_down(Key::Space)) && !ui.ctx().text_edit_focused() {
            ui.ctx().set_cursor_icon(CursorIcon::Grab);
        }
    }

    fn clicks(&mut self, ui: &Ui, response: &Response, source: Source<'_>, queue: &mut CommandQueue) {
        let button = if response.clicked_by(PointerButton::Primary) {
            PointerButton::Primary
        } else if response.secondary_clicked() {
            PointerButton::Secondary
        } else {
            return;
        };
        response.request_focus();
        let Some(pointer) = response.interact_pointer_pos() else { return };
        let hit = self.scene.hit(self.view.to_canvas(pointer), self.reach());
        let node = match hit {
            Hit::Node(node) | Hit::Inside(node) => Some(node),
            Hit::Slot(wallet) if button == PointerButton::Primary => {
                self.add_filter(wallet, queue);
                return;
            }
            Hit::Slot(wallet) => Some(wallet),
            Hit::Empty => None,
        };
        let id = node.map(|node| self.scene.nodes[node].id);
        // A click on nothing takes the keyboard from the card that it was at.
        self.cursor = id;
        let modifiers = click_modifiers(ui);
        let selection = source.editor.selection();
        match (button, id) {
            (PointerButton::Secondary, Some(id)) if selection.contains(id) => {}
            (PointerButton::Primary, Some(id)) if adds_to_selection(modifiers) => {
                queue.push(Command::ToggleSelected(id));
            }
            (_, None) if adds_to_selection(modifiers) => {}
            (_, id) => queue.push(Command::Select(id.into_iter().collect())),
        }
        if response.double_clicked() && id.is_some() {
            queue.event(UiEvent::Focus(Region::Right));
        }
    }

    /// Adds a filter at the end of a wallet: what a click on the slot does.
    pub(super) fn add_filter(&mut self, wallet: usize, queue: &mut CommandQueue) {
        let seed = fresh_ids();
        let node = &self.scene.nodes[wallet];
        let destination = Destination::Wallet { wallet: node.id, place: node.held.len() };
        queue.edit(EditCommand::AddComponent { kind: ComponentKind::WASM_FILTER, destination, seed });
        queue.push(Command::Select(vec![seed.component(0)]));
        self.cursor = Some(seed.component(0));
    }

    /// Pans while something is dragged to the edge.
    fn auto_pan(&mut self, ui: &Ui, pointer: Pos2) {
        let room = self.view.viewport.shrink(AUTO_PAN);
        if room.contains(pointer) || !room.is_positive() {
            return;
        }
        let beyond = pointer - pointer.clamp(room.min, room.max);
        let step = vec2(
            beyond.x.clamp(-AUTO_PAN_STEP, AUTO_PAN_STEP),
            beyond.y.clamp(-AUTO_PAN_STEP, AUTO_PAN_STEP),
        );
        self.view.pan_by(-step);
        ui.ctx().request_repaint();
    }

    /// The arrow keys move what is selected, by a unit or, with Shift, by ten; with nothing selected they move the view.
    fn nudge_with_arrows(&mut self, ui: &Ui, response: &Response, editor: &Editor, queue: &mut CommandQueue) {
        if !response.has_focus() || self.gesture.is_active() {
            return;
        }
        let arrows = [
            (Key::ArrowLeft, Vec2::LEFT),
            (Key::ArrowRight, Vec2::RIGHT),
            (Key::ArrowUp, Vec2::UP),
            (Key::ArrowDown, Vec2::DOWN),
        ];
        let mut by = Vec2::ZERO;
        ui.input_mut(|input| {
            for (key, step) in arrows {
                // Shift first: without modifiers would match with Shift too.
                by += step * 10.0 * input.count_and_consume_key(Modifiers::SHIFT, key) as f32;
                by += step * input.count_and_consume_key(Modifiers::NONE, key) as f32;
            }
        });
        if by == Vec2::ZERO {
            return;
        }
        ui.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
        if editor.selection().is_empty() {
            self.view.pan_by(-by * 40.0);
            return;
        }
        if let Some(command) = self.nudge(editor, by.x, by.y) {
            let selected: Vec<ComponentId> = editor.selection().iter().collect();
            let key = foldhash::fast::FixedState::default().hash_one(("nudge", selected));
            queue.edit_coalesced(command, key);
            self.aim = self.aim.or(editor.selection().primary().map(Aim::Reveal));
        }
    }

    /// Tab and Shift+Tab walk over the components; beyond the last, egui moves the focus on.
    ///
    /// Has to run before the canvas takes part in egui's own walk in this frame.
    pub(super) fn walk_with_tab(&mut self, ui: &Ui, editor: &Editor, queue: &mut CommandQueue) {
        if !ui.memory(|memory| memory.has_focus(Self::id())) {
            return;
        }
        let (forward, back) = ui.input_mut(|input| {
            {
                // Without modifiers would match with Shift too.
                let back = input.consume_key(Modifiers::SHIFT, Key::Tab);
                (input.consume_key(Modifiers::NONE, Key::Tab), back)
            }
        });
        if !forward && !back {
            return;
        }
        // egui may have taken the key for its own walk already: the focus lock counts from the second frame only.
        ui.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
        let walk = self.scene.walk();
        let at = self.cursor(editor).and_then(|node| walk.iter().position(|&other| other == node));
        let next = match (at, back) {
            (None, false) => Some(0),
            (None, true) => walk.len().checked_sub(1),
            (Some(at), false) => Some(at + 1),
            (Some(at), true) => at.checked_sub(1),
        };
        let Some(&node) = next.and_then(|next| walk.get(next)) else {
            self.cursor = None;
            let direction = if back { egui::FocusDirection::Previous } else { egui::FocusDirection::Next };
            ui.memory_mut(|memory| memory.move_focus(direction));
            return;
        };
        let id = self.scene.nodes[node].id;
        self.cursor = Some(id);
        self.aim = Some(Aim::Reveal(id));
        queue.push(Command::Select(vec![id]));
    }
}
