//! Colours, sizes and text styles of the window: the only place that names a colour.
//!
//! Two sets of tokens, dark and light. Every text colour keeps 4.5:1 on every surface that it may stand on; a test
//! computes it.

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Vec2};

use crate::model::{ComponentKind, Severity};

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

/// Which colours the window uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Appearance {
    /// Those of the system.
    #[default]
    System,
    /// Always dark.
    Dark,
    /// Always light.
    Light,
}

/// The look of one kind of component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KindStyle {
    /// The letter in the tile.
    pub letter: &'static str,
    /// The tile; [`Theme::on_tile`] text stands on it.
    pub tile: Color32,
    /// The body of the kind's card on the canvas.
    pub surface: Color32,
    /// The header band of the card.
    pub header: Color32,
    /// The card's border.
    pub stroke: Color32,
    /// Text in the kind's hue, on `surface` or `header`.
    pub text: Color32,
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

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Theme {
    /// The dark set.
    pub const DARK: Self = Self {
        dark: true,
        base: rgb(0x15_17_1d),
        panel: rgb(0x1a_1d_24),
        canvas: rgb(0x13_15_1a),
        grid: rgb(0x26_2a_33),
        field: rgb(0x10_12_17),
        card: rgb(0x21_25_2d),
        hover: rgb(0x2a_2f_39),
        selected: rgb(0x2d_2a_52),
        hairline: rgb(0x2a_2e_38),
        border: rgb(0x39_3f_4b),
        text: rgb(0xe6_e9_ef),
        dim: rgb(0xa9_b1_bf),
        faint: rgb(0x8d_96_a6),
        accent: rgb(0x7c_6c_ff),
        accent_fill: rgb(0x68_57_ec),
        accent_hover: rgb(0x5d_4c_e0),
        on_accent: rgb(0xff_ff_ff),
        accent_text: rgb(0xb1_a7_ff),
        on_tile: rgb(0xff_ff_ff),
        success: rgb(0x55_d3_99),
        warning: rgb(0xf5_b8_41),
        error: rgb(0xff_80_80),
        info: rgb(0x79_b8_ff),
        added: rgb(0x17_2d_2b),
        error_surface: rgb(0x36_1d_22),
        warning_surface: rgb(0x33_29_16),
        drop_allowed: rgb(0x35_c7_9f),
        drop_refused: rgb(0xff_6b_6b),
        code_key: rgb(0x8f_bc_ff),
        code_value: rgb(0xf0_c6_8a),
        code_literal: rgb(0x8f_dd_b8),
        code_comment: rgb(0x8d_96_a6),
        plugin: KindStyle {
            letter: "P",
            tile: rgb(0x6d_5c_f0),
            surface: rgb(0x1e_1b_2e),
            header: rgb(0x2b_25_4d),
            stroke: rgb(0x5b_4e_c4),
            text: rgb(0xc5_bd_ff),
        },
        filter: KindStyle {
            letter: "F",
            tile: rgb(0x17_78_6c),
            surface: rgb(0x15_2d_2a),
            header: rgb(0x19_38_33),
            stroke: rgb(0x1f_5f_55),
            text: rgb(0x86_d8_c6),
        },
        envoy: KindStyle {
            letter: "E",
            tile: rgb(0x2f_69_c9),
            surface: rgb(0x18_20_2e),
            header: rgb(0x1d_2d_4a),
            stroke: rgb(0x37_5a_96),
            text: rgb(0xa3_c8_ff),
        },
        workload: KindStyle {
            letter: "W",
            tile: rgb(0x5a_61_70),
            surface: rgb(0x20_24_2c),
            header: rgb(0x26_2b_34),
            stroke: rgb(0x3d_44_51),
            text: rgb(0xb8_c0_cd),
        },
        gateway: KindStyle {
            letter: "G",
            tile: rgb(0x7d_5b_17),
            surface: rgb(0x24_21_1b),
            header: rgb(0x2e_29_1e),
            stroke: rgb(0x5f_4d_24),
            text: rgb(0xe4_c3_7f),
        },
        namespace: KindStyle {
            letter: "N",
            tile: rgb(0x46_50_63),
            surface: rgb(0x16_19_1f),
            header: rgb(0x1c_20_28),
            stroke: rgb(0x4a_52_62),
            text: rgb(0xb4_bd_cc),
        },
        other: KindStyle {
            letter: "K",
            tile: rgb(0x5c_54_6b),
            surface: rgb(0x21_22_2a),
            header: rgb(0x29_2a_34),
            stroke: rgb(0x45_43_55),
            text: rgb(0xc4_be_d2),
        },
    };

    /// The light set.
    pub const LIGHT: Self = Self {
        dark: false,
        base: rgb(0xef_f1_f5),
        panel: rgb(0xf8_f9_fb),
        canvas: rgb(0xf1_f3_f7),
        grid: rgb(0xd3_d8_e2),
        field: rgb(0xff_ff_ff),
        card: rgb(0xff_ff_ff),
        hover: rgb(0xe9_ec_f3),
        selected: rgb(0xe4_e0_ff),
        hairline: rgb(0xd9_dd_e6),
        border: rgb(0xc0_c7_d3),
        text: rgb(0x1a_1e_27),
        dim: rgb(0x47_50_60),
        faint: rgb(0x58_61_71),
        accent: rgb(0x6a_58_f0),
        accent_fill: rgb(0x5b_48_e4),
        accent_hover: rgb(0x4b_39_cf),
        on_accent: rgb(0xff_ff_ff),
        accent_text: rgb(0x4a_37_cc),
        on_tile: rgb(0xff_ff_ff),
        success: rgb(0x0d_63_44),
        warning: rgb(0x7a_4a_00),
        error: rgb(0xb0_1e_2e),
        info: rgb(0x14_54_a8),
        added: rgb(0xdf_f5_ea),
        error_surface: rgb(0xfd_e8_e8),
        warning_surface: rgb(0xfd_f1_d8),
        drop_allowed: rgb(0x0f_8a_68),
        drop_refused: rgb(0xcc_2f_3f),
        code_key: rgb(0x1a_4f_a3),
        code_value: rgb(0x7d_45_0b),
        code_literal: rgb(0x0d_63_44),
        code_comment: rgb(0x58_61_71),
        plugin: KindStyle {
            letter: "P",
            tile: rgb(0x62_50_ea),
            surface: rgb(0xf7_f5_ff),
            header: rgb(0xe9_e5_ff),
            stroke: rgb(0xa0_94_f0),
            text: rgb(0x46_35_bd),
        },
        filter: KindStyle {
            letter: "F",
            tile: rgb(0x11_75_69),
            surface: rgb(0xea_f7_f4),
            header: rgb(0xd8_f0_ea),
            stroke: rgb(0x8c_cd_bf),
            text: rgb(0x0b_5d_52),
        },
        envoy: KindStyle {
            letter: "E",
            tile: rgb(0x24_61_c4),
            surface: rgb(0xf1_f6_ff),
            header: rgb(0xdf_ea_fd),
            stroke: rgb(0x93_b5_ea),
            text: rgb(0x1a_4f_a3),
        },
        workload: KindStyle {
            letter: "W",
            tile: rgb(0x5a_62_72),
            surface: rgb(0xff_ff_ff),
            header: rgb(0xf0_f2_f6),
            stroke: rgb(0xc4_ca_d6),
            text: rgb(0x47_50_60),
        },
        gateway: KindStyle {
            letter: "G",
            tile: rgb(0x85_5c_0c),
            surface: rgb(0xfe_fa_f0),
            header: rgb(0xfa_ef_d6),
            stroke: rgb(0xdd_c0_83),
            text: rgb(0x6b_49_06),
        },
        namespace: KindStyle {
            letter: "N",
            tile: rgb(0x51_5c_70),
            surface: rgb(0xf5_f6_f9),
            header: rgb(0xe9_ec_f2),
            stroke: rgb(0xa9_b1_c0),
            text: rgb(0x47_50_60),
        },
        other: KindStyle {
            letter: "K",
            tile: rgb(0x66_5c_79),
            surface: rgb(0xfc_fb_fd),
            header: rgb(0xf0_ee_f4),
            stroke: rgb(0xc8_c2_d3),
            text: rgb(0x54_4b_66),
        },
    };

    /// The set that the context uses now.
    pub fn of(ctx: &egui::Context) -> Self {
        match ctx.theme() {
            egui::Theme::Dark => Self::DARK,
            egui::Theme::Light => Self::LIGHT,
        }
    }

    /// The look of a kind: letter, tile, card.
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
            KindStyle { letter: letter_of(kind), ..self.other }
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
        visuals.selection.stroke = Stroke::new(1.0, self.text);
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
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = Stroke::new(1.0, stroke);
            widget.fg_stroke = Stroke::new(1.0, text);
            widget.corner_radius = RADIUS;
            widget.expansion = 0.0;
        }
        visuals
    }
}

/// The letter of a kind without a style of its own: Service, Secret, ConfigMap and whatever a file brings.
fn letter_of(kind: &ComponentKind) -> &'static str {
    if kind.same_kind(&ComponentKind::SERVICE) {
        "S"
    } else if kind.same_kind(&ComponentKind::SECRET) {
        "K"
    } else if kind.same_kind(&ComponentKind::CONFIG_MAP) {
        "C"
    } else {
        "?"
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
            check(name, 4.5, &[("text", t.text), ("dim", t.dim)], &[("selected", t.selected)]);
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
            for kind in ComponentKind::KNOWN {
                let style = t.kind(&kind);
                let name = format!("{name} {}", kind.kind);
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
