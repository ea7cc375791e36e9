//! Entries of an EnvoyFilter that are renamed by hand: the relationship that owns the entry follows.
//!
//! A wallet relationship to an EnvoyFilter names its entry of `spec.configPatches` in `metadata.billfold.patch`; changing
//! the entry's name in the form or the YAML changes it there in the same step (`policy.md`, EnvoyFilter wallet).

use crate::model::view::EnvoyFilterView;
use crate::model::{ComponentId, Design, Edit, EditError, FieldPath, Target, Transaction};

use super::diff::FieldChange;

const ENTRIES: [&str; 3] = ["configuration", "spec", "configPatches"];

/// The names of the entries before a change; empty when the change does not come near them.
pub(super) fn before(design: &Design, id: ComponentId, changes: &[FieldChange]) -> Vec<Option<String>> {
    let comes_near = changes.iter().any(|change| {
        let depth = change.path().len().min(ENTRIES.len());
        change.path().starts_with_keys(&ENTRIES[..depth])
    });
    if comes_near { names(design, id) } else { Vec::new() }
}

fn names(design: &Design, id: ComponentId) -> Vec<Option<String>> {
    let view = design.component(id).and_then(EnvoyFilterView::cast);
    view.map(|view| view.entries().map(|entry| entry.name().map(str::to_owned)).collect()).unwrap_or_default()
}

/// Lets the relationships follow the entries that have another name than `before`.
pub(super) fn follow(
    tx: &mut Transaction<'_>,
    id: ComponentId,
    before: &[Option<String>],
) -> Result<(), EditError> {
    if before.is_empty() {
        return Ok(());
    }
    let after = names(tx.design(), id);
    if after.len() != before.len() {
        return Ok(()); // Entries came or went: what is left of a name is found by it.
    }
    let mut edits = Vec::new();
    for (old, new) in before.iter().zip(&after) {
        let (Some(old), Some(new)) = (old, new) else { continue };
        if old == new || after.iter().flatten().any(|name| name == old) {
            continue;
        }
        for link in tx.design().chain(id) {
            let relationship = tx.design().relationship(link.relationship);
            let patch = relationship.and_then(|it| it.billfold("patch")?.as_text());
            if patch == Some(old.as_str()) {
                edits.push(Edit::SetField {
                    target: Target::Relationship(link.relationship),
                    path: FieldPath::keys(&["metadata", "billfold", "patch"]),
                    value: Some(new.as_str().into()),
                    place: None,
                });
            }
        }
    }
    edits.into_iter().try_for_each(|edit| tx.apply(edit))
}
