//! Edges: dashed curves from a wallet to what it selects, whole ones for what other relationships join.

use egui::epaint::{CubicBezierShape, Mesh};
use egui::{Color32, Pos2, Rect, Shape, Stroke, Vec2, vec2};

use super::super::super::theme::Theme;
use super::super::projection::Edge;
use super::super::view::View;
use super::text::Key;
use super::{Brush, FAR, TEXT_MIN, lines};

/// Zoom below which curves are straight lines.
const STRAIGHT_BELOW: f32 = 0.12;
/// Curves shorter than this on the screen, in points, are not drawn.
const SHORTEST: f32 = 2.5;
/// At most so many labels' worth of room beside a wallet, in canvas points.
const LABEL_WIDTH: f32 = 260.0;

impl Brush<'_> {
    pub(super) fn edges(&mut self, visible: Rect) {
        let mut labelled = Vec::new();
        let mut mesh = Mesh::default();
        for (number, edge) in self.scene.edges.iter().enumerate() {
            let (from, to) = (self.rect(edge.from), self.rect(edge.to));
            // A curve is no larger than twice what it joins; most are told apart by that.
            let around = from.union(to);
            if !around.expand2(around.size() / 2.0 + Vec2::splat(24.0)).intersects(visible) {
                continue;
            }
            let curve = Curve::between(from, to);
            if !curve.bounds().intersects(visible) || self.px(curve.length()) < SHORTEST {
                continue;
            }
            let lit = self.is_lit(edge);
            self.edge(&mut mesh, &curve, number, lit);
            if let Some(label) = &edge.label {
                labelled.push((number, curve, label, lit));
            }
        }
        self.painter.add(Shape::mesh(mesh));
        let size = 11.0;
        if self.px(size) < TEXT_MIN {
            return;
        }
        for (number, curve, label, lit) in labelled {
            let at = self.look.view.to_screen(curve.label_point());
            let key = Key::node(usize::MAX, number, label);
            let room = self.px(curve.room()) - 16.0;
            if room < self.px(60.0) {
                continue;
            }
            let galley = self.texts.get(
                &self.painter,
                key,
                Theme::plain(self.text_px(size)),
                self.px(LABEL_WIDTH).min(room),
            );
            let rect = Rect::from_center_size(at, galley.size());
            let rect = rect.translate(vec2(curve.aside(&self.look.view, rect), 0.0));
            let theme = self.theme();
            self.painter.rect_filled(rect.expand2(vec2(4.0, 1.0)), 3.0, theme.canvas.gamma_multiply(0.92));
            let color = if lit { theme.text } else { theme.dim };
            self.painter.galley(rect.min, galley, color);
        }
    }

    /// The edges of what is selected or under the pointer stand out.
    fn is_lit(&self, edge: &Edge) -> bool {
        [edge.from, edge.to].into_iter().any(|node| {
            self.look.hovered == Some(node) || self.look.selected.contains(&self.scene.nodes[node].id)
        })
    }

    fn edge(&self, mesh: &mut Mesh, curve: &Curve, number: usize, lit: bool) {
        let theme = self.theme();
        let view = self.look.view;
        let clip = view.viewport.expand(8.0);
        let color = if lit { theme.accent } else { theme.faint.gamma_multiply(0.75) };
        let points = curve.points.map(|point| view.to_screen(point));
        if self.zoom < STRAIGHT_BELOW {
            let stroke = Stroke::new(1.0, color.gamma_multiply(0.5));
            lines::solid(mesh, &[points[0], points[3]], stroke, clip);
            return;
        }
        let stroke = Stroke::new(if lit { 1.8 } else { 1.3 }, color);
        let line = sampled(points);
        if number >= self.scene.derived || self.zoom < FAR {
            lines::solid(mesh, &line, stroke, clip);
        } else {
            lines::dashed(mesh, &line, stroke, clip);
        }
        // The head says who acts on whom.
        if clip.contains(points[3]) && self.zoom >= FAR {
            let along = (points[3] - points[2]).normalized();
            let (back, side) = (points[3] - along * 7.0, along.rot90() * 3.5);
            let first = mesh.vertices.len() as u32;
            for corner in [points[3], back + side, back - side] {
                mesh.colored_vertex(corner, color);
            }
            mesh.add_triangle(first, first + 1, first + 2);
        }
    }
}

/// The curve as a line of short pieces.
fn sampled(points: [Pos2; 4]) -> Vec<Pos2> {
    let pieces = ((points[3] - points[0]).length() / 14.0).clamp(8.0, 48.0) as usize;
    let shape = CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, Stroke::NONE);
    (0..=pieces).map(|piece| shape.sample(piece as f32 / pieces as f32)).collect()
}

/// A cubic curve in canvas points.
struct Curve {
    points: [Pos2; 4],
}

impl Curve {
    /// From the border of one card to the border of another, leaving and arriving straight.
    fn between(from: Rect, to: Rect) -> Self {
        let (start, end, leaves) = if to.left() >= from.right() {
            (from.right_center(), to.left_center(), Vec2::RIGHT)
        } else if to.right() <= from.left() {
            (from.left_center(), to.right_center(), Vec2::LEFT)
        } else if to.top() >= from.bottom() {
            (from.center_bottom(), to.center_top(), Vec2::DOWN)
        } else {
            (from.center_top(), to.center_bottom(), Vec2::UP)
        };
        let along = ((end - start) * leaves.abs()).length();
        let reach = leaves * (along / 2.0).max(24.0);
        Self { points: [start, start + reach, end - reach, end] }
    }

    fn length(&self) -> f32 {
        (self.points[3] - self.points[0]).length()
    }

    fn bounds(&self) -> Rect {
        Rect::from_points(&self.points).expand(4.0)
    }

    /// How much room is between the two cards for a label.
    fn room(&self) -> f32 {
        let across = (self.points[3].x - self.points[0].x).abs();
        let is_level = (self.points[1].y - self.points[0].y).abs() < f32::EPSILON;
        if is_level { across } else { LABEL_WIDTH }
    }

    /// How far a label has to move to stand between the cards, on the screen.
    fn aside(&self, view: &View, label: Rect) -> f32 {
        if (self.points[1].y - self.points[0].y).abs() >= f32::EPSILON {
            return 0.0;
        }
        let ends = [view.to_screen(self.points[0]).x, view.to_screen(self.points[3]).x];
        let (left, right) = (ends[0].min(ends[1]) + 8.0, ends[0].max(ends[1]) - 8.0);
        (left - label.left()).max(0.0) + (right - label.right()).min(0.0)
    }

    /// Where the label stands: on the curve, nearer to the wallet.
    fn label_point(&self) -> Pos2 {
        let shape =
            CubicBezierShape::from_points_stroke(self.points, false, Color32::TRANSPARENT, Stroke::NONE);
        shape.sample(0.42)
    }
}
