//! Notices: messages at the lower right, spoken to screen readers, until they are dismissed; mere news fade.

use std::time::{Duration, Instant};

use egui::{Align, Align2, Area, Frame, Id, Layout, Margin, Order, RichText, Vec2};

use super::queue::CommandQueue;
use super::theme::{RADIUS_CARD, Theme, size, space};
use super::widgets::{live_region, quiet_button, severity_icon};
use crate::model::Severity;
use crate::workspace::{Command, NoticeId, Workspace};

/// How long an info stays.
const STAYS: Duration = Duration::from_secs(8);
/// At most this many are shown at once, the newest.
const MAX_SHOWN: usize = 4;

/// When each notice was shown first.
#[derive(Debug, Default)]
pub struct NoticesState {
    seen: Vec<(NoticeId, Instant)>,
}

/// Shows the notices over the window; `bottom` points are kept free below them.
pub fn notices_ui(
    ctx: &egui::Context,
    state: &mut NoticesState,
    theme: &Theme,
    workspace: &Workspace,
    bottom: f32,
    queue: &mut CommandQueue,
) {
    let notices = workspace.notices();
    state.seen.retain(|(id, _)| notices.iter().any(|notice| notice.id == *id));
    if notices.is_empty() {
        return;
    }
    let now = Instant::now();
    let offset = Vec2::new(-space::L, -bottom - space::L);
    let area = Area::new(Id::new("notices")).order(Order::Foreground).anchor(Align2::RIGHT_BOTTOM, offset);
    let hovered = area
        .show(ctx, |ui| {
            for notice in notices.iter().rev().take(MAX_SHOWN).rev() {
                let color = theme.severity(notice.severity);
                Frame::new()
                    .fill(theme.card)
                    .stroke(egui::Stroke::new(1.0, color.gamma_multiply(0.7)))
                    .corner_radius(RADIUS_CARD)
                    .shadow(ui.visuals().popup_shadow)
                    .inner_margin(Margin::symmetric(12, 10))
                    .show(ui, |ui| {
                        ui.set_width(360.0);
                        ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                            severity_icon(ui, theme, notice.severity);
                            ui.vertical(|ui| {
                                ui.set_width(ui.available_width() - 84.0);
                                let title = RichText::new(&notice.title).font(Theme::strong(size::BODY));
                                let title = ui.add(egui::Label::new(title.color(theme.text)).wrap());
                                let spoken = format!("{} {}", notice.title, notice.detail);
                                live_region(ui, title.id, notice.severity == Severity::Error);
                                ui.ctx().accesskit_node_builder(title.id, |node| node.set_label(spoken));
                                if !notice.detail.is_empty() {
                                    let detail = RichText::new(&notice.detail)
                                        .font(Theme::plain(size::SMALL + 1.0))
                                        .color(theme.dim);
                                    ui.add(egui::Label::new(detail).wrap().selectable(true));
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
