//! WP094: the input holds Istio's own policy that refuses what is not in its stable channel.

use super::rule::Rule;
use crate::model::FieldPath;
use crate::model::{ComponentKind, Diagnostic};
use crate::validate::{Context, place_at};

pub(super) const RULE: Rule = Rule::of_design(&["WP094"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let policy = context.effective.iter().find(|resource| {
        // `stable-channel-default-policy.istio.io`, and one for each revision.
        let is_policy = resource.kind.kind == "ValidatingAdmissionPolicy"
            && resource.kind.group == "admissionregistration.k8s.io";
        is_policy && resource.name.starts_with("stable-channel-") && resource.name.ends_with(".istio.io")
    });
    let Some(policy) = policy else { return };
    for resource in context.effective {
        let kind = &resource.kind;
        if kind.same_kind(&ComponentKind::WASM_PLUGIN) || kind.same_kind(&ComponentKind::ENVOY_FILTER) {
            let message =
                format!("the policy {} refuses every {}: use a TrafficExtension", policy.name, kind.kind);
            found.push(Diagnostic::new("WP094", place_at(resource, &FieldPath::keys(&["kind"])), message));
        }
    }
}
