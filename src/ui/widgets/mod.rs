//! Small shared controls: tabs, chips, tiles, buttons, icons. Each has an accessible name.

mod button;
mod chip;
mod code_editor;
mod code_view;
mod heading;
pub mod icon;
mod icon_button;
mod line;
mod list;
mod row;
mod search;
mod segment;
mod severity;
mod tabs;
mod tile;
mod toggle;

pub use button::{choice_button, link_button, primary_button, quiet_button, secondary_button};
pub use chip::{chip, chip_ui, keys_chip};
pub use code_editor::{CodeCache, CodeEditor, code_editor};
pub use code_view::{CodeSelection, CodeView, code_view};
pub use heading::{section_heading, section_heading_with};
pub use icon_button::{Glyph, SIDE as ICON_BUTTON_SIDE, icon_button};
pub use line::{one_line, paint_line};
pub use list::{List, Walked, list_item};
pub use row::{RowText, list_row};
pub use search::{SearchField, search_field};
pub use segment::segment;
pub use severity::{paint_severity, severity_icon};
pub use tabs::{HEIGHT as TAB_BAR_HEIGHT, Tab, active_tab_id, tab_bar};
pub use tile::{kind_tile, paint_tile};
pub use toggle::toggle;

use egui::accesskit::Role;
use egui::{Context, Event, Id, Key, Rect, Response, StrokeKind, Ui};

use super::theme::{RADIUS, Theme};

/// A zoom as people read it: whole percents, and never none.
pub fn zoom_text(zoom: f32) -> String {
    match (zoom * 100.0).round() {
        percent if percent < 1.0 => "< 1 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

/// Gives a control the role that egui has no type for.
pub fn set_role(response: &Response, role: Role) {
    response.ctx.accesskit_node_builder(response.id, |node| node.set_role(role));
}

/// Gives the popup that is being shown a name and a role.
pub fn name_popup(ui: &Ui, role: Role, name: &str) {
    // The node of an area is that of what brings it to the front.
    ui.ctx().accesskit_node_builder(ui.layer_id().id.with("move"), |node| {
        node.set_role(role);
        node.set_label(name);
    });
}

fn keyboard_in_use() -> Id {
    Id::new("keyboard in use")
}

/// Notes at the start of a frame whether keys or the pointer were used last: the ring of the focus is for keys.
pub fn note_input(ctx: &Context) {
    let (keys, pointer) = ctx.input(|input| {
        let is_key =
            |event: &Event| matches!(event, Event::Key { pressed: true, key, .. } if !is_modifier(*key));
        (input.events.iter().any(is_key), input.pointer.any_pressed())
    });
    if keys || pointer {
        ctx.data_mut(|data| data.insert_temp(keyboard_in_use(), keys && !pointer));
    }
}

/// A key that says nothing yet: it may be held for a click or the wheel.
fn is_modifier(key: Key) -> bool {
    matches!(
        key,
        Key::ShiftLeft
            | Key::ShiftRight
            | Key::ControlLeft
            | Key::ControlRight
            | Key::AltLeft
            | Key::AltRight
    )
}

/// Tells whether the focus has to be seen: the last input came from the keyboard.
pub fn focus_visible(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(keyboard_in_use())).unwrap_or_default()
}

/// Paints the ring of the keyboard focus around `rect` if `response` has it and the keyboard is in use.
pub fn focus_ring(ui: &Ui, theme: &Theme, response: &Response, rect: Rect) {
    if response.has_focus() && focus_visible(ui.ctx()) {
        ui.painter().rect_stroke(rect.expand(1.0), RADIUS, theme.focus_ring(), StrokeKind::Outside);
    }
}

/// Speaks `text` to screen readers when it changes, without taking the focus (a live region).
pub fn live_region(ui: &Ui, id: Id, text: &str, assertive: bool) {
    use egui::accesskit::Live;
    ui.ctx().accesskit_node_builder(id, |node| {
        // Of these roles a screen reader takes the name from the label only.
        node.set_label(text);
        node.set_role(if assertive { Role::Alert } else { Role::Status });
        node.set_live(if assertive { Live::Assertive } else { Live::Polite });
    });
}
