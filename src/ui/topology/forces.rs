//! The layout by forces: each part that hangs together moves on its own, and the parts are packed into the room.
//!
//! Parts that nothing joins would push each other away for ever; so each is a graph of its own for the forces, which is
//! also far less work.

use std::time::{Duration, Instant};

use egui::{Pos2, Rect, Ui, Vec2, vec2};
use egui_graphs::{
    FruchtermanReingold, FruchtermanReingoldState, Graph, GraphView, LayoutForceDirected, get_layout_state,
    set_layout_state,
};
use petgraph::stable_graph::NodeIndex;
use petgraph::unionfind::UnionFind;

/// Distance that the forces aim at between related nodes, in graph points.
const IDEAL_DISTANCE: f32 = 130.0;
/// Nodes that move less than this in a step, on average and in graph points, are at rest.
const AT_REST: f32 = 0.2;
/// Whatever happens, a part rests after so many steps.
const MOST_STEPS: u32 = 1_200;
/// Steps that a part takes in one go.
const STRIDE: u32 = 20;
/// Room between the nodes at the borders of two parts, in graph points.
const BETWEEN: Vec2 = vec2(190.0, 70.0);

type Motion = Graph<(), ()>;
type MotionView = GraphView<FruchtermanReingoldState, LayoutForceDirected<FruchtermanReingold>>;

/// Nodes that hang together.
struct Part {
    nodes: Vec<usize>,
    motion: Motion,
    steps: u32,
    rests: bool,
}

/// The parts, the largest first.
#[derive(Default)]
pub(super) struct Forces {
    parts: Vec<Part>,
    /// How many parts each row holds; chosen when everything stands still, so that nothing jumps while it moves.
    rows: Vec<usize>,
    /// Whose turn it was.
    next: usize,
}

#[expect(clippy::unnecessary_wraps, reason = "egui_graphs takes an option, by value, everywhere")]
fn key() -> Option<String> {
    Some("topology forces".to_owned())
}

/// The pairs of nodes that push each other in a step: what the layout costs.
pub(super) fn pairs(nodes: usize, edges: impl Iterator<Item = (usize, usize)>) -> usize {
    let mut joined = UnionFind::new(nodes);
    for (from, to) in edges {
        joined.union(from, to);
    }
    let mut sizes = vec![0_usize; nodes];
    for node in 0..nodes {
        sizes[joined.find(node)] += 1;
    }
    sizes.into_iter().fold(0, |sum, size| sum.saturating_add(size.saturating_mul(size)))
}

impl Forces {
    /// Nodes at these places, joined by these edges.
    pub(super) fn of(places: &[Pos2], edges: impl Iterator<Item = (usize, usize)> + Clone) -> Self {
        let mut joined = UnionFind::new(places.len());
        for (from, to) in edges.clone() {
            joined.union(from, to);
        }
        let mut part_of = vec![usize::MAX; places.len()];
        let mut index = vec![NodeIndex::default(); places.len()];
        let mut parts: Vec<Part> = Vec::new();
        for (node, place) in places.iter().enumerate() {
            let root = joined.find(node);
            if part_of[root] == usize::MAX {
                part_of[root] = parts.len();
                parts.push(Part { nodes: Vec::new(), motion: Motion::default(), steps: 0, rests: false });
            }
            part_of[node] = part_of[root];
            let part = &mut parts[part_of[root]];
            index[node] = part.motion.add_node_with_label_and_location((), String::new(), *place);
            part.nodes.push(node);
        }
        for (from, to) in edges {
            parts[part_of[from]].motion.add_edge(index[from], index[to], ());
        }
        for part in &mut parts {
            part.rests = part.nodes.len() < 2;
        }
        parts.sort_by_key(|part| std::cmp::Reverse(part.nodes.len()));
        Self { parts, rows: Vec::new(), next: 0 }
    }

    /// Lets the forces work for about so long; returns whether something still moves.
    pub(super) fn work(&mut self, ui: &mut Ui, millis: u64) -> bool {
        let area = ui.ctx().content_rect().area().max(1.0);
        let until = Instant::now() + Duration::from_millis(millis);
        // In turn, so that a picture in between shows all of them on their way.
        while self.parts.iter().any(|part| !part.rests) {
            for _ in 0..self.parts.len() {
                self.next = (self.next + 1) % self.parts.len();
                let part = &mut self.parts[self.next];
                if part.rests {
                    continue;
                }
                let left = until.saturating_duration_since(Instant::now()).as_millis();
                let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) else { return true };
                part.walk(ui, area, left);
            }
        }
        false
    }

    /// Lets go of what still moves.
    pub(super) fn stop(&mut self) {
        for part in &mut self.parts {
            part.rests = true;
        }
    }

    /// Where each node is, with the parts in rows that fill a room of this size best.
    pub(super) fn places(&mut self, room: Vec2) -> Vec<(usize, Pos2)> {
        let bounds: Vec<Rect> = self.parts.iter().map(Part::bounds).collect();
        let sizes: Vec<Vec2> = bounds.iter().map(|bounds| bounds.size() + BETWEEN).collect();
        let settled = self.parts.iter().all(|part| part.rests);
        if self.rows.is_empty() || settled {
            self.rows = rows(&sizes, room);
        }
        let mut places = Vec::new();
        let (mut first, mut top) = (0, 0.0);
        for &count in &self.rows {
            let row = first..first + count;
            let height = row.clone().map(|part| sizes[part].y).fold(0.0, f32::max);
            let mut left = 0.0;
            for part in row {
                let corner = vec2(left, top + (height - sizes[part].y) / 2.0) + BETWEEN / 2.0;
                let shift = corner - bounds[part].min.to_vec2();
                places.extend(self.parts[part].places().map(|(node, place)| (node, place + shift)));
                left += sizes[part].x;
            }
            first += count;
            top += height;
        }
        places
    }
}

impl Part {
    fn walk(&mut self, ui: &mut Ui, area: f32, millis: u64) {
        let ideal = (area / self.nodes.len() as f32).sqrt();
        let state = FruchtermanReingoldState { k_scale: IDEAL_DISTANCE / ideal, ..Default::default() };
        set_layout_state(ui, state, key());
        let steps = MotionView::fast_forward_budgeted(ui, &mut self.motion, STRIDE, millis, key());
        let state: FruchtermanReingoldState = get_layout_state(ui, key());
        self.steps += steps.max(1);
        self.rests =
            self.steps >= MOST_STEPS || state.last_avg_displacement.is_some_and(|moved| moved < AT_REST);
    }

    fn places(&self) -> impl Iterator<Item = (usize, Pos2)> {
        self.nodes.iter().copied().zip(self.motion.nodes_iter().map(|(_, node)| node.location()))
    }

    fn bounds(&self) -> Rect {
        self.places().fold(Rect::NOTHING, |bounds, (_, place)| bounds.union(Rect::from_pos(place)))
    }
}

/// Breaks parts of these sizes into rows, so that all can be shown as large as possible in the room.
fn rows(sizes: &[Vec2], room: Vec2) -> Vec<usize> {
    let mut best = (0.0, Vec::new());
    let mut width: f32 = sizes.iter().map(|size| size.x).sum();
    let widest = sizes.iter().map(|size| size.x).fold(1.0, f32::max);
    // Every width worth trying is a tenth narrower than the last.
    loop {
        let (rows, extent) = broken_at(sizes, width.max(widest));
        let zoom = (room.x / extent.x).min(room.y / extent.y);
        if zoom > best.0 {
            best = (zoom, rows);
        }
        if width <= widest {
            return best.1;
        }
        width *= 0.9;
    }
}

/// Rows no wider than `width`: how many parts are in each, and the size of the whole.
fn broken_at(sizes: &[Vec2], width: f32) -> (Vec<usize>, Vec2) {
    let mut rows: Vec<usize> = Vec::new();
    let (mut row, mut extent) = (Vec2::ZERO, Vec2::ZERO);
    for size in sizes {
        match rows.last_mut() {
            Some(count) if row.x + size.x <= width * 1.001 => {
                *count += 1;
                row = vec2(row.x + size.x, row.y.max(size.y));
            }
            _ => {
                extent = vec2(extent.x.max(row.x), extent.y + row.y);
                rows.push(1);
                row = *size;
            }
        }
    }
    (rows, vec2(extent.x.max(row.x), extent.y + row.y).max(Vec2::splat(1.0)))
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn parts_are_packed_into_the_shape_of_the_room() {
        let sizes = [vec2(300.0, 200.0), vec2(300.0, 200.0)];
        assert_eq!(rows(&sizes, vec2(1000.0, 300.0)), [2]);
        assert_eq!(rows(&sizes, vec2(400.0, 600.0)), [1, 1]);
        assert_eq!(rows(&[vec2(100.0, 100.0); 12], vec2(400.0, 300.0)), [4, 4, 4]);
        assert!(rows(&[], vec2(400.0, 300.0)).is_empty());
    }

    #[test]
    fn many_small_parts_cost_less_than_a_large_one() {
        let chain = |step: usize| (0..100).filter(move |i| i % 10 != step).map(|i| (i, i + 1));
        assert_eq!(pairs(101, chain(10)), 101 * 101);
        assert_eq!(pairs(101, chain(9)), 10 * 10 * 10 + 1);
    }

    #[test]
    fn what_nothing_joins_is_a_part_of_its_own() {
        let places: Vec<Pos2> = (0..5u8).map(|i| pos2(f32::from(i) * 10.0, 0.0)).collect();
        let mut forces = Forces::of(&places, [(4, 1), (1, 2)].into_iter());
        let parts: Vec<&[usize]> = forces.parts.iter().map(|part| &part.nodes[..]).collect();
        assert_eq!(parts, [&[1, 2, 4][..], &[0], &[3]]);
        let mut nodes: Vec<usize> = forces.places(vec2(800.0, 600.0)).into_iter().map(|it| it.0).collect();
        nodes.sort_unstable();
        assert_eq!(nodes, [0, 1, 2, 3, 4]);
    }
}
