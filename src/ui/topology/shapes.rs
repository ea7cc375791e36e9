//! How `egui_graphs` draws a component and a relation.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, CornerRadius, FontId, Galley, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2};
use egui_graphs::{DisplayEdge, DisplayNode, DrawContext, EdgeProps, Node, NodeProps};
use petgraph::EdgeType;
use petgraph::stable_graph::IndexType;

use super::forms::{Form, Shown};
use super::graph::{Face, Relation};
use crate::ui::theme::Theme;

/// Zoom below which lines are drawn as plain strokes.
const FAR: f32 = 0.3;
/// From the border of a node to its letter and from there to its name, at 100 %.
const INSET: f32 = 4.0;

/// A node: the kind's letter and the name, as far as there is room.
#[derive(Clone, Debug)]
pub(super) struct Pill {
    face: Arc<Face>,
    pub(super) shown: Shown,
    selected: bool,
    hovered: bool,
}

impl From<NodeProps<Arc<Face>>> for Pill {
    fn from(props: NodeProps<Arc<Face>>) -> Self {
        Self { face: props.payload, shown: Shown::NOWHERE, selected: props.selected, hovered: props.hovered }
    }
}

/// The width of a node with its name.
pub(super) fn width(painter: &Painter, face: &Face, scale: f32) -> f32 {
    let name = name(painter, face, Theme::of(painter.ctx()).text, scale, f32::INFINITY);
    let tile = super::forms::PILL.y * scale;
    tile + name.size().x + 2.5 * INSET * scale
}

fn one_line(painter: &Painter, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, color));
    job.wrap = TextWrapping::truncate_at_width(width);
    painter.layout_job(job)
}

fn name(painter: &Painter, face: &Face, color: Color32, scale: f32, width: f32) -> Arc<Galley> {
    let font = Theme::strong(12.0);
    one_line(painter, &face.title, FontId::new(stepped(font.size * scale), font.family), color, width)
}

/// Text sizes are rounded, so that zooming does not fill the font atlas.
fn stepped(size: f32) -> f32 {
    (size * 2.0).round() / 2.0
}

impl Pill {
    /// How it is drawn as it is now.
    pub(super) fn draw(&self, painter: &Painter, scale: f32) -> Vec<Shape> {
        self.draw_as(painter, self.shown, scale)
    }

    /// How it is drawn in another form.
    pub(super) fn draw_as(&self, painter: &Painter, shown: Shown, scale: f32) -> Vec<Shape> {
        let rect = shown.rect;
        if !rect.intersects(painter.clip_rect()) {
            return Vec::new();
        }
        let theme = Theme::of(painter.ctx());
        let style = theme.kind(&self.face.kind);
        let stroke = if self.selected {
            Stroke::new(2.0, theme.accent)
        } else if self.hovered {
            Stroke::new(1.5, theme.text)
        } else {
            Stroke::new(1.0, style.stroke)
        };
        let radius = |points: f32| CornerRadius::same((points * scale).clamp(0.0, 60.0) as u8);
        let letter = |tile: Rect| {
            let font = Theme::strong(11.0);
            let font = FontId::new(stepped(font.size * scale), font.family);
            let galley = one_line(painter, style.letters.as_str(), font, theme.on_tile, f32::INFINITY);
            Shape::galley(tile.center() - galley.size() / 2.0, galley, theme.on_tile)
        };
        match shown.form {
            Form::Dot => {
                let fill = if self.selected { theme.accent } else { style.tile };
                vec![Shape::rect_filled(rect, radius(2.0), fill)]
            }
            Form::Tile => {
                let mut shapes = vec![Shape::rect_filled(rect, radius(4.0), style.tile), letter(rect)];
                if self.selected || self.hovered {
                    shapes.push(Shape::rect_stroke(rect, radius(4.0), stroke, StrokeKind::Outside));
                }
                shapes
            }
            Form::Pill => {
                let tile = Rect::from_min_size(rect.min, Vec2::splat(rect.height())).shrink(INSET * scale);
                let left = tile.right() + 1.5 * INSET * scale;
                let room = rect.right() - INSET * scale - left;
                let name = name(painter, &self.face, theme.text, scale, room.max(0.0));
                let at = Pos2::new(left, rect.center().y - name.size().y / 2.0);
                vec![
                    Shape::rect_filled(rect, radius(7.0), style.surface),
                    Shape::rect_stroke(rect, radius(7.0), stroke, StrokeKind::Middle),
                    Shape::rect_filled(tile, radius(4.0), style.tile),
                    letter(tile),
                    Shape::galley(at, name, theme.text),
                ]
            }
        }
    }
}

impl<Ty: EdgeType, Ix: IndexType> DisplayNode<Arc<Face>, Relation, Ty, Ix> for Pill {
    fn closest_boundary_point(&self, dir: Vec2) -> Pos2 {
        boundary(self.shown.rect, dir)
    }

    fn shapes(&mut self, ctx: &DrawContext<'_>) -> Vec<Shape> {
        // Those with names are drawn after all others.
        if self.shown.form == Form::Pill {
            return Vec::new();
        }
        self.draw(ctx.painter, ctx.meta.zoom.max(1.0))
    }

    fn update(&mut self, state: &NodeProps<Arc<Face>>) {
        if !Arc::ptr_eq(&self.face, &state.payload) {
            self.face = Arc::clone(&state.payload);
        }
        self.selected = state.selected;
        self.hovered = state.hovered;
    }

    fn is_inside(&self, _pos: Pos2) -> bool {
        // What is under the pointer is found on the screen, where the sizes are.
        false
    }
}

/// Where a line from the centre in this direction leaves the node.
fn boundary(rect: Rect, dir: Vec2) -> Pos2 {
    let half = rect.size() / 2.0;
    let scale =
        |extent: f32, along: f32| if along.abs() < 1e-6 { f32::INFINITY } else { extent / along.abs() };
    let scale = scale(half.x, dir.x).min(scale(half.y, dir.y)).min(1.0);
    rect.center() + dir * scale
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
        // What is out of sight has no form: its line goes to where it is.
        let rect = |node: &Node<Arc<Face>, Relation, Ty, Ix, Pill>| match node.display().shown.rect {
            rect if rect.is_finite() => rect,
            _ => Rect::from_pos(ctx.meta.canvas_to_screen_pos(node.location())),
        };
        let (from, to) = (rect(start), rect(end));
        let dir = to.center() - from.center();
        let ends = [boundary(from, dir), boundary(to, -dir)];
        if !Rect::from_two_pos(ends[0], ends[1]).expand(2.0).intersects(ctx.painter.clip_rect()) {
            return Vec::new();
        }
        let theme = Theme::of(ctx.ctx);
        let lit = [start, end].iter().any(|node| node.selected() || node.hovered());
        if ctx.meta.zoom < FAR {
            let color = stroke(self.relation, &theme, lit).color.gamma_multiply(if lit { 0.9 } else { 0.35 });
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
        Relation::Selects | Relation::Joins => theme.faint,
    };
    Stroke::new(if lit { 2.0 } else { 1.4 }, color)
}

/// A line from one node to another, which are told by where they are shown, for what is in no graph. `None` when one of both
/// is nowhere, or the line out of sight.
pub(super) fn line_between(
    [from, to]: [Rect; 2],
    relation: Relation,
    theme: &Theme,
    lit: bool,
    clip: Rect,
) -> Option<Vec<Shape>> {
    let dir = to.center() - from.center();
    let ends = [boundary(from, dir), boundary(to, -dir)];
    let is_seen = from.is_finite()
        && to.is_finite()
        && Rect::from_two_pos(ends[0], ends[1]).expand(2.0).intersects(clip);
    is_seen.then(|| line(ends, relation, theme, lit))
}

/// A line in the manner of its relation: dotted for a namespace, whole for a wallet, dashed with a head for a selection,
/// whole with a head for another relationship.
pub(super) fn line(ends: [Pos2; 2], relation: Relation, theme: &Theme, lit: bool) -> Vec<Shape> {
    let stroke = stroke(relation, theme, lit);
    match relation {
        Relation::Frames => Shape::dotted_line(&ends, stroke.color, 5.0, 1.0),
        Relation::Holds => vec![Shape::line_segment(ends, stroke)],
        Relation::Selects | Relation::Joins => {
            let mut shapes = match relation {
                Relation::Joins => vec![Shape::line_segment(ends, stroke)],
                _ => Shape::dashed_line(&ends, stroke, 6.0, 4.0),
            };
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
