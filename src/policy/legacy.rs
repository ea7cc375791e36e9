//! References that other programs spell otherwise (DS008): they are read as ours, and the file keeps its own text.

use super::engine::Engine;
use super::units::Claim;
use crate::model::{Component, Diagnostic, FieldPath, Location, Value};
use crate::registry::Registry;

impl Engine<'_, '_> {
    /// Names the legacy references of a wallet relationship, once for each relationship.
    pub(super) fn report_legacy(&mut self, claim: &Claim<'_>) {
        let design = self.tx.design();
        let Some(relationship) = design.relationship(claim.id.relationship) else { return };
        let Some(pair) = relationship.pairs().get(claim.id.pair) else { return };
        let mut found = Vec::new();
        for (side, item, key, id) in
            [("from", pair.from_item, "mutatorRef", claim.from), ("to", pair.to_item, "mutatedRef", claim.to)]
        {
            let refs = relationship.selector_item(pair.set, side, item).and_then(|it| it.at(&["patch", key]));
            let Some(component) = design.component(id) else { continue };
            for reference in refs.and_then(Value::as_list).unwrap_or_default() {
                if let Some((legacy, canonical)) = legacy(self.registry(), component, reference) {
                    found.push(format!("{legacy} as {canonical}"));
                }
            }
        }
        if !found.is_empty() {
            let message = format!(
                "this relationship has references of Meshery's older wallet definition; it is read with {}",
                found.join(", and ")
            );
            let location = Location::relationship(claim.id.relationship, FieldPath::keys(&["selectors"]));
            self.diagnostics.push(Diagnostic::new("DS008", location, message));
        }
    }
}

/// The reference and how it is read, when these differ.
fn legacy(registry: &Registry, component: &Component, reference: &Value) -> Option<(FieldPath, FieldPath)> {
    let keys = reference.as_list()?;
    // Nearly all references begin with a key that the schema knows: those are ours.
    let definition = registry.component(component.kind())?;
    let second = keys.get(1)?.as_text()?;
    if definition.schema.properties.contains_key(second) {
        return None;
    }
    let path: Vec<&str> = keys.iter().map(Value::as_text).collect::<Option<_>>()?;
    let path = FieldPath::keys(&path);
    let canonical = definition.canonical(&path).into_owned();
    (canonical != path).then_some((path, canonical))
}
