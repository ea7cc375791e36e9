//! How the scene looks: frames, edges, cards, and the marks on them.
//!
//! Reads the scene, paints it, changes nothing. What is too small to read is left out: below [`TEXT_MIN`] no text, and
//! below [`FAR`] a card is one plain rectangle.

mod card;
mod drag;
mod edge;
mod lines;
mod text;

use std::collections::{HashMap, HashSet};

use egui::epaint::{CornerRadiusF32, Mesh};
use egui::{Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

pub use card::{badge_rect, marked};
pub use text::Texts;

use super::super::theme::{KindStyle, RADIUS_CARD, Theme};
use super::drop::NodeSet;
use super::layout::{filter_rect, metric};
use super::projection::{Form, Node, Scene};
use super::view::View;
use crate::editor::Counts;
use crate::model::{ComponentId, ComponentKind};

/// Text smaller than this on the screen is not drawn.
pub const TEXT_MIN: f32 = 6.0;
/// On a card that is drawn small, text is drawn no smaller than this: it is cut rather than too small to read.
const TEXT_FLOOR: f32 = 9.0;
/// Zoom below which cards are plain rectangles.
pub const FAR: f32 = 0.3;
/// Radius of a card's corners, in canvas points.
const RADIUS: f32 = 10.0;

type Hasher = foldhash::fast::FixedState;

/// What of the scene is shown otherwise than it is, while a gesture is under way.
#[derive(Default)]
pub struct Overlay {
    /// Cards that move with the pointer.
    pub moved: NodeSet,
    /// How far, in canvas points.
    pub offset: Vec2,
    /// Filters that are on their way; their places are shown faint.
    pub lifted: NodeSet,
    /// Frames that follow their members.
    pub frames: HashMap<usize, Rect, Hasher>,
    /// A card or frame that would take what is dragged, or would not.
    pub target: Option<(usize, bool)>,
    /// What stands in the slot of a wallet instead of the hint.
    pub slot: Option<(usize, String, bool)>,
}

/// What is painted besides the scene.
pub struct Look<'a> {
    /// Colours.
    pub theme: &'a Theme,
    /// Where from.
    pub view: View,
    /// Selected components.
    pub selected: &'a HashSet<ComponentId, Hasher>,
    /// Under the pointer.
    pub hovered: Option<usize>,
    /// Whose slot is under the pointer.
    pub hovered_slot: Option<usize>,
    /// The component that the keyboard is at.
    pub cursor: Option<usize>,
    /// Findings.
    pub counts: &'a indexmap::IndexMap<ComponentId, Counts, Hasher>,
    /// The gesture under way.
    pub overlay: &'a Overlay,
}

/// A painter of one frame.
pub struct Brush<'a> {
    painter: Painter,
    scene: &'a Scene,
    look: &'a Look<'a>,
    texts: &'a mut Texts,
    zoom: f32,
    /// Plain rectangles of the far view, painted in one go.
    plain: Mesh,
    /// The style found last for a wallet and for another card: neighbours are mostly of one kind.
    styles: [Option<(&'a ComponentKind, KindStyle)>; 2],
    filter_tile: Color32,
}

impl<'a> Brush<'a> {
    /// A painter on `painter`, which clips.
    pub fn new(painter: Painter, scene: &'a Scene, look: &'a Look<'a>, texts: &'a mut Texts) -> Self {
        let filter_tile = look.theme.kind(&ComponentKind::WASM_FILTER).tile;
        let (zoom, plain) = (look.view.zoom, Mesh::default());
        Self { painter, scene, look, texts, zoom, plain, styles: [None; 2], filter_tile }
    }

    fn theme(&self) -> &'a Theme {
        self.look.theme
    }

    fn style(&mut self, node: &'a Node) -> KindStyle {
        let known = &mut self.styles[usize::from(node.form == Form::Wallet)];
        match known {
            Some((kind, style)) if kind.same_kind(&node.face.kind) => *style,
            _ => {
                let style = self.look.theme.kind(&node.face.kind);
                *known = Some((&node.face.kind, style));
                style
            }
        }
    }

    /// Where a node is drawn now, in canvas points.
    fn rect(&self, node: usize) -> Rect {
        let overlay = self.look.overlay;
        let rect = self.scene.nodes[node].rect;
        if let Some(frame) = overlay.frames.get(&node) {
            return *frame;
        }
        let card = self.scene.nodes[node].holder.filter(|_| self.scene.nodes[node].is_held()).unwrap_or(node);
        if overlay.moved.contains(&card) { rect.translate(overlay.offset) } else { rect }
    }

    fn is_selected(&self, node: &Node) -> bool {
        self.look.selected.contains(&node.id)
    }

    /// A length on the screen.
    fn px(&self, points: f32) -> f32 {
        points * self.zoom
    }

    /// The size on the screen of a text of so many points.
    fn text_px(&self, points: f32) -> f32 {
        self.px(points).max(points.min(TEXT_FLOOR))
    }

    fn radius(&self, points: f32) -> CornerRadius {
        CornerRadius::same(self.px(points).round().clamp(0.0, 255.0) as u8)
    }

    /// The dots behind everything.
    pub fn background(&self) {
        let viewport = self.look.view.viewport;
        self.painter.rect_filled(viewport, 0.0, self.theme().canvas);
        let mut spacing = self.px(24.0);
        while spacing < 16.0 {
            spacing *= 2.0;
        }
        let origin = self.look.view.to_screen(Pos2::ZERO);
        let first = |origin: f32, from: f32| origin + ((from - origin) / spacing).ceil() * spacing;
        let mut mesh = Mesh::default();
        let size = Vec2::splat(1.5);
        let mut y = first(origin.y, viewport.top());
        while y < viewport.bottom() {
            let mut x = first(origin.x, viewport.left());
            while x < viewport.right() {
                mesh.add_colored_rect(Rect::from_center_size(pos2(x, y), size), self.theme().grid);
                x += spacing;
            }
            y += spacing;
        }
        self.painter.add(Shape::mesh(mesh));
    }

    /// Everything that lies on the canvas, in paint order.
    pub fn scene(&mut self) {
        let visible = self.look.view.visible();
        let overlay = self.look.overlay;
        let frames: Vec<usize> =
            (0..self.scene.frames).filter(|&frame| self.rect(frame).intersects(visible)).collect();
        if self.zoom < FAR {
            for &frame in &frames {
                let rect = self.look.view.rect_to_screen(self.rect(frame));
                let fill = self.style(&self.scene.nodes[frame]).surface;
                self.plain.add_colored_rect(rect, fill);
            }
            self.flush();
        }
        for &frame in &frames {
            self.frame(frame);
        }
        self.edges(visible);
        let cards = self.scene.visible_cards(visible);
        if self.zoom < FAR {
            self.plain.reserve_vertices(4 * cards.len());
            self.plain.reserve_triangles(2 * cards.len());
        }
        for &card in &cards {
            if !overlay.moved.contains(&card) {
                self.card(card, visible);
            }
        }
        self.flush();
        for frame in frames {
            self.frame_title(frame);
        }
        let mut moved: Vec<usize> =
            overlay.moved.iter().copied().filter(|&node| node >= self.scene.frames).collect();
        moved.sort_unstable();
        for card in moved {
            if self.rect(card).intersects(visible) {
                self.card(card, visible);
            }
        }
        self.flush();
    }

    fn flush(&mut self) {
        if !self.plain.is_empty() {
            self.painter.add(Shape::mesh(std::mem::take(&mut self.plain)));
        }
    }

    fn frame(&mut self, frame: usize) {
        let node = &self.scene.nodes[frame];
        let style = self.theme().kind(&node.face.kind);
        let rect = self.look.view.rect_to_screen(self.rect(frame));
        let target = self.look.overlay.target.filter(|(node, _)| *node == frame).map(|(_, allowed)| allowed);
        if self.zoom >= FAR {
            self.painter.rect_filled(rect, self.radius(RADIUS), style.surface);
        }
        let selected = self.is_selected(node);
        let stroke = match target {
            Some(allowed) => Stroke::new(2.0, self.drop_color(allowed)),
            None if selected => Stroke::new(2.0, self.theme().accent),
            None if self.look.hovered == Some(frame) => Stroke::new(1.5, self.theme().dim),
            None => Stroke::new(1.0, style.stroke),
        };
        if target == Some(true) {
            self.painter.rect_filled(
                rect,
                self.radius(RADIUS),
                self.theme().drop_allowed.gamma_multiply(0.08),
            );
        }
        self.dashed_rect(rect, self.px(RADIUS), stroke);
        if self.look.cursor == Some(frame) {
            self.focus_ring(rect);
        }
    }

    /// The title on the upper border; it stays readable when everything else is too small.
    fn frame_title(&mut self, frame: usize) {
        let node = &self.scene.nodes[frame];
        let rect = self.look.view.rect_to_screen(self.rect(frame));
        let size = (12.0 * self.zoom).max(10.5);
        let indent = self.px(20.0).min(20.0);
        let room = rect.width() - 2.0 * indent;
        if room < 40.0 {
            return;
        }
        // The name comes first: what it is can be seen.
        let has_prefix = room > 160.0;
        let prefix = has_prefix.then(|| {
            self.texts.get(&self.painter, text::Key::plain("namespace ·"), Theme::plain(size), room)
        });
        let taken = prefix.as_ref().map_or(0.0, |prefix| prefix.size().x + 4.0);
        let key = text::Key::node(frame, 0, &node.face.title);
        let name = self.texts.get(&self.painter, key, Theme::strong(size), room - taken - 12.0);
        let plate = Rect::from_min_size(
            pos2(rect.left() + indent - 6.0, rect.top() - name.size().y / 2.0),
            vec2(taken + name.size().x + 12.0, name.size().y),
        );
        self.painter.rect_filled(plate, 3.0, self.theme().canvas);
        let at = plate.left_top() + vec2(6.0, 0.0);
        if let Some(prefix) = prefix {
            self.painter.galley(at, prefix, self.theme().kind(&node.face.kind).text);
        }
        self.painter.galley(at + vec2(taken, 0.0), name, self.theme().text);
        if let Some(counts) = self.look.counts.get(&node.id) {
            self.badge(rect, *counts);
        }
    }

    fn drop_color(&self, allowed: bool) -> Color32 {
        if allowed { self.theme().drop_allowed } else { self.theme().drop_refused }
    }

    fn dashed_rect(&self, rect: Rect, radius: f32, stroke: Stroke) {
        let mut outline = rounded_outline(rect, CornerRadiusF32::same(radius));
        outline.extend(outline.first().copied());
        let mut mesh = Mesh::default();
        lines::dashed(&mut mesh, &outline, stroke, self.look.view.viewport.expand(4.0));
        self.painter.add(Shape::mesh(mesh));
    }

    fn focus_ring(&self, rect: Rect) {
        self.painter.rect_stroke(
            rect.expand(3.0),
            RADIUS_CARD,
            self.theme().focus_ring(),
            StrokeKind::Outside,
        );
    }
}

/// The outline of a rounded rectangle, clockwise.
fn rounded_outline(rect: Rect, radius: CornerRadiusF32) -> Vec<Pos2> {
    let mut outline = Vec::new();
    egui::epaint::tessellator::path::rounded_rectangle(&mut outline, rect, radius);
    outline
}

/// A card's form decides how it is painted.
impl Brush<'_> {
    fn card(&mut self, card: usize, visible: Rect) {
        if self.zoom < FAR {
            self.far_card(card, visible);
            return;
        }
        match self.scene.nodes[card].form {
            Form::Wallet => self.wallet(card, visible),
            Form::Filter => self.loose_filter(card),
            Form::Card | Form::Frame => self.plain_card(card),
        }
    }

    /// A card from far: its colours, where its filters are, and whether something is wrong. Plain rectangles of one mesh.
    fn far_card(&mut self, card: usize, visible: Rect) {
        let node = &self.scene.nodes[card];
        let theme = self.theme();
        let style = self.style(node);
        let rect = self.rect(card);
        let view = self.look.view;
        let shown = view.rect_to_screen(rect);
        let (selected, hovered) = (self.is_selected(node), self.look.hovered == Some(card));
        if self.px(metric::HEADER) < 4.0 {
            let fill = if selected { theme.accent } else { style.tile };
            self.plain.add_colored_rect(shown, fill);
        } else {
            let border = if selected || hovered { theme.accent } else { style.stroke };
            self.plain.add_colored_rect(shown.expand(if selected { 2.0 } else { 1.0 }), border);
            self.plain.add_colored_rect(shown, style.surface);
            let tile = if node.form == Form::Wallet {
                Rect::from_min_size(shown.min, vec2(shown.width(), self.px(metric::HEADER)))
            } else {
                Rect::from_min_size(shown.min, vec2(self.px(12.0), shown.height()))
            };
            self.plain.add_colored_rect(tile, style.tile);
        }
        self.far_filters(card, rect, visible);
        if let Some(worst) = self.look.counts.get(&node.id).and_then(|counts| counts.worst()) {
            let mark = Rect::from_center_size(shown.right_top(), Vec2::splat(6.0));
            self.plain.add_colored_rect(mark, theme.severity(worst));
        }
        if self.look.cursor == Some(card) {
            self.focus_ring(shown);
        }
    }

    fn far_filters(&mut self, card: usize, rect: Rect, visible: Rect) {
        let node = &self.scene.nodes[card];
        let (theme, view) = (self.theme(), self.look.view);
        let tile = self.filter_tile;
        if node.held.is_empty() || self.px(metric::FILTER.y) < 1.5 {
            return;
        }
        if self.px(metric::FILTER_GAP) < 1.0 {
            let (first, last) = (filter_rect(rect, 0), filter_rect(rect, node.held.len() - 1));
            self.plain.add_colored_rect(view.rect_to_screen(first.union(last)), tile);
            return;
        }
        for filter in self.scene.visible_filters(card, visible.translate(node.rect.min - rect.min)) {
            let it = &self.scene.nodes[filter];
            let shown = view.rect_to_screen(filter_rect(rect, it.place));
            let fill = if self.is_selected(it) { theme.accent } else { tile };
            self.plain.add_colored_rect(shown, fill);
            if let Some(worst) = self.look.counts.get(&it.id).and_then(|counts| counts.worst()) {
                let mark = Rect::from_center_size(shown.right_top(), Vec2::splat(5.0));
                self.plain.add_colored_rect(mark, theme.severity(worst));
            }
        }
    }
}
