//! The module fields of a wallet with filters: whoever edits one there edits the filter (`policy.md`, step 4).
//!
//! [`redirect`] knows what belongs to a filter; here changes are put so that it can be asked.

use crate::model::{Component, ComponentId, ComponentKind, Design, Edit, FieldPath, Segment, Target, Value};
use crate::wallet::{ModuleField, entry, redirect};

use super::diff::FieldChange;

/// The edits that a field change means: those of a filter's field, or the change itself.
pub(super) fn edits(design: &Design, id: ComponentId, change: FieldChange) -> Vec<Edit> {
    let target = Target::Component(id);
    match change {
        FieldChange::Set { path, value, place } => redirect(design, id, &path, Some(&value))
            .unwrap_or_else(|| vec![Edit::SetField { target, path, value: Some(value), place }]),
        FieldChange::Unset { path } => {
            redirect(design, id, &path, None).unwrap_or_else(|| vec![Edit::unset(id, path)])
        }
        // Only values as a whole are redirected, and those are compared as a whole.
        FieldChange::Insert { path, value } => vec![Edit::InsertItem { target, path, value }],
    }
}

/// Puts changes below a value that a filter gives together as one change of that value: the filter holds it in a notation
/// of its own, so that its parts cannot be changed one by one. `new` is the component's new configuration.
pub(super) fn whole_values(
    design: &Design,
    component: &Component,
    changes: Vec<FieldChange>,
    new: &Value,
) -> Vec<FieldChange> {
    let mut done: Vec<FieldPath> = Vec::new();
    let mut put = Vec::with_capacity(changes.len());
    for change in changes {
        put.extend(taken_away(design, component, &change, new));
        let given = given_value(component, change.path());
        let Some(given) = given.filter(|path| redirect(design, component.id(), path, None).is_some()) else {
            put.push(change);
            continue;
        };
        if done.contains(&given) {
            continue;
        }
        let value = new.get(&given[1..]);
        match (component.get(&given), value) {
            // Moved among its neighbours, or written otherwise: the filter's text says the same.
            (Some(old), Some(new)) if old.equivalent(new) => {}
            (None, None) => {}
            (_, Some(value)) => {
                put.push(FieldChange::Set { path: given.clone(), value: value.clone(), place: None });
            }
            (Some(_), None) => put.push(FieldChange::Unset { path: given.clone() }),
        }
        done.push(given);
    }
    put
}

/// Where a whole mapping goes, the values in it go that a filter gives: from the filter.
fn taken_away(design: &Design, component: &Component, change: &FieldChange, new: &Value) -> Vec<FieldChange> {
    let is_in = |path: &FieldPath| {
        path.len() > change.path().len() && path[..change.path().len()] == change.path()[..]
    };
    if !component.is(&ComponentKind::WASM_PLUGIN) {
        return Vec::new();
    }
    ModuleField::ALL
        .into_iter()
        .map(ModuleField::plugin_path)
        .filter(is_in)
        .filter(|path| component.get(path).is_some() && new.get(&path[1..]).is_none())
        .filter(|path| redirect(design, component.id(), path, None).is_some())
        .map(|path| FieldChange::Unset { path })
        .collect()
}

/// The path of the value in which `path` lies and which a filter would give as a whole.
fn given_value(component: &Component, path: &FieldPath) -> Option<FieldPath> {
    let begins_with = |whole: &FieldPath| path.len() >= whole.len() && path[..whole.len()] == whole[..];
    if component.is(&ComponentKind::WASM_PLUGIN) {
        return ModuleField::ALL.into_iter().map(ModuleField::plugin_path).find(begins_with);
    }
    if !component.is(&ComponentKind::ENVOY_FILTER) {
        return None;
    }
    let index = match path.strip_keys(&entry::LIST)?.first()? {
        Segment::Index(index) => *index,
        Segment::Key(_) => return None,
    };
    let item = FieldPath::keys(&entry::LIST).child(index);
    let whole = [&entry::CONFIG_VALUE[..], &entry::ROOT_ID, &entry::FILENAME, &entry::NAME];
    whole.into_iter().map(|keys| item.join(&FieldPath::keys(keys))).find(begins_with)
}
