//! How `egui_graphs` draws a component and a relation.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{CornerRadius, FontId, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, vec2};
use egui_graphs::{DisplayEdge, DisplayNode, DrawContext, EdgeProps, Node, NodeProps};
use petgraph::EdgeType;
use petgraph::stable_graph::IndexType;

use super::graph::{Face, PILL, Relation};
use crate::ui::theme::Theme;

/// Text smaller than this on the screen is not drawn.
const TEXT_MIN: f32 = 6.0;
/// Zoom below which a node is a plain rectangle.
const FAR: f32 = 0.3;

/// A node: the kind's letter and the name.
#[derive(Clone, Debug)]
pub(super) struct Pill {
    face: Arc<Face>,
    centre: Pos2,
    selected: bool,
    hovered: bool,
}

impl From<NodeProps<Arc<Face>>> for Pill {
    fn from(props: NodeProps<Arc<Face>>) -> Self {
        let centre = props.location();
        Self { face: props.payload, centre, selected: props.selected, hovered: props.hovered }
    }
}

impl<Ty: EdgeType, Ix: IndexType> DisplayNode<Arc<Face>, Relation, Ty, Ix> for Pill {
    fn closest_boundary_point(&self, dir: Vec2) -> Pos2 {
        boundary(self.centre, dir)
    }

    fn shapes(&mut self, ctx: &DrawContext<'_>) -> Vec<Shape> {
        let rect = Rect::from_center_size(
            ctx.meta.canvas_to_screen_pos(self.centre),
            vec2(ctx.meta.canvas_to_screen_size(PILL.x), ctx.meta.canvas_to_screen_size(PILL.y)),
        );
        if !rect.intersects(ctx.painter.clip_rect()) {
            return Vec::new();
        }
        let theme = Theme::of(ctx.ctx);
        let style = theme.kind(&self.face.kind);
        let zoom = ctx.meta.zoom;
        if zoom < FAR {
            let fill = if self.selected { theme.accent } else { style.tile };
            return vec![Shape::rect_filled(rect, 0.0, fill)];
        }
        let radius = CornerRadius::same((rect.height() * 0.28).clamp(0.0, 60.0) as u8);
        let stroke = if self.selected {
            Stroke::new(2.0, theme.accent)
        } else if self.hovered {
            Stroke::new(1.5, theme.text)
        } else {
            Stroke::new(1.0, style.stroke)
        };
        let tile = Rect::from_min_size(rect.min, Vec2::splat(rect.height())).shrink(rect.height() * 0.18);
        let mut shapes = vec![
            Shape::rect_filled(rect, radius, style.surface),
            Shape::rect_stroke(rect, radius, stroke, StrokeKind::Middle),
            Shape::rect_filled(tile, CornerRadius::same((tile.height() * 0.22).min(60.0) as u8), style.tile),
        ];
        let mut text = |text: &str, font: FontId, color, width: f32, place: &dyn Fn(Vec2) -> Pos2| {
            let size = (font.size * zoom * 2.0).round() / 2.0;
            if size < TEXT_MIN {
                return;
            }
            let font = FontId::new(size, font.family);
            let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, color));
            job.wrap = TextWrapping::truncate_at_width(width);
            let galley = ctx.painter.layout_job(job);
            shapes.push(Shape::galley(place(galley.size()), galley, color));
        };
        let centred = |size: Vec2| tile.center() - size / 2.0;
        text(style.letter, Theme::strong(11.0), theme.on_tile, f32::INFINITY, &centred);
        let left = tile.right() + rect.height() * 0.22;
        let beside = |size: Vec2| Pos2::new(left, rect.center().y - size.y / 2.0);
        let room = rect.right() - rect.height() * 0.2 - left;
        text(&self.face.title, Theme::strong(12.0), theme.text, room, &beside);
        shapes
    }

    fn update(&mut self, state: &NodeProps<Arc<Face>>) {
        if !Arc::ptr_eq(&self.face, &state.payload) {
            self.face = Arc::clone(&state.payload);
        }
        self.centre = state.location();
        self.selected = state.selected;
        self.hovered = state.hovered;
    }

    fn is_inside(&self, pos: Pos2) -> bool {
        Rect::from_center_size(self.centre, PILL).contains(pos)
    }
}

/// Where a line from the centre in this direction leaves the node.
fn boundary(centre: Pos2, dir: Vec2) -> Pos2 {
    let half = PILL / 2.0;
    let scale =
        |extent: f32, along: f32| if along.abs() < 1e-6 { f32::INFINITY } else { extent / along.abs() };
    let scale = scale(half.x, dir.x).min(scale(half.y, dir.y));
    if scale.is_finite() { centre + dir * scale } else { centre }
}

/// A relation: a line from one node to another.
#[derive(Clone, Debug)]
pub(super) struct Line {
    relation: Relation,
}

impl From<EdgeProps<Relation>> for Line {
    fn from(props: EdgeProps<Relation>) -> Self {
        Self { relation: props.payload }
    }
}

impl<Ty: EdgeType, Ix: IndexType> DisplayEdge<Arc<Face>, Relation, Ty, Ix, Pill> for Line {
    fn shapes(
        &mut self,
        start: &Node<Arc<Face>, Relation, Ty, Ix, Pill>,
        end: &Node<Arc<Face>, Relation, Ty, Ix, Pill>,
        ctx: &DrawContext<'_>,
    ) -> Vec<Shape> {
        let dir = end.location() - start.location();
        let ends = [boundary(start.location(), dir), boundary(end.location(), -dir)]
            .map(|point| ctx.meta.canvas_to_screen_pos(point));
        if !Rect::from_two_pos(ends[0], ends[1]).expand(2.0).intersects(ctx.painter.clip_rect()) {
            return Vec::new();
        }
        let theme = Theme::of(ctx.ctx);
        let lit = [start, end].iter().any(|node| node.selected() || node.hovered());
        if ctx.meta.zoom < FAR {
            let color = stroke(self.relation, &theme, lit).color.gamma_multiply(0.6);
            return vec![Shape::line_segment(ends, Stroke::new(1.0, color))];
        }
        line(ends, self.relation, &theme, lit)
    }

    fn update(&mut self, state: &EdgeProps<Relation>) {
        self.relation = state.payload;
    }

    fn is_inside(
        &self,
        _start: &Node<Arc<Face>, Relation, Ty, Ix, Pill>,
        _end: &Node<Arc<Face>, Relation, Ty, Ix, Pill>,
        _pos: Pos2,
    ) -> bool {
        false
    }
}

fn stroke(relation: Relation, theme: &Theme, lit: bool) -> Stroke {
    let color = match relation {
        _ if lit => theme.accent,
        Relation::Frames => theme.faint.gamma_multiply(0.6),
        Relation::Holds => theme.kind(&crate::model::ComponentKind::WASM_FILTER).text,
        Relation::Selects => theme.faint,
    };
    Stroke::new(if lit { 2.0 } else { 1.4 }, color)
}

/// A line in the manner of its relation: dotted for a namespace, whole for a wallet, dashed with a head for a selection.
pub(super) fn line(ends: [Pos2; 2], relation: Relation, theme: &Theme, lit: bool) -> Vec<Shape> {
    let stroke = stroke(relation, theme, lit);
    match relation {
        Relation::Frames => Shape::dotted_line(&ends, stroke.color, 5.0, 1.0),
        Relation::Holds => vec![Shape::line_segment(ends, stroke)],
        Relation::Selects => {
            let mut shapes = Shape::dashed_line(&ends, stroke, 6.0, 4.0);
            let along = (ends[1] - ends[0]).normalized();
            let (tip, side) = (ends[1], along.rot90() * 3.5);
            let back = tip - along * 7.0;
            shapes.push(Shape::convex_polygon(
                vec![tip, back + side, back - side],
                stroke.color,
                Stroke::NONE,
            ));
            shapes
        }
    }
}
