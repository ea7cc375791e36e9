//! WP091: an EnvoyFilter that matches the filter of a WasmPlugin by the name that it had before Istio 1.30.

use super::rule::Rule;
use crate::istio::Feature;
use crate::istio::envoy_filter::{FILTER_NAME, SUB_FILTER_NAME};
use crate::model::{Diagnostic, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP091"], check);

const OLD: &str = "extensions.istio.io/wasmplugin/";
const NEW: &str = "extensions.istio.io/trafficextension/";
/// What istiod appends to the name of a WasmPlugin that it translates.
const TRANSLATED: &str = "~istio-translated-wasmplugin";

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    if !resource.mesh.version.has(Feature::TrafficExtension) {
        return;
    }
    for patch in filter.patches() {
        let value_name = patch.value().field("name");
        let matched = [&FILTER_NAME[..], &SUB_FILTER_NAME].map(|keys| (patch.path(keys), patch.get(keys)));
        for (path, name) in matched.into_iter().chain([(value_name.path().clone(), value_name.value())]) {
            let Some(plugin) = name.and_then(Value::as_text).and_then(|name| name.strip_prefix(OLD)) else {
                continue;
            };
            let new = format!("{NEW}{plugin}{TRANSLATED}");
            let message = format!(
                "from Istio {} on the filter of this WasmPlugin is called {new}: the old name matches nothing",
                Feature::TrafficExtension.since()
            );
            let edit = resource.set(&path, new.as_str());
            let finding = Diagnostic::new("WP091", resource.at_path(&path), message);
            found.push(finding.with_fix("Write the new name", vec![edit]));
        }
    }
}
