//! A parent that values name and that is not in the design, made on the user's word.

use crate::model::{ComponentId, ComponentKind, Edit, EditError, FieldPath, IdSeed};
use crate::policy::missing_parents;

use super::super::Editor;
use super::{Lowered, Lowering};

impl Editor {
    /// The parents that a component names and that are not in the design: kind and name of each.
    pub fn missing_parents(&self, child: ComponentId) -> Vec<(ComponentKind, String)> {
        let missing = missing_parents(&self.design, &self.registry, child);
        missing.into_iter().map(|it| (it.kind, it.name)).collect()
    }
}

impl Lowering<'_, '_> {
    /// Makes the parent of this kind that `child` names, and joins every component that names it.
    pub(super) fn make_parent(
        &mut self,
        child: ComponentId,
        kind: &ComponentKind,
        seed: IdSeed,
    ) -> Result<Lowered, EditError> {
        self.component(child)?;
        let missing = missing_parents(self.tx.design(), self.registry, child);
        let missing = missing.into_iter().find(|it| it.kind.same_kind(kind));
        let (Some(missing), Some(definition)) = (missing, self.registry.component(kind)) else {
            let reason = format!("{} names no {} that is missing", self.name(child)?, kind.in_words());
            return Err(EditError::Refused(reason));
        };
        let id = seed.component(0);
        let name = &missing.name;
        let configuration = definition.new_configuration(name);
        let component = self.new_component(definition, id, name, None, configuration);
        let joins = missing.joins(self.tx.design(), self.registry, &component);
        self.tx.apply(Edit::AddComponent { index: None, component: component.into() })?;
        let is_display_name = |path: &FieldPath| path.is_keys(&["displayName"]);
        for (path, value) in missing.values.iter().filter(|(path, _)| !is_display_name(path)) {
            self.tx.apply(Edit::set(id, path.clone(), value.clone()))?;
        }
        for relationship in joins {
            self.join(None, relationship)?;
        }
        Ok(Lowered::selecting(format!("Create {} {name}", kind.in_words()), vec![id]))
    }
}
