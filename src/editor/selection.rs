//! Which components are selected, in the order of selecting. Never part of the document.

use indexmap::IndexSet;

use crate::model::{ComponentId, Design};

/// The selected components; the last one is the primary, which the inspector shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    ids: IndexSet<ComponentId, foldhash::fast::FixedState>,
}

impl Selection {
    /// Selects nothing but these.
    pub fn set(&mut self, ids: impl IntoIterator<Item = ComponentId>) {
        self.ids.clear();
        self.ids.extend(ids);
    }

    /// Adds `id`, or takes it out if it is selected.
    pub fn toggle(&mut self, id: ComponentId) {
        if !self.ids.shift_remove(&id) {
            self.ids.insert(id);
        }
    }

    /// Adds these.
    pub fn extend(&mut self, ids: impl IntoIterator<Item = ComponentId>) {
        self.ids.extend(ids);
    }

    /// Selects nothing.
    pub fn clear(&mut self) {
        self.ids.clear();
    }

    /// Tells whether `id` is selected.
    pub fn contains(&self, id: ComponentId) -> bool {
        self.ids.contains(&id)
    }

    /// The component that the inspector shows.
    pub fn primary(&self) -> Option<ComponentId> {
        self.ids.last().copied()
    }

    /// The selected components in the order of selecting.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ComponentId> {
        self.ids.iter().copied()
    }

    /// How many are selected.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Tells whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Forgets what is not in the design any more.
    pub fn retain_existing(&mut self, design: &Design) {
        self.ids.retain(|id| design.component(*id).is_some());
    }
}
