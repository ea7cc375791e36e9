//! Dragging rows of the Outline: into a plugin, to another place of a chain, into a namespace.

use egui::{Align2, Area, CursorIcon, DragAndDrop, Id, Order, Response, Stroke, StrokeKind, Ui, Vec2};

use super::rows::Row;
use crate::editor::{Destination, Dragged, EditCommand};
use crate::model::{ComponentId, ComponentKind};
use crate::ui::action::Cx;
use crate::ui::queue::CommandQueue;
use crate::ui::theme::{RADIUS, Theme, size};

/// The components that are dragged by a row.
pub(super) struct DraggedRows(Vec<ComponentId>);

/// Starts a drag of the row, with the whole selection if the row is in it; and shows or does what a drop on it means.
pub(super) fn row_drag(
    ui: &Ui,
    theme: &Theme,
    cx: Cx<'_>,
    row: &Row,
    response: &Response,
    queue: &mut CommandQueue,
) {
    if response.drag_started() {
        let selection = cx.workspace.editor().selection();
        let ids = if selection.contains(row.id) { selection.iter().collect() } else { vec![row.id] };
        DragAndDrop::set_payload(ui.ctx(), DraggedRows(ids));
    }
    let Some(dragged) = response.dnd_hover_payload::<DraggedRows>() else { return };
    if dragged.0.contains(&row.id) {
        return;
    }
    let pointer = ui.ctx().pointer_interact_pos().unwrap_or(response.rect.center());
    let is_below = pointer.y > response.rect.center().y;
    let Some(destination) = destination(cx, row, &dragged.0, is_below) else { return };
    let ids = dragged.0.clone();
    let effect = cx.workspace.editor().drop_effect(&Dragged::Existing(ids.clone()), destination);
    let color = if effect.is_allowed() { theme.drop_allowed } else { theme.drop_refused };
    if row.number.is_some() {
        let y = if is_below { response.rect.bottom() } else { response.rect.top() };
        ui.painter().hline(response.rect.x_range(), y, Stroke::new(2.0, color));
    } else {
        let rect = response.rect.shrink2(Vec2::new(1.0, 1.0));
        ui.painter().rect_stroke(rect, RADIUS, Stroke::new(1.5, color), StrokeKind::Inside);
    }
    ui.ctx().set_cursor_icon(if effect.is_allowed() { CursorIcon::Grabbing } else { CursorIcon::NoDrop });
    hint(ui, theme, pointer, effect.text(), color);
    if response.dnd_release_payload::<DraggedRows>().is_some() && effect.is_allowed() {
        queue.edit(EditCommand::Place { ids, destination });
    }
}

/// Where a drop on `row` puts the components; `None` where it means nothing.
fn destination(cx: Cx<'_>, row: &Row, dragged: &[ComponentId], is_below: bool) -> Option<Destination> {
    if row.kind.is_wallet() {
        return Some(Destination::Wallet { wallet: row.id, place: usize::MAX });
    }
    if row.kind.same_kind(&ComponentKind::NAMESPACE) {
        return Some(Destination::Frame { namespace: row.id, position: None });
    }
    let wallet = cx.design().wallet_of(row.id)?.to;
    let chain = cx.design().chain(wallet);
    let at = chain.iter().position(|link| link.from == row.id)?;
    // Places count without what is dragged.
    let before = chain[..at].iter().filter(|link| !dragged.contains(&link.from)).count();
    Some(Destination::Wallet { wallet, place: before + usize::from(is_below) })
}

fn hint(ui: &Ui, theme: &Theme, pointer: egui::Pos2, text: &str, color: egui::Color32) {
    let area = Area::new(Id::new("outline drag hint")).order(Order::Tooltip).interactable(false);
    area.fixed_pos(pointer + Vec2::new(14.0, 14.0)).show(ui.ctx(), |ui| {
        let galley =
            ui.painter().layout_no_wrap(text.to_owned(), Theme::plain(size::SMALL + 1.0), theme.text);
        let (rect, _) = ui.allocate_exact_size(galley.size() + Vec2::new(16.0, 8.0), egui::Sense::hover());
        ui.painter().rect(rect, RADIUS, theme.card, Stroke::new(1.0, color), StrokeKind::Inside);
        ui.painter().galley(
            Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size()).min,
            galley,
            theme.text,
        );
    });
}
