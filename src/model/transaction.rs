//! A group of edits that happens as a whole or not at all.
//!
//! A transaction that is dropped without [`Transaction::commit`] takes its edits back, so `?` is safe inside one.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::component::Component;
use super::configuration::Value;
use super::design::Design;
use super::edit::{Edit, EditError, Target};
use super::ids::{ComponentId, RelationshipId};
use super::relationship::Relationship;

type Hasher = foldhash::fast::FixedState;

/// A committed group of edits, with what takes them back.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What the user did, for the menu: "Add filter basic-auth".
    pub label: String,
    /// The edits in the order in which they were applied.
    pub edits: Vec<Edit>,
    /// The inverses, in the order of `edits`.
    pub inverses: Vec<Edit>,
}

impl Change {
    /// Takes the change back. Fails only when the design is not the one that the change left.
    pub fn undo(&self, design: &mut Design) -> Result<(), EditError> {
        replay(design, self.inverses.iter().rev())
    }

    /// Makes the change again.
    pub fn redo(&self, design: &mut Design) -> Result<(), EditError> {
        replay(design, self.edits.iter())
    }

    /// The change that takes this one back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let reversed = |edits: &[Edit]| edits.iter().rev().cloned().collect();
        Self { label: self.label.clone(), edits: reversed(&self.inverses), inverses: reversed(&self.edits) }
    }

    /// Tells whether the change holds no edit.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }
}

fn replay<'a>(design: &mut Design, edits: impl Iterator<Item = &'a Edit>) -> Result<(), EditError> {
    let mut tx = Transaction::new(design);
    for edit in edits {
        tx.apply(edit.clone())?;
    }
    tx.commit("");
    Ok(())
}

/// What a transaction has touched so far, in the order of the first touch.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    /// Components that were added, changed or removed, and the ends of touched relationships.
    pub components: IndexSet<ComponentId, Hasher>,
    /// Relationships that were added, changed, moved or removed.
    pub relationships: IndexSet<RelationshipId, Hasher>,
    /// Whether the design's own keys changed (layers may freeze or thaw).
    pub head: bool,
}

/// A place in a transaction to roll back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(usize);

/// A group of edits under way on a design.
#[derive(Debug)]
pub struct Transaction<'a> {
    design: &'a mut Design,
    edits: Vec<Edit>,
    inverses: Vec<Edit>,
    touched: Touched,
    originals: Originals,
}

/// What was edited, as it was when the transaction began; `None`: it was not there.
#[derive(Debug, Default)]
struct Originals {
    head: Option<Value>,
    components: IndexMap<ComponentId, Option<Arc<Component>>, Hasher>,
    relationships: IndexMap<RelationshipId, Option<Arc<Relationship>>, Hasher>,
}

impl<'a> Transaction<'a> {
    /// Starts a group of edits.
    pub fn new(design: &'a mut Design) -> Self {
        Self {
            design,
            edits: Vec::new(),
            inverses: Vec::new(),
            touched: Touched::default(),
            originals: Originals::default(),
        }
    }

    /// The design as the edits so far have made it.
    pub fn design(&self) -> &Design {
        self.design
    }

    /// Applies one more edit. On an error the earlier edits stand until the transaction is dropped.
    pub fn apply(&mut self, edit: Edit) -> Result<(), EditError> {
        self.touch(&edit);
        let inverse = self.design.apply(edit.clone())?;
        self.edits.push(edit);
        self.inverses.push(inverse);
        Ok(())
    }

    fn touch(&mut self, edit: &Edit) {
        match edit {
            Edit::SetField { target, .. } | Edit::InsertItem { target, .. } => match *target {
                Target::Design => {
                    self.originals.head.get_or_insert_with(|| self.design.head().clone());
                    self.touched.head = true;
                }
                Target::Component(id) => {
                    self.keep_component(id);
                    self.touched.components.insert(id);
                }
                Target::Relationship(id) => self.touch_relationship(id),
            },
            Edit::AddComponent { component, .. } => {
                self.keep_component(component.id());
                self.touched.components.insert(component.id());
            }
            Edit::RemoveComponent { id } => {
                self.keep_component(*id);
                self.touched.components.insert(*id);
                for link in [self.design.links_from(*id), self.design.links_to(*id)].concat() {
                    self.touched.components.extend([link.from, link.to]);
                    self.touched.relationships.insert(link.relationship);
                }
            }
            Edit::AddRelationship { relationship, .. } => {
                self.keep_relationship(relationship.id());
                self.touched.relationships.insert(relationship.id());
                let ends = relationship.pairs().iter().flat_map(|pair| [pair.from, pair.to]);
                self.touched.components.extend(ends.flatten());
            }
            Edit::RemoveRelationship { id } | Edit::MoveRelationship { id, .. } => {
                self.touch_relationship(*id);
            }
        }
    }

    fn touch_relationship(&mut self, id: RelationshipId) {
        self.keep_relationship(id);
        self.touched.relationships.insert(id);
        if let Some(relationship) = self.design.relationship(id) {
            let ends = relationship.pairs().iter().flat_map(|pair| [pair.from, pair.to]);
            self.touched.components.extend(ends.flatten());
        }
    }

    fn keep_component(&mut self, id: ComponentId) {
        let design = &*self.design;
        self.originals.components.entry(id).or_insert_with(|| design.shared_component(id).cloned());
    }

    fn keep_relationship(&mut self, id: RelationshipId) {
        let design = &*self.design;
        self.originals.relationships.entry(id).or_insert_with(|| design.shared_relationship(id).cloned());
    }

    /// What the design says of itself, as it was when the transaction began.
    pub fn original_head(&self) -> &Value {
        self.originals.head.as_ref().unwrap_or_else(|| self.design.head())
    }

    /// The component as it was when the transaction began; `None`: it was not there.
    pub fn original_component(&self, id: ComponentId) -> Option<&Component> {
        match self.originals.components.get(&id) {
            Some(original) => original.as_deref(),
            None => self.design.component(id),
        }
    }

    /// The relationship as it was when the transaction began; `None`: it was not there.
    pub fn original_relationship(&self, id: RelationshipId) -> Option<&Relationship> {
        match self.originals.relationships.get(&id) {
            Some(original) => original.as_deref(),
            None => self.design.relationship(id),
        }
    }

    /// Tells whether the component is the one that was there when the transaction began.
    pub fn is_unchanged_component(&self, id: ComponentId) -> bool {
        let is_present = |original: &Arc<Component>| {
            self.design.shared_component(id).is_some_and(|it| Arc::ptr_eq(it, original))
        };
        self.originals.components.get(&id).is_none_or(|it| it.as_ref().is_some_and(is_present))
    }

    /// Tells whether the relationship is the one that was there when the transaction began.
    pub fn is_unchanged_relationship(&self, id: RelationshipId) -> bool {
        let is_present = |original: &Arc<Relationship>| {
            self.design.shared_relationship(id).is_some_and(|it| Arc::ptr_eq(it, original))
        };
        self.originals.relationships.get(&id).is_none_or(|it| it.as_ref().is_some_and(is_present))
    }

    /// What the edits so far have touched.
    pub fn touched(&self) -> &Touched {
        &self.touched
    }

    /// The edits so far.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Remembers this place, for [`Self::roll_back_to`].
    pub fn mark(&self) -> Mark {
        Mark(self.edits.len())
    }

    /// Takes back every edit since `mark`.
    pub fn roll_back_to(&mut self, mark: Mark) {
        while self.edits.len() > mark.0 {
            self.edits.pop();
            if let Some(inverse) = self.inverses.pop() {
                let undone = self.design.apply(inverse);
                debug_assert!(
                    undone.is_ok(),
                    "an inverse applies to the design that its edit left: {undone:?}"
                );
            }
        }
    }

    /// Ends the group and keeps its edits.
    pub fn commit(mut self, label: impl Into<String>) -> Change {
        Change {
            label: label.into(),
            edits: std::mem::take(&mut self.edits),
            inverses: std::mem::take(&mut self.inverses),
        }
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        self.roll_back_to(Mark(0));
    }
}
