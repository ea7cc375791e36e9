//! Edits of what a plugin shows but a filter gives.
//!
//! While a wallet has a filter, the module fields belong to that filter (`policy.md`, step 4): setting, changing or
//! deleting one in the plugin does the same to the filter's field, in the notation that the filter's text has.

use crate::model::{
    Component, ComponentId, ComponentKind, Design, Edit, FieldPath, Link, Map, Segment, Target, Value,
};
use crate::yaml::{self, Format};

use super::entry;
use super::module_group::{self, ModuleField, read_mapping};

/// What an edit of `path` in the wallet `plugin` really edits: the owner's field, or with no owner that of the first
/// filter. `value: None` removes. `None` when the edit is about something of the wallet's own.
///
/// In an EnvoyFilter each filter gives three fields of its own entry; and the name of an entry stands in the
/// relationship too, so that both change together.
pub fn redirect(
    design: &Design,
    plugin: ComponentId,
    path: &FieldPath,
    value: Option<&Value>,
) -> Option<Vec<Edit>> {
    let component = design.component(plugin)?;
    if component.is(&ComponentKind::ENVOY_FILTER) {
        return redirect_entry(design, component, path, value);
    }
    if !component.is(&ComponentKind::WASM_PLUGIN) {
        return None;
    }
    let (field, rest) = module_field(path)?;
    let first = || design.chain(plugin).first().map(|link| link.from);
    let filter = design.component(module_group::owner(design, plugin).or_else(first)?)?;
    if !rest.is_empty() {
        let shown = component.get(&field.plugin_path());
        return Some(edit_below_config(filter, rest, value, shown));
    }
    if field == ModuleField::Config {
        return Some(set_config(filter, value));
    }
    Some(set_or_unset(filter, field.filter_path(filter), value.cloned()))
}

/// The module field of a WasmPlugin that `path` leads to, and what lies below it.
fn module_field(path: &FieldPath) -> Option<(ModuleField, &[Segment])> {
    let (key, rest) = path.strip_keys(&["configuration", "spec"])?.split_first()?;
    let field = ModuleField::ALL.into_iter().find(|field| key.as_key() == Some(field.plugin_key()))?;
    // Below a text there is nothing to edit.
    (rest.is_empty() || field == ModuleField::Config).then_some((field, rest))
}

fn set_or_unset(filter: &Component, path: FieldPath, value: Option<Value>) -> Vec<Edit> {
    match (filter.get(&path), value) {
        (None, None) => Vec::new(),
        (Some(present), Some(value)) if present.identical(&value) => Vec::new(),
        (_, value) => {
            vec![Edit::SetField { target: Target::Component(filter.id()), path, value, place: None }]
        }
    }
}

/// Replaces the whole config: a mapping is written in the notation that the filter has.
fn set_config(filter: &Component, value: Option<&Value>) -> Vec<Edit> {
    let path = ModuleField::Config.filter_path(filter);
    let present = filter.get(&path);
    let value = match (value, present) {
        (Some(Value::Map(map)), Some(Value::Map(_))) => Some(Value::Map(map.clone())),
        (Some(Value::Map(map)), present) => Some(in_notation(map, present.and_then(Value::as_text))),
        (value, _) => value.cloned(),
    };
    set_or_unset(filter, path, value)
}

/// Edits one key below the config.
fn edit_below_config(
    filter: &Component,
    rest: &[Segment],
    value: Option<&Value>,
    shown: Option<&Value>,
) -> Vec<Edit> {
    let path = ModuleField::Config.filter_path(filter);
    let present = filter.get(&path);
    if present.is_some_and(|config| config.as_map().is_some()) {
        return set_or_unset(filter, path.join(rest), value.cloned());
    }
    // A text that cannot be read gives way to what the plugin shows in its place.
    let readable = present.map_or(Ok(None), read_mapping);
    let base = readable.or_else(|_unreadable| shown.map_or(Ok(None), read_mapping)).ok().flatten();
    let mut tree = Value::Map(base.map_or_else(Map::new, std::borrow::Cow::into_owned));
    if set_below(&mut tree, rest, value).is_none() {
        return Vec::new();
    }
    let map = tree.as_map().cloned().unwrap_or_default();
    set_or_unset(filter, path, Some(in_notation(&map, present.and_then(Value::as_text))))
}

/// Sets or removes `path` below `root`; `None` when something is in the way.
fn set_below(root: &mut Value, path: &[Segment], value: Option<&Value>) -> Option<()> {
    let (first, rest) = path.split_first()?;
    if !rest.is_empty() {
        let next = match (&mut *root, first) {
            (Value::Map(map), Segment::Key(key)) => {
                if map.get(key).is_none_or(Value::is_null) {
                    value?;
                    map.insert(key.as_str(), empty_for(rest));
                }
                map.get_mut(key)
            }
            (Value::List(items), Segment::Index(index)) => items.get_mut(*index),
            _ => None,
        };
        return set_below(next?, rest, value);
    }
    match (root, first, value) {
        (Value::Map(map), Segment::Key(key), Some(value)) => {
            map.insert(key.as_str(), value.clone());
        }
        (Value::Map(map), Segment::Key(key), None) => {
            map.remove(key);
        }
        (Value::List(items), Segment::Index(index), Some(value)) if *index < items.len() => {
            items[*index] = value.clone();
        }
        (Value::List(items), Segment::Index(index), Some(value)) if *index == items.len() => {
            items.push(value.clone());
        }
        (Value::List(items), Segment::Index(index), None) if *index < items.len() => {
            items.remove(*index);
        }
        _ => return None,
    }
    Some(())
}

fn empty_for(rest: &[Segment]) -> Value {
    match rest.first() {
        Some(Segment::Index(_)) => Value::List(Vec::new()),
        _ => Value::Map(Map::new()),
    }
}

/// `map` as a text in the notation of `present`: YAML where that is YAML, else JSON with two spaces of indent; on one
/// line where that is on one.
pub fn in_notation(map: &Map, present: Option<&str>) -> Value {
    let tree = Value::Map(map.clone());
    let present = present.filter(|text| !text.trim().is_empty());
    let format = present.and_then(|text| yaml::parse(text).ok()).map(|parsed| parsed.format);
    let ends_with_break = present.is_some_and(|text| text.ends_with('\n'));
    let text = match (format, present) {
        (Some(Format::Yaml), Some(text)) if !text.trim_start().starts_with('{') => {
            yaml::emit(&tree, Format::Yaml)
        }
        (Some(_), Some(text)) if !text.trim_end().contains('\n') => yaml::emit_json_compact(&tree),
        _ => yaml::emit(&tree, Format::Json),
    };
    let text = text.trim_end_matches('\n');
    Value::Text(if ends_with_break { format!("{text}\n") } else { text.to_owned() })
}

fn redirect_entry(
    design: &Design,
    envoy_filter: &Component,
    path: &FieldPath,
    value: Option<&Value>,
) -> Option<Vec<Edit>> {
    let (index, rest) = path.strip_keys(&entry::LIST)?.split_first()?;
    let Segment::Index(index) = *index else { return None };
    let item = envoy_filter.get(&FieldPath::keys(&entry::LIST).child(index))?;
    let name = item.text_at(&entry::NAME)?;
    let link = owner_of_entry(design, envoy_filter.id(), name)?;
    let filter = design.component(link.from)?;
    let rest = FieldPath::from(rest);
    if rest.is_keys(&entry::NAME) {
        let new_name = value?.as_text().filter(|name| !name.trim().is_empty())?;
        let record = entry::patch_name_path(design.relationship(link.relationship)?, link.pair);
        let set = |target, path| Edit::SetField { target, path, value: Some(new_name.into()), place: None };
        return Some(vec![
            set(Target::Component(envoy_filter.id()), path.clone()),
            set(Target::Relationship(link.relationship), record),
        ]);
    }
    if rest.is_keys(&entry::ROOT_ID) {
        return Some(set_or_unset(filter, ModuleField::PluginName.filter_path(filter), value.cloned()));
    }
    if rest.is_keys(&entry::FILENAME) {
        let url = match value {
            Some(Value::Text(file)) if !file.trim().is_empty() => Some(Value::from(format!("file://{file}"))),
            other => other.cloned(),
        };
        return Some(set_or_unset(filter, ModuleField::Url.filter_path(filter), url));
    }
    if rest.is_keys(&entry::CONFIG_VALUE) {
        return Some(set_config(filter, value));
    }
    let below = rest.strip_keys(&entry::CONFIG_VALUE)?;
    let shown = item.at(&entry::CONFIG_VALUE);
    Some(edit_below_config(filter, below, value, shown))
}

/// The link of the filter that owns the entry called `name`.
fn owner_of_entry(design: &Design, envoy_filter: ComponentId, name: &str) -> Option<Link> {
    design.chain(envoy_filter).into_iter().find(|link| {
        design.relationship(link.relationship).and_then(|it| entry::patch_name(it, link.pair)) == Some(name)
    })
}
