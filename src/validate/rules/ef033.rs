//! EF033: `allow_precompiled`, by which native code runs that nobody verified.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF033"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    for wasm in filter.wasm() {
        let precompiled = wasm.vm().field("allow_precompiled");
        if precompiled.truth() != Some(true) {
            continue;
        }
        let message = "allow_precompiled runs native code out of the module that nothing verifies, and most modules have \
                       none: remove it";
        let edit = resource.unset(precompiled.path());
        let finding = Diagnostic::new("EF033", resource.at_path(precompiled.path()), message);
        found.push(finding.with_fix("Remove allow_precompiled", vec![edit]));
    }
}
