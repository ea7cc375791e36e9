//! WP073: without `match` a plugin on a sidecar sees what the workload receives and what it sends.

use super::rule::Rule;
use crate::istio::GATEWAY_NAME_LABEL;
use crate::model::{Diagnostic, Map, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP073"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    // Sidecars ignore a plugin with targets.
    if !plugin.matches().is_empty() || !plugin.target_refs().is_empty() {
        return;
    }
    let labels = resource.get(&["spec", "selector", "matchLabels"]).and_then(Value::as_map);
    if labels.is_some_and(names_a_gateway) {
        return;
    }
    let message = "without match it runs on what a workload receives and on what it sends: set a mode for one of the two";
    found.push(Diagnostic::new("WP073", resource.at(&["spec", "match"]), message));
}

/// The label of Istio's own gateways (`istio: ingressgateway`), and that of gateways that Istio makes.
fn names_a_gateway(labels: &Map) -> bool {
    let is_classic = labels.text("istio").is_some_and(|value| value.ends_with("gateway"));
    is_classic || labels.contains_key(GATEWAY_NAME_LABEL)
}
