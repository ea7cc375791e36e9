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

/// The filter that whoever edits the module fields of `plugin` edits: their owner, or with no owner the first of the
/// chain. Asked once for each command, since another may be the owner behind the first of its edits.
pub fn edited_filter(design: &Design, plugin: ComponentId) -> Option<ComponentId> {
    if !design.component(plugin)?.is(&ComponentKind::WASM_PLUGIN) {
        return None;
    }
    module_group::owner(design, plugin).or_else(|| design.chain(plugin).first().map(|link| link.from))
}

/// What an edit of `path` in the wallet `plugin` really edits: the field of `filter`, which is its [`edited_filter`].
/// `value: None` removes. `None` when the edit is about something of the wallet's own.
///
/// In an EnvoyFilter each filter gives three fields of its own entry; and the name of an entry stands in the
/// relationship too, so that both change together.
pub fn redirect(
    design: &Design,
    plugin: ComponentId,
    filter: Option<ComponentId>,
    path: &FieldPath,
    value: Option<&Value>,
) -> Option<Vec<Edit>> {
    let component = design.component(plugin)?;
    if component.is(&ComponentKind::ENVOY_FILTER) {
        return redirect_entry(design, component, path, value);
    }
    let filter = design.component(filter?)?;
    let (field, rest) = module_field(path)?;
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
    if ends_with_break { Value::from(format!("{text}\n")) } else { Value::from(text) }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Component;
    use crate::wallet::relationship;

    fn value(text: &str) -> Value {
        yaml::parse(text).unwrap().into_first().unwrap().value
    }

    fn id(name: &str) -> ComponentId {
        ComponentId::from_name(name)
    }

    /// A wallet `p` of `kind` with the filters f and g in it.
    fn design(kind: &ComponentKind, wallet: &str, f: &str, g: &str) -> Design {
        let mut design = Design::default();
        let filter = ComponentKind::WASM_FILTER;
        for (name, kind, text) in [("p", kind, wallet), ("f", &filter, f), ("g", &filter, g)] {
            let tree = Value::from([
                (
                    "component",
                    Value::from([
                        ("kind", kind.kind.as_ref().into()),
                        ("version", kind.api_version().as_ref().into()),
                    ]),
                ),
                ("configuration", value(text)),
            ]);
            let component = Component::from_tree(id(name), tree).into();
            design.apply(Edit::AddComponent { index: None, component }).unwrap();
        }
        for name in ["f", "g"] {
            let relationship = relationship::wallet(&design, id(name), id("p")).unwrap();
            let mut tree = relationship.tree().clone();
            let record = Value::from([("billfold", Value::from([("patch", format!("p.{name}").into())]))]);
            tree.as_map_mut().unwrap().insert("metadata", record);
            let relationship = crate::model::Relationship::from_tree(relationship.id(), tree).into();
            design.apply(Edit::AddRelationship { index: None, relationship }).unwrap();
        }
        design
    }

    /// What an edit of `pointer` in p does: the fields of both filters behind it, or "own".
    fn edited(design: &Design, pointer: &str, text: Option<&str>) -> String {
        let mut design = design.clone();
        let tree = design.component(id("p")).unwrap().tree().clone();
        let path = FieldPath::from_pointer(pointer, &tree);
        let Some(edits) =
            redirect(&design, id("p"), edited_filter(&design, id("p")), &path, text.map(value).as_ref())
        else {
            return "own".to_owned();
        };
        for edit in edits {
            design.apply(edit).unwrap();
        }
        assert_eq!(design.component(id("p")).unwrap().tree(), &tree, "nothing happens to the plugin itself");
        ["f", "g"]
            .map(|name| {
                let configuration =
                    design.component(id(name)).unwrap().tree().at(&["configuration"]).unwrap();
                yaml::emit_json_compact(configuration).replace('"', "")
            })
            .join(" ")
    }

    #[test]
    fn the_owners_field_is_edited_in_the_notation_that_it_has() {
        let plugin = ComponentKind::WASM_PLUGIN;
        let json = design(&plugin, "{}", "{}", "{wasm-filter: b, config: \"{\\n  \\\"x\\\": 1\\n}\"}");
        for (pointer, text, expected) in [
            ("/configuration/spec/url", Some("c"), "{} {wasm-filter:c,config:{\\n  \\x\\: 1\\n}}"),
            ("/configuration/spec/url", None, "{} {config:{\\n  \\x\\: 1\\n}}"),
            (
                "/configuration/spec/sha256",
                Some("ab"),
                "{} {wasm-filter:b,config:{\\n  \\x\\: 1\\n},sha256:ab}",
            ),
            ("/configuration/spec/pluginName", None, "{} {wasm-filter:b,config:{\\n  \\x\\: 1\\n}}"),
            (
                "/configuration/spec/pluginConfig",
                Some("{y: 1}"),
                "{} {wasm-filter:b,config:{\\n  \\y\\: 1\\n}}",
            ),
            ("/configuration/spec/pluginConfig", None, "{} {wasm-filter:b}"),
            (
                "/configuration/spec/pluginConfig/y/z",
                Some("[1]"),
                "{} {wasm-filter:b,config:{\\n  \\x\\: 1,\\n  \\y\\: {\\n    \\z\\: [\\n      1\\n    ]\\n  }\\n}}",
            ),
            ("/configuration/spec/pluginConfig/x", None, "{} {wasm-filter:b,config:{}}"),
            ("/configuration/spec/phase", Some("AUTHN"), "own"),
            ("/configuration/spec", None, "own"),
            ("/displayName", Some("x"), "own"),
        ] {
            assert_eq!(edited(&json, pointer, text), expected, "{pointer} {text:?}");
        }
        let compact = design(&plugin, "{}", "{wasmFilter: a, config: '{\"x\":1}'}", "{}");
        assert_eq!(
            edited(&compact, "/configuration/spec/pluginConfig/x", Some("2")),
            "{wasmFilter:a,config:{\\x\\:2}} {}"
        );
        let block = design(&plugin, "{}", "{wasmFilter: a, config: \"x: 1\\n\"}", "{}");
        assert_eq!(
            edited(&block, "/configuration/spec/pluginConfig/k", Some("z")),
            "{wasmFilter:a,config:x: 1\\nk: z\\n} {}"
        );
        let mapping = design(&plugin, "{}", "{wasmFilter: a, config: {x: {y: 1}}}", "{}");
        assert_eq!(
            edited(&mapping, "/configuration/spec/pluginConfig/x/y", Some("2")),
            "{wasmFilter:a,config:{x:{y:2}}} {}"
        );
        let none = design(&plugin, "{}", "{wasmFilter: a}", "{}");
        assert_eq!(
            edited(&none, "/configuration/spec/pluginConfig/x", Some("1")),
            "{wasmFilter:a,config:{\\n  \\x\\: 1\\n}} {}"
        );
    }

    #[test]
    fn with_no_owner_it_is_the_first_filter() {
        let broken = design(
            &ComponentKind::WASM_PLUGIN,
            "{spec: {pluginConfig: {shown: 1}}}",
            "{wasmFilter: a, config: 'not: [closed'}",
            "{}",
        );
        assert_eq!(
            edited(&broken, "/configuration/spec/url", Some("c")),
            "{wasmFilter:c,config:not: [closed} {}"
        );
        assert_eq!(
            edited(&broken, "/configuration/spec/pluginConfig/x", Some("2")),
            "{wasmFilter:a,config:{\\n  \\shown\\: 1,\\n  \\x\\: 2\\n}} {}",
            "what the plugin shows is what is edited"
        );
    }

    #[test]
    fn a_plugin_without_filters_edits_itself() {
        let mut alone = design(&ComponentKind::WASM_PLUGIN, "{}", "{}", "{}");
        for relationship in alone.relationships().map(crate::model::Relationship::id).collect::<Vec<_>>() {
            alone.apply(Edit::RemoveRelationship { id: relationship }).unwrap();
        }
        assert_eq!(edited(&alone, "/configuration/spec/url", Some("c")), "own");
    }

    #[test]
    fn the_fields_of_an_entry_are_those_of_its_filter() {
        let entries = "{spec: {configPatches: [
            {patch: {operation: MERGE, value: {name: mine}}},
            {patch: {operation: X, value: {name: p.g, typed_config: {config: {root_id: r, configuration: {value: 'x: 1'}, vm_config: {code: {local: {filename: /a}}}}}}}}]}}";
        let design = design(
            &ComponentKind::ENVOY_FILTER,
            entries,
            "{}",
            "{wasmFilter: 'file:///a', config: 'x: 1', pluginName: r}",
        );
        let config = "/configuration/spec/configPatches/1/patch/value/typed_config/config";
        for (pointer, text, expected) in [
            ("root_id", Some("s"), "{} {wasmFilter:file:///a,config:x: 1,pluginName:s}"),
            ("root_id", None, "{} {wasmFilter:file:///a,config:x: 1}"),
            ("configuration/value", Some("'y: 1'"), "{} {wasmFilter:file:///a,config:y: 1,pluginName:r}"),
            (
                "vm_config/code/local/filename",
                Some("/b"),
                "{} {wasmFilter:file:///b,config:x: 1,pluginName:r}",
            ),
            ("vm_config/runtime", Some("x"), "own"),
        ] {
            assert_eq!(edited(&design, &format!("{config}/{pointer}"), text), expected, "{pointer}");
        }
        assert_eq!(edited(&design, "/configuration/spec/configPatches/0/patch/value/name", Some("x")), "own");
        let name = FieldPath::keys(&entry::LIST).child(1).join(&FieldPath::keys(&entry::NAME));
        let edits = redirect(&design, id("p"), None, &name, Some(&"new".into())).unwrap();
        assert_eq!(edits.len(), 2, "the entry and its relationship get the new name together");
        let mut renamed = design.clone();
        for edit in edits {
            renamed.apply(edit).unwrap();
        }
        let link = renamed.wallet_of(id("g")).unwrap();
        assert_eq!(
            entry::patch_name(renamed.relationship(link.relationship).unwrap(), link.pair),
            Some("new")
        );
    }
}
