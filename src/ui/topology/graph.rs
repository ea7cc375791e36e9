//! The graph behind the topology view: one node a component, one edge a relation.

use std::collections::HashMap;
use std::sync::Arc;

use egui::{Pos2, Rect, Vec2, pos2};
use egui_graphs::Graph;
use petgraph::Directed;
use petgraph::stable_graph::{DefaultIx, NodeIndex};

use super::forms::{self, Form, PILL, Shown, Wish};
use super::shapes::{Line, Pill};
use crate::editor::{Revision, Selection};
use crate::model::{ComponentId, ComponentKind, Design};
use crate::ui::canvas::projection::{Form as CardForm, Scene};
use crate::ui::canvas::view::View;
use crate::ui::theme::space;

type Hasher = foldhash::fast::FixedState;

/// What is shown of a component.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Face {
    pub(super) id: ComponentId,
    pub(super) kind: ComponentKind,
    pub(super) title: String,
    /// Its name for a screen reader.
    pub(super) spoken: String,
}

/// What joins two components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Relation {
    /// A namespace holds a component.
    Frames,
    /// A wallet runs a filter.
    Holds,
    /// A wallet acts on a workload, gateway or service, or uses a secret.
    Selects,
    /// Another relationship joins them.
    Joins,
}

pub(super) type TopologyGraph = Graph<Arc<Face>, Relation, Directed, DefaultIx, Pill, Line>;

/// The graph, and where its nodes are.
#[derive(Default)]
pub(super) struct Network {
    pub(super) graph: TopologyGraph,
    /// In the order of the nodes.
    faces: Vec<Arc<Face>>,
    edges: Vec<(usize, usize, Relation)>,
    /// How many of the edges are in the graph; the others come behind them.
    in_graph: usize,
    /// Which nodes choose first how they are shown: namespaces, then wallets, then what these act on, then filters.
    order: Vec<usize>,
    shown: Vec<Shown>,
}

impl Network {
    /// The graph of a design. Components that `before` had keep their places.
    ///
    /// Its edges are namespaces, wallets and derived edges only: three levels at most, which the hierarchy, that recurses,
    /// can bear. What other relationships join may be a chain or a ring of any length: [`Self::joins`].
    pub(super) fn of(design: &Design, revision: Revision, before: &Self) -> Self {
        let scene = Scene::of(design, revision, &Scene::default());
        let places: HashMap<ComponentId, Pos2, Hasher> =
            before.faces.iter().map(|face| face.id).zip(before.places()).collect();
        let mut network = Self::default();
        for (number, node) in scene.nodes.iter().enumerate() {
            let face = Arc::new(Face {
                id: node.id,
                kind: node.face.kind.clone(),
                title: node.face.title.clone(),
                spoken: scene.spoken(number),
            });
            let place = places.get(&node.id).copied().unwrap_or_else(|| start(node.rect, number));
            let index =
                network.graph.add_node_with_label_and_location(Arc::clone(&face), String::new(), place);
            debug_assert_eq!(index.index(), number, "nodes are added in order");
            network.faces.push(face);
        }
        network.order = (0..network.faces.len()).collect();
        network.order.sort_by_key(|&number| match scene.nodes[number].form {
            CardForm::Frame => 0,
            CardForm::Wallet => 1,
            CardForm::Card => 2,
            CardForm::Filter => 3,
        });
        network.shown = vec![Shown::NOWHERE; network.faces.len()];
        network.edges = relations(&scene);
        network.in_graph = network.edges.len();
        // Backwards: the hierarchy visits the edge first that was added last.
        for &(from, to, relation) in network.edges.iter().rev() {
            network.graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), relation);
        }
        let joins = scene.edges[scene.derived..].iter().map(|edge| (edge.from, edge.to, Relation::Joins));
        network.edges.extend(joins);
        network
    }

    pub(super) fn len(&self) -> usize {
        self.faces.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    #[cfg(test)]
    pub(super) fn relations(&self) -> Vec<Relation> {
        self.edges.iter().map(|(_, _, relation)| *relation).collect()
    }

    /// Tells whether both join the same components in the same way; names may differ.
    pub(super) fn has_shape_of(&self, other: &Self) -> bool {
        let ids = |network: &Self| network.faces.iter().map(|face| face.id).collect::<Vec<_>>();
        self.edges == other.edges && ids(self) == ids(other)
    }

    /// The components, and where they are shown on the screen.
    pub(super) fn faces(&self) -> impl Iterator<Item = (&Face, Rect)> {
        self.faces.iter().zip(&self.shown).map(|(face, shown)| (&**face, shown.rect))
    }

    /// Where the nodes are, in graph points.
    pub(super) fn places(&self) -> impl Iterator<Item = Pos2> {
        self.graph.nodes_iter().map(|(_, node)| node.location())
    }

    /// Puts a node somewhere else.
    pub(super) fn set_place(&mut self, number: usize, place: Pos2) {
        if let Some(node) = self.graph.node_mut(NodeIndex::new(number)) {
            node.set_location(place);
        }
    }

    /// Who is joined with whom.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + Clone {
        self.edges.iter().map(|&(from, to, _)| (from, to))
    }

    /// What other relationships join, and whether one of both is selected or under the pointer.
    pub(super) fn joins(&self) -> impl Iterator<Item = ([Rect; 2], bool)> {
        self.edges[self.in_graph..].iter().filter_map(|&(from, to, _)| {
            let nodes = [self.graph.node(NodeIndex::new(from))?, self.graph.node(NodeIndex::new(to))?];
            let lit = nodes.iter().any(|node| node.selected() || node.hovered());
            Some(([self.shown[from].rect, self.shown[to].rect], lit))
        })
    }

    /// Tells whether there are such relationships.
    pub(super) fn has_joins(&self) -> bool {
        self.in_graph < self.edges.len()
    }

    pub(super) fn id_of(&self, node: usize) -> Option<ComponentId> {
        self.faces.get(node).map(|face| face.id)
    }

    /// The topmost node at a place on the screen; what is smaller than a fingertip is easier to hit than to see.
    pub(super) fn at(&self, point: Pos2) -> Option<usize> {
        let hit = self.shown.iter().enumerate().filter(|(_, shown)| {
            let reach = if shown.form == Form::Dot { 4.0 } else { 0.0 };
            shown.rect.expand(reach).contains(point)
        });
        hit.max_by_key(|(node, shown)| (shown.form != Form::Dot, *node)).map(|(node, _)| node)
    }

    /// Around the centres of all nodes, in graph points.
    pub(super) fn bounds(&self) -> Rect {
        self.places().fold(Rect::NOTHING, |bounds, place| bounds.union(Rect::from_pos(place)))
    }

    /// Looks at the whole: the nodes keep their size on the screen, however far away.
    pub(super) fn fit(&self, view: &mut View) {
        let bounds = self.bounds();
        view.fit(bounds.expand2(PILL / 2.0));
        let zoom = view.zoom;
        let node = PILL + Vec2::splat(2.0 * space::L);
        let room = (view.visible_room() - node).max(Vec2::splat(20.0));
        let extent = bounds.size().max(Vec2::splat(1.0));
        let zoom = (room.x / extent.x).min(room.y / extent.y).clamp(zoom.min(1.0), 1.0);
        view.fit(bounds.expand2(node / 2.0 / zoom));
    }

    /// Folds a hierarchy of many rows into columns side by side, so that it can be seen as large as possible in `room`.
    /// What hangs together stays together, unless it is higher than a column.
    pub(super) fn fold(&mut self, row: f32, room: Vec2) {
        let bounds = self.bounds();
        if !bounds.is_finite() || bounds.height() < row {
            return;
        }
        let row_of = |place: Pos2| ((place.y - bounds.top()) / row).round().max(0.0) as usize;
        let roots = self.graph.nodes_iter().map(|(_, node)| node.location());
        let mut starts: Vec<usize> =
            roots.filter(|place| place.x - bounds.left() < 1.0).map(row_of).collect();
        starts.sort_unstable();
        let rows = row_of(bounds.left_bottom()) + 1;
        let column = bounds.width() + 1.6 * PILL.x;
        let fewest = (room.x / room.y * bounds.height() / column).sqrt().round().max(1.0) as usize;
        let tries = (fewest / 2).max(1)..=2 * fewest;
        let zoom = |columns: &[(usize, usize)]| {
            let count = columns.last().map_or(1, |(column, _)| column + 1) as f32;
            let highest =
                columns.iter().enumerate().map(|(row, (_, first))| row - first + 1).max().unwrap_or(1);
            (room.x / (count * column)).min(room.y / (highest as f32 * row))
        };
        let folded = tries.map(|count| columns_of(&starts, rows, rows.div_ceil(count)));
        let Some(columns) = folded.max_by(|a, b| zoom(a).total_cmp(&zoom(b))) else { return };
        for number in 0..self.faces.len() {
            let Some(node) = self.graph.node_mut(NodeIndex::new(number)) else { continue };
            let place = node.location();
            let (fold, first) = columns[row_of(place).min(rows - 1)];
            node.set_location(pos2(place.x + fold as f32 * column, place.y - first as f32 * row));
        }
    }

    /// Tells the nodes which of them are selected, which is under the pointer, and how they are shown.
    pub(super) fn dress(
        &mut self,
        view: &View,
        selection: &Selection,
        hovered: Option<usize>,
        mut measure: impl FnMut(&Face) -> f32,
    ) {
        let wishes: Vec<Wish> = self
            .graph
            .nodes_iter()
            .zip(&self.faces)
            .map(|((_, node), face)| Wish {
                place: node.location(),
                insists: selection.contains(face.id),
                leads: face.kind.same_kind(&ComponentKind::NAMESPACE),
            })
            .collect();
        self.shown = forms::choose(view, &wishes, &self.order, |node| measure(&self.faces[node]));
        for (number, wish) in wishes.iter().enumerate() {
            if let Some(node) = self.graph.node_mut(NodeIndex::new(number)) {
                node.set_selected(wish.insists);
                node.set_hovered(hovered == Some(number));
                node.display_mut().shown = self.shown[number];
            }
        }
    }

    /// A component, and how it is shown.
    pub(super) fn face(&self, node: usize) -> Option<(&Face, Shown)> {
        Some((self.faces.get(node)?, *self.shown.get(node)?))
    }

    /// A node as it is drawn.
    pub(super) fn pill(&self, node: usize) -> Option<&Pill> {
        self.graph.node(NodeIndex::new(node)).map(egui_graphs::Node::display)
    }

    /// The nodes with names, which are drawn above the others.
    pub(super) fn named(&self) -> impl Iterator<Item = &Pill> {
        let named = self.shown.iter().enumerate().filter(|(_, shown)| shown.form == Form::Pill);
        named.filter_map(|(node, _)| self.pill(node))
    }
}

/// What joins what. Wallets come before the workloads that they act on, so that the hierarchy puts these behind them.
fn relations(scene: &Scene) -> Vec<(usize, usize, Relation)> {
    let mut relations = Vec::new();
    for (number, node) in scene.nodes.iter().enumerate() {
        let wallets_first = [true, false].into_iter().flat_map(|wallets| {
            let members = node.members.iter().copied();
            members.filter(move |&member| (scene.nodes[member].form == CardForm::Wallet) == wallets)
        });
        relations.extend(wallets_first.map(|member| (number, member, Relation::Frames)));
        relations.extend(node.held.clone().map(|filter| (number, filter, Relation::Holds)));
    }
    relations.extend(scene.edges[..scene.derived].iter().map(|edge| (edge.from, edge.to, Relation::Selects)));
    relations
}

/// For each of `rows`, its column and the first row of that. Columns hold `most` rows, and break where a block starts if
/// they can.
fn columns_of(starts: &[usize], rows: usize, most: usize) -> Vec<(usize, usize)> {
    let mut columns = Vec::with_capacity(rows);
    let (mut column, mut first) = (0, 0);
    let mut starts = starts.iter().copied().peekable();
    for row in 0..rows {
        while starts.next_if(|&start| start < row).is_some() {}
        let begins = starts.next_if_eq(&row).is_some();
        while starts.next_if_eq(&row).is_some() {}
        let end = starts.peek().copied().unwrap_or(rows);
        if row > first && (row - first >= most || (begins && end - first > most)) {
            column += 1;
            first = row;
        }
        columns.push((column, first));
    }
    columns
}

/// Where a new node starts: as it lies on the canvas, no two at one place, so that forces can part them.
fn start(rect: Rect, number: usize) -> Pos2 {
    let centre = if rect.is_finite() { rect.center() } else { Pos2::ZERO };
    let turn = number as f32 * 2.4;
    pos2(centre.x * 0.5 + turn.sin() * 8.0, centre.y * 0.5 + turn.cos() * 8.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_break_between_blocks_and_within_those_that_are_too_high() {
        let starts = |columns: &[(usize, usize)]| {
            let mut firsts: Vec<usize> = columns.iter().map(|(_, first)| *first).collect();
            firsts.dedup();
            firsts
        };
        assert_eq!(starts(&columns_of(&[0, 3, 6, 9], 12, 7)), [0, 6]);
        assert_eq!(starts(&columns_of(&[0, 3, 6, 9], 12, 5)), [0, 3, 6, 9]);
        assert_eq!(starts(&columns_of(&[0, 2], 10, 4)), [0, 2, 6]);
        assert_eq!(starts(&columns_of(&[0], 3, 9)), [0]);
        assert_eq!(columns_of(&[0, 3], 6, 3)[4], (1, 3));
    }
}
