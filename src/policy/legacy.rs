//! References that other programs spell otherwise (DS008): they are read as ours, and the file keeps its own text.

use super::engine::Engine;
use super::units::Claim;
use crate::model::relationship::Pair;
use crate::model::{Component, Diagnostic, FieldPath, Location, Relationship, Value};
use crate::registry::Registry;

impl Engine<'_, '_> {
    /// Names the legacy references of a wallet relationship.
    pub(super) fn report_legacy(&mut self, claim: &Claim<'_>) {
        if !claim.rule.is_legacy {
            return;
        }
        let design = self.tx.design();
        let id = claim.id.relationship;
        let (Some(relationship), Some(child), Some(parent)) =
            (design.relationship(id), design.component(claim.from), design.component(claim.to))
        else {
            return;
        };
        let Some(pair) = relationship.pairs().get(claim.id.pair) else { return };
        let found = legacy_references(self.registry(), relationship, pair, child, parent);
        let found: Vec<String> = found.iter().map(|(legacy, ours)| format!("{legacy} as {ours}")).collect();
        let message = format!(
            "this relationship has references of Meshery's older wallet definition; it is read with {}",
            found.join(", and ")
        );
        let location = Location::relationship(id, FieldPath::keys(&["selectors"]));
        self.diagnostics.push(Diagnostic::new("DS008", location, message));
    }
}

/// Tells whether a pair of a wallet has references in another spelling than ours.
pub(super) fn is_legacy(
    registry: &Registry,
    relationship: &Relationship,
    pair: &Pair,
    child: &Component,
    parent: &Component,
) -> bool {
    relationship.is_wallet() && !legacy_references(registry, relationship, pair, child, parent).is_empty()
}

/// Each reference with the way in which it is read.
fn legacy_references(
    registry: &Registry,
    relationship: &Relationship,
    pair: &Pair,
    child: &Component,
    parent: &Component,
) -> Vec<(FieldPath, FieldPath)> {
    let sides = [("from", pair.from_item, "mutatorRef", child), ("to", pair.to_item, "mutatedRef", parent)];
    let mut found = Vec::new();
    for (side, item, key, component) in sides {
        let refs = relationship.selector_item(pair.set, side, item).and_then(|it| it.at(&["patch", key]));
        let refs = refs.and_then(Value::as_list).unwrap_or_default();
        found.extend(refs.iter().filter_map(|reference| legacy(registry, component, reference)));
    }
    found
}

/// The reference and how it is read, when these differ.
fn legacy(registry: &Registry, component: &Component, reference: &Value) -> Option<(FieldPath, FieldPath)> {
    let keys: Vec<&str> = reference.as_list()?.iter().map(Value::as_text).collect::<Option<_>>()?;
    let path = FieldPath::keys(&keys);
    let canonical = registry.component(component.kind())?.canonical(&path).into_owned();
    (canonical != path).then_some((path, canonical))
}
