//! The palette: the kinds of components, to be dragged onto the canvas or added with Enter.

use std::sync::Arc;

use egui::accesskit::Role;
use egui::{
    Area, CursorIcon, DragAndDrop, Id, Key, Modifiers, Order, Rect, RichText, ScrollArea, Sense, StrokeKind,
    Ui, Vec2, WidgetInfo, WidgetType, pos2,
};

use super::action::{Cx, destination_for, insert};
use super::canvas::{PaletteItem, draws_ghost};
use super::queue::CommandQueue;
use super::theme::{RADIUS_CARD, Theme, size, space};
use super::widgets::{self, SearchField, one_line, paint_line, paint_tile, search_field, section_heading};
use crate::editor::Destination;
use crate::model::ComponentKind;
use crate::registry::{ComponentDefinition, Registry};

const TILE_HEIGHT: f32 = 48.0;

/// What the palette remembers between frames.
#[derive(Default)]
pub struct PaletteState {
    text: String,
    /// What was found, and with what.
    found: Found,
    found_with: Option<(Arc<Registry>, String)>,
}

/// The components that are shown, best first.
#[derive(Default)]
struct Found {
    own: Vec<Arc<ComponentDefinition>>,
    /// Kinds that definitions of others brought.
    foreign: Vec<Arc<ComponentDefinition>>,
}

impl PaletteState {
    /// The identity of the search field: what gets the focus when the region does.
    pub fn field_id() -> Id {
        Id::new("palette field")
    }

    /// Searches again when the text or the definitions are others: there may be thousands of them.
    fn search(&mut self, registry: &Arc<Registry>) {
        let wanted = self.text.trim().to_lowercase();
        let is_found =
            |(with, text): &(Arc<Registry>, String)| Arc::ptr_eq(with, registry) && *text == wanted;
        if !self.found_with.as_ref().is_some_and(is_found) {
            self.found = Found::of(registry, &wanted);
            self.found_with = Some((Arc::clone(registry), wanted));
        }
    }
}

impl Found {
    fn of(registry: &Registry, wanted: &str) -> Self {
        let fitting =
            |definition: &Arc<ComponentDefinition>| Some((fit(definition, wanted)?, Arc::clone(definition)));
        let mut own: Vec<_> = registry.palette().filter_map(fitting).collect();
        // Stable: what fits as well as another keeps its place.
        own.sort_by_key(|(fit, _)| *fit);
        let is_foreign = |definition: &&Arc<ComponentDefinition>| definition.file.is_some();
        let mut foreign: Vec<_> =
            registry.components().iter().filter(is_foreign).filter_map(fitting).collect();
        foreign.sort_by_cached_key(|(fit, it)| (*fit, it.label.to_lowercase()));
        let all = |found: Vec<(usize, _)>| found.into_iter().map(|(_, definition)| definition).collect();
        Self { own: all(own), foreign: all(foreign) }
    }

    /// What Enter in the field adds.
    fn first(&self) -> Option<&Arc<ComponentDefinition>> {
        self.own.first().or(self.foreign.first())
    }
}

/// Shows the palette in the left panel.
pub fn palette_ui(
    ui: &mut Ui,
    state: &mut PaletteState,
    theme: &Theme,
    cx: Cx<'_>,
    queue: &mut CommandQueue,
) {
    ui.add_space(space::M);
    let field =
        SearchField { id: PaletteState::field_id(), name: "Filter components", hint: "Filter by name…" };
    let field = search_field(ui, theme, field, &mut state.text);
    ui.add_space(space::XS);
    state.search(cx.workspace.editor().registry());
    let found = &state.found;
    // Enter in the field adds the first that is shown.
    let first = found.first().filter(|_| !state.text.trim().is_empty());
    let first = first.map(|definition| definition.kind.clone());
    if field.lost_focus()
        && ui.input(|input| input.key_pressed(Key::Enter))
        && let Some(first) = &first
    {
        insert(first.clone(), cx, queue);
        state.text.clear();
    }
    let next = first.filter(|_| field.has_focus());
    if found.first().is_none() {
        ui.label(RichText::new("No component has this name.").color(theme.dim));
        return;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        if !found.own.is_empty() {
            section_heading(ui, theme, "Components");
            tiles_ui(ui, theme, &found.own, next.as_ref(), cx, queue);
        }
        if !found.foreign.is_empty() {
            if !found.own.is_empty() {
                ui.add_space(space::S);
            }
            section_heading(ui, theme, "From definitions");
            tiles_ui(ui, theme, &found.foreign, next.as_ref(), cx, queue);
        }
        ui.add_space(space::XS);
        let hint = RichText::new("Drag onto the canvas, or press Enter.").font(Theme::plain(size::SMALL));
        ui.label(hint.color(theme.faint));
    });
}

/// The tiles of a section, in columns. Only rows near the view are built; `next` is what Enter in the field adds.
fn tiles_ui(
    ui: &mut Ui,
    theme: &Theme,
    definitions: &[Arc<ComponentDefinition>],
    next: Option<&ComponentKind>,
    cx: Cx<'_>,
    queue: &mut CommandQueue,
) {
    let gap = space::S;
    let width = ui.available_width();
    let columns = if width < 228.0 { 1 } else { 2 + usize::from(width > 420.0) };
    let tile = Vec2::new((width - gap * (columns as f32 - 1.0)) / columns as f32, TILE_HEIGHT);
    let pitch = TILE_HEIGHT + gap;
    let rows = definitions.len().div_ceil(columns);
    let top = ui.cursor().top();
    // One row beyond either edge, for the Tab key to go to.
    let row_at = |y: f32| ((y - top) / pitch).max(0.0) as usize;
    let first = row_at(ui.clip_rect().top() - pitch).min(rows);
    let last = (row_at(ui.clip_rect().bottom() + pitch) + 1).clamp(first, rows);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(gap);
        skip(ui, first as f32 * pitch);
        for row in definitions.chunks(columns).take(last).skip(first) {
            ui.horizontal(|ui| {
                for definition in row {
                    let is_next = next == Some(&definition.kind);
                    tile_ui(ui, theme, definition, tile, is_next, cx, queue);
                }
            });
        }
        skip(ui, (rows - last) as f32 * pitch);
    });
}

/// Leaves room for rows that are not built.
fn skip(ui: &mut Ui, height: f32) {
    if height > 0.0 {
        ui.add_space(height);
    }
}

/// How well a component fits what is searched for, less being better: by its name, by its kind, by what it is for.
fn fit(definition: &ComponentDefinition, wanted: &str) -> Option<usize> {
    let label = definition.label.to_lowercase();
    let is_word = label.starts_with(wanted) || label.ends_with(wanted);
    let fits = [
        is_word,
        label.contains(wanted),
        definition.kind.kind.to_lowercase().contains(wanted),
        definition.description.to_lowercase().contains(wanted),
        definition.file.is_some() && definition.model.name().to_lowercase().contains(wanted),
    ];
    fits.iter().position(|fits| *fits)
}

/// One component; `is_next` marks the one that Enter in the field adds.
fn tile_ui(
    ui: &mut Ui,
    theme: &Theme,
    definition: &ComponentDefinition,
    desired: Vec2,
    is_next: bool,
    cx: Cx<'_>,
    queue: &mut CommandQueue,
) {
    let (rect, _) = ui.allocate_exact_size(desired, Sense::hover());
    // It keeps its name while others above it are not built.
    let id = Id::new(("palette tile", &definition.kind.group, &definition.kind.kind));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    let name = format!("Add {}", definition.label);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, &name));
    widgets::set_role(&response, Role::Button);
    response.dnd_set_drag_payload(PaletteItem(definition.kind.clone()));
    if response.dragged() {
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        ghost_ui(ui, theme, definition, desired);
    }
    let style = theme.kind(&definition.kind);
    let (fill, stroke) = if response.dragged() || response.is_pointer_button_down_on() {
        (theme.hover, theme.accent)
    } else if is_next {
        (theme.selected, theme.accent)
    } else if response.hovered() {
        (theme.hover, theme.faint)
    } else {
        (theme.card, theme.border)
    };
    ui.painter().rect(rect, RADIUS_CARD, fill, egui::Stroke::new(1.0, stroke), StrokeKind::Inside);
    paint_content(ui.painter(), rect, definition, theme);
    widgets::focus_ring(ui, theme, &response, rect);
    let enter = response.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
    if response.double_clicked() || enter {
        insert(definition.kind.clone(), cx, queue);
    }
    if response.clicked() {
        response.request_focus();
    }
    response.on_hover_cursor(CursorIcon::Grab).on_hover_ui(|ui| {
        ui.set_max_width(280.0);
        ui.label(RichText::new(definition.kind.in_words()).font(Theme::strong(size::BODY)).color(style.text));
        if !definition.description.is_empty() {
            ui.label(&definition.description);
        }
        if let Some(file) = &definition.file {
            let from = format!("{}, from {file}", definition.model.display_name());
            ui.label(RichText::new(from).font(Theme::plain(size::SMALL)).color(theme.dim));
        }
        let place = place_text(&definition.kind, cx);
        ui.label(RichText::new(place).font(Theme::plain(size::SMALL)).color(theme.dim));
    });
}

fn paint_content(painter: &egui::Painter, rect: Rect, definition: &ComponentDefinition, theme: &Theme) {
    let side = 22.0;
    let tile = Rect::from_min_size(pos2(rect.left() + 8.0, rect.center().y - side / 2.0), Vec2::splat(side));
    paint_tile(painter, tile, &definition.kind, theme);
    let left = tile.right() + 7.0;
    let room = rect.right() - 6.0 - left;
    // Kinds of different models may have one name.
    let is_foreign = definition.file.is_some();
    let rise = if is_foreign { 8.0 } else { 0.0 };
    let label = one_line(painter, &definition.label, Theme::plain(size::BODY), theme.text, room);
    paint_line(painter, pos2(left, rect.center().y - rise), label);
    if is_foreign {
        let font = Theme::plain(size::SMALL);
        let model = one_line(painter, definition.model.display_name(), font, theme.faint, room);
        paint_line(painter, pos2(left, rect.center().y + rise), model);
    }
}

/// Where Enter would put it.
fn place_text(kind: &ComponentKind, cx: Cx<'_>) -> String {
    let design = cx.design();
    match destination_for(kind, cx) {
        Destination::Wallet { wallet, .. } => format!("Enter puts it into {}.", design.name_of(wallet)),
        Destination::Frame { namespace, .. } => {
            format!("Enter puts it into namespace {}.", design.name_of(namespace))
        }
        Destination::Canvas(_) => "Drag it onto the canvas, or press Enter.".to_owned(),
    }
}

/// What follows the pointer during a drag.
fn ghost_ui(ui: &Ui, theme: &Theme, definition: &ComponentDefinition, desired: Vec2) {
    let Some(pointer) = ui.ctx().pointer_interact_pos() else { return };
    if !DragAndDrop::has_payload_of_type::<PaletteItem>(ui.ctx()) || draws_ghost(ui.ctx()) {
        return;
    }
    let style = theme.kind(&definition.kind);
    Area::new(Id::new("palette ghost"))
        .order(Order::Tooltip)
        .interactable(false)
        .fixed_pos(pointer + Vec2::splat(10.0))
        .show(ui.ctx(), |ui| {
            let (rect, _) = ui.allocate_exact_size(Vec2::new(desired.x, 40.0), Sense::hover());
            let stroke = egui::Stroke::new(1.0, style.stroke);
            ui.painter().rect(rect, RADIUS_CARD, style.surface, stroke, StrokeKind::Inside);
            paint_content(ui.painter(), rect, definition, theme);
        });
}

#[cfg(test)]
mod tests {
    use super::fit;
    use crate::registry::Registry;

    /// What stands first for a text: Enter adds it.
    #[test]
    fn a_name_goes_before_a_description() {
        let registry = Registry::builtin();
        let first = |wanted: &str| {
            let fits = registry.palette().filter_map(|it| Some((fit(it, wanted)?, it)));
            fits.min_by_key(|(fit, _)| *fit).map(|(_, it)| it.label.clone()).unwrap_or_default()
        };
        assert_eq!(first("plug"), "WasmPlugin");
        assert_eq!(first("filt"), "WasmFilter");
        assert_eq!(first("wasm"), "WasmPlugin");
        assert_eq!(first("envoy"), "EnvoyFilter");
        assert_eq!(first("deploy"), "Workload");
        assert_eq!(first("nothing like this"), "");
    }
}
