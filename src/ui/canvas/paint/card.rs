//! Cards: wallets with their filters and slot, loose filters, and everything else.

use egui::epaint::{CornerRadiusF32, Mesh, Shadow};
use egui::{Color32, CornerRadius, FontId, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::super::super::theme::{KindStyle, Theme};
use super::super::super::widgets::paint_severity;
use super::super::layout::{filter_rect, metric, slot_rect};
use super::super::projection::Node;
use super::text::Key;
use super::{Brush, RADIUS, TEXT_FLOOR, TEXT_MIN, rounded_outline};
use crate::editor::Counts;

/// Which of a node's texts.
mod slot {
    pub(super) const TITLE: usize = 0;
    pub(super) const DETAIL: usize = 1;
    pub(super) const LETTER: usize = 2;
    pub(super) const NUMBER: usize = 3;
    pub(super) const HINT: usize = 4;
    /// The first chip; the others follow.
    pub(super) const CHIP: usize = 8;
}

/// How one text is set.
struct Line<'a> {
    text: &'a str,
    slot: usize,
    font: FontId,
    color: Color32,
}

impl Brush<'_> {
    pub(super) fn wallet(&mut self, card: usize, visible: Rect) {
        let node = &self.scene.nodes[card];
        let style = self.theme().kind(&node.face.kind);
        let canvas_rect = self.rect(card);
        let rect = self.look.view.rect_to_screen(canvas_rect);
        let radius = self.radius(RADIUS);
        self.shadow(rect);
        self.painter.rect_filled(rect, radius, style.surface);
        let header = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + self.px(metric::HEADER)));
        self.header_band(header, &style);
        self.border(card, rect, style.stroke);

        let tile = Rect::from_center_size(
            header.left_center() + vec2(self.px(24.0), 0.0),
            Vec2::splat(self.px(24.0)),
        );
        self.tile(card, tile, &style);
        let right = self.chips(card, header, &style);
        let name = Line {
            text: &node.face.title,
            slot: slot::TITLE,
            font: Theme::strong(14.0),
            color: self.theme().text,
        };
        let left = tile.right() + self.px(12.0);
        self.line(card, &name, pos2(left, header.center().y), right - left);

        for filter in self.scene.visible_filters(card, visible.translate(node.rect.min - canvas_rect.min)) {
            let place = self.scene.nodes[filter].place;
            let rect = self.look.view.rect_to_screen(filter_rect(canvas_rect, place));
            self.filter(filter, rect);
        }
        self.slot(card, canvas_rect, &style);
        if let Some(counts) = self.look.counts.get(&node.id) {
            self.badge(rect, *counts);
        }
    }

    /// The header, fading to the right.
    fn header_band(&mut self, header: Rect, style: &KindStyle) {
        let end = style.header.lerp_to_gamma(style.surface, 0.75);
        let radius = self.px(RADIUS);
        let outline = rounded_outline(header, CornerRadiusF32 { nw: radius, ne: radius, sw: 0.0, se: 0.0 });
        let color = |x: f32| {
            let t = ((x - header.left()) / header.width()).clamp(0.0, 1.0);
            style.header.lerp_to_gamma(end, t)
        };
        let mut mesh = Mesh::default();
        mesh.colored_vertex(header.center(), color(header.center().x));
        for point in &outline {
            mesh.colored_vertex(*point, color(point.x));
        }
        let count = outline.len() as u32;
        for i in 0..count {
            mesh.add_triangle(0, 1 + i, 1 + (i + 1) % count);
        }
        self.painter.add(Shape::mesh(mesh));
        self.painter.hline(
            header.x_range(),
            header.bottom(),
            Stroke::new(1.0, style.stroke.gamma_multiply(0.6)),
        );
    }

    fn shadow(&self, rect: Rect) {
        if self.zoom < 0.5 {
            return;
        }
        let shadow = Shadow {
            offset: [0, 3],
            blur: 10,
            spread: 0,
            color: Color32::from_black_alpha(if self.theme().dark { 70 } else { 26 }),
        };
        self.painter.add(shadow.as_shape(rect, self.radius(RADIUS)));
    }

    /// The border, which says whether the card is selected, under the pointer, at the keyboard, or a drop target.
    fn border(&self, node: usize, rect: Rect, color: Color32) {
        let theme = self.theme();
        let radius = self.radius(RADIUS);
        let stroke = |stroke: Stroke| {
            self.painter.rect_stroke(rect, radius, stroke, StrokeKind::Middle);
        };
        let target = self.look.overlay.target.filter(|(target, _)| *target == node);
        if let Some((_, allowed)) = target {
            let color = self.drop_color(allowed);
            stroke(Stroke::new(2.0, color));
            let glow = Stroke::new(4.0, color.gamma_multiply(0.25));
            self.painter.rect_stroke(rect.expand(1.0), radius, glow, StrokeKind::Outside);
        } else if self.is_selected(&self.scene.nodes[node]) {
            stroke(Stroke::new(2.0, theme.accent));
            let glow = Stroke::new(3.0, theme.accent.gamma_multiply(0.35));
            self.painter.rect_stroke(rect.expand(1.0), radius, glow, StrokeKind::Outside);
        } else if self.look.hovered == Some(node) {
            stroke(Stroke::new(1.5, color.lerp_to_gamma(theme.text, 0.35)));
        } else {
            stroke(Stroke::new(1.0, color));
        }
        if self.look.cursor == Some(node) {
            self.focus_ring(rect);
        }
    }

    fn tile(&mut self, node: usize, rect: Rect, style: &KindStyle) {
        self.painter.rect_filled(rect, self.radius(5.0), style.tile);
        let font = Theme::strong(12.0);
        let size = self.text_px(font.size);
        if rect.height() < size {
            return;
        }
        let key = Key::node(node, slot::LETTER, style.letters.as_str());
        let letter = self.texts.get(&self.painter, key, FontId::new(size, font.family), f32::INFINITY);
        self.painter.galley(rect.center() - letter.size() / 2.0, letter, self.theme().on_tile);
    }

    /// The chips at the right of a header; returns where the title has to end.
    fn chips(&mut self, card: usize, header: Rect, style: &KindStyle) -> f32 {
        let mut right = header.right() - self.px(12.0);
        if self.px(11.0) < TEXT_MIN {
            return right;
        }
        let size = self.text_px(11.0);
        let node = &self.scene.nodes[card];
        for (number, chip) in node.face.chips.iter().enumerate().rev() {
            let key = Key::node(card, slot::CHIP + number, chip);
            let galley = self.texts.get(&self.painter, key, Theme::plain(size), header.width() / 2.0);
            let padding = vec2(self.px(7.0), self.px(3.0));
            let chip = Rect::from_min_size(
                pos2(
                    right - galley.size().x - 2.0 * padding.x,
                    header.center().y - galley.size().y / 2.0 - padding.y,
                ),
                galley.size() + 2.0 * padding,
            );
            let fill = style.header.lerp_to_gamma(style.stroke, 0.3);
            self.painter.rect_filled(chip, self.radius(9.0), fill);
            let color = if self.theme().dark { style.text } else { self.theme().text };
            self.painter.galley(chip.min + padding, galley, color);
            right = chip.left() - self.px(6.0);
        }
        right
    }

    /// One line of text, centred vertically on `left_center`, cut at `width` (both on the screen).
    fn line(&mut self, node: usize, line: &Line<'_>, left_center: egui::Pos2, width: f32) {
        let size = self.text_px(line.font.size);
        if width < size {
            return;
        }
        let font = FontId::new(size, line.font.family.clone());
        let galley = self.texts.get(&self.painter, Key::node(node, line.slot, line.text), font, width);
        let at = left_center - vec2(0.0, galley.size().y / 2.0);
        self.painter.galley(at, galley, line.color);
    }

    /// A filter in a wallet: its number, name and module.
    fn filter(&mut self, filter: usize, rect: Rect) {
        let node = &self.scene.nodes[filter];
        let style = self.theme().kind(&node.face.kind);
        if self.look.overlay.lifted.contains(&filter) {
            self.dashed_rect(rect, self.px(7.0), Stroke::new(1.0, style.stroke));
            return;
        }
        self.filter_card(filter, rect, &style);
        if let Some(counts) = self.look.counts.get(&node.id) {
            self.badge(rect, *counts);
        }
    }

    pub(super) fn loose_filter(&mut self, filter: usize) {
        let rect = self.look.view.rect_to_screen(self.rect(filter));
        self.shadow(rect);
        self.filter(filter, rect);
    }

    /// A filter at `rect` on the screen, as it also follows the pointer.
    pub(super) fn filter_card(&mut self, filter: usize, rect: Rect, style: &KindStyle) {
        let node = &self.scene.nodes[filter];
        self.painter.rect_filled(rect, self.radius(7.0), style.surface);
        self.border(filter, rect, style.stroke);
        if rect.height() < TEXT_FLOOR {
            return;
        }
        let left = if node.is_held() {
            let number = (node.place + 1).to_string();
            let number =
                Line { text: &number, slot: slot::NUMBER, font: Theme::strong(12.0), color: style.text };
            self.line(filter, &number, rect.left_center() + vec2(self.px(12.0), 0.0), self.px(26.0));
            rect.left() + self.px(38.0)
        } else {
            let tile = Rect::from_center_size(
                rect.left_center() + vec2(self.px(22.0), 0.0),
                Vec2::splat(self.px(22.0)),
            );
            self.tile(filter, tile, style);
            tile.right() + self.px(10.0)
        };
        let color = if node.face.detail.starts_with("No module") { self.theme().warning } else { style.text };
        self.two_lines(filter, left, rect, Theme::mono(11.0), color);
    }

    /// Name and detail, one above the other.
    fn two_lines(&mut self, card: usize, left: f32, rect: Rect, detail_font: FontId, color: Color32) {
        let node: &Node = &self.scene.nodes[card];
        let width = rect.right() - self.px(10.0) - left;
        let middle = rect.center().y;
        let title = Line {
            text: &node.face.title,
            slot: slot::TITLE,
            font: Theme::strong(13.0),
            color: self.theme().text,
        };
        // The detail vanishes before the title does; the title then takes the middle.
        let height = 1.2 * self.text_px(detail_font.size);
        let has_detail = !node.face.detail.is_empty() && rect.height() >= 2.0 * height;
        let rise = if has_detail { self.px(9.0).max(height / 2.0) } else { 0.0 };
        self.line(card, &title, pos2(left, middle - rise), width);
        if has_detail {
            let detail = Line { text: &node.face.detail, slot: slot::DETAIL, font: detail_font, color };
            self.line(card, &detail, pos2(left, middle + rise), width);
        }
    }

    pub(super) fn plain_card(&mut self, card: usize) {
        let node = &self.scene.nodes[card];
        let style = self.theme().kind(&node.face.kind);
        let rect = self.look.view.rect_to_screen(self.rect(card));
        self.shadow(rect);
        self.painter.rect_filled(rect, self.radius(RADIUS), style.surface);
        self.border(card, rect, style.stroke);
        let tile =
            Rect::from_center_size(rect.left_center() + vec2(self.px(26.0), 0.0), Vec2::splat(self.px(24.0)));
        self.tile(card, tile, &style);
        self.two_lines(card, tile.right() + self.px(10.0), rect, Theme::plain(11.0), style.text);
        if let Some(counts) = self.look.counts.get(&node.id) {
            self.badge(rect, *counts);
        }
    }

    /// The place to drop a filter; during a drag it says what a drop would do.
    fn slot(&mut self, wallet: usize, canvas_rect: Rect, style: &KindStyle) {
        let filters = self.scene.nodes[wallet].held.len();
        let rect = self.look.view.rect_to_screen(slot_rect(canvas_rect, filters));
        let theme = self.theme();
        let overlay = self.look.overlay.slot.as_ref().filter(|(node, ..)| *node == wallet);
        let hovered = self.look.hovered_slot == Some(wallet);
        let (text, color, fill) = match overlay {
            Some((_, text, allowed)) => {
                let color = self.drop_color(*allowed);
                (text.as_str(), color, color.gamma_multiply(0.12))
            }
            None if hovered => ("Add a filter", theme.text, theme.hover.gamma_multiply(0.5)),
            None => ("Drop a filter here", style.text, Color32::TRANSPARENT),
        };
        self.painter.rect_filled(rect, self.radius(7.0), fill);
        let stroke = if overlay.is_some() { color } else { style.stroke };
        self.dashed_rect(rect, self.px(7.0), Stroke::new(1.0, stroke));
        if self.px(12.0) >= TEXT_MIN {
            let size = self.text_px(12.0);
            let key = if overlay.is_some() {
                Key::plain(text)
            } else {
                Key::node(wallet, slot::HINT + usize::from(hovered), text)
            };
            let galley = self.texts.get(&self.painter, key, Theme::plain(size), rect.width() - self.px(16.0));
            let text_color = if overlay.is_some() { theme.text } else { color };
            self.painter.galley(rect.center() - galley.size() / 2.0, galley, text_color);
        }
    }

    /// How many findings a card has: an icon whose shape and colour say how bad the worst is, and the number.
    pub(super) fn badge(&mut self, card: Rect, counts: Counts) {
        let counts = marked(counts);
        let Some(worst) = counts.worst() else { return };
        let theme = self.theme();
        let rect = badge_rect(card, self.zoom, counts);
        self.painter.rect_filled(rect, CornerRadius::same((rect.height() / 2.0) as u8), theme.panel);
        let stroke = Stroke::new(1.0, theme.severity(worst));
        self.painter.rect_stroke(
            rect,
            CornerRadius::same((rect.height() / 2.0) as u8),
            stroke,
            StrokeKind::Inside,
        );
        let icon = rect.left_center() + vec2(rect.height() / 2.0, 0.0);
        paint_severity(&self.painter, icon, rect.height() * 0.62, worst, theme);
        let number = total(counts).to_string();
        let galley = self.texts.get(
            &self.painter,
            Key::plain(&number),
            Theme::strong(rect.height() * 0.58),
            f32::INFINITY,
        );
        let at = pos2(icon.x + rect.height() * 0.42, rect.center().y - galley.size().y / 2.0);
        self.painter.galley(at, galley, theme.text);
    }
}

/// What a badge is about. Infos are true of most cards and would hide what needs a look: Problems and inspector have them.
pub fn marked(counts: Counts) -> Counts {
    Counts { infos: 0, ..counts }
}

/// All findings of a badge.
pub(super) fn total(counts: Counts) -> usize {
    counts.errors + counts.warnings + counts.infos
}

/// Where the badge of a card is drawn, on the screen: across its upper right corner.
pub fn badge_rect(card: Rect, zoom: f32, counts: Counts) -> Rect {
    let height = (20.0 * zoom).clamp(14.0, 28.0);
    let digits = total(marked(counts)).checked_ilog10().unwrap_or(0) + 1;
    let width = height * (1.35 + 0.36 * digits as f32);
    Rect::from_center_size(pos2(card.right() - width * 0.3, card.top() + height * 0.1), vec2(width, height))
}
