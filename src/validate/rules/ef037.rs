//! EF037: an EnvoyFilter that does nothing but what a WasmPlugin with a `file://` URL does, too.

use std::collections::HashMap;

use super::rule::Rule;
use crate::istio::Feature;
use crate::istio::envoy_filter::{ApplyTo, ConfigPatch, Operation, ROUTER, WasmEntry, type_name};
use crate::model::{Diagnostic, FieldPath, Map, Value};
use crate::validate::envoy_reach::patching;
use crate::validate::{Context, place_at};
use crate::yaml::{self, Format};

pub(super) const RULE: Rule = Rule::of_design(&["EF037"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let all = patching(context);
    let mut users: HashMap<&str, usize> = HashMap::new();
    for wasm in all.iter().flat_map(|it| it.filter.wasm()) {
        if let Some(id) = wasm.vm().field("vm_id").text() {
            *users.entry(id).or_default() += 1;
        }
    }
    for it in &all {
        let files: Option<Vec<&str>> =
            it.filter.patches().map(|patch| file_of_plugin(patch, &users)).collect();
        let Some(files) = files.filter(|files| !files.is_empty()) else { continue };
        let is_newer = context.mesh.version.has(Feature::TrafficExtension);
        let kind = if is_newer { "WasmPlugin or TrafficExtension" } else { "WasmPlugin" };
        let rest = match files.len() {
            1 => String::new(),
            many => format!(", and one for each of the other {}", many - 1),
        };
        let message = format!(
            "can be a {kind} with url file://{}{rest}: it uses the same mount, has a phase and is checked by Istio",
            files[0]
        );
        let location = place_at(it.resource, &FieldPath::keys(&["spec", "configPatches"]));
        found.push(Diagnostic::new("EF037", location, message));
    }
}

/// The module's file, if a plugin could stand in for this patch.
fn file_of_plugin<'a>(patch: ConfigPatch<'a>, users: &HashMap<&str, usize>) -> Option<&'a str> {
    let wasm = patch.wasm()?;
    let is_placed_so = match patch.operation()? {
        Operation::InsertFirst => true,
        Operation::InsertBefore => {
            patch.apply_to() == Some(ApplyTo::NetworkFilter) || patch.sub_filter_name() == Some(ROUTER)
        }
        _ => false,
    };
    let is_private = wasm.vm().field("vm_id").text().is_none_or(|id| users.get(id) == Some(&1));
    let is_sound = is_placed_so && is_matched_so(patch) && is_private && has_plain_settings(&wasm);
    wasm.filename().text().filter(|file| is_sound && file.starts_with('/'))
}

/// A plugin matches ports and directions, and nothing else.
fn is_matched_so(patch: ConfigPatch<'_>) -> bool {
    let only = |keys: &[&str], known: &[&str]| {
        let map = patch.get(keys).and_then(Value::as_map);
        map.into_iter().flat_map(Map::keys).all(|key| known.contains(&key))
    };
    only(&["match"], &["context", "listener"])
        && only(&["match", "listener"], &["portNumber", "filterChain"])
        && only(&["match", "listener", "filterChain"], &["filter"])
}

fn has_plain_settings(wasm: &WasmEntry<'_>) -> bool {
    let is_set = |name| wasm.config.field(name).is_set();
    let vm = wasm.vm();
    let runtime = vm.field("runtime").text();
    !is_set("capability_restriction_config")
        && !is_set("reload_config")
        && !is_set("allow_on_headers_stop_iteration")
        && !vm.field("configuration").is_set()
        && !vm.field("nack_on_code_cache_miss").is_set()
        && vm.field("allow_precompiled").truth() != Some(true)
        && runtime.is_none_or(|runtime| runtime == "envoy.wasm.runtime.v8")
        && is_mapping(wasm)
}

/// A plugin's configuration is a mapping, which the module gets as JSON.
fn is_mapping(wasm: &WasmEntry<'_>) -> bool {
    let configuration = wasm.config.field("configuration");
    let Some(wrapper) = configuration.value() else { return true };
    let value = configuration.field("value");
    match wrapper.text_at(&["@type"]).map(type_name) {
        Some("google.protobuf.Struct") => true,
        Some("google.protobuf.StringValue") => value.text().is_none_or(|text| {
            let parsed = yaml::parse(text).ok().filter(|parsed| parsed.format == Format::Json);
            let document = parsed.filter(|it| it.documents.len() == 1).and_then(yaml::Parsed::into_first);
            document.is_some_and(|document| document.value.as_map().is_some())
        }),
        _ => false,
    }
}
