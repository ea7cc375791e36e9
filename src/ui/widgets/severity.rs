//! Severity icons: the shape says it as much as the colour.

use egui::{Painter, Pos2, Response, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, WidgetType, pos2};

use super::super::theme::Theme;
use crate::model::Severity;

/// Paints a cross in a disc (error), a mark in a triangle (warning) or an i in a ring (info).
pub fn paint_severity(painter: &Painter, center: Pos2, size: f32, severity: Severity, theme: &Theme) {
    let color = theme.severity(severity);
    let half = size / 2.0;
    let ink = if theme.dark { theme.base } else { theme.on_accent };
    match severity {
        Severity::Error => {
            painter.circle_filled(center, half, color);
            super::icon::cross(painter, center, size * 0.72, ink);
        }
        Severity::Warning => {
            let points = vec![
                pos2(center.x, center.y - half),
                pos2(center.x + half * 1.1, center.y + half * 0.85),
                pos2(center.x - half * 1.1, center.y + half * 0.85),
            ];
            painter.add(Shape::convex_polygon(points, color, Stroke::new(1.0, color)));
            let stroke = Stroke::new(1.5, ink);
            let top = pos2(center.x, center.y - half * 0.35);
            painter.line_segment([top, pos2(center.x, center.y + half * 0.25)], stroke);
            painter.circle_filled(pos2(center.x, center.y + half * 0.58), 1.0, ink);
        }
        Severity::Info => {
            painter.circle_stroke(center, half - 0.5, Stroke::new(1.4, color));
            let top = pos2(center.x, center.y - half * 0.05);
            painter.line_segment([top, pos2(center.x, center.y + half * 0.5)], Stroke::new(1.5, color));
            painter.circle_filled(pos2(center.x, center.y - half * 0.42), 1.0, color);
        }
    }
}

/// A severity icon as a control of its own, named by the word.
pub fn severity_icon(ui: &mut Ui, theme: &Theme, severity: Severity) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(14.0), Sense::hover());
    paint_severity(ui.painter(), rect.center(), 13.0, severity, theme);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Image, true, severity.word()));
    response
}
