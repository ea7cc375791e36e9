//! WP085: a field or value that the target version of Istio does not have yet.
//!
//! An API server of that version drops the field in silence, or refuses the value.

use super::rule::Rule;
use crate::istio::{Feature, Plugin, PluginKind};
use crate::model::{ComponentKind, Diagnostic, FieldPath, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP085"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let mut needs = |feature: Feature, path: FieldPath, what: &str| {
        if resource.mesh.version.has(feature) {
            return;
        }
        let message =
            format!("{what} needs Istio ≥ {}; the target is {}", feature.since(), resource.mesh.version);
        found.push(Diagnostic::new("WP085", resource.at_path(&path), message));
    };
    if let Some(plugin) = resource.plugin() {
        plugin_fields(plugin, &mut needs);
    } else if resource.is(&ComponentKind::ENVOY_FILTER) {
        envoy_filter_fields(resource, &mut needs);
    }
}

fn plugin_fields(plugin: Plugin<'_>, needs: &mut impl FnMut(Feature, FieldPath, &str)) {
    if plugin.kind == PluginKind::TrafficExtension {
        // The fields came before the kind.
        return needs(Feature::TrafficExtension, FieldPath::keys(&["kind"]), "TrafficExtension");
    }
    for (field, feature) in [
        ("match", Feature::Match),
        ("failStrategy", Feature::FailStrategy),
        ("targetRef", Feature::TargetRef),
        ("targetRefs", Feature::TargetRefs),
    ] {
        if plugin.spec().get(field).is_some_and(|value| !value.is_null()) {
            needs(feature, FieldPath::keys(&["spec", field]), field);
        }
    }
    if plugin.module_text("failStrategy") == Some("FAIL_RELOAD") {
        needs(Feature::FailReload, plugin.module_path("failStrategy"), "FAIL_RELOAD");
    }
    if plugin.is_network() {
        needs(Feature::NetworkType, plugin.module_path("type"), "type NETWORK");
    }
}

fn envoy_filter_fields(resource: &Resource<'_>, needs: &mut impl FnMut(Feature, FieldPath, &str)) {
    if resource.get(&["spec", "targetRefs"]).is_some() {
        needs(Feature::TargetRefs, FieldPath::keys(&["spec", "targetRefs"]), "targetRefs of an EnvoyFilter");
    }
    let patches = resource.get(&["spec", "configPatches"]).and_then(Value::as_list).unwrap_or_default();
    for (index, patch) in patches.iter().enumerate() {
        let at = |keys: &[&str]| {
            let path = FieldPath::keys(&["spec", "configPatches"]).child(index);
            path.join(&FieldPath::keys(keys))
        };
        if patch.text_at(&["match", "context"]) == Some("WAYPOINT") {
            needs(Feature::WaypointContext, at(&["match", "context"]), "context WAYPOINT");
        }
        if patch.text_at(&["patch", "operation"]) == Some("MERGE_AND_REPLACE_LIST") {
            needs(Feature::MergeAndReplaceList, at(&["patch", "operation"]), "MERGE_AND_REPLACE_LIST");
        }
    }
}
