//! EF034: a runtime that Istio's build of Envoy does not have.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF034"], check);

const V8: &str = "envoy.wasm.runtime.v8";
/// For plugins that are compiled into Envoy: the code is the plugin's name.
const NULL: &str = "envoy.wasm.runtime.null";

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    for wasm in filter.wasm() {
        let runtime = wasm.vm().field("runtime");
        let message = match runtime.text() {
            None | Some(V8) => continue,
            Some(NULL) if wasm.code().at(&["local", "inline_string"]).is_set() || !wasm.is_whole() => {
                continue;
            }
            Some(NULL) => format!(
                "{NULL} runs plugins that are compiled into Envoy: it needs the plugin's name in \
                 code.local.inline_string; for a module write {V8}"
            ),
            Some(other) => {
                format!("Istio's proxy has no runtime {other}: Envoy refuses the filter; write {V8}")
            }
        };
        let edit = resource.set(runtime.path(), V8);
        let finding = Diagnostic::new("EF034", resource.at_path(runtime.path()), message);
        found.push(finding.with_fix(format!("Write {V8}"), vec![edit]));
    }
}
