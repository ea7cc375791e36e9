//! Deleting components, with what depends on them.

use std::cmp::Reverse;

use indexmap::IndexSet;

use crate::model::{ComponentId, Edit, EditError};

use super::{Lowered, Lowering, in_words};

impl Lowering<'_, '_> {
    /// Deletes components. The filters of a plugin go with it unless they are kept; a namespace's members stay, and so do
    /// their values. Each pair of any relationship that names what goes is removed (`product.md`, The file).
    pub(super) fn delete(&mut self, ids: &[ComponentId], keep_filters: bool) -> Result<Lowered, EditError> {
        let mut removed: IndexSet<ComponentId, foldhash::fast::FixedState> = IndexSet::default();
        let mut names = Vec::new();
        for &id in ids {
            if self.tx.design().component(id).is_none() || !removed.insert(id) {
                continue;
            }
            names.push(self.tx.design().name_of(id));
        }
        if removed.is_empty() {
            return Ok(Lowered::new("Delete"));
        }
        let chosen = removed.len();
        if !keep_filters {
            for &id in ids {
                removed.extend(self.tx.design().chain(id).iter().map(|link| link.from));
            }
        }
        let label = match removed.len() - chosen {
            0 => format!("Delete {}", in_words(&names)),
            1 => format!("Delete {} and its filter", in_words(&names)),
            filters => format!("Delete {} and {filters} filters", in_words(&names)),
        };
        self.remove_pairs_naming(&removed)?;
        // The last first, so that undo puts them back from the first on.
        removed.sort_by_cached_key(|id| Reverse(self.tx.design().component_index(*id)));
        for &id in &removed {
            self.tx.apply(Edit::RemoveComponent { id })?;
        }
        Ok(Lowered::new(label))
    }
}
