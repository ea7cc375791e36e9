//! The fonts of the window: Inter in two weights from one variable file, and egui's own for code and symbols.

use std::sync::Arc;

use egui::epaint::text::VariationCoords;
use egui::{FontData, FontDefinitions, FontFamily};

use super::theme::STRONG;

/// SIL Open Font License 1.1; the licence lies beside the file.
static INTER: &[u8] = include_bytes!("../../assets/fonts/Inter.ttf");

/// Weight of emphasised text on the font's own scale (400 is regular, 700 bold).
const STRONG_WEIGHT: f32 = 620.0;

/// Sets the fonts. Glyphs that Inter lacks come from egui's fonts, in every family.
pub fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    let inter = FontData::from_static(INTER);
    let mut strong = inter.clone();
    strong.tweak.coords = VariationCoords::new([(b"wght", STRONG_WEIGHT)]);
    fonts.font_data.insert("Inter".to_owned(), Arc::new(inter));
    fonts.font_data.insert("Inter strong".to_owned(), Arc::new(strong));

    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let with_fallback = |first: &str| {
        let mut family = vec![first.to_owned()];
        family.extend(fallback.iter().cloned());
        family
    };
    fonts.families.insert(FontFamily::Proportional, with_fallback("Inter"));
    fonts.families.insert(FontFamily::Name(STRONG.into()), with_fallback("Inter strong"));
    ctx.set_fonts(fonts);
}
