//! The module fields of a wallet with filters: whoever edits one there edits the filter (`policy.md`, step 4).
//!
//! [`redirect`] knows what belongs to a filter; here changes are put so that it can be asked.

use crate::model::{
    Component, ComponentId, ComponentKind, Design, Edit, FieldPath, Map, Segment, Target, Value,
};
use crate::wallet::{ModuleField, entry, redirect};

use super::diff::{FieldChange, diff};

const CONFIGURATION: &str = "configuration";
const SPEC: &str = "spec";

/// The edits that a field change means: those of a field of `filter`, or the change itself.
pub(super) fn edits(
    design: &Design,
    id: ComponentId,
    filter: Option<ComponentId>,
    change: FieldChange,
) -> Vec<Edit> {
    let value = match &change {
        FieldChange::Set { value, .. } => Some(value),
        FieldChange::Unset { .. } => None,
        // Only values as a whole are redirected, and those are compared as a whole.
        FieldChange::Insert { .. } => return vec![edit(id, change)],
    };
    redirect(design, id, filter, change.path(), value).unwrap_or_else(|| vec![edit(id, change)])
}

/// The change of the component's own field.
pub(super) fn edit(id: ComponentId, change: FieldChange) -> Edit {
    let target = Target::Component(id);
    match change {
        FieldChange::Set { path, value, place } => Edit::SetField { target, path, value: Some(value), place },
        FieldChange::Unset { path } => Edit::unset(id, path),
        FieldChange::Insert { path, value } => Edit::InsertItem { target, path, value },
    }
}

/// Tells whether something goes or comes in which module fields of a plugin stand.
pub(super) fn holds_module_fields(change: &FieldChange) -> bool {
    [&[CONFIGURATION][..], &[CONFIGURATION, SPEC]].into_iter().any(|keys| change.path().is_keys(keys))
}

/// What a new configuration says of a plugin that `filter` gives its module fields: the edits of the filter, and those of
/// what is the plugin's own.
pub(super) fn split(design: &Design, plugin: &Component, filter: ComponentId, new: &Value) -> Vec<Edit> {
    let mut edits = Vec::new();
    for field in ModuleField::ALL {
        let path = field.plugin_path();
        let said = new.get(&path[1..]);
        // Moved among its neighbours, or written otherwise: the filter's text says the same.
        let is_same = match (plugin.get(&path), said) {
            (Some(shown), Some(said)) => shown.equivalent(said),
            (shown, said) => shown.is_none() && said.is_none(),
        };
        if !is_same {
            edits.extend(redirect(design, plugin.id(), Some(filter), &path, said).unwrap_or_default());
        }
    }
    let base = FieldPath::keys(&[CONFIGURATION]);
    let old = plugin.get(&base).unwrap_or(&Value::Null);
    let own = with_module_fields_of(old, new);
    edits.extend(diff(&base, old, &own).into_iter().map(|change| edit(plugin.id(), change)));
    edits
}

/// `new` with the module fields that `old` has, each where it stands in `old`: changing those is for the policy.
fn with_module_fields_of(old: &Value, new: &Value) -> Value {
    let mut own = new.clone();
    let old_spec = old.at(&[SPEC]);
    let Some(configuration) = own.as_map_mut() else { return own };
    let Some(spec) = configuration.get_mut(SPEC).and_then(Value::as_map_mut) else { return own };
    let said = ModuleField::ALL.into_iter().filter(|field| spec.remove(field.plugin_key()).is_some()).count();
    let empty = Map::new();
    let old_map = old_spec.and_then(Value::as_map).unwrap_or(&empty);
    let is_given = |key: &str| ModuleField::ALL.into_iter().any(|field| field.plugin_key() == key);
    for (place, (key, value)) in old_map.iter().enumerate().filter(|(_, (key, _))| is_given(key)) {
        // Behind the last of those that stand before it now.
        let before = (0..place).rev().find_map(|at| spec.place_of(old_map.entry_at(at)?.0));
        spec.insert_at(before.map_or(0, |before| before + 1), key, value.clone());
    }
    // Nothing of it is the plugin's own: whoever gives the fields makes it.
    if said > 0 && spec.is_empty() && old_spec.is_none() {
        configuration.remove(SPEC);
    }
    own
}

/// Puts changes below a value of an EnvoyFilter that a filter gives together as one change of that value: the filter holds
/// it in a notation of its own, so that its parts cannot be changed one by one. `new` is the new configuration.
pub(super) fn whole_values(
    design: &Design,
    component: &Component,
    changes: Vec<FieldChange>,
    new: &Value,
) -> Vec<FieldChange> {
    let mut done: Vec<FieldPath> = Vec::new();
    let mut put = Vec::with_capacity(changes.len());
    for change in changes {
        let given = given_value(component, change.path());
        let Some(given) = given.filter(|path| redirect(design, component.id(), None, path, None).is_some())
        else {
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

/// The path of the value in which `path` lies and which a filter would give as a whole.
fn given_value(component: &Component, path: &FieldPath) -> Option<FieldPath> {
    if !component.is(&ComponentKind::ENVOY_FILTER) {
        return None;
    }
    let index = match path.strip_keys(&entry::LIST)?.first()? {
        Segment::Index(index) => *index,
        Segment::Key(_) => return None,
    };
    let item = FieldPath::keys(&entry::LIST).child(index);
    let whole = [&entry::CONFIG_VALUE[..], &entry::ROOT_ID, &entry::FILENAME, &entry::NAME];
    let begins_with = |whole: &FieldPath| path.len() >= whole.len() && path[..whole.len()] == whole[..];
    whole.into_iter().map(|keys| item.join(&FieldPath::keys(keys))).find(begins_with)
}
