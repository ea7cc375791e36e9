//! Notices: messages at the lower right of the canvas, spoken to screen readers, until they are dismissed; mere news go
//! by themselves once the user has been at work for a while. While something is dragged none is shown: what a drop would
//! do stands on the canvas.

use std::time::Duration;

use egui::{Align, Align2, Area, Frame, Id, Layout, Margin, Order, Rect, RichText, Ui, Vec2};

use super::queue::CommandQueue;
use super::theme::{RADIUS_CARD, Theme, size, space};
use super::widgets::{TAB_BAR_HEIGHT, live_region, name_popup, quiet_button, severity_icon};
use crate::model::Severity;
use crate::workspace::{Command, Notice, NoticeId, Workspace};

/// How long an info stays, in seconds, once the user has done anything: who was away has not read it.
const STAYS: f64 = 8.0;
/// The widest that a notice is, in points.
const WIDTH: f32 = 360.0;
/// Room for the buttons of the canvas beside a notice.
const CONTROLS: f32 = 270.0;
const PADDING: Margin = Margin::symmetric(12, 10);
/// At most this many are shown at once, the newest.
const MAX_SHOWN: usize = 4;

/// Since when each notice is shown to somebody who is there.
#[derive(Debug, Default)]
pub struct NoticesState {
    seen: Vec<(NoticeId, f64)>,
}

/// Shows the notices at the lower right of `room`: over the canvas, so that they cover no panel that is worked with.
pub fn notices_ui(
    ctx: &egui::Context,
    state: &mut NoticesState,
    theme: &Theme,
    workspace: &Workspace,
    room: Rect,
    is_dragging: bool,
    queue: &mut CommandQueue,
) {
    let notices = workspace.notices();
    state.seen.retain(|(id, _)| notices.iter().any(|notice| notice.id == *id));
    if notices.is_empty() || is_dragging {
        return;
    }
    let width = (room.width() - 2.0 * (space::L + f32::from(PADDING.left))).clamp(200.0, WIDTH);
    // In a narrow room they stand above the buttons at the lower left.
    let raised = if room.width() < WIDTH + CONTROLS { TAB_BAR_HEIGHT } else { 0.0 };
    let corner = room.right_bottom() - Vec2::new(space::L, space::L + raised);
    let area = Area::new(Id::new("notices"))
        .order(Order::Foreground)
        .pivot(Align2::RIGHT_BOTTOM)
        .fixed_pos(corner)
        .constrain(true);
    let hovered = area
        .show(ctx, |ui| {
            name_popup(ui, egui::accesskit::Role::Group, "Notices");
            for notice in notices.iter().rev().take(MAX_SHOWN).rev() {
                notice_ui(ui, theme, notice, width, queue);
            }
        })
        .response
        .contains_pointer();
    let (now, is_active) = ctx.input(|input| (input.time, !input.events.is_empty()));
    for notice in notices.iter().filter(|notice| notice.severity == Severity::Info) {
        let first = match state.seen.iter().find(|(id, _)| *id == notice.id) {
            Some((_, first)) => *first,
            None if is_active => {
                state.seen.push((notice.id, now));
                now
            }
            None => continue,
        };
        let left = STAYS - (now - first);
        if left > 0.0 {
            // A little later than needed: the time of that frame is then surely past the end.
            ctx.request_repaint_after(Duration::from_secs_f64(left + 0.02));
        } else if !hovered {
            queue.push(Command::Dismiss(notice.id));
        }
    }
}

fn notice_ui(ui: &mut Ui, theme: &Theme, notice: &Notice, width: f32, queue: &mut CommandQueue) {
    let color = theme.severity(notice.severity);
    let frame = Frame::new()
        .fill(theme.card)
        .stroke(egui::Stroke::new(1.0, color.gamma_multiply(0.7)))
        .corner_radius(RADIUS_CARD)
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(PADDING);
    frame.show(ui, |ui| {
        ui.set_width(width);
        ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
            severity_icon(ui, theme, notice.severity);
            ui.vertical(|ui| {
                ui.set_width(ui.available_width() - 84.0);
                let title = RichText::new(&notice.title).font(Theme::strong(size::BODY));
                let title = ui.add(egui::Label::new(title.color(theme.text)).wrap());
                let spoken = format!("{} {}", notice.title, notice.detail);
                live_region(ui, title.id, spoken.trim_end(), notice.severity == Severity::Error);
                if !notice.detail.is_empty() {
                    let detail = RichText::new(&notice.detail).font(Theme::plain(size::SMALL + 1.0));
                    ui.add(egui::Label::new(detail.color(theme.dim)).wrap().selectable(true));
                }
            });
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                if quiet_button(ui, theme, "Dismiss").clicked() {
                    queue.push(Command::Dismiss(notice.id));
                }
            });
        });
    });
}
