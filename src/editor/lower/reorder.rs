//! Putting a plugin elsewhere in a chain: its phase and priority, and the priorities of those who make room.

use crate::model::view::Phase;
use crate::model::{ComponentId, EditError, FieldPath, Value};

use super::super::reorder::Reorder;
use super::diff::FieldChange;
use super::{Lowered, Lowering};

impl Lowering<'_, '_> {
    pub(super) fn reorder_plugin(&mut self, reorder: &Reorder) -> Result<Lowered, EditError> {
        if let Some(phase) = reorder.phase {
            let value = (phase != Phase::Unspecified).then(|| phase.text().into());
            self.set_in_spec(reorder.plugin, "phase", value)?;
        }
        for change in &reorder.priorities {
            self.set_in_spec(change.plugin, "priority", change.priority.map(Value::from))?;
        }
        Ok(Lowered::new(reorder.label.clone()))
    }

    fn set_in_spec(&mut self, id: ComponentId, field: &str, value: Option<Value>) -> Result<(), EditError> {
        let path = FieldPath::keys(&["configuration", "spec", field]);
        let change = match value {
            Some(value) => FieldChange::Set { path, value, place: None },
            None => FieldChange::Unset { path },
        };
        self.component(id)?;
        self.change_fields(id, vec![change])
    }
}
