//! The one vocabulary of change.
//!
//! User commands, policy patches, quick fixes and undo are all lists of [`Edit`]s; applying one gives the edit that
//! takes it back.

use std::sync::Arc;

use super::component::Component;
use super::configuration::{MAX_DEPTH, PathBlocked, Value};
use super::ids::{ComponentId, RelationshipId};
use super::path::FieldPath;
use super::relationship::Relationship;

/// What an edit of a field changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The design's own keys (`name`, `metadata`, `preferences`, …).
    Design,
    /// A component's wire object.
    Component(ComponentId),
    /// A relationship's wire object.
    Relationship(RelationshipId),
}

/// One invertible change of a design.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Sets the field at `path`, or removes it (`value: None`).
    ///
    /// Mappings that are missing on the way are created; null on the way counts as missing.
    /// An index one past the end of a list appends.
    SetField {
        /// Whose field.
        target: Target,
        /// From the root of the target's wire object.
        path: FieldPath,
        /// The new value; `None` removes the key or the list item.
        value: Option<Value>,
        /// The place among the keys of the mapping, for a key that is new there; `None`: at the end.
        place: Option<usize>,
    },
    /// Inserts a list item; what stands there and behind moves down. `path` ends with the index.
    InsertItem {
        /// Whose list.
        target: Target,
        /// Path of the new item.
        path: FieldPath,
        /// The item.
        value: Value,
    },
    /// Adds a component at `index` of the document (`None`: at the end).
    AddComponent {
        /// Place in the document.
        index: Option<usize>,
        /// The component.
        component: Arc<Component>,
    },
    /// Removes a component; relationships that name it stay as they are.
    RemoveComponent {
        /// Which.
        id: ComponentId,
    },
    /// Adds a relationship at `index` of the document (`None`: at the end).
    AddRelationship {
        /// Place in the document.
        index: Option<usize>,
        /// The relationship.
        relationship: Arc<Relationship>,
    },
    /// Removes a relationship.
    RemoveRelationship {
        /// Which.
        id: RelationshipId,
    },
    /// Moves a relationship to `index`, counted without itself.
    MoveRelationship {
        /// Which.
        id: RelationshipId,
        /// Its new place.
        index: usize,
    },
}

impl Edit {
    /// Sets a field of a component.
    pub fn set(id: ComponentId, path: FieldPath, value: impl Into<Value>) -> Self {
        Self::SetField { target: Target::Component(id), path, value: Some(value.into()), place: None }
    }

    /// Removes a field of a component.
    pub fn unset(id: ComponentId, path: FieldPath) -> Self {
        Self::SetField { target: Target::Component(id), path, value: None, place: None }
    }
}

/// Why an edit could not be made. The design is as before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The component is not, or no longer, in the design.
    #[error("this component is not in the design any more")]
    NoComponent(ComponentId),
    /// The relationship is not, or no longer, in the design.
    #[error("this relationship is not in the design any more")]
    NoRelationship(RelationshipId),
    /// A component or relationship of this identity is there already.
    #[error("there is such an id in the design already")]
    DuplicateId,
    /// A scalar stands where a mapping or list is needed, or a list is too short.
    #[error("the field cannot be set: {0}")]
    Path(#[from] PathBlocked),
    /// Identities and the lists of components and relationships have edits of their own.
    #[error("{0} cannot be edited as a field")]
    Reserved(FieldPath),
    /// The document could be written, but not read again.
    #[error(
        "lists and mappings would stand more than {MAX_DEPTH} deep inside one another, and a file like that cannot be \
         opened again; use fewer levels"
    )]
    TooDeep,
    /// A gesture that the design's rules refuse, with the reason for people.
    #[error("{0}")]
    Refused(String),
}

/// Sets or removes `path` below `root`; returns what undoes it: `(path, value, place)`.
pub(super) fn set_in_tree(
    root: &mut Value,
    path: &FieldPath,
    value: Option<Value>,
    place: Option<usize>,
) -> Result<Undo, PathBlocked> {
    tree::set(root, path, value, place)
}

pub(super) use tree::Undo;

impl Value {
    /// Sets the value at `path` below this one, or removes it. Mappings that are missing on the way are created; an index
    /// one past the end of a list appends.
    pub fn set(&mut self, path: &FieldPath, value: Option<Self>) -> Result<(), PathBlocked> {
        tree::set(self, path, value, None).map(|_undo| ())
    }

    /// Inserts a list item; `path` ends with its index.
    pub fn insert_item(&mut self, path: &FieldPath, item: Self) -> Result<(), PathBlocked> {
        tree::insert(self, path, item).map(|_undo| ())
    }
}

mod tree {
    use super::super::configuration::{PathBlocked, Value};
    use super::super::map::Map;
    use super::super::path::{FieldPath, Segment};

    /// What takes a change of a tree back.
    #[derive(Debug)]
    pub(crate) enum Undo {
        /// Set or remove again.
        Set { path: FieldPath, value: Option<Value>, place: Option<usize> },
        /// Insert the list item again.
        Insert { path: FieldPath, value: Value },
    }

    pub(crate) fn set(
        root: &mut Value,
        path: &FieldPath,
        value: Option<Value>,
        place: Option<usize>,
    ) -> Result<Undo, PathBlocked> {
        let Some((last, parents)) = path.split_last() else { return Err(PathBlocked(FieldPath::root())) };
        let Some(value) = value else { return Ok(remove(root, path, last, parents)) };
        // Find how far the way exists, without changing anything yet, so that a failure leaves no trace.
        let mut depth = 0;
        let mut node = &*root;
        while depth < parents.len() {
            match node.get(&parents[depth..=depth]) {
                Some(next) if !next.is_null() => node = next,
                _ => break,
            }
            depth += 1;
        }
        check_container(node, &path[depth], &path[..depth])?;
        for pair in path[depth..].windows(2) {
            if matches!(pair[1], Segment::Index(index) if index != 0) {
                return Err(PathBlocked(path[..depth].into()));
            }
        }
        let here = &path[depth..=depth];
        let former = node.get(here).cloned();
        // Build what goes in at `depth`: the value itself, or the mappings on the way to it.
        let mut built = value;
        for segment in path[depth + 1..].iter().rev() {
            built = match segment {
                Segment::Key(key) => Value::Map(Map::from([(key.clone(), built)])),
                Segment::Index(_) => Value::List(vec![built]),
            };
        }
        let is_new_here = former.is_none();
        let Some(container) = root.get_mut(&path[..depth]) else {
            return Err(PathBlocked(path[..depth].into()));
        };
        match (container, &path[depth]) {
            (Value::Map(map), Segment::Key(key)) => match place {
                Some(place) if is_new_here && depth == parents.len() => {
                    map.insert_at(place, key.clone(), built);
                }
                _ => {
                    map.insert(key.clone(), built);
                }
            },
            (Value::List(items), Segment::Index(index)) => match items.get_mut(*index) {
                Some(item) => *item = built,
                None => items.push(built),
            },
            (container, segment) => {
                // Null where the root itself is not a mapping yet.
                *container = match segment {
                    Segment::Key(key) => Value::Map(Map::from([(key.clone(), built)])),
                    Segment::Index(_) => Value::List(vec![built]),
                };
            }
        }
        Ok(Undo::Set { path: path[..=depth].into(), value: former, place: None })
    }

    fn check_container(node: &Value, segment: &Segment, way: &[Segment]) -> Result<(), PathBlocked> {
        match (node, segment) {
            (Value::Map(_), Segment::Key(_)) => Ok(()),
            (Value::List(items), Segment::Index(index)) if *index <= items.len() => Ok(()),
            (Value::Null, _) if way.is_empty() => Ok(()),
            _ => Err(PathBlocked(way.into())),
        }
    }

    fn remove(root: &mut Value, path: &FieldPath, last: &Segment, parents: &[Segment]) -> Undo {
        let nothing = Undo::Set { path: path.clone(), value: None, place: None };
        match (root.get_mut(parents), last) {
            (Some(Value::Map(map)), Segment::Key(key)) => match map.remove(key) {
                Some((place, value)) => {
                    Undo::Set { path: path.clone(), value: Some(value), place: Some(place) }
                }
                None => nothing,
            },
            (Some(Value::List(items)), Segment::Index(index)) if *index < items.len() => {
                Undo::Insert { path: path.clone(), value: items.remove(*index) }
            }
            _ => nothing,
        }
    }

    pub(crate) fn insert(root: &mut Value, path: &FieldPath, value: Value) -> Result<Undo, PathBlocked> {
        let blocked = || PathBlocked(path.parent().unwrap_or_default());
        let Some((Segment::Index(index), parents)) = path.split_last() else { return Err(blocked()) };
        let Some(Value::List(items)) = root.get_mut(parents) else { return Err(blocked()) };
        if *index > items.len() {
            return Err(blocked());
        }
        items.insert(*index, value);
        Ok(Undo::Set { path: path.clone(), value: None, place: None })
    }
}

pub(super) use tree::insert as insert_in_tree;
