//! Text on one line, painted: what is too long ends in "…".

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{Color32, FontId, Galley, Painter, Pos2};

/// Lays text out on one line that is at most `width` points wide.
pub fn one_line(
    painter: &Painter,
    text: impl Into<String>,
    font: FontId,
    color: Color32,
    width: f32,
) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.into(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width.max(20.0));
    painter.layout_job(job)
}

/// Paints a line with its left end, at half height, at `left`; returns its width.
pub fn paint_line(painter: &Painter, left: Pos2, line: Arc<Galley>) -> f32 {
    let size = line.size();
    painter.galley(left - egui::vec2(0.0, size.y / 2.0), line, Color32::PLACEHOLDER);
    size.x
}
