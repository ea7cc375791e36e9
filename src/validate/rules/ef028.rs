//! EF028: a filter that takes its configuration by discovery, and nobody sends it.
//!
//! A listener waits for what its filters discover; with Istio's timeout of 0 s it waits forever.

use std::collections::HashMap;

use super::rule::Rule;
use crate::istio::envoy_filter::{ApplyTo, ConfigPatch, Operation};
use crate::model::{Diagnostic, Value};
use crate::validate::envoy_reach::{Patching, patching};
use crate::validate::{Context, place_at};

pub(super) const RULE: Rule = Rule::of_design(&["EF028"], check);

/// The cluster by which a proxy reaches istiod.
const ISTIOD: &str = "xds-grpc";

/// More senders of one name than these are not looked at one by one.
const MOST_SENDERS: usize = 32;

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let all = patching(context);
    let mut senders: HashMap<&str, Vec<&Patching<'_>>> = HashMap::new();
    for it in &all {
        for patch in it.filter.patches().filter(sends) {
            let Some(name) = patch.value().field("name").text() else { continue };
            let known = senders.entry(name).or_default();
            if known.last().is_none_or(|last| !std::ptr::eq(*last, it)) {
                known.push(it);
            }
        }
    }
    for it in &all {
        for patch in it.filter.patches().filter(|patch| !patch.is_for_waypoints()) {
            let Some(name) = waited_for(patch) else { continue };
            let known = senders.get(name).map(Vec::as_slice).unwrap_or_default();
            let own = known.iter().any(|sender| std::ptr::eq(*sender, it));
            if own || known.len() > MOST_SENDERS || known.iter().any(|sender| sender.covers(it, context)) {
                continue;
            }
            let message = match known.first() {
                None => format!(
                    "no EXTENSION_CONFIG patch gives {name}: the listener waits for it forever, and takes no traffic"
                ),
                Some(sender) => format!(
                    "{} gives {name}, but not to all proxies of this EnvoyFilter: on the others the listener waits for it \
                     forever",
                    sender.named_for(it)
                ),
            };
            let discovery = patch.value().field("config_discovery");
            let location = place_at(it.resource, discovery.path());
            found.push(Diagnostic::new("EF028", location, message));
        }
    }
}

/// Tells whether it sends an extension's configuration. istiod treats every insertion of one as ADD.
fn sends(patch: &ConfigPatch<'_>) -> bool {
    patch.apply_to() == Some(ApplyTo::ExtensionConfig)
        && patch.operation().is_some_and(Operation::puts_in)
        && !patch.is_for_waypoints()
}

/// The configuration that a filter asks Istio for, unless it has one to begin with.
fn waited_for(patch: ConfigPatch<'_>) -> Option<&str> {
    patch.level()?;
    let value = patch.value();
    let discovery = value.field("config_discovery");
    let source = discovery.field("config_source");
    // From a file or another server, or without waiting.
    let services = source.at(&["api_config_source", "grpc_services"]);
    let asks_istiod = |service: &Value| {
        let cluster = |grpc: &str, name: &str| service.text_at(&[grpc, name]) == Some(ISTIOD);
        cluster("envoy_grpc", "cluster_name") || cluster("envoyGrpc", "clusterName")
    };
    let is_by_istio = source.field("ads").is_set() || services.items().iter().any(asks_istiod);
    let has_default = discovery.field("apply_default_config_without_warming").truth() == Some(true);
    if !discovery.is_set() || !is_by_istio || has_default || discovery.field("default_config").is_set() {
        return None;
    }
    // What istiod itself sends for a plugin.
    value.field("name").text().filter(|name| !name.starts_with("extensions.istio.io/"))
}
