//! EF031: a Wasm filter without code.

use super::rule::Rule;
use crate::istio::envoy_filter::WasmEntry;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF031"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    for wasm in filter.wasm().filter(WasmEntry::is_whole) {
        let code = wasm.code();
        let local = ["filename", "inline_bytes", "inline_string", "environment_variable"];
        let has_local = local.iter().any(|source| {
            let source = code.at(&["local", source]);
            source.value().is_some_and(|value| !value.is_blank())
        });
        // A remote without a URI is the agent's and Envoy's matter; that there is one is enough here.
        if has_local || code.field("remote").is_set() {
            continue;
        }
        let message = "neither local nor remote code: Envoy refuses the filter; give a file name, or remote code by \
                       extension discovery";
        let filename = wasm.filename();
        // Where a filter gives the code, it is the filter that lacks a module (DS003).
        if resource.source_of(filename.path()).0 != resource.effective.plugin {
            continue;
        }
        found.push(Diagnostic::new("EF031", resource.at_path(filename.path()), message));
    }
}
