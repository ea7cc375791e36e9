//! Laid-out text, kept from frame to frame.
//!
//! Sizes are rounded to half points, so that zooming does not fill the font atlas. Colour is given when a text is
//! painted, so that one layout serves both themes and every state.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, FontFamily, FontId, Galley, Painter};

type Hasher = foldhash::fast::FixedState;

/// Which text this is.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    text: &'a str,
    /// A node and which of its texts; `None`: by the text itself.
    owner: Option<(usize, usize)>,
}

impl<'a> Key<'a> {
    /// Text number `slot` of a node.
    pub fn node(node: usize, slot: usize, text: &'a str) -> Self {
        Self { text, owner: Some((node, slot)) }
    }

    /// A text that belongs to no node.
    pub fn plain(text: &'a str) -> Self {
        Self { text, owner: None }
    }
}

/// The layouts.
#[derive(Default)]
pub struct Texts {
    galleys: HashMap<u64, Arc<Galley>, Hasher>,
    fill_ratio: f32,
    pixels_per_point: f32,
    theme: Option<egui::Theme>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts").field("galleys", &self.galleys.len()).finish_non_exhaustive()
    }
}

/// More layouts than this are thrown away at once; a few screens full.
const MOST: usize = 20_000;

impl Texts {
    /// Forgets everything: the scene is another one.
    pub fn clear(&mut self) {
        self.galleys.clear();
    }

    /// Call once a frame. Layouts point into the font atlas; when that was made anew they are worthless.
    pub fn begin_frame(&mut self, ctx: &egui::Context) {
        #[expect(clippy::redundant_closure_for_method_calls, reason = "the method has a lifetime of its own")]
        let fill_ratio = ctx.fonts(|fonts| fonts.font_atlas_fill_ratio());
        let pixels_per_point = ctx.pixels_per_point();
        // The themes blend their glyphs differently, so that each has an atlas of its own.
        let theme = Some(ctx.theme());
        #[expect(clippy::float_cmp, reason = "any change at all makes the layouts worthless")]
        if fill_ratio < self.fill_ratio
            || pixels_per_point != self.pixels_per_point
            || theme != self.theme
            || self.galleys.len() > MOST
        {
            self.clear();
        }
        self.fill_ratio = fill_ratio;
        self.pixels_per_point = pixels_per_point;
        self.theme = theme;
    }

    /// The text on one line, cut with an ellipsis at `width`. `font.size` is rounded.
    pub fn get(&mut self, painter: &Painter, key: Key<'_>, font: FontId, width: f32) -> Arc<Galley> {
        let size = (font.size * 2.0).round() / 2.0;
        let width = width.round().max(0.0);
        let family = match font.family {
            FontFamily::Proportional => 0_u8,
            FontFamily::Monospace => 1,
            FontFamily::Name(_) => 2,
        };
        let hasher = Hasher::default();
        let style = (size.to_bits(), width.to_bits(), family);
        let hash = match key.owner {
            Some(owner) => hasher.hash_one((owner, style)),
            None => hasher.hash_one((key.text, style)),
        };
        let galley = self.galleys.entry(hash).or_insert_with(|| {
            let font = FontId::new(size, font.family);
            let mut job = LayoutJob::single_section(
                key.text.to_owned(),
                TextFormat::simple(font, Color32::PLACEHOLDER),
            );
            job.wrap = TextWrapping::truncate_at_width(width);
            painter.layout_job(job)
        });
        Arc::clone(galley)
    }
}
