//! WP086: a plugin that runs first of all, but for the external authorizer.

use std::collections::HashMap;

use super::rule::Rule;
use crate::istio::{Policy, Protocol, Proxy, Traffic, ports_matched};
use crate::model::view::{LabelSelector, Phase, TargetRef};
use crate::model::{Diagnostic, FieldPath, Value};
use crate::validate::Context;
use crate::wallet::Effective;

pub(super) const RULE: Rule = Rule::of_design(&["WP086"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    // By proxy: the policy by which an authorizer is asked.
    let mut asked: Vec<Option<&str>> = Vec::new();
    for (policy, name) in context.effective.iter().filter_map(custom) {
        asked.resize(context.proxies.len(), None);
        for place in context.proxies.attached(&policy, context.mesh) {
            asked[place].get_or_insert(name);
        }
    }
    if asked.is_empty() {
        return;
    }
    let mut everywhere: HashMap<&str, Vec<usize>> = HashMap::new();
    for wallet in &context.wallets {
        if wallet.phase != Some(Phase::Authn) || wallet.plugin.is_network() {
            continue;
        }
        let attached = if wallet.is_unselective() {
            // The same for all that select nothing.
            let namespace = wallet.policy.namespace;
            everywhere
                .entry(namespace)
                .or_insert_with(|| context.proxies.attached(&wallet.policy, context.mesh))
                .as_slice()
        } else {
            &wallet.attached
        };
        let matches = wallet.plugin.matches();
        // What a workload sends is not authorized.
        let is_seen = |proxy: &Proxy| {
            let received = Traffic::of(proxy).iter().filter(|traffic| **traffic != Traffic::Outbound);
            received.into_iter().any(|traffic| ports_matched(&matches, *traffic, Protocol::Http).is_ok())
        };
        let meets = attached
            .iter()
            .filter(|place| context.proxies.get(**place).is_some_and(is_seen))
            .find_map(|place| asked[*place]);
        if let Some(name) = meets {
            let message = format!(
                "runs behind the external authorizer of AuthorizationPolicy {name}, as every plugin does: no phase comes before"
            );
            let location = wallet.at(&FieldPath::keys(&["spec", "phase"]));
            found.push(Diagnostic::new("WP086", location, message));
        }
    }
}

/// An `AuthorizationPolicy` that asks an external authorizer, and its name.
fn custom(resource: &Effective) -> Option<(Policy<'_>, &str)> {
    let is_policy = resource.kind.kind == "AuthorizationPolicy" && resource.kind.group == "security.istio.io";
    let spec = resource.configuration.get("spec").filter(|_| is_policy)?;
    if spec.text_at(&["action"]) != Some("CUSTOM") {
        return None;
    }
    let targets = spec.at(&["targetRefs"]).and_then(Value::as_list).unwrap_or_default();
    let target_refs = targets.iter().map(|target| {
        let text = |key| target.text_at(&[key]).unwrap_or_default();
        TargetRef { group: text("group"), kind: text("kind"), name: text("name") }
    });
    let policy = Policy {
        namespace: resource.namespace_or_default(),
        selector: spec.at(&["selector", "matchLabels"]).and_then(Value::as_map).map(LabelSelector::new),
        target_refs: target_refs.collect(),
        follows_services: true,
    };
    Some((policy, &resource.name))
}
