//! WP092: the WasmPlugin of Higress has the same name and is another API; Istio does not see it.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP092"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let kind = &resource.effective.kind;
    if kind.group == "extensions.higress.io" && kind.kind == "WasmPlugin" {
        let message = "Istio does not read the WasmPlugin of Higress, which has other fields: write one of extensions.istio.io";
        found.push(Diagnostic::new("WP092", resource.at(&["apiVersion"]), message));
    }
}
