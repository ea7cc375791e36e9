//! Notices: messages at the lower right of the canvas, spoken to screen readers, until they are dismissed; mere news fade.

use std::time::{Duration, Instant};

use egui::{Align, Align2, Area, Frame, Id, Layout, Margin, Order, Rect, RichText, Ui, Vec2};

use super::queue::CommandQueue;
use super::theme::{RADIUS_CARD, Theme, size, space};
use super::widgets::{TAB_BAR_HEIGHT, live_region, name_popup, quiet_button, severity_icon};
use crate::model::Severity;
use crate::workspace::{Command, Notice, NoticeId, Workspace};

/// How long an info stays.
const STAYS: Duration = Duration::from_secs(8);
/// The widest that a notice is, in points.
const WIDTH: f32 = 360.0;
/// Room for the buttons of the canvas beside a notice.
const CONTROLS: f32 = 270.0;
const PADDING: Margin = Margin::symmetric(12, 10);
/// At most this many are shown at once, the newest.
const MAX_SHOWN: usize = 4;

/// When each notice was shown first.
#[derive(Debug, Default)]
pub struct NoticesState {
    seen: Vec<(NoticeId, Instant)>,
}

/// Shows the notices at the lower right of `room`: over the canvas, so that they cover no panel that is worked with.
pub fn notices_ui(
    ctx: &egui::Context,
    state: &mut NoticesState,
    theme: &Theme,
    workspace: &Workspace,
    room: Rect,
    queue: &mut CommandQueue,
) {
    let notices = workspace.notices();
    state.seen.retain(|(id, _)| notices.iter().any(|notice| notice.id == *id));
    if notices.is_empty() {
        return;
    }
    let now = Instant::now();
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
    for notice in notices {
        let first = if let Some((_, first)) = state.seen.iter().find(|(id, _)| *id == notice.id) {
            *first
        } else {
            state.seen.push((notice.id, now));
            now
        };
        if notice.severity != Severity::Info {
            continue;
        }
        let age = now.saturating_duration_since(first);
        if age >= STAYS && !hovered {
            queue.push(Command::Dismiss(notice.id));
        } else {
            ctx.request_repaint_after(STAYS.saturating_sub(age).max(Duration::from_millis(200)));
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
