//! Adding a component from the palette.

use crate::model::{ComponentId, ComponentKind, Edit, EditError, IdSeed};
use crate::policy::Candidate;

use super::super::command::Destination;
use super::names::TakenNames;
use super::{Lowered, Lowering};

impl Lowering<'_, '_> {
    /// Adds a component of a known kind, named with the lowest free number, and joins it to where it is put.
    pub(super) fn add(
        &mut self,
        kind: &ComponentKind,
        destination: Destination,
        seed: IdSeed,
    ) -> Result<Lowered, EditError> {
        let Some(definition) = self.registry.component(kind) else {
            return Err(EditError::Refused(format!("{kind} is a kind that this program does not know")));
        };
        let parent = match destination {
            Destination::Canvas(_) => None,
            Destination::Wallet { wallet: parent, .. } | Destination::Frame { namespace: parent, .. } => {
                Some(parent)
            }
        };
        if let Some(parent) = parent {
            self.check(Candidate::New(kind), parent)?;
        }
        let id = seed.component(0);
        let name = TakenNames::of_kind(self.tx.design(), kind).numbered(self.tx.design(), &kind.kebab_case());
        let position = match destination {
            Destination::Canvas(position) | Destination::Frame { position, .. } => position,
            Destination::Wallet { .. } => None,
        };
        let component =
            self.new_component(definition, id, &name, position, definition.new_configuration(&name));
        self.tx.apply(Edit::AddComponent { index: None, component: component.into() })?;
        let label = self.added_label(kind, &name, parent)?;
        match destination {
            Destination::Canvas(_) => {}
            Destination::Wallet { wallet, place } => self.place_in_wallet(&[id], wallet, place)?,
            Destination::Frame { namespace, .. } => self.join_frame(id, namespace)?,
        }
        Ok(Lowered::selecting(label, vec![id]))
    }

    fn added_label(
        &self,
        kind: &ComponentKind,
        name: &str,
        parent: Option<ComponentId>,
    ) -> Result<String, EditError> {
        let filter = if kind.same_kind(&ComponentKind::WASM_FILTER) { "filter " } else { "" };
        Ok(match parent {
            Some(parent) => format!("Add {filter}{name} to {}", self.name(parent)?),
            None => format!("Add {filter}{name}"),
        })
    }
}
