//! EF027: `filterClass`, which the API takes and istiod ignores.

use super::rule::Rule;
use crate::model::{Diagnostic, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF027"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    for patch in filter.patches().filter(|patch| !patch.is_for_waypoints()) {
        let keys = ["patch", "filterClass"];
        let Some(class) = patch.get(&keys).and_then(Value::as_text) else { continue };
        if class == "UNSPECIFIED" {
            continue;
        }
        let path = patch.path(&keys);
        let message = format!(
            "filterClass {class} is ignored: match the filter that it must stand before, or use a WasmPlugin with a phase"
        );
        let edit = resource.unset(&path);
        let finding = Diagnostic::new("EF027", resource.at_path(&path), message);
        found.push(finding.with_fix("Remove filterClass", vec![edit]));
    }
}
