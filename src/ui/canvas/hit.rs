//! Which cards lie at a place or in a rectangle: a uniform grid over the canvas.

use std::collections::HashMap;

use egui::{Pos2, Rect};

/// Side of a cell in canvas points, unless told otherwise; a few cells a card.
const CELL: f32 = 512.0;
/// A rectangle over more cells than this is kept aside and tested each time: a hostile position must not fill memory.
const MAX_CELLS: i64 = 4096;

/// An index of rectangles by place. The numbers are the caller's own.
#[derive(Clone, Debug)]
pub struct Grid {
    side: f32,
    cells: HashMap<(i32, i32), Vec<u32>, foldhash::fast::FixedState>,
    large: Vec<u32>,
    count: usize,
}

impl Default for Grid {
    fn default() -> Self {
        Self::with_cells_of(CELL)
    }
}

impl Grid {
    /// A grid whose cells have this side: about that of the rectangles.
    pub fn with_cells_of(side: f32) -> Self {
        Self { side, cells: HashMap::default(), large: Vec::new(), count: 0 }
    }

    fn cell(&self, coordinate: f32) -> i32 {
        (coordinate / self.side).floor() as i32
    }

    fn range(&self, rect: Rect) -> Option<(i32, i32, i32, i32)> {
        let range = (
            self.cell(rect.left()),
            self.cell(rect.top()),
            self.cell(rect.right()),
            self.cell(rect.bottom()),
        );
        let count =
            (i64::from(range.2) - i64::from(range.0) + 1) * (i64::from(range.3) - i64::from(range.1) + 1);
        (0..=MAX_CELLS).contains(&count).then_some(range)
    }

    /// Adds a rectangle.
    pub fn insert(&mut self, number: u32, rect: Rect) {
        self.count += 1;
        let Some((left, top, right, bottom)) = self.range(rect) else {
            self.large.push(number);
            return;
        };
        for x in left..=right {
            for y in top..=bottom {
                self.cells.entry((x, y)).or_default().push(number);
            }
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.cells.clear();
        self.large.clear();
        self.count = 0;
    }

    /// The numbers of rectangles that may touch `rect`, ascending, each once. `None`: all may; looking at each is
    /// cheaper.
    pub fn near(&self, rect: Rect) -> Option<Vec<u32>> {
        let (left, top, right, bottom) = self.range(rect)?;
        let area = (i64::from(right - left) + 1) * (i64::from(bottom - top) + 1);
        if area > i64::try_from(self.count).unwrap_or(i64::MAX) {
            return None;
        }
        let mut found = self.large.clone();
        for x in left..=right {
            for y in top..=bottom {
                if let Some(cell) = self.cells.get(&(x, y)) {
                    found.extend_from_slice(cell);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        Some(found)
    }

    /// The numbers of rectangles that may contain `point`, ascending.
    pub fn at(&self, point: Pos2) -> Vec<u32> {
        let mut found = self.large.clone();
        if let Some(cell) = self.cells.get(&(self.cell(point.x), self.cell(point.y))) {
            found.extend_from_slice(cell);
        }
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use egui::{pos2, vec2};

    use super::*;

    fn rect(x: f32, y: f32) -> Rect {
        Rect::from_min_size(pos2(x, y), vec2(200.0, 100.0))
    }

    #[test]
    fn finds_what_a_linear_search_finds() {
        let rects: Vec<Rect> = (0..400u16)
            .map(|i| rect(f32::from(i % 20) * 333.0 - 3000.0, f32::from(i / 20) * 177.0))
            .collect();
        let mut grid = Grid::default();
        for (number, rect) in (0..).zip(&rects) {
            grid.insert(number, *rect);
        }
        for probe in [rect(-2800.0, 20.0), rect(0.0, 1000.0), rect(9999.0, 0.0)] {
            let found = grid.near(probe).unwrap();
            for (number, rect) in (0..).zip(&rects) {
                assert!(!rect.intersects(probe) || found.contains(&number), "{number}");
            }
            assert!(found.len() < 40, "the grid narrows the search");
        }
        let at = grid.at(pos2(-2900.0, 50.0));
        assert!(at.contains(&0));
        assert!(grid.near(Rect::from_min_size(pos2(-1e5, -1e5), vec2(2e5, 2e5))).is_none());
    }

    #[test]
    fn a_huge_rectangle_is_found_everywhere() {
        let mut grid = Grid::default();
        grid.insert(7, Rect::from_min_size(pos2(-8e6, -8e6), vec2(1.6e7, 1.6e7)));
        assert_eq!(grid.at(pos2(12.0, 5e6)), [7]);
        grid.clear();
        assert!(grid.at(pos2(12.0, 5e6)).is_empty());
    }
}
