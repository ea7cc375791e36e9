//! Fields: set, unset, rename a key, replace a configuration, mend a finding.
//!
//! The module fields of a plugin with filters belong to a filter, whichever way they are edited.

use crate::model::{ComponentId, Edit, EditError, FieldPath, Fix, Segment, Value};
use crate::wallet::edited_filter;

use super::diff::{FieldChange, diff};
use super::{Lowered, Lowering, module_fields};

const CONFIGURATION: &str = "configuration";

impl Lowering<'_, '_> {
    pub(super) fn set_field(
        &mut self,
        id: ComponentId,
        path: FieldPath,
        value: Value,
    ) -> Result<Lowered, EditError> {
        let label = format!("Set {} of {}", field_name(&path), self.name(id)?);
        if self.component(id)?.get(&path).is_some_and(|present| present.identical(&value)) {
            return Ok(Lowered::new(label));
        }
        self.change_fields(id, vec![FieldChange::Set { path, value, place: None }])?;
        Ok(Lowered::new(label))
    }

    pub(super) fn unset_field(&mut self, id: ComponentId, path: FieldPath) -> Result<Lowered, EditError> {
        let label = format!("Unset {} of {}", field_name(&path), self.name(id)?);
        // A field that is shown but stands in the filter is not there in the plugin: the redirection knows.
        self.change_fields(id, vec![FieldChange::Unset { path }])?;
        Ok(Lowered::new(label))
    }

    pub(super) fn rename_key(
        &mut self,
        id: ComponentId,
        path: &FieldPath,
        key: String,
    ) -> Result<Lowered, EditError> {
        let component = self.component(id)?;
        let (Some(parent), Some(Segment::Key(old))) = (path.parent(), path.last()) else {
            return Err(EditError::Refused("only a key of a mapping can be renamed".to_owned()));
        };
        let map = component.get(&parent).and_then(Value::as_map);
        let Some((map, place)) = map.and_then(|map| Some((map, map.place_of(old)?))) else {
            return Err(EditError::Refused(format!("{path} is not there any more")));
        };
        let label = format!("Rename {old} to {key} in {}", self.name(id)?);
        if *old == key {
            return Ok(Lowered::new(label));
        }
        if map.contains_key(&key) {
            return Err(EditError::Refused(format!("there is a key {key:?} already; choose another one")));
        }
        let value = map.get(old).cloned().unwrap_or_default();
        let changes = vec![
            FieldChange::Unset { path: path.clone() },
            FieldChange::Set { path: parent.child(key), value, place: Some(place) },
        ];
        self.change_fields(id, changes)?;
        Ok(Lowered::new(label))
    }

    pub(super) fn replace_configuration(
        &mut self,
        id: ComponentId,
        configuration: &Value,
    ) -> Result<Lowered, EditError> {
        let label = format!("Edit the YAML of {}", self.name(id)?);
        let base = FieldPath::keys(&[CONFIGURATION]);
        let empty = Value::Map(crate::model::Map::new());
        let configuration = match configuration {
            Value::Null => &empty,
            Value::Map(_) => configuration,
            other => {
                return Err(EditError::Refused(format!(
                    "the configuration must be a mapping of keys and values, but this is {}",
                    other.kind_name()
                )));
            }
        };
        let component = self.component(id)?;
        if let Some(filter) = edited_filter(self.tx.design(), id) {
            self.split_configuration(id, filter, configuration)?;
            return Ok(Lowered::new(label));
        }
        let changes = diff(&base, component.get(&base).unwrap_or(&Value::Null), configuration);
        let changes = module_fields::whole_values(self.tx.design(), component, changes, configuration);
        self.change_fields(id, changes)?;
        Ok(Lowered::new(label))
    }

    pub(super) fn apply_fix(&mut self, fix: Fix) -> Result<Lowered, EditError> {
        for edit in fix.edits {
            match edit {
                // Its id follows from what it joins, and a relationship that was deleted may hold it.
                Edit::AddRelationship { index, relationship } => {
                    self.join(index, (*relationship).clone())?;
                }
                edit => self.tx.apply(edit)?,
            }
        }
        Ok(Lowered::new(fix.label))
    }

    pub(super) fn set_reference_only(
        &mut self,
        id: ComponentId,
        reference_only: bool,
    ) -> Result<Lowered, EditError> {
        let name = self.name(id)?;
        let label = if reference_only {
            format!("Keep the body of {name} out of exports")
        } else {
            format!("Export the body of {name}")
        };
        let component = self.component(id)?;
        if component.reference_only() == reference_only {
            return Ok(Lowered::new(label));
        }
        let key = FieldPath::keys(&["metadata", "billfold", "referenceOnly"]);
        if reference_only == component.reference_by_default() {
            // The default is not written, and nothing empty is left behind.
            let ours = component.tree().at(&["metadata", "billfold"]).and_then(Value::as_map);
            let path = if ours.is_some_and(|ours| ours.len() == 1) {
                FieldPath::keys(&["metadata", "billfold"])
            } else {
                key
            };
            self.tx.apply(Edit::unset(id, path))?;
        } else {
            self.tx.apply(Edit::set(id, key, reference_only))?;
        }
        Ok(Lowered::new(label))
    }

    /// Makes the changes, those of a wallet's module fields in the filter that they belong to: one filter for all of them,
    /// though the first may leave it without a module.
    pub(super) fn change_fields(
        &mut self,
        id: ComponentId,
        changes: Vec<FieldChange>,
    ) -> Result<(), EditError> {
        let filter = edited_filter(self.tx.design(), id);
        if let Some(filter) = filter
            && changes.iter().any(module_fields::holds_module_fields)
        {
            let mut after = self.tx.design().clone();
            for change in changes {
                after.apply(module_fields::edit(id, change))?;
            }
            let configuration = after.component(id).and_then(|it| it.get(&FieldPath::keys(&[CONFIGURATION])));
            return self.split_configuration(id, filter, configuration.unwrap_or(&Value::Null));
        }
        for change in changes {
            for edit in module_fields::edits(self.tx.design(), id, filter, change) {
                self.tx.apply(edit)?;
            }
        }
        Ok(())
    }

    fn split_configuration(
        &mut self,
        id: ComponentId,
        filter: ComponentId,
        new: &Value,
    ) -> Result<(), EditError> {
        for edit in module_fields::split(self.tx.design(), self.component(id)?, filter, new) {
            self.tx.apply(edit)?;
        }
        Ok(())
    }
}

/// What a path names, for a label: the last key, and the index where it is an item.
fn field_name(path: &FieldPath) -> String {
    let Some(last_key) = path.iter().rposition(|segment| segment.as_key().is_some()) else {
        return path.to_string();
    };
    FieldPath::from(&path[last_key..]).to_string()
}
