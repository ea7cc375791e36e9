//! Where the canvas is looked at from: pan, zoom, and the way between canvas and screen.
//!
//! Canvas points are points at 100 %; one unit of a stored position is [`POINTS_PER_UNIT`] of them.

use egui::{Pos2, Rect, Vec2, pos2, vec2};

use crate::model::Position;

/// Canvas points for one unit of `styles.position`, so that a layout made in Kanvas is readable here.
pub const POINTS_PER_UNIT: f32 = 8.0;

/// The least zoom that the user can set.
pub const ZOOM_MIN: f32 = 0.1;
/// The greatest zoom.
pub const ZOOM_MAX: f32 = 4.0;
/// "Fit" may go lower than the user, so that a large design can be seen as a whole.
const ZOOM_FIT_MIN: f32 = 0.000_05;
/// One step of the zoom buttons.
const ZOOM_STEP: f32 = 1.25;

/// A stored position in canvas points.
pub fn to_points(position: Position) -> Pos2 {
    pos2(position.x as f32, position.y as f32) * POINTS_PER_UNIT
}

/// Canvas points as a position, with the two decimals that a file keeps.
pub fn to_position(point: Pos2) -> Position {
    let rounded = |points: f32| (f64::from(points / POINTS_PER_UNIT) * 100.0).round() / 100.0;
    Position::new(rounded(point.x), rounded(point.y))
}

/// The part of the canvas that is in view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The canvas point in the middle of the viewport.
    pub centre: Pos2,
    /// Screen points for one canvas point.
    pub zoom: f32,
    /// Where on the screen the canvas is.
    pub viewport: Rect,
}

impl Default for View {
    fn default() -> Self {
        Self { centre: Pos2::ZERO, zoom: 1.0, viewport: Rect::from_min_size(Pos2::ZERO, vec2(800.0, 600.0)) }
    }
}

impl View {
    /// From the canvas to the screen.
    pub fn to_screen(&self, point: Pos2) -> Pos2 {
        self.viewport.center() + (point - self.centre) * self.zoom
    }

    /// From the screen to the canvas.
    pub fn to_canvas(&self, point: Pos2) -> Pos2 {
        self.centre + (point - self.viewport.center()) / self.zoom
    }

    /// From the canvas to the screen.
    pub fn rect_to_screen(&self, rect: Rect) -> Rect {
        Rect::from_min_max(self.to_screen(rect.min), self.to_screen(rect.max))
    }

    /// From the screen to the canvas.
    pub fn rect_to_canvas(&self, rect: Rect) -> Rect {
        Rect::from_min_max(self.to_canvas(rect.min), self.to_canvas(rect.max))
    }

    /// What of the canvas is in view.
    pub fn visible(&self) -> Rect {
        self.rect_to_canvas(self.viewport)
    }

    /// Moves the canvas along with the pointer, which moved by `delta` on the screen.
    pub fn pan_by(&mut self, delta: Vec2) {
        self.centre -= delta / self.zoom;
    }

    /// Zooms by `factor`; the canvas point under `anchor` (on the screen) stays there.
    pub fn zoom_at(&mut self, anchor: Pos2, factor: f32) {
        let fixed = self.to_canvas(anchor);
        // A view that "Fit" has made smaller than the limit may stay so, and grow from there.
        let zoom = (self.zoom * factor).clamp(ZOOM_MIN.min(self.zoom), ZOOM_MAX);
        if zoom.is_finite() {
            self.zoom = zoom;
            self.centre += fixed - self.to_canvas(anchor);
        }
    }

    /// Sets the zoom; the middle stays.
    pub fn zoom_to(&mut self, zoom: f32) {
        self.zoom_at(self.viewport.center(), zoom / self.zoom);
    }

    /// Zooms by whole steps; lands on 100 % rather than beside it.
    pub fn zoom_step(&mut self, steps: i32) {
        let mut zoom = self.zoom * ZOOM_STEP.powi(steps);
        let passes_one = (self.zoom < 1.0 && zoom > 1.0) || (self.zoom > 1.0 && zoom < 1.0);
        if passes_one || (zoom - 1.0).abs() < 0.02 {
            zoom = 1.0;
        }
        self.zoom_to(zoom);
    }

    /// How much of the screen "fit" fills.
    pub fn visible_room(&self) -> Vec2 {
        let margins = vec2(2.0 * FIT_MARGIN, FIT_MARGIN + FIT_MARGIN_BOTTOM);
        (self.viewport.size() - margins).max(Vec2::splat(50.0))
    }

    /// Brings `rect` wholly into view, with a margin, never larger than 100 %.
    pub fn fit(&mut self, rect: Rect) {
        if !rect.is_finite() || rect.is_negative() {
            self.centre = Pos2::ZERO;
            self.zoom = 1.0;
            return;
        }
        let room = self.visible_room();
        let size = rect.size().max(Vec2::splat(1.0));
        self.zoom = (room.x / size.x).min(room.y / size.y).clamp(ZOOM_FIT_MIN, 1.0);
        self.centre = rect.center() + vec2(0.0, (FIT_MARGIN_BOTTOM - FIT_MARGIN) / 2.0 / self.zoom);
    }

    /// Pans as little as is needed to show `rect`; keeps the zoom unless it is too small to read.
    pub fn reveal(&mut self, rect: Rect) {
        if self.zoom < 0.4 {
            self.zoom = 1.0;
            self.centre = rect.center();
            return;
        }
        let mut room = self.visible().shrink(REVEAL_MARGIN / self.zoom);
        // Nothing is revealed below the buttons.
        room.max.y -= (FIT_MARGIN_BOTTOM - REVEAL_MARGIN) / self.zoom;
        let shift = |from: f32, to: f32, min: f32, max: f32| {
            if to - from > max - min {
                f32::midpoint(from, to) - f32::midpoint(min, max)
            } else if from < min {
                from - min
            } else if to > max {
                to - max
            } else {
                0.0
            }
        };
        self.centre.x += shift(rect.left(), rect.right(), room.left(), room.right());
        self.centre.y += shift(rect.top(), rect.bottom(), room.top(), room.bottom());
    }
}

/// Room left around what is fitted, in screen points.
const FIT_MARGIN: f32 = 36.0;
/// The same below, where the buttons are.
const FIT_MARGIN_BOTTOM: f32 = 56.0;
/// Room left around what is revealed, in screen points.
const REVEAL_MARGIN: f32 = 32.0;

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "multiples of a half are exact")]
mod tests {
    use super::*;

    fn view() -> View {
        View {
            centre: pos2(10.0, 20.0),
            zoom: 0.5,
            viewport: Rect::from_min_size(pos2(200.0, 50.0), vec2(800.0, 600.0)),
        }
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let mut view = view();
        let pointer = pos2(333.0, 444.0);
        let before = view.to_canvas(pointer);
        for factor in [1.7, 0.2, 100.0, 1e-9] {
            view.zoom_at(pointer, factor);
            assert!((view.to_canvas(pointer) - before).length() < 0.01, "{factor}");
            assert!((ZOOM_MIN..=ZOOM_MAX).contains(&view.zoom));
        }
    }

    #[test]
    fn fit_shows_everything_and_never_enlarges() {
        let mut view = view();
        let rect = Rect::from_min_size(pos2(-5000.0, 100.0), vec2(9000.0, 300.0));
        view.fit(rect);
        assert!(view.visible().contains_rect(rect));
        view.fit(Rect::from_min_size(pos2(7.0, 7.0), vec2(10.0, 10.0)));
        assert_eq!(view.zoom, 1.0);
        assert_eq!(view.centre, pos2(12.0, 22.0), "above the buttons");
        view.fit(Rect::NOTHING);
        assert_eq!(view.zoom, 1.0);
    }

    #[test]
    fn steps_stop_at_a_hundred_percent() {
        let mut view = view();
        view.zoom_to(0.9);
        view.zoom_step(1);
        assert_eq!(view.zoom, 1.0);
        view.zoom_step(1);
        assert_eq!(view.zoom, 1.25);
        view.zoom_step(-1);
        assert!((view.zoom - 1.0).abs() < 1e-6);
    }

    #[test]
    fn reveal_pans_no_further_than_it_must() {
        let mut view = View { zoom: 1.0, ..view() };
        let before = view.centre;
        view.reveal(Rect::from_center_size(before, vec2(20.0, 20.0)));
        assert_eq!(view.centre, before);
        let far = Rect::from_min_size(pos2(900.0, 20.0), vec2(100.0, 100.0));
        view.reveal(far);
        assert!(view.visible().contains_rect(far));
        assert!((view.visible().right() - far.right() - REVEAL_MARGIN).abs() < 0.01);
    }

    #[test]
    fn a_unit_is_eight_points_and_a_file_keeps_two_decimals() {
        assert_eq!(to_points(Position::new(40.0, -2.5)), pos2(320.0, -20.0));
        assert_eq!(to_position(pos2(1.0, 2.0)), Position::new(0.13, 0.25));
    }
}
