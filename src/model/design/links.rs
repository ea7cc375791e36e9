//! Who is joined with whom: the pairs of relationships whose two ends exist, as links between components.
//!
//! Only these are in the graph; a relationship that names what is not there lives in the ordered list alone.

use indexmap::IndexSet;
use petgraph::Direction;
use petgraph::stable_graph::EdgeIndex;
use petgraph::visit::EdgeRef as _;

use super::{Design, Hasher, is_wallet_kind};
use crate::model::ids::{ComponentId, RelationshipId};
use crate::model::kind::ComponentKind;
use crate::model::relationship::Relationship;

/// A pair of components that a relationship joins; an edge of the design's graph, from child to parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The relationship.
    pub relationship: RelationshipId,
    /// The index of the pair in [`Relationship::pairs`].
    pub pair: usize,
    /// The child of a hierarchical relationship, the source of an edge.
    pub from: ComponentId,
    /// The parent of a hierarchical relationship, the target of an edge.
    pub to: ComponentId,
}

/// One link of a wallet's chain: a filter and the relationship that puts it there.
pub type ChainLink = Link;
impl Design {
    /// All pairs that leave `id`, of whatever relationship, in document order.
    pub fn links_from(&self, id: ComponentId) -> Vec<Link> {
        self.links(id, Direction::Outgoing)
    }

    /// All pairs that arrive at `id`, of whatever relationship, in document order.
    pub fn links_to(&self, id: ComponentId) -> Vec<Link> {
        self.links(id, Direction::Incoming)
    }

    fn links(&self, id: ComponentId, direction: Direction) -> Vec<Link> {
        let Some(node) = self.components.get(&id) else { return Vec::new() };
        let mut links: Vec<Link> =
            self.graph.edges_directed(node.index, direction).map(|edge| *edge.weight()).collect();
        if links.len() > 1 {
            links.sort_by_key(|link| (self.relationship_index(link.relationship), link.pair));
        }
        links
    }

    /// The relationships with a pair that names `id`, whether or not its other end is there, in document order.
    pub fn relationships_naming(&self, id: ComponentId) -> Vec<RelationshipId> {
        let mut naming: IndexSet<RelationshipId, Hasher> =
            self.unlinked.get(&id).into_iter().flatten().copied().collect();
        for direction in [Direction::Outgoing, Direction::Incoming] {
            naming.extend(self.links(id, direction).iter().map(|link| link.relationship));
        }
        let mut naming: Vec<RelationshipId> = naming.into_iter().collect();
        naming.sort_by_key(|relationship| self.relationship_index(*relationship));
        naming
    }

    /// The wallet that holds `filter`: the first live wallet pair in document order whose parent is a wallet kind.
    pub fn wallet_of(&self, filter: ComponentId) -> Option<Link> {
        if !self.component(filter)?.is(&ComponentKind::WASM_FILTER) {
            return None;
        }
        self.first_link_from(filter, |link| self.is_wallet_link(link))
    }

    /// The first link in document order that leaves `id` and fits: what [`Self::links_from`] would be searched for, without
    /// a list, and without a look at places where only one fits.
    fn first_link_from(&self, id: ComponentId, fits: impl Fn(&Link) -> bool) -> Option<Link> {
        let node = self.components.get(&id)?;
        let links = self.graph.edges_directed(node.index, Direction::Outgoing).map(|edge| *edge.weight());
        let place = |link: &Link| (self.relationship_index(link.relationship), link.pair);
        links.filter(fits).reduce(|a, b| if place(&b) < place(&a) { b } else { a })
    }

    fn is_wallet_link(&self, link: &Link) -> bool {
        self.relationship(link.relationship).is_some_and(|it| it.is_wallet() && it.is_live())
            && self.component(link.to).is_some_and(is_wallet_kind)
    }

    /// The filters of a wallet, in the order in which they run.
    pub fn chain(&self, wallet: ComponentId) -> Vec<ChainLink> {
        if !self.component(wallet).is_some_and(is_wallet_kind) {
            return Vec::new();
        }
        // A filter has one wallet link at most, so none comes twice.
        let mut links = self.links_to(wallet);
        links.retain(|link| self.is_wallet_link(link) && self.wallet_of(link.from) == Some(*link));
        links
    }

    /// The Namespace component in whose frame `id` lies: the first live inventory pair to a Namespace.
    pub fn frame_of(&self, id: ComponentId) -> Option<Link> {
        self.first_link_from(id, |link| self.is_frame_link(link))
    }

    /// The components that lie in the frame of a Namespace, in document order of their relationships.
    pub fn members(&self, namespace: ComponentId) -> Vec<Link> {
        self.links_to(namespace)
            .into_iter()
            .filter(|link| self.is_frame_link(link) && self.frame_of(link.from) == Some(*link))
            .collect()
    }

    fn is_frame_link(&self, link: &Link) -> bool {
        self.relationship(link.relationship).is_some_and(|it| it.is_inventory() && it.is_live())
            && self.component(link.to).is_some_and(|parent| parent.is(&ComponentKind::NAMESPACE))
    }

    /// Puts the pairs of a relationship into the graph.
    pub(super) fn link(&mut self, relationship: &Relationship) {
        let id = relationship.id();
        for (number, pair) in relationship.pairs().iter().enumerate() {
            let node = |end: Option<ComponentId>| Some((end?, self.components.get(&end?)?.index));
            if let (Some((from, child)), Some((to, parent))) = (node(pair.from), node(pair.to)) {
                self.graph.add_edge(child, parent, Link { relationship: id, pair: number, from, to });
                continue;
            }
            for end in [pair.from, pair.to].into_iter().flatten() {
                self.unlinked.entry(end).or_default().insert(id);
            }
        }
    }

    /// Takes the pairs of a relationship out of the graph, and what is noted of those that are not in it.
    pub(super) fn unlink(&mut self, relationship: &Relationship) {
        for pair in relationship.pairs() {
            for end in [pair.from, pair.to].into_iter().flatten() {
                if let Some(naming) = self.unlinked.get_mut(&end)
                    && naming.swap_remove(&relationship.id())
                    && naming.is_empty()
                {
                    self.unlinked.swap_remove(&end);
                }
            }
            let Some(child) = pair.from.and_then(|from| self.components.get(&from)) else { continue };
            let edges = self.graph.edges_directed(child.index, Direction::Outgoing);
            let own: Vec<EdgeIndex> = edges
                .filter(|edge| edge.weight().relationship == relationship.id())
                .map(|edge| edge.id())
                .collect();
            for edge in own {
                self.graph.remove_edge(edge);
            }
        }
    }
}
