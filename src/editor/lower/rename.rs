//! Names of components and of the design.

use crate::model::{ComponentId, Edit, EditError, FieldPath, Target};

use super::names::has_object_name;
use super::{Lowered, Lowering};

impl Lowering<'_, '_> {
    /// Sets `displayName` and, where the kind has it, `metadata.name` together.
    pub(super) fn rename(&mut self, id: ComponentId, name: &str) -> Result<Lowered, EditError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(EditError::Refused("a name cannot be blank; type one".to_owned()));
        }
        let label = format!("Rename {} to {name}", self.name(id)?);
        let component = self.component(id)?;
        let is_named = component.display_name() == name;
        let object_name =
            has_object_name(component).then(|| component.configured(&["metadata", "name"]).cloned());
        if !is_named {
            self.tx.apply(Edit::set(id, FieldPath::keys(&["displayName"]), name))?;
        }
        if object_name.is_some_and(|present| present.is_none_or(|present| present.as_text() != Some(name))) {
            self.tx.apply(Edit::set(id, FieldPath::keys(&["configuration", "metadata", "name"]), name))?;
        }
        Ok(Lowered::new(label))
    }

    pub(super) fn rename_design(&mut self, name: &str) -> Result<Lowered, EditError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(EditError::Refused("a design needs a name; type one".to_owned()));
        }
        if self.tx.design().name() != name {
            self.tx.apply(Edit::SetField {
                target: Target::Design,
                path: FieldPath::keys(&["name"]),
                value: Some(name.into()),
                place: None,
            })?;
        }
        Ok(Lowered::new(format!("Rename the design to {name}")))
    }
}
