//! The fonts of the window.

use egui::{FontDefinitions, FontFamily};

use super::theme::STRONG;

/// Sets the fonts; the emphasised family falls back on the plain one.
pub fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    let plain = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    fonts.families.insert(FontFamily::Name(STRONG.into()), plain);
    ctx.set_fonts(fonts);
}
