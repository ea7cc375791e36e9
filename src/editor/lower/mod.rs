//! From commands to edits: what each gesture means for the document.
//!
//! Lowering applies edits to the transaction of the gesture and reads the design as they make it; the policy runs behind
//! it, in the same transaction. What is refused here changes nothing, since the transaction is dropped.

mod add;
mod copies;
mod delete;
pub(super) mod diff;
mod fields;
mod istio_version;
mod joined;
mod make_filter;
mod make_parent;
mod move_cards;
mod names;
mod module_fields;
mod paste;
mod place;
mod rename;
mod reorder;

use crate::model::{Component, ComponentId, Design, EditError, Map, Position, Transaction};
use crate::registry::{
    ComponentDefinition, NewComponent, Registry, as_object, component_schema, new_component,
};

use super::command::EditCommand;
use super::selection::Selection;

/// What lowering a command gave besides its edits.
#[derive(Debug)]
pub(super) struct Lowered {
    /// What was done, for the menu: "Add filter basic-auth to edge-auth".
    pub(super) label: String,
    /// What is selected behind it; `None` leaves the selection.
    pub(super) select: Option<Vec<ComponentId>>,
    /// Whether everything is to be evaluated, with identification.
    pub(super) identify: bool,
}

impl Lowered {
    fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), select: None, identify: false }
    }

    fn selecting(label: impl Into<String>, ids: Vec<ComponentId>) -> Self {
        Self { select: Some(ids), ..Self::new(label) }
    }
}

/// A command on its way to become edits.
pub(super) struct Lowering<'a, 'd> {
    pub(super) tx: &'a mut Transaction<'d>,
    pub(super) registry: &'a Registry,
    pub(super) selection: &'a Selection,
}

impl Lowering<'_, '_> {
    /// Applies the edits of `command`.
    pub(super) fn lower(&mut self, command: EditCommand) -> Result<Lowered, EditError> {
        match command {
            EditCommand::AddComponent { kind, destination, seed } => self.add(&kind, destination, seed),
            EditCommand::SetField { id, path, value } => self.set_field(id, path, value),
            EditCommand::UnsetField { id, path } => self.unset_field(id, path),
            EditCommand::RenameKey { id, path, key } => self.rename_key(id, &path, key),
            EditCommand::ReplaceConfiguration { id, configuration } => {
                self.replace_configuration(id, &configuration)
            }
            EditCommand::Rename { id, name } => self.rename(id, &name),
            EditCommand::Move { moves } => self.move_cards(&moves),
            EditCommand::Place { ids, destination } => self.place(&ids, destination),
            EditCommand::ReorderPlugin(reorder) => self.reorder_plugin(&reorder),
            EditCommand::Delete { ids, keep_filters } => self.delete(&ids, keep_filters),
            EditCommand::Duplicate { ids, seed } => self.duplicate(&ids, seed),
            EditCommand::Paste { fragment, identify, position, seed } => {
                self.paste(&fragment, identify, position, seed)
            }
            EditCommand::ApplyFix { fix } => self.apply_fix(fix),
            EditCommand::SetReferenceOnly { id, reference_only } => {
                self.set_reference_only(id, reference_only)
            }
            EditCommand::MakeFilterFromPatch { envoy_filter, entry, seed } => {
                self.make_filter_from_patch(envoy_filter, entry, seed)
            }
            EditCommand::MakeParent { child, kind, seed } => self.make_parent(child, &kind, seed),
            EditCommand::RenameDesign { name } => self.rename_design(&name),
            EditCommand::SetIstioVersion { version } => self.set_istio_version(version),
            EditCommand::EvaluateNow => Ok(Lowered { identify: true, ..Lowered::new("Evaluate now") }),
        }
    }

    fn component(&self, id: ComponentId) -> Result<&Component, EditError> {
        self.tx.design().component(id).ok_or(EditError::NoComponent(id))
    }

    /// A component of a known kind; its `displayName` is its name.
    fn new_component(
        &self,
        definition: &ComponentDefinition,
        id: ComponentId,
        name: &str,
        position: Option<Position>,
        configuration: Map,
    ) -> Component {
        let component = new_component(NewComponent {
            id,
            kind: &definition.kind,
            definition: Some(definition),
            display_name: name,
            configuration,
            position,
            schema_version: component_schema_of(self.tx.design()),
        });
        // A new namespace is an object, not a reference to one that is there already.
        as_object(component)
    }

    fn name(&self, id: ComponentId) -> Result<String, EditError> {
        self.component(id)?;
        Ok(self.tx.design().name_of(id))
    }
}

/// The `schemaVersion` of the components of this design.
fn component_schema_of(design: &Design) -> &'static str {
    component_schema(design.head().text_at(&["schemaVersion"]).unwrap_or_default().trim())
}

/// "edge-auth", or "3 components".
fn in_words(names: &[String]) -> String {
    match names {
        [one] => one.clone(),
        many => format!("{} components", many.len()),
    }
}
