//! Colours, sizes and text styles of the window: with `kind_style`, the only place that names a colour.
//!
//! Two sets of tokens, dark and light. Every text colour keeps 4.5:1 on every surface that it may stand on; a test
//! computes it.
#![expect(clippy::unreadable_literal, reason = "colours are read as RRGGBB")]

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Vec2};

use super::kind_style::Letters;
use crate::model::{ComponentKind, Severity};

pub use super::kind_style::KindStyle;

/// Spacing scale in points: the gaps between things are taken from here.
pub mod space {
    /// Between an icon and its word.
    pub const XS: f32 = 4.0;
    /// Between controls of one group.
    pub const S: f32 = 8.0;
    /// Padding of a panel.
    pub const M: f32 = 12.0;
    /// Between groups.
    pub const L: f32 = 16.0;
    /// Around a page of its own.
    pub const XL: f32 = 24.0;
}

/// Corner radius of controls and chips.
pub const RADIUS: CornerRadius = CornerRadius::same(6);
/// Corner radius of cards, windows and menus.
pub const RADIUS_CARD: CornerRadius = CornerRadius::same(8);

/// The family of emphasised text: names, headings, primary buttons.
pub const STRONG: &str = "strong";

/// Text sizes in points.
pub mod size {
    /// Secondary text, chips, status bar.
    pub const SMALL: f32 = 11.0;
    /// Code and paths.
    pub const MONO: f32 = 12.0;
    /// Everything else.
    pub const BODY: f32 = 13.0;
    /// Titles of panels and dialogs.
    pub const HEADING: f32 = 15.0;
    /// The title of the empty state.
    pub const TITLE: f32 = 22.0;
}

/// The tokens of one appearance. Cheap to copy; handed to every function that paints.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Whether this is the dark set.
    pub dark: bool,
    /// Behind everything; top bar and status bar.
    pub base: Color32,
    /// Side and bottom panels.
    pub panel: Color32,
    /// The canvas.
    pub canvas: Color32,
    /// The dots of the canvas grid.
    pub grid: Color32,
    /// Text fields and wells.
    pub field: Color32,
    /// Cards, buttons, menus, dialogs.
    pub card: Color32,
    /// A card or button under the pointer.
    pub hover: Color32,
    /// A selected row or a pressed button.
    pub selected: Color32,
    /// Lines between regions.
    pub hairline: Color32,
    /// Borders of controls.
    pub border: Color32,
    /// Main text.
    pub text: Color32,
    /// Labels and secondary text.
    pub dim: Color32,
    /// Hints, placeholders, line numbers.
    pub faint: Color32,
    /// Active tab, selection, focus ring: lines and tiles, never text.
    pub accent: Color32,
    /// Fill of the primary button.
    pub accent_fill: Color32,
    /// Fill of the primary button under the pointer.
    pub accent_hover: Color32,
    /// Text on `accent_fill`.
    pub on_accent: Color32,
    /// Links and emphasised text in the accent's hue.
    pub accent_text: Color32,
    /// Text on a kind's tile.
    pub on_tile: Color32,
    /// Done, approved, matches.
    pub success: Color32,
    /// Text and icons of warnings.
    pub warning: Color32,
    /// Text and icons of errors.
    pub error: Color32,
    /// Text and icons of infos.
    pub info: Color32,
    /// Background of a changed or added line.
    pub added: Color32,
    /// Background of a line or field in error.
    pub error_surface: Color32,
    /// Background of a warning.
    pub warning_surface: Color32,
    /// A drop target that will take what is dragged.
    pub drop_allowed: Color32,
    /// A drop target that will not.
    pub drop_refused: Color32,
    /// Keys in code.
    pub code_key: Color32,
    /// Values in code.
    pub code_value: Color32,
    /// Numbers, booleans and null in code.
    pub code_literal: Color32,
    /// Comments in code.
    pub code_comment: Color32,
    plugin: KindStyle,
    filter: KindStyle,
    envoy: KindStyle,
    workload: KindStyle,
    gateway: KindStyle,
    namespace: KindStyle,
    other: KindStyle,
}

pub(super) const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Theme {
    /// The dark set.
    pub const DARK: Self = Self {
        dark: true,
        base: rgb(0x15171d),
        panel: rgb(0x1a1d24),
        canvas: rgb(0x13151a),
        grid: rgb(0x262a33),
        field: rgb(0x101217),
        card: rgb(0x21252d),
        hover: rgb(0x2a2f39),
        selected: rgb(0x2d2a52),
        hairline: rgb(0x2a2e38),
        border: rgb(0x434a58),
        text: rgb(0xe6e9ef),
        dim: rgb(0xa9b1bf),
        faint: rgb(0x8d96a6),
        accent: rgb(0x7c6cff),
        accent_fill: rgb(0x6857ec),
        accent_hover: rgb(0x5d4ce0),
        on_accent: rgb(0xffffff),
        accent_text: rgb(0xb1a7ff),
        on_tile: rgb(0xffffff),
        success: rgb(0x55d399),
        warning: rgb(0xf5b841),
        error: rgb(0xff8080),
        info: rgb(0x79b8ff),
        added: rgb(0x172d2b),
        error_surface: rgb(0x361d22),
        warning_surface: rgb(0x332916),
        drop_allowed: rgb(0x35c79f),
        drop_refused: rgb(0xff6b6b),
        code_key: rgb(0x8fbcff),
        code_value: rgb(0xf0c68a),
        code_literal: rgb(0x8fddb8),
        code_comment: rgb(0x8d96a6),
        plugin: KindStyle {
            letters: Letters::one('P'),
            tile: rgb(0x6d5cf0),
            surface: rgb(0x1e1b2e),
            header: rgb(0x2b254d),
            stroke: rgb(0x5b4ec4),
            text: rgb(0xc5bdff),
        },
        filter: KindStyle {
            letters: Letters::one('F'),
            tile: rgb(0x17786c),
            surface: rgb(0x152d2a),
            header: rgb(0x193833),
            stroke: rgb(0x1f5f55),
            text: rgb(0x86d8c6),
        },
        envoy: KindStyle {
            letters: Letters::one('E'),
            tile: rgb(0x2f69c9),
            surface: rgb(0x18202e),
            header: rgb(0x1d2d4a),
            stroke: rgb(0x375a96),
            text: rgb(0xa3c8ff),
        },
        workload: KindStyle {
            letters: Letters::one('W'),
            tile: rgb(0x5a6170),
            surface: rgb(0x20242c),
            header: rgb(0x262b34),
            stroke: rgb(0x3d4451),
            text: rgb(0xb8c0cd),
        },
        gateway: KindStyle {
            letters: Letters::one('G'),
            tile: rgb(0x7d5b17),
            surface: rgb(0x24211b),
            header: rgb(0x2e291e),
            stroke: rgb(0x5f4d24),
            text: rgb(0xe4c37f),
        },
        namespace: KindStyle {
            letters: Letters::one('N'),
            tile: rgb(0x465063),
            surface: rgb(0x16191f),
            header: rgb(0x1c2028),
            stroke: rgb(0x4a5262),
            text: rgb(0xb4bdcc),
        },
        other: KindStyle {
            letters: Letters::one('K'),
            tile: rgb(0x5c546b),
            surface: rgb(0x21222a),
            header: rgb(0x292a34),
            stroke: rgb(0x454355),
            text: rgb(0xc4bed2),
        },
    };

    /// The light set.
    pub const LIGHT: Self = Self {
        dark: false,
        base: rgb(0xeff1f5),
        panel: rgb(0xf8f9fb),
        canvas: rgb(0xf1f3f7),
        grid: rgb(0xd3d8e2),
        field: rgb(0xffffff),
        card: rgb(0xffffff),
        hover: rgb(0xe9ecf3),
        selected: rgb(0xe4e0ff),
        hairline: rgb(0xd9dde6),
        border: rgb(0xc0c7d3),
        text: rgb(0x1a1e27),
        dim: rgb(0x475060),
        faint: rgb(0x586171),
        accent: rgb(0x6a58f0),
        accent_fill: rgb(0x5b48e4),
        accent_hover: rgb(0x4b39cf),
        on_accent: rgb(0xffffff),
        accent_text: rgb(0x4a37cc),
        on_tile: rgb(0xffffff),
        success: rgb(0x0d6344),
        warning: rgb(0x7a4a00),
        error: rgb(0xb01e2e),
        info: rgb(0x1454a8),
        added: rgb(0xdff5ea),
        error_surface: rgb(0xfde8e8),
        warning_surface: rgb(0xfdf1d8),
        drop_allowed: rgb(0x0f8a68),
        drop_refused: rgb(0xcc2f3f),
        code_key: rgb(0x1a4fa3),
        code_value: rgb(0x7d450b),
        code_literal: rgb(0x0d6344),
        code_comment: rgb(0x586171),
        plugin: KindStyle {
            letters: Letters::one('P'),
            tile: rgb(0x6250ea),
            surface: rgb(0xf7f5ff),
            header: rgb(0xe9e5ff),
            stroke: rgb(0xa094f0),
            text: rgb(0x4635bd),
        },
        filter: KindStyle {
            letters: Letters::one('F'),
            tile: rgb(0x117569),
            surface: rgb(0xeaf7f4),
            header: rgb(0xd8f0ea),
            stroke: rgb(0x8ccdbf),
            text: rgb(0x0b5d52),
        },
        envoy: KindStyle {
            letters: Letters::one('E'),
            tile: rgb(0x2461c4),
            surface: rgb(0xf1f6ff),
            header: rgb(0xdfeafd),
            stroke: rgb(0x93b5ea),
            text: rgb(0x1a4fa3),
        },
        workload: KindStyle {
            letters: Letters::one('W'),
            tile: rgb(0x5a6272),
            surface: rgb(0xffffff),
            header: rgb(0xf0f2f6),
            stroke: rgb(0xc4cad6),
            text: rgb(0x475060),
        },
        gateway: KindStyle {
            letters: Letters::one('G'),
            tile: rgb(0x855c0c),
            surface: rgb(0xfefaf0),
            header: rgb(0xfaefd6),
            stroke: rgb(0xddc083),
            text: rgb(0x6b4906),
        },
        namespace: KindStyle {
            letters: Letters::one('N'),
            tile: rgb(0x515c70),
            surface: rgb(0xf5f6f9),
            header: rgb(0xe9ecf2),
            stroke: rgb(0xa9b1c0),
            text: rgb(0x475060),
        },
        other: KindStyle {
            letters: Letters::one('K'),
            tile: rgb(0x665c79),
            surface: rgb(0xfcfbfd),
            header: rgb(0xf0eef4),
            stroke: rgb(0xc8c2d3),
            text: rgb(0x544b66),
        },
    };

    /// The set that the context uses now.
    pub fn of(ctx: &egui::Context) -> Self {
        match ctx.theme() {
            egui::Theme::Dark => Self::DARK,
            egui::Theme::Light => Self::LIGHT,
        }
    }

    /// The look of a kind: letters, tile, card.
    pub fn kind(&self, kind: &ComponentKind) -> KindStyle {
        if kind.same_kind(&ComponentKind::WASM_PLUGIN) {
            self.plugin
        } else if kind.same_kind(&ComponentKind::WASM_FILTER) {
            self.filter
        } else if kind.same_kind(&ComponentKind::ENVOY_FILTER) {
            self.envoy
        } else if kind.is_workload() {
            self.workload
        } else if kind.same_kind(&ComponentKind::GATEWAY) {
            self.gateway
        } else if kind.same_kind(&ComponentKind::NAMESPACE) {
            self.namespace
        } else {
            self.other.for_kind(kind)
        }
    }

    /// The colour of a severity's text and icon.
    pub fn severity(&self, severity: Severity) -> Color32 {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }

    /// A hairline between regions.
    pub fn line(&self) -> Stroke {
        Stroke::new(1.0, self.hairline)
    }

    /// The ring around what has the keyboard focus.
    pub fn focus_ring(&self) -> Stroke {
        Stroke::new(2.0, self.accent)
    }

    /// Emphasised text of a size.
    pub fn strong(points: f32) -> FontId {
        FontId::new(points, FontFamily::Name(STRONG.into()))
    }

    /// Plain text of a size.
    pub fn plain(points: f32) -> FontId {
        FontId::new(points, FontFamily::Proportional)
    }

    /// Code of a size.
    pub fn mono(points: f32) -> FontId {
        FontId::new(points, FontFamily::Monospace)
    }

    fn visuals(&self) -> egui::Visuals {
        let mut visuals = if self.dark { egui::Visuals::dark() } else { egui::Visuals::light() };
        visuals.panel_fill = self.panel;
        visuals.window_fill = self.card;
        visuals.window_stroke = Stroke::new(1.0, self.border);
        visuals.window_corner_radius = RADIUS_CARD;
        visuals.menu_corner_radius = RADIUS_CARD;
        visuals.extreme_bg_color = self.field;
        visuals.text_edit_bg_color = Some(self.field);
        visuals.code_bg_color = self.field;
        visuals.faint_bg_color = self.card;
        visuals.hyperlink_color = self.accent_text;
        visuals.warn_fg_color = self.warning;
        visuals.error_fg_color = self.error;
        visuals.weak_text_color = Some(self.faint);
        visuals.selection.bg_fill = self.selected;
        visuals.selection.stroke = Stroke::new(1.5, self.accent_text);
        visuals.slider_trailing_fill = true;
        visuals.disabled_alpha = 0.55;
        let shadow = if self.dark { 120 } else { 40 };
        visuals.window_shadow.color = Color32::from_black_alpha(shadow);
        visuals.popup_shadow.color = Color32::from_black_alpha(shadow);
        for (widget, fill, stroke, text) in [
            (&mut visuals.widgets.noninteractive, self.panel, self.hairline, self.text),
            (&mut visuals.widgets.inactive, self.card, self.border, self.text),
            (&mut visuals.widgets.hovered, self.hover, self.faint, self.text),
            (&mut visuals.widgets.active, self.selected, self.accent, self.text),
            (&mut visuals.widgets.open, self.hover, self.border, self.text),
        ] {
            // Buttons take the weak fill; check boxes and rails the other.
            widget.bg_fill = if fill == self.card { self.field } else { fill };
            widget.weak_bg_fill = fill;
            widget.bg_stroke = Stroke::new(1.0, stroke);
            widget.fg_stroke = Stroke::new(1.0, text);
            widget.corner_radius = RADIUS;
            widget.expansion = 0.0;
        }
        visuals
    }
}

/// Sets fonts, sizes and both sets of colours on the context; once, at the start.
pub fn install(ctx: &egui::Context) {
    super::fonts::install(ctx);
    for (egui_theme, theme) in [(egui::Theme::Dark, Theme::DARK), (egui::Theme::Light, Theme::LIGHT)] {
        ctx.style_mut_of(egui_theme, |style| {
            style.visuals = theme.visuals();
            style.text_styles = [
                (TextStyle::Small, Theme::plain(size::SMALL)),
                (TextStyle::Body, Theme::plain(size::BODY)),
                (TextStyle::Button, Theme::plain(size::BODY)),
                (TextStyle::Heading, Theme::strong(size::HEADING)),
                (TextStyle::Monospace, Theme::mono(size::MONO)),
            ]
            .into();
            style.spacing.item_spacing = Vec2::new(space::S, 6.0);
            style.spacing.button_padding = Vec2::new(10.0, 4.0);
            style.spacing.interact_size = Vec2::new(32.0, 26.0);
            style.spacing.menu_margin = Margin::same(6);
            style.spacing.window_margin = Margin::same(16);
            style.spacing.combo_width = 80.0;
            style.spacing.icon_width = 16.0;
            style.spacing.scroll = egui::style::ScrollStyle::thin();
            style.interaction.selectable_labels = false;
            style.interaction.tooltip_delay = 0.4;
            style.animation_time = 0.08;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(color: Color32) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn check(theme: &str, min: f64, texts: &[(&str, Color32)], surfaces: &[(&str, Color32)]) {
        for (text_name, text) in texts {
            for (surface_name, surface) in surfaces {
                let ratio = contrast(*text, *surface);
                assert!(ratio >= min, "{theme}: {text_name} on {surface_name} is {ratio:.2}:1");
            }
        }
    }

    #[test]
    fn every_text_is_readable_on_every_surface_it_stands_on() {
        for (name, t) in [("dark", Theme::DARK), ("light", Theme::LIGHT)] {
            let surfaces = [
                ("base", t.base),
                ("panel", t.panel),
                ("canvas", t.canvas),
                ("field", t.field),
                ("card", t.card),
                ("hover", t.hover),
            ];
            let texts = [
                ("text", t.text),
                ("dim", t.dim),
                ("faint", t.faint),
                ("accent_text", t.accent_text),
                ("success", t.success),
                ("warning", t.warning),
                ("error", t.error),
                ("info", t.info),
                ("code_key", t.code_key),
                ("code_value", t.code_value),
                ("code_literal", t.code_literal),
                ("code_comment", t.code_comment),
            ];
            check(name, 4.5, &texts, &surfaces);
            let on_selected = [("text", t.text), ("dim", t.dim), ("accent_text", t.accent_text)];
            check(name, 4.5, &on_selected, &[("selected", t.selected)]);
            check(
                name,
                4.5,
                &[("on_accent", t.on_accent)],
                &[("accent_fill", t.accent_fill), ("accent_hover", t.accent_hover)],
            );
            check(
                name,
                4.5,
                &[("text", t.text), ("code_key", t.code_key), ("code_value", t.code_value)],
                &[("added", t.added), ("error", t.error_surface), ("warning", t.warning_surface)],
            );
            check(name, 4.5, &[("error", t.error)], &[("error_surface", t.error_surface)]);
            check(name, 4.5, &[("warning", t.warning)], &[("warning_surface", t.warning_surface)]);
        }
    }

    #[test]
    fn cards_and_tiles_are_readable() {
        for (name, t) in [("dark", Theme::DARK), ("light", Theme::LIGHT)] {
            let foreign = (0..200).map(|n| ComponentKind::parse(&format!("Kind{n}"), "example.com/v1"));
            for kind in ComponentKind::KNOWN.into_iter().chain(foreign) {
                let style = t.kind(&kind);
                let name = format!("{name} {}", kind.in_words());
                let surfaces = [("surface", style.surface), ("header", style.header)];
                let texts = [
                    ("text", t.text),
                    ("dim", t.dim),
                    ("kind text", style.text),
                    ("error", t.error),
                    ("warning", t.warning),
                ];
                check(&name, 4.5, &texts, &surfaces);
                check(&name, 4.5, &[("on_tile", t.on_tile)], &[("tile", style.tile)]);
            }
        }
    }

    #[test]
    fn lines_that_carry_meaning_are_visible() {
        for (name, t) in [("dark", Theme::DARK), ("light", Theme::LIGHT)] {
            let surfaces = [("panel", t.panel), ("canvas", t.canvas), ("card", t.card)];
            let lines =
                [("accent", t.accent), ("drop_allowed", t.drop_allowed), ("drop_refused", t.drop_refused)];
            check(name, 3.0, &lines, &surfaces);
        }
    }
}
