//! What follows the pointer: ghosts, the mark of the place in a chain, what release will do, the rubber band.

use egui::{Color32, FontId, Pos2, Rect, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::super::super::theme::{RADIUS, Theme, size};
use super::super::super::widgets::icon;
use super::super::drop::{Insertion, Load, Plan};
use super::super::layout::{filter_rect, metric};
use super::text::Key;
use super::{Brush, FAR};
use crate::model::ComponentKind;

/// Opacity of a ghost.
const GHOST: f32 = 0.92;

impl Brush<'_> {
    /// What is dragged and is not shown where it lies: filters, and what is new.
    ///
    /// Returns its lower edge on the screen.
    pub fn ghost(&mut self, load: &Load, pointer: Pos2, offset: Vec2) -> f32 {
        let opaque = self.painter.clone();
        self.painter.multiply_opacity(GHOST);
        let bottom = match load {
            Load::New(kind) => self.new_ghost(kind, pointer),
            Load::Filters(filters) => self.filter_ghosts(filters, offset),
            Load::Cards(_) => f32::NEG_INFINITY,
        };
        self.painter = opaque;
        bottom
    }

    fn filter_ghosts(&mut self, filters: &[usize], offset: Vec2) -> f32 {
        let mut bottom = f32::NEG_INFINITY;
        for &filter in filters.iter().rev() {
            let node = &self.scene.nodes[filter];
            let style = self.theme().kind(&node.face.kind);
            let rect = self.look.view.rect_to_screen(node.rect.translate(offset));
            let shadow = egui::epaint::Shadow {
                offset: [0, 6],
                blur: 16,
                spread: 0,
                color: Color32::from_black_alpha(90),
            };
            self.painter.add(shadow.as_shape(rect, self.radius(7.0)));
            self.filter_card(filter, rect, &style);
            bottom = bottom.max(rect.bottom());
        }
        bottom
    }

    fn new_ghost(&mut self, kind: &ComponentKind, pointer: Pos2) -> f32 {
        let style = self.theme().kind(kind);
        let is_frame = kind.same_kind(&ComponentKind::NAMESPACE);
        let extent = metric::new_card(kind);
        let rect = self.look.view.rect_to_screen(Rect::from_center_size(pointer, extent));
        let stroke = Stroke::new(1.0, style.stroke);
        self.painter.rect_filled(rect, self.radius(10.0), style.surface.gamma_multiply(0.9));
        if is_frame {
            self.dashed_rect(rect, self.px(10.0), stroke);
        } else {
            self.painter.rect_stroke(rect, self.radius(10.0), stroke, StrokeKind::Middle);
        }
        let band = if kind.is_wallet() || is_frame { metric::HEADER } else { extent.y };
        let tile = Rect::from_center_size(
            rect.left_top() + vec2(self.px(24.0), self.px(band / 2.0)),
            Vec2::splat(self.px(24.0)),
        );
        self.painter.rect_filled(tile, self.radius(5.0), style.tile);
        if self.zoom >= FAR {
            let (letter, name) = (Theme::strong(self.text_px(12.0)), Theme::strong(self.text_px(13.0)));
            let mut text = |text: &str, font: FontId, at: Pos2, color: Color32, centred: bool| {
                let galley = self.texts.get(&self.painter, Key::plain(text), font, rect.width());
                let x = if centred { galley.size().x / 2.0 } else { 0.0 };
                self.painter.galley(at - vec2(x, galley.size().y / 2.0), galley, color);
            };
            text(style.letters.as_str(), letter, tile.center(), self.look.theme.on_tile, true);
            let at = pos2(tile.right() + 10.0 * self.zoom, tile.center().y);
            text(kind.in_words(), name, at, self.look.theme.text, false);
        }
        if kind.same_kind(&ComponentKind::WASM_FILTER) { rect.bottom() } else { f32::NEG_INFINITY }
    }

    /// The line between two filters where what is dragged will go.
    pub fn insertion(&self, insertion: Insertion, allowed: bool) {
        let Some(before) = insertion.before else { return };
        let wallet = self.rect(insertion.wallet);
        let place = self.scene.nodes[before].place;
        let filter = self.look.view.rect_to_screen(filter_rect(wallet, place));
        let y = filter.top() - self.px(metric::FILTER_GAP / 2.0);
        let color = self.drop_color(allowed);
        self.painter.hline(filter.x_range(), y, Stroke::new(3.0, color));
        for x in [filter.left(), filter.right()] {
            self.painter.circle_filled(pos2(x, y), 4.0, color);
        }
    }

    /// What release will do, beside the pointer and not above `below` on the screen; returns where, and the words.
    pub fn effect(&mut self, plan: &Plan, pointer: Pos2, below: f32) -> Option<(Rect, String)> {
        let text = plan.says()?;
        let refused = plan.is_refused();
        let theme = self.theme();
        let viewport = self.look.view.viewport.shrink(8.0);
        let width = viewport.width().min(420.0);
        let galley = self.painter.layout(text.to_owned(), Theme::plain(size::BODY), theme.text, width - 44.0);
        let extent = vec2(galley.size().x + 38.0, galley.size().y + 12.0);
        let mut rect =
            Rect::from_min_size(pos2(pointer.x + 18.0, (pointer.y + 22.0).max(below + 8.0)), extent);
        let inside = |low: f32, high: f32, min: f32, max: f32| (max - high).min(0.0) + (min - low).max(0.0);
        rect = rect.translate(vec2(
            inside(rect.left(), rect.right(), viewport.left(), viewport.right()),
            inside(rect.top(), rect.bottom(), viewport.top(), viewport.bottom()),
        ));
        let color = self.drop_color(!refused);
        self.painter.rect_filled(rect, RADIUS, theme.card);
        self.painter.rect_stroke(rect, RADIUS, Stroke::new(1.5, color), StrokeKind::Middle);
        let mark = rect.left_center() + vec2(17.0, 0.0);
        if refused {
            self.painter.circle_stroke(mark, 7.0, Stroke::new(1.6, color));
            self.painter
                .line_segment([mark + vec2(-5.0, -5.0), mark + vec2(5.0, 5.0)], Stroke::new(1.6, color));
        } else {
            icon::check(&self.painter, mark, 14.0, color);
        }
        self.painter.galley(rect.min + vec2(30.0, 6.0), galley, theme.text);
        Some((rect, text.to_owned()))
    }

    /// The rubber band, in canvas points.
    pub fn band(&self, area: Rect) {
        let rect = self.look.view.rect_to_screen(area);
        let accent = self.theme().accent;
        self.painter.rect_filled(rect, 2.0, accent.gamma_multiply(0.12));
        self.painter.rect_stroke(rect, 2.0, Stroke::new(1.0, accent), StrokeKind::Middle);
    }
}
