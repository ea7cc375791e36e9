//! One design: components, the relationships between them, and what is derived from both.
//!
//! Invariants: an id that was handed out stays valid until its component is removed; the order of components and
//! relationships is the order of the document; the graph holds exactly the pairs whose two ends exist.
//! This module does no IO, reads no clock, and makes no ids. Cloning a design is cheap: its parts are shared until
//! they are changed.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use petgraph::stable_graph::{NodeIndex, StableDiGraph};

use super::component::Component;
use super::configuration::Value;
use super::ids::{ComponentId, RelationshipId};
use super::kind::ComponentKind;
use super::map::Map;
use super::names::Names;
use super::ordered::Ordered;
use super::relationship::Relationship;

mod apply;
mod links;

pub use links::{ChainLink, Link};

type Hasher = foldhash::fast::FixedState;

/// A design: what a Meshery design file holds.
#[derive(Clone, Debug, Default)]
pub struct Design {
    /// Everything but components and relationships; these two keys hold what the file has there if it is no list.
    head: Value,
    components: Ordered<ComponentId, Node>,
    relationships: Ordered<RelationshipId, Arc<Relationship>>,
    graph: StableDiGraph<ComponentId, Link>,
    /// Relationships with a pair that names a component and is no link, since its other end, or the component itself, is
    /// not there.
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

    /// `metadata.billfold.istioVersion`: the version of Istio that it is for, as it stands there.
    pub fn istio_version(&self) -> Option<&str> {
        self.head.text_at(&["metadata", "billfold", "istioVersion"])
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
#[cfg(test)]
mod tests;
