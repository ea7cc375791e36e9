//! EF032: `fail_open`, which `failure_policy` replaces.

use super::rule::Rule;
use crate::istio::Feature;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF032"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    if !resource.mesh.version.has(Feature::FailurePolicy) {
        return;
    }
    for wasm in filter.wasm() {
        let fail_open = wasm.config.field("fail_open");
        let Some(opens) = fail_open.truth() else { continue };
        let policy = wasm.config.field("failure_policy");
        let word = if opens { "FAIL_OPEN" } else { "FAIL_CLOSED" };
        let mut edits = vec![resource.unset(fail_open.path())];
        let (message, label) = if policy.is_set() {
            let message = "fail_open is deprecated, and failure_policy stands beside it: remove fail_open";
            (message.to_owned(), "Remove fail_open".to_owned())
        } else {
            edits.insert(0, resource.set(policy.path(), word));
            (
                format!("fail_open is deprecated: write failure_policy: {word}"),
                format!("Write failure_policy {word}"),
            )
        };
        found.push(
            Diagnostic::new("EF032", resource.at_path(fail_open.path()), message).with_fix(label, edits),
        );
    }
}
