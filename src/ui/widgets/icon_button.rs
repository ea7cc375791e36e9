//! Square buttons with an icon for a word; the word is their accessible name and their hover text.

use egui::{Color32, Painter, Pos2, Response, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, WidgetType, pos2};

use super::super::theme::{RADIUS, Theme};
use super::icon;

/// What is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// An arrow that turns back: to what it was without us.
    Reset,
    /// Take away.
    Cross,
    /// Add.
    Plus,
    /// Up, or earlier.
    Up,
    /// Down, or later.
    Down,
}

/// The side of a button, in points.
pub const SIDE: f32 = 24.0;

/// A button without a frame, [`SIDE`] points square.
pub fn icon_button(ui: &mut Ui, theme: &Theme, glyph: Glyph, name: &str) -> Response {
    let sense = if ui.is_enabled() { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(SIDE), sense);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, ui.is_enabled(), name));
    if ui.is_rect_visible(rect) {
        let is_hot = response.hovered() && ui.is_enabled();
        if is_hot {
            ui.painter().rect_filled(rect, RADIUS, theme.hover);
        }
        let color = if !ui.is_enabled() {
            theme.border
        } else if is_hot {
            theme.text
        } else {
            theme.dim
        };
        paint(ui.painter(), glyph, rect.center(), color);
        super::focus_ring(ui, theme, &response, rect.shrink(2.0));
    }
    response.on_hover_text(name)
}

fn paint(painter: &Painter, glyph: Glyph, center: Pos2, color: Color32) {
    match glyph {
        Glyph::Reset => reset(painter, center, color),
        Glyph::Cross => icon::cross(painter, center, 13.0, color),
        Glyph::Plus => icon::plus(painter, center, 13.0, color),
        Glyph::Up => arrow(painter, center, -1.0, color),
        Glyph::Down => arrow(painter, center, 1.0, color),
    }
}

fn arrow(painter: &Painter, center: Pos2, direction: f32, color: Color32) {
    let points = [-4.0, 0.0, 4.0].map(|x: f32| {
        let y = if x == 0.0 { 2.5 } else { -2.0 };
        center + Vec2::new(x, y * direction)
    });
    painter.add(Shape::line(points.to_vec(), Stroke::new(1.5, color)));
}

/// Three quarters of a circle, with a head at the open end.
fn reset(painter: &Painter, center: Pos2, color: Color32) {
    use std::f32::consts::TAU;
    let radius = 4.6;
    let at = |turn: f32| center + radius * Vec2::angled(turn * TAU);
    let points: Vec<Pos2> = (0..=18_u8).map(|step| at(-0.36 + 0.74 * f32::from(step) / 18.0)).collect();
    painter.add(Shape::line(points, Stroke::new(1.4, color)));
    let tip = at(-0.36);
    let head = [pos2(tip.x - 0.6, tip.y - 3.6), tip, pos2(tip.x + 3.4, tip.y - 0.8)];
    painter.add(Shape::line(head.to_vec(), Stroke::new(1.4, color)));
}
