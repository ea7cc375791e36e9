//! Lines as a mesh: many dashes or many lines are one shape, and cost little.

use egui::epaint::Mesh;
use egui::{Color32, Pos2, Rect, Stroke};

/// Length of a dash and of a gap, in screen points.
const DASH: f32 = 5.0;
const GAP: f32 = 4.0;
/// How far the edge of a line fades, in screen points.
const FEATHER: f32 = 0.5;

/// Adds one straight line with soft edges.
pub(super) fn segment(mesh: &mut Mesh, [from, to]: [Pos2; 2], stroke: Stroke) {
    let normal = (to - from).normalized().rot90();
    let half = stroke.width / 2.0;
    let (inner, outer) = (normal * (half - FEATHER).max(0.0), normal * (half + FEATHER));
    let first = mesh.vertices.len() as u32;
    for end in [from, to] {
        mesh.colored_vertex(end - outer, Color32::TRANSPARENT);
        mesh.colored_vertex(end - inner, stroke.color);
        mesh.colored_vertex(end + inner, stroke.color);
        mesh.colored_vertex(end + outer, Color32::TRANSPARENT);
    }
    for strip in first..first + 3 {
        mesh.add_triangle(strip, strip + 1, strip + 4);
        mesh.add_triangle(strip + 1, strip + 5, strip + 4);
    }
}

/// Adds a line through `points`, where it touches `clip`.
pub(super) fn solid(mesh: &mut Mesh, points: &[Pos2], stroke: Stroke, clip: Rect) {
    for pair in points.windows(2) {
        if Rect::from_two_pos(pair[0], pair[1]).intersects(clip) {
            segment(mesh, [pair[0], pair[1]], stroke);
        }
    }
}

/// Adds a dashed line through `points`, where it touches `clip`. A line of a hundred screens costs as much as one.
pub(super) fn dashed(mesh: &mut Mesh, points: &[Pos2], stroke: Stroke, clip: Rect) {
    let mut phase = 0.0_f32;
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let length = (to - from).length();
        if length <= f32::EPSILON || !length.is_finite() {
            continue;
        }
        let along = (to - from) / length;
        let Some((enter, leave)) = visible_part(from, along, length, clip) else {
            phase = (phase + length) % (DASH + GAP);
            continue;
        };
        let mut at = ((enter + phase) / (DASH + GAP)).floor() * (DASH + GAP) - phase;
        while at < leave {
            let (start, end) = (at.max(enter), (at + DASH).min(leave));
            if end > start {
                segment(mesh, [from + along * start, from + along * end], stroke);
            }
            at += DASH + GAP;
        }
        phase = (phase + length) % (DASH + GAP);
    }
}

/// From where to where, along the line, it is inside `clip`.
fn visible_part(from: Pos2, along: egui::Vec2, length: f32, clip: Rect) -> Option<(f32, f32)> {
    let mut range = (0.0_f32, length);
    let axes = [(from.x, along.x, clip.left(), clip.right()), (from.y, along.y, clip.top(), clip.bottom())];
    for (start, step, min, max) in axes {
        if step.abs() < 1e-6 {
            if start < min || start > max {
                return None;
            }
            continue;
        }
        let (a, b) = ((min - start) / step, (max - start) / step);
        range = (range.0.max(a.min(b)), range.1.min(a.max(b)));
    }
    (range.0 < range.1).then_some(range)
}

#[cfg(test)]
mod tests {
    use egui::{pos2, vec2};

    use super::*;

    const STROKE: Stroke = Stroke { width: 1.0, color: Color32::WHITE };
    const CLIP: Rect = Rect { min: Pos2::ZERO, max: pos2(100.0, 100.0) };

    #[test]
    fn a_line_of_a_million_points_has_dashes_only_in_view() {
        let mut mesh = Mesh::default();
        dashed(&mut mesh, &[pos2(-1e6, 50.0), pos2(1e6, 50.0)], STROKE, CLIP);
        let dashes = mesh.vertices.len() / 8;
        assert!((10..=13).contains(&dashes), "{dashes}");
        assert!(mesh.vertices.iter().all(|vertex| CLIP.expand(2.0).contains(vertex.pos)));
        assert!(mesh.is_valid());
    }

    #[test]
    fn dashes_go_on_around_a_corner() {
        let mut mesh = Mesh::default();
        dashed(&mut mesh, &[pos2(10.0, 10.0), pos2(17.0, 10.0), pos2(17.0, 40.0)], STROKE, CLIP);
        // 37 points: four periods of nine, and the last dash begins with one point.
        assert_eq!(mesh.vertices.len() / 8, 5);
        dashed(&mut mesh, &[pos2(5.0, 5.0), pos2(5.0, 5.0)], STROKE, CLIP);
        dashed(&mut mesh, &[pos2(5.0, f32::NAN), pos2(f32::INFINITY, 5.0)], STROKE, CLIP);
        assert_eq!(mesh.vertices.len() / 8, 5, "what is no line adds nothing");
    }

    #[test]
    fn a_line_out_of_view_costs_nothing() {
        let mut mesh = Mesh::default();
        solid(&mut mesh, &[pos2(200.0, 0.0), pos2(300.0, 90.0)], STROKE, CLIP);
        dashed(&mut mesh, &[pos2(0.0, 150.0), pos2(100.0, 150.0)], STROKE, CLIP);
        assert!(mesh.is_empty());
        solid(&mut mesh, &[pos2(0.0, 0.0), pos2(0.0, 0.0) + vec2(50.0, 5.0)], STROKE, CLIP);
        assert_eq!(mesh.vertices.len(), 8);
    }
}
