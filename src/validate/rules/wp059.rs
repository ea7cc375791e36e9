//! WP059: a service as target, and no waypoint that would apply it.

use std::collections::HashSet;

use super::rule::Rule;
use crate::model::view::{DEFAULT_NAMESPACE, effective_namespace};
use crate::model::{Diagnostic, Severity};
use crate::validate::Context;

pub(super) const RULE: Rule = Rule::of_design(&["WP059"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut services: Option<HashSet<(&str, &str, &str)>> = None;
    for wallet in &context.wallets {
        for target in wallet.targets(&context.proxies, context.mesh) {
            let kind = target.reference.kind;
            let (name, namespace) = (target.reference.name, wallet.policy.namespace);
            let is_another =
                !target.needs_waypoint() || kind == "GatewayClass" || !target.attached.is_empty();
            // A target without a name is WP051.
            if is_another || name.trim().is_empty() {
                continue;
            }
            let services = services.get_or_insert_with(|| named_services(context));
            let (severity, message) = if services.contains(&(kind, namespace, name)) {
                let message = format!(
                    "no waypoint here serves {kind} {name}: only a waypoint applies this (label istio.io/use-waypoint)"
                );
                (Severity::Warning, message)
            } else if let Some((_, elsewhere, _)) =
                services.iter().filter(|it| (it.0, it.2) == (kind, name)).min()
            {
                let message =
                    format!("{kind} {name} is in namespace {elsewhere}: the plugin must be there, too");
                (Severity::Warning, message)
            } else {
                let message = format!(
                    "{kind} {name} is not here: this applies only if a waypoint serves it in namespace {namespace}"
                );
                (Severity::Info, message)
            };
            let location = wallet.at(&target.path.child("name"));
            found.push(Diagnostic::new("WP059", location, message).with_severity(severity));
        }
    }
}

/// Kind, namespace and name of all services.
fn named_services<'a>(context: &Context<'a>) -> HashSet<(&'a str, &'a str, &'a str)> {
    let is_service = |kind: &str, group: &str| {
        (kind == "Service" && group.is_empty()) || (kind == "ServiceEntry" && group == "networking.istio.io")
    };
    let components = context.design.components();
    components
        .filter(|it| is_service(&it.kind().kind, &it.kind().group))
        .map(|it| (&*it.kind().kind, effective_namespace(it), it.own_name().unwrap_or(DEFAULT_NAMESPACE)))
        .collect()
}
