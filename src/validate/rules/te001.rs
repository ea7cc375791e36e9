//! TE001: a TrafficExtension runs one thing, a Wasm module or a Lua script.

use super::rule::Rule;
use crate::istio::PluginKind;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["TE001"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let is_its_kind = |kind| kind == PluginKind::TrafficExtension;
    if !resource.plugin().is_some_and(|plugin| is_its_kind(plugin.kind)) {
        return;
    }
    let has = |key| resource.get(&["spec", key]).is_some();
    match (has("wasm"), has("lua")) {
        (true, true) => {
            let message = "wasm and lua exclude each other: keep one";
            found.push(Diagnostic::new("TE001", resource.at(&["spec", "lua"]), message));
        }
        (false, false) => {
            let message = "it runs nothing: set wasm or lua";
            found.push(Diagnostic::new("TE001", resource.at(&["spec"]), message));
        }
        _ => {}
    }
}
