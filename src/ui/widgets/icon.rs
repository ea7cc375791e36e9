//! Icons, painted as strokes: they need no font and scale with the text.

use egui::{Color32, Painter, Pos2, Shape, Stroke, Vec2, pos2};

/// `>` or, turned by `open` (0 to 1), `v`.
pub fn chevron(painter: &Painter, center: Pos2, size: f32, open: f32, color: Color32) {
    let rotation = egui::emath::Rot2::from_angle(open * std::f32::consts::FRAC_PI_2);
    let half = size / 2.0;
    let points =
        [Vec2::new(-half * 0.4, -half * 0.8), Vec2::new(half * 0.4, 0.0), Vec2::new(-half * 0.4, half * 0.8)]
            .map(|offset| center + rotation * offset);
    painter.add(Shape::line(points.to_vec(), Stroke::new(1.5, color)));
}

/// A cross.
pub fn cross(painter: &Painter, center: Pos2, size: f32, color: Color32) {
    let half = size * 0.3;
    let stroke = Stroke::new(1.5, color);
    painter.line_segment([center - Vec2::splat(half), center + Vec2::splat(half)], stroke);
    painter.line_segment([center + Vec2::new(half, -half), center + Vec2::new(-half, half)], stroke);
}

/// A plus.
pub fn plus(painter: &Painter, center: Pos2, size: f32, color: Color32) {
    let half = size * 0.36;
    let stroke = Stroke::new(1.5, color);
    painter.line_segment([center - Vec2::new(half, 0.0), center + Vec2::new(half, 0.0)], stroke);
    painter.line_segment([center - Vec2::new(0.0, half), center + Vec2::new(0.0, half)], stroke);
}

/// A check mark.
pub fn check(painter: &Painter, center: Pos2, size: f32, color: Color32) {
    let s = size / 2.0;
    let points = vec![
        pos2(center.x - s * 0.7, center.y + s * 0.05),
        pos2(center.x - s * 0.15, center.y + s * 0.55),
        pos2(center.x + s * 0.75, center.y - s * 0.5),
    ];
    painter.add(Shape::line(points, Stroke::new(1.6, color)));
}

/// A magnifying glass.
pub fn magnifier(painter: &Painter, center: Pos2, size: f32, color: Color32) {
    let stroke = Stroke::new(1.4, color);
    let lens = center - Vec2::splat(size * 0.08);
    painter.circle_stroke(lens, size * 0.28, stroke);
    painter.line_segment([lens + Vec2::splat(size * 0.2), lens + Vec2::splat(size * 0.42)], stroke);
}

/// The colour of the program's mark along its diagonal, from 0 to 1.
pub fn mark_color(at: f32) -> Color32 {
    let (plugin, filter) = (Color32::from_rgb(0x7c, 0x6c, 0xff), Color32::from_rgb(0x2c, 0xb5, 0xa0));
    plugin.lerp_to_gamma(filter, at.clamp(0.0, 1.0))
}

/// The program's mark: a letter on the colours of plugin and filter.
pub fn logo(painter: &Painter, rect: egui::Rect) {
    let mut mesh = egui::Mesh::default();
    let radius = rect.width() * 0.24;
    // A rounded tile: the gradient's fan from the centre over the outline.
    let mut outline = Vec::new();
    egui::epaint::tessellator::path::rounded_rectangle(
        &mut outline,
        rect,
        egui::epaint::CornerRadiusF32::same(radius),
    );
    let mix = |point: Pos2| {
        let t = f32::midpoint((point.x - rect.left()) / rect.width(), (point.y - rect.top()) / rect.height());
        mark_color(t)
    };
    mesh.colored_vertex(rect.center(), mix(rect.center()));
    for point in &outline {
        mesh.colored_vertex(*point, mix(*point));
    }
    let count = outline.len() as u32;
    for i in 0..count {
        mesh.add_triangle(0, 1 + i, 1 + (i + 1) % count);
    }
    painter.add(Shape::mesh(mesh));
    painter.text(
        rect.center(),
        egui::Align2::CENTER_CENTER,
        "B",
        super::super::theme::Theme::strong(rect.height() * 0.55),
        Color32::WHITE,
    );
}
