//! One design: components, the relationships between them, and what is derived from both.
//!
//! Invariants: an id that was handed out stays valid until its component is removed; the order of components and
//! relationships is the order of the document; the graph holds exactly the pairs whose two ends exist.
//! This module does no IO, reads no clock, and makes no ids. Cloning a design is cheap: its parts are shared until
//! they are changed.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use petgraph::Direction;
use petgraph::stable_graph::{EdgeIndex, NodeIndex, StableDiGraph};
use petgraph::visit::EdgeRef as _;

use super::component::Component;
use super::configuration::{MAX_DEPTH, Value};
use super::edit::{Edit, EditError, Target, Undo, insert_in_tree, set_in_tree};
use super::ids::{ComponentId, RelationshipId};
use super::kind::ComponentKind;
use super::map::Map;
use super::names::{Entry, Names};
use super::ordered::Ordered;
use super::path::{FieldPath, Segment};
use super::relationship::Relationship;

type Hasher = foldhash::fast::FixedState;

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

/// A design: what a Meshery design file holds.
#[derive(Clone, Debug, Default)]
pub struct Design {
    /// Everything but components and relationships; these two keys hold what the file has there if it is no list.
    head: Value,
    components: Ordered<ComponentId, Node>,
    relationships: Ordered<RelationshipId, Arc<Relationship>>,
    graph: StableDiGraph<ComponentId, Link>,
    /// Relationships with a pair that names a component and is no link, since its other end, or the component itself, is
    /// not there. May hold some that name it no more.
    unlinked: IndexMap<ComponentId, IndexSet<RelationshipId, Hasher>, Hasher>,
    names: Arc<Names>,
}

/// A component and where it stands in the graph.
#[derive(Clone, Debug)]
struct Node {
    component: Arc<Component>,
    index: NodeIndex,
}

const COMPONENTS: &str = "components";
const RELATIONSHIPS: &str = "relationships";

impl Design {
    /// Makes a design of its tree. Never fails: what is not understood is kept as it is.
    ///
    /// A blank or repeated id gets an identity of its own, the same one each time; the tree keeps the file's text.
    pub fn from_tree(tree: Value) -> Self {
        let mut design = Self { head: tree, ..Self::default() };
        for (number, tree) in design.take_list(COMPONENTS).into_iter().enumerate() {
            let id = tree.text_at(&["id"]).and_then(ComponentId::from_text);
            let id = unused(
                id,
                "component",
                number,
                |id| design.components.contains_key(&id),
                ComponentId::from_name,
            );
            design.insert_component(usize::MAX, Arc::new(Component::from_tree(id, tree)));
        }
        for (number, tree) in design.take_list(RELATIONSHIPS).into_iter().enumerate() {
            let id = tree.text_at(&["id"]).and_then(RelationshipId::from_text);
            let id = unused(
                id,
                "relationship",
                number,
                |id| design.relationships.contains_key(&id),
                RelationshipId::from_name,
            );
            let relationship = Arc::new(Relationship::from_tree(id, tree));
            design.relationships.insert(usize::MAX, id, Arc::clone(&relationship));
            design.link(&relationship);
        }
        design
    }

    fn take_list(&mut self, key: &str) -> Vec<Value> {
        match self.head.as_map_mut().and_then(|head| head.get_mut(key)) {
            Some(Value::List(items)) => std::mem::take(items),
            _ => Vec::new(),
        }
    }

    /// The whole tree, as it is saved. Copies everything; for large designs not a thing to do in a frame.
    pub fn to_tree(&self) -> Value {
        let mut tree = self.head.clone();
        if tree.as_map().is_none() && !(self.components.is_empty() && self.relationships.is_empty()) {
            tree = Value::Map(Map::new());
        }
        if let Some(head) = tree.as_map_mut() {
            put_list(head, COMPONENTS, self.components().map(|component| self.written(component)));
            put_list(head, RELATIONSHIPS, self.relationships().map(|it| it.tree().clone()));
        }
        tree
    }

    /// The component as it is saved: its tree. Where the text of its id stands for nothing or for another component, and
    /// a relationship names either, its own id is written, so that the file joins what is joined here.
    fn written(&self, component: &Component) -> Value {
        let mut tree = component.tree().clone();
        let id = component.id();
        let said = ComponentId::from_text(component.id_text());
        if said == Some(id) {
            return tree;
        }
        // The other one may have gone; what still names it would name this one then.
        let passes_for_another = said.is_some_and(|said| {
            self.component(said).is_none() && !self.relationships_naming(said).is_empty()
        });
        if let Some(map) = tree.as_map_mut()
            && (passes_for_another || !self.relationships_naming(id).is_empty())
        {
            map.insert("id", id.to_string().into());
        }
        tree
    }

    /// Everything but the components and relationships.
    pub fn head(&self) -> &Value {
        &self.head
    }

    /// `name` of the design, or `""`.
    pub fn name(&self) -> &str {
        self.head.text_at(&["name"]).unwrap_or_default()
    }

    /// Tells whether `preferences.layers.relationships` switches this kind-type-subType off: its relationships are then
    /// frozen (`policy.md`, Scope).
    pub fn is_frozen(&self, class: &str) -> bool {
        let layers = self.head.at(&["preferences", "layers", "relationships"]).and_then(Value::as_map);
        layers.is_some_and(|layers| {
            layers
                .iter()
                .any(|(key, value)| value.as_bool() == Some(false) && key.eq_ignore_ascii_case(class))
        })
    }

    /// The components in document order.
    pub fn components(&self) -> impl ExactSizeIterator<Item = &Component> + DoubleEndedIterator + Clone {
        self.components.values().map(|node| &*node.component)
    }

    /// The relationships in document order.
    pub fn relationships(
        &self,
    ) -> impl ExactSizeIterator<Item = &Relationship> + DoubleEndedIterator + Clone {
        self.relationships.values().map(|relationship| &**relationship)
    }

    /// The components of one kind and group, in document order.
    pub fn of_kind<'a>(&'a self, kind: &'a ComponentKind) -> impl Iterator<Item = &'a Component> {
        self.components().filter(move |component| component.is(kind))
    }

    /// The component, if it is in the design.
    pub fn component(&self, id: ComponentId) -> Option<&Component> {
        self.components.get(&id).map(|node| &*node.component)
    }

    /// The component behind its shared pointer, to be put back by an edit.
    pub fn shared_component(&self, id: ComponentId) -> Option<&Arc<Component>> {
        self.components.get(&id).map(|node| &node.component)
    }

    /// The relationship, if it is in the design.
    pub fn relationship(&self, id: RelationshipId) -> Option<&Relationship> {
        self.relationships.get(&id).map(|relationship| &**relationship)
    }

    /// The relationship behind its shared pointer, to be put back by an edit.
    pub fn shared_relationship(&self, id: RelationshipId) -> Option<&Arc<Relationship>> {
        self.relationships.get(&id)
    }

    /// The component's place in the document.
    pub fn component_index(&self, id: ComponentId) -> Option<usize> {
        self.components.place_of(&id)
    }

    /// The relationship's place in the document.
    pub fn relationship_index(&self, id: RelationshipId) -> Option<usize> {
        self.relationships.place_of(&id)
    }

    /// The component at a place of the document.
    pub fn component_at(&self, index: usize) -> Option<&Component> {
        self.components.at(index).map(|node| &*node.component)
    }

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
        naming.retain(|relationship| {
            self.relationship(*relationship)
                .is_some_and(|it| it.pairs().iter().any(|pair| pair.from == Some(id) || pair.to == Some(id)))
        });
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
        self.links_from(filter).into_iter().find(|link| self.is_wallet_link(link))
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
        self.links_from(id).into_iter().find(|link| self.is_frame_link(link))
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

    /// The component's name (`product.md`, Names): its own, else its kind in kebab case and its place among that kind.
    pub fn name_of(&self, id: ComponentId) -> String {
        let Some(component) = self.component(id) else { return String::new() };
        if let Some(name) = component.own_name() {
            return name.to_owned();
        }
        let place = self
            .components()
            .filter(|other| other.is(component.kind()))
            .position(|other| other.id() == id)
            .map_or(1, |place| place + 1);
        format!("{}-{place}", component.kind().kebab_case())
    }

    /// All names at once: what [`Self::name_of`] gives for each, in one pass.
    pub fn names(&self) -> IndexMap<ComponentId, String, Hasher> {
        let mut places: IndexMap<(&str, &str), usize, Hasher> = IndexMap::default();
        let mut names = IndexMap::with_capacity_and_hasher(self.components.len(), Hasher::default());
        for component in self.components() {
            let place = places.entry((&component.kind().group, &component.kind().kind)).or_default();
            *place += 1;
            let name = match component.own_name() {
                Some(name) => name.to_owned(),
                None => format!("{}-{place}", component.kind().kebab_case()),
            };
            names.insert(component.id(), name);
        }
        names
    }

    /// Tells whether a component of this kind has the name in its tree, as `displayName` or `metadata.name`.
    pub fn is_named(&self, kind: &ComponentKind, name: &str) -> bool {
        self.names.contains(kind, name)
    }

    /// The lowest number from 2 on with which `stem-N` is the name of no component of this kind.
    pub fn lowest_free_number(&self, kind: &ComponentKind, stem: &str) -> usize {
        self.names.lowest_free(kind, stem)
    }

    /// Tells whether a component of this kind has no name of its own: [`Self::name_of`] names it by its place.
    pub fn has_unnamed(&self, kind: &ComponentKind) -> bool {
        self.names.has_unnamed(kind)
    }

    /// Applies `edit` and returns the edit that takes it back. On an error nothing has changed.
    ///
    /// What takes an edit back is never refused: it leads to a design that was there.
    pub fn apply(&mut self, edit: Edit) -> Result<Edit, EditError> {
        check_depth(&edit)?;
        match edit {
            Edit::SetField { target, path, value, place } => {
                check_path(target, &path)?;
                let undo = self.change(target, &path, |tree| set_in_tree(tree, &path, value, place))?;
                Ok(undo_edit(target, undo))
            }
            Edit::InsertItem { target, path, value } => {
                check_path(target, &path)?;
                let undo = self.change(target, &path, |tree| insert_in_tree(tree, &path, value))?;
                Ok(undo_edit(target, undo))
            }
            Edit::AddComponent { index, component } => {
                let id = component.id();
                if self.components.contains_key(&id) {
                    return Err(EditError::DuplicateId);
                }
                self.insert_component(index.unwrap_or(usize::MAX), component);
                for relationship in self.unlinked.swap_remove(&id).unwrap_or_default() {
                    if let Some(relationship) = self.relationships.get(&relationship).map(Arc::clone) {
                        self.unlink(&relationship);
                        self.link(&relationship);
                    }
                }
                Ok(Edit::RemoveComponent { id })
            }
            Edit::RemoveComponent { id } => {
                let (index, node) = self.components.remove(&id).ok_or(EditError::NoComponent(id))?;
                for direction in [Direction::Outgoing, Direction::Incoming] {
                    for edge in self.graph.edges_directed(node.index, direction) {
                        let Link { relationship, from, to, .. } = *edge.weight();
                        for end in [from, to] {
                            self.unlinked.entry(end).or_default().insert(relationship);
                        }
                    }
                }
                self.graph.remove_node(node.index);
                Arc::make_mut(&mut self.names).remove(&Entry::of(&node.component));
                Ok(Edit::AddComponent { index: Some(index), component: node.component })
            }
            Edit::AddRelationship { index, relationship } => {
                let id = relationship.id();
                if self.relationships.contains_key(&id) {
                    return Err(EditError::DuplicateId);
                }
                self.relationships.insert(index.unwrap_or(usize::MAX), id, Arc::clone(&relationship));
                self.link(&relationship);
                Ok(Edit::RemoveRelationship { id })
            }
            Edit::RemoveRelationship { id } => {
                let (index, relationship) =
                    self.relationships.remove(&id).ok_or(EditError::NoRelationship(id))?;
                self.unlink(&relationship);
                Ok(Edit::AddRelationship { index: Some(index), relationship })
            }
            Edit::MoveRelationship { id, index } => {
                let from = self.relationships.place_of(&id).ok_or(EditError::NoRelationship(id))?;
                let index = index.min(self.relationships.len() - 1);
                self.relationships.move_to(from, index);
                Ok(Edit::MoveRelationship { id, index: from })
            }
        }
    }

    fn insert_component(&mut self, place: usize, component: Arc<Component>) {
        let id = component.id();
        Arc::make_mut(&mut self.names).add(&Entry::of(&component));
        let index = self.graph.add_node(id);
        self.components.insert(place, id, Node { component, index });
    }

    fn change(
        &mut self,
        target: Target,
        path: &FieldPath,
        change: impl FnOnce(&mut Value) -> Result<Undo, super::configuration::PathBlocked>,
    ) -> Result<Undo, EditError> {
        match target {
            Target::Design => Ok(change(&mut self.head)?),
            Target::Component(id) => {
                let node = self.components.get_mut(&id).ok_or(EditError::NoComponent(id))?;
                let entry = may_name(path).then(|| Entry::of(&node.component));
                let component = Arc::make_mut(&mut node.component);
                let undo = change(component.tree_mut())?;
                if path.first().and_then(Segment::as_key) == Some("component") {
                    component.tree_changed();
                }
                if let Some(before) = entry {
                    let after = Entry::of(component);
                    if before != after {
                        let names = Arc::make_mut(&mut self.names);
                        names.remove(&before);
                        names.add(&after);
                    }
                }
                Ok(undo)
            }
            Target::Relationship(id) => {
                let shared = self.relationships.get_mut(&id).ok_or(EditError::NoRelationship(id))?;
                let joins = path.first().and_then(Segment::as_key) == Some("selectors");
                let before = joins.then(|| Arc::clone(shared));
                let relationship = Arc::make_mut(shared);
                let undo = change(relationship.tree_mut())?;
                relationship.tree_changed();
                if let Some(before) = before {
                    let after = Arc::clone(shared);
                    self.unlink(&before);
                    self.link(&after);
                }
                Ok(undo)
            }
        }
    }

    /// Puts the pairs of a relationship into the graph.
    fn link(&mut self, relationship: &Relationship) {
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

    /// Takes the pairs of a relationship out of the graph.
    fn unlink(&mut self, relationship: &Relationship) {
        for pair in relationship.pairs() {
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

/// Tells whether a change at `path` of a component may give it another name or kind.
fn may_name(path: &FieldPath) -> bool {
    let key = |place: usize| path.get(place).and_then(Segment::as_key);
    match key(0) {
        Some("configuration") => key(1) != Some("spec"),
        Some("displayName" | "component") => true,
        _ => false,
    }
}

/// Two designs are equal when a save of both would show the same, whatever their history.
impl PartialEq for Design {
    fn eq(&self, other: &Self) -> bool {
        self.head.identical(&other.head)
            && self.components.len() == other.components.len()
            && self.relationships.len() == other.relationships.len()
            && self
                .components()
                .zip(other.components())
                .all(|(a, b)| std::ptr::eq(a, b) || (a.id() == b.id() && a.tree().identical(b.tree())))
            && self
                .relationships()
                .zip(other.relationships())
                .all(|(a, b)| std::ptr::eq(a, b) || (a.id() == b.id() && a.tree().identical(b.tree())))
    }
}

/// Tells whether the component can hold filters.
pub fn is_wallet_kind(component: &Component) -> bool {
    component.kind().is_wallet()
}

fn unused<Id: Copy>(
    id: Option<Id>,
    what: &str,
    number: usize,
    taken: impl Fn(Id) -> bool,
    from_name: impl Fn(&str) -> Id,
) -> Id {
    if let Some(id) = id.filter(|id| !taken(*id)) {
        return id;
    }
    let mut name = format!("billfold {what} #{number}");
    loop {
        let id = from_name(&name);
        if !taken(id) {
            return id;
        }
        name.push('\'');
    }
}

fn put_list(head: &mut Map, key: &str, items: impl ExactSizeIterator<Item = Value>) {
    if items.len() > 0 || matches!(head.get(key), Some(Value::List(_))) {
        head.insert(key, Value::List(items.collect()));
    }
}

fn check_path(target: Target, path: &FieldPath) -> Result<(), EditError> {
    let first = path.first().and_then(Segment::as_key);
    let reserved = match target {
        Target::Design => matches!(first, None | Some(COMPONENTS | RELATIONSHIPS)),
        Target::Component(_) | Target::Relationship(_) => matches!(first, None | Some("id")),
    };
    if reserved { Err(EditError::Reserved(path.clone())) } else { Ok(()) }
}

/// Refuses what would make the document deeper than one that can be read.
fn check_depth(edit: &Edit) -> Result<(), EditError> {
    /// The document and its list of components or relationships.
    const ABOVE: usize = 2;
    let depth = match edit {
        Edit::SetField { target, path, value: Some(value), .. }
        | Edit::InsertItem { target, path, value } => {
            let above = if *target == Target::Design { 0 } else { ABOVE };
            above + path.len() + value.height()
        }
        Edit::AddComponent { component, .. } => ABOVE + component.tree().height(),
        Edit::AddRelationship { relationship, .. } => ABOVE + relationship.tree().height(),
        _ => 0,
    };
    if depth > MAX_DEPTH { Err(EditError::TooDeep) } else { Ok(()) }
}

fn undo_edit(target: Target, undo: Undo) -> Edit {
    match undo {
        Undo::Set { path, value, place } => Edit::SetField { target, path, value, place },
        Undo::Insert { path, value } => Edit::InsertItem { target, path, value },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(id: &str, kind: &str, version: &str) -> Value {
        Value::from([
            ("id", id.into()),
            ("component", Value::from([("kind", kind.into()), ("version", version.into())])),
            ("configuration", Value::Map(Map::new())),
        ])
    }

    fn wallet(id: &str, from: &str, to: &str) -> Value {
        let end = |id: &str| Value::List(vec![Value::from([("id", id.into())])]);
        let allow = Value::from([("from", end(from)), ("to", end(to))]);
        Value::from([
            ("id", id.into()),
            ("kind", "hierarchical".into()),
            ("type", "parent".into()),
            ("subType", "wallet".into()),
            ("selectors", Value::List(vec![Value::from([("allow", allow)])])),
        ])
    }

    fn sample() -> Design {
        Design::from_tree(Value::from([
            ("name", "sample".into()),
            (
                "components",
                Value::List(vec![
                    component("p", "WasmPlugin", "extensions.istio.io/v1alpha1"),
                    component("f", "WASMFilter", "core.meshery.io/v1alpha1"),
                    component("g", "WASMFilter", "core.meshery.io/v1alpha1"),
                    component("g", "WASMFilter", "core.meshery.io/v1alpha1"),
                ]),
            ),
            ("relationships", Value::List(vec![wallet("1", "g", "p"), wallet("2", "f", "p")])),
        ]))
    }

    fn id(text: &str) -> ComponentId {
        ComponentId::from_text(text).unwrap()
    }

    #[test]
    fn the_chain_follows_the_document() {
        let design = sample();
        let chain: Vec<_> = design.chain(id("p")).iter().map(|link| link.from).collect();
        assert_eq!(chain, [id("g"), id("f")]);
        assert_eq!(design.components().len(), 4, "a repeated id survives");
        assert_eq!(design.to_tree().at(&["components"]).unwrap().as_list().unwrap().len(), 4);
    }

    #[test]
    fn every_edit_can_be_taken_back() {
        let design = sample();
        let path = FieldPath::keys(&["configuration", "spec", "url"]);
        let relationship = design.relationships().next().unwrap().id();
        let edits = [
            Edit::set(id("p"), path.clone(), "oci://reg.example.com/a"),
            Edit::unset(id("p"), FieldPath::keys(&["component"])),
            Edit::unset(id("p"), path),
            Edit::RemoveComponent { id: id("f") },
            Edit::RemoveRelationship { id: relationship },
            Edit::MoveRelationship { id: relationship, index: 1 },
            Edit::SetField {
                target: Target::Design,
                path: FieldPath::keys(&["name"]),
                value: None,
                place: None,
            },
        ];
        for edit in edits {
            let mut changed = design.clone();
            let inverse = changed.apply(edit.clone()).unwrap();
            changed.apply(inverse).unwrap();
            assert_eq!(changed, design, "{edit:?}");
            assert_eq!(changed.chain(id("p")), design.chain(id("p")), "{edit:?}");
        }
    }

    #[test]
    fn a_pair_is_a_link_exactly_while_both_its_ends_are_there() {
        let mut design = sample();
        let (filter, plugin) = (id("f"), id("p"));
        let relationship = design.relationships().nth(1).unwrap().id();
        let remove = |design: &mut Design, id| design.apply(Edit::RemoveComponent { id }).unwrap();
        let chain = |design: &Design| design.chain(plugin).len();
        let (f, p) = (remove(&mut design, filter), remove(&mut design, plugin));
        design.apply(f).unwrap();
        assert!(design.links_from(filter).is_empty());
        design.apply(p).unwrap();
        assert_eq!((chain(&design), design.links_from(filter).len()), (2, 1));
        // The relationship goes while an end is away, and comes back when it is there again.
        let f = remove(&mut design, filter);
        let gone = design.apply(Edit::RemoveRelationship { id: relationship }).unwrap();
        design.apply(f).unwrap();
        assert_eq!(chain(&design), 1);
        design.apply(gone).unwrap();
        assert_eq!((chain(&design), design.links_from(filter).len()), (2, 1));
        // It is told to name another component while an end is away.
        let f = remove(&mut design, filter);
        let path = FieldPath::from(vec![
            "selectors".into(),
            0.into(),
            "allow".into(),
            "from".into(),
            0.into(),
            "id".into(),
        ]);
        let target = Target::Relationship(relationship);
        let value = Some(Value::from("later"));
        design.apply(Edit::SetField { target, path, value, place: None }).unwrap();
        design.apply(f).unwrap();
        assert!(design.links_from(filter).is_empty());
        let later =
            Component::from_tree(id("later"), component("later", "WASMFilter", "core.meshery.io/v1alpha1"));
        design.apply(Edit::AddComponent { index: None, component: later.into() }).unwrap();
        assert_eq!(design.wallet_of(id("later")).map(|link| link.relationship), Some(relationship));
    }

    #[test]
    fn a_scalar_in_the_way_blocks_and_nothing_changes() {
        let mut design = sample();
        let name = FieldPath::keys(&["component", "kind", "deep"]);
        assert!(matches!(design.apply(Edit::set(id("p"), name, true)), Err(EditError::Path(_))));
        assert_eq!(design, sample());
        let ids = FieldPath::keys(&["id"]);
        assert!(matches!(design.apply(Edit::set(id("p"), ids, "x")), Err(EditError::Reserved(_))));
    }

    #[test]
    fn what_is_joined_is_joined_in_the_file_whatever_ids_it_has() {
        let mut design = sample();
        let second = design.component_at(3).unwrap().id();
        assert_eq!(
            design.to_tree().at(&["components"]),
            Some(&{
                let kinds = [
                    ("p", "WasmPlugin", "extensions.istio.io/v1alpha1"),
                    ("f", "WASMFilter", "core.meshery.io/v1alpha1"),
                ];
                let [p, f] = kinds.map(|(id, kind, version)| component(id, kind, version));
                let g = component("g", "WASMFilter", "core.meshery.io/v1alpha1");
                Value::List(vec![p, f, g.clone(), g])
            }),
            "nothing is written that nobody needs"
        );
        // The second of one id comes into the wallet, and what stands before it goes.
        let tree = wallet("3", &second.to_string(), "p");
        let relationship = Relationship::from_tree(RelationshipId::from_name("3"), tree).into();
        design.apply(Edit::AddRelationship { index: None, relationship }).unwrap();
        design.apply(Edit::RemoveComponent { id: id("f") }).unwrap();
        let read = Design::from_tree(design.to_tree());
        assert_eq!(read.chain(id("p")), design.chain(id("p")));
        // The first of one id goes: what named it must not name the second.
        let mut design = sample();
        design.apply(Edit::RemoveComponent { id: id("g") }).unwrap();
        let read = Design::from_tree(design.to_tree());
        assert_eq!(read.chain(id("p")), design.chain(id("p")));
        assert_eq!(design.chain(id("p")).len(), 1);
    }

    #[test]
    fn what_could_not_be_read_again_is_refused() {
        let mut design = sample();
        let deep = |levels: usize| (0..levels).fold(Value::from(1), |inner, _| Value::List(vec![inner]));
        let path = FieldPath::keys(&["configuration", "spec"]);
        let fits = MAX_DEPTH - 4;
        assert_eq!(design.apply(Edit::set(id("p"), path.clone(), deep(fits + 1))), Err(EditError::TooDeep));
        assert_eq!(design, sample());
        design.apply(Edit::set(id("p"), path, deep(fits))).unwrap();
        let component = design.component(id("p")).unwrap().tree().clone();
        assert_eq!(design.to_tree().height(), MAX_DEPTH);
        let wrapped = Value::from([("id", Value::from("q")), ("configuration", component)]);
        let component = Component::from_tree(id("q"), wrapped).into();
        assert_eq!(design.apply(Edit::AddComponent { index: None, component }), Err(EditError::TooDeep));
        for format in [crate::yaml::Format::Yaml, crate::yaml::Format::Json] {
            let text = crate::yaml::emit(&design.to_tree(), format);
            assert!(crate::yaml::parse(&text).is_ok());
        }
    }

    #[test]
    fn names_fall_back_to_kind_and_place() {
        let design = sample();
        assert_eq!(design.name_of(id("f")), "wasm-filter-1");
        let names = design.names();
        assert_eq!(
            names.values().collect::<Vec<_>>(),
            ["wasm-plugin-1", "wasm-filter-1", "wasm-filter-2", "wasm-filter-3"]
        );
        for component in design.components() {
            assert_eq!(names[&component.id()], design.name_of(component.id()));
        }
    }
}
