//! Applying an edit to a design, and the edit that takes it back.
//!
//! An edit is applied as a whole or not at all.

use std::sync::Arc;

use petgraph::Direction;

use super::{COMPONENTS, Design, Link, Node, RELATIONSHIPS};
use crate::model::component::Component;
use crate::model::configuration::{MAX_DEPTH, PathBlocked, Value};
use crate::model::edit::{Edit, EditError, Target, Undo, insert_in_tree, set_in_tree};
use crate::model::names::Entry;
use crate::model::path::{FieldPath, Segment};

impl Design {
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

    pub(super) fn insert_component(&mut self, place: usize, component: Arc<Component>) {
        let id = component.id();
        Arc::make_mut(&mut self.names).add(&Entry::of(&component));
        let index = self.graph.add_node(id);
        self.components.insert(place, id, Node { component, index });
    }

    fn change(
        &mut self,
        target: Target,
        path: &FieldPath,
        change: impl FnOnce(&mut Value) -> Result<Undo, PathBlocked>,
    ) -> Result<Undo, EditError> {
        match target {
            Target::Design => Ok(change(&mut self.head)?),
            Target::Component(id) => {
                let node = self.components.get_mut(&id).ok_or(EditError::NoComponent(id))?;
                let entry = may_name(path).then(|| Entry::of(&node.component));
                let component = Arc::make_mut(&mut node.component);
                let undo = change(component.tree_mut())?;
                if matches!(path.first().and_then(Segment::as_key), Some("component" | "configuration")) {
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
