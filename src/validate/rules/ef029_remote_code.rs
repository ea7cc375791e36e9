//! EF029 and EF030: remote code in a filter that does not come by extension discovery.
//!
//! The proxy's agent downloads modules only for what it sees in extension discovery (`EXTENSION_CONFIG`); all else is left to
//! Envoy, which needs a cluster of its own and the module's hash.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF029", "EF030"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    for wasm in filter.wasm().filter(|wasm| !wasm.is_discovered()) {
        let remote = wasm.code().field("remote");
        if !remote.is_set() {
            continue;
        }
        let message = "remote code in a filter is not downloaded by Istio's agent: give the configuration in an \
                       EXTENSION_CONFIG patch and name it with config_discovery, or use a WasmPlugin";
        found.push(Diagnostic::new("EF029", resource.at_path(remote.path()), message));
        let sha256 = remote.field("sha256");
        if wasm.is_whole() && sha256.text().is_none() {
            let message = "remote code without sha256: Envoy refuses the listener";
            found.push(Diagnostic::new("EF030", resource.at_path(sha256.path()), message));
        }
    }
}
