//! WP021, WP022 and WP023: the secret with which a proxy fetches a private image.
//!
//! istiod looks for it in the resource's own namespace and takes it only if it is of type
//! `kubernetes.io/dockerconfigjson`; otherwise the proxy gets no credential and the fetch fails.

use std::collections::{HashMap, HashSet};

use super::super::place_at;
use super::rule::Rule;
use super::wp014_unused_pull_settings::uses_secret;
use crate::istio::Plugin;
use crate::model::view::effective_namespace;
use crate::model::{Component, ComponentKind, Diagnostic, Severity, Value};
use crate::validate::Context;

pub(super) const RULE: Rule = Rule::of_design(&["WP021", "WP022", "WP023"], check);

/// The one type that istiod takes.
const TYPE: &str = "kubernetes.io/dockerconfigjson";

/// The longest name that a secret can have; a longer one is WP020.
const LONGEST_NAME: usize = 253;

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut secrets: HashMap<&str, Vec<&Component>> = HashMap::new();
    let mut namespaces: HashSet<&str> = HashSet::new();
    for secret in context.design.components().filter(|it| it.is(&ComponentKind::SECRET)) {
        namespaces.insert(effective_namespace(secret));
        if let Some(name) = secret.metadata_name() {
            secrets.entry(name).or_default().push(secret);
        }
    }
    let chains = context.effective.chunk_by(|a, b| a.plugin == b.plugin);
    // A secret that nothing uses is WP017.
    for resource in chains.filter(|chain| uses_secret(chain)).flatten() {
        let Some(plugin) = Plugin::of(&resource.kind, &resource.configuration) else { continue };
        let Some(name) = plugin.module_text("imagePullSecret") else { continue };
        if name.len() > LONGEST_NAME {
            continue;
        }
        let namespace = resource.namespace_or_default();
        let location = place_at(resource, &plugin.module_path("imagePullSecret"));
        let named = secrets.get(name).map(Vec::as_slice).unwrap_or_default();
        let finding = match named.iter().find(|secret| effective_namespace(secret) == namespace) {
            Some(secret) => {
                // Without a body it is a reference, and nobody knows its type.
                let kind = secret.configured(&["type"]).and_then(Value::as_text);
                let has_data = secret.configured(&["data"]).or(secret.configured(&["stringData"])).is_some();
                match kind.or(has_data.then_some("Opaque")) {
                    Some(kind) if kind != TYPE => {
                        let message = format!(
                            "secret {name} is of type {kind}: the proxy gets no credential; make it {TYPE}"
                        );
                        Diagnostic::new("WP022", location, message)
                    }
                    _ => continue,
                }
            }
            None if !named.is_empty() => {
                let elsewhere = effective_namespace(named[0]);
                let message = format!("secret {name} is in namespace {elsewhere}: it must be in {namespace}");
                Diagnostic::new("WP021", location, message)
            }
            None => {
                let message = format!(
                    "secret {name} is not here: if namespace {namespace} does not have it, the module cannot be fetched"
                );
                let severity =
                    if namespaces.contains(namespace) { Severity::Warning } else { Severity::Info };
                Diagnostic::new("WP023", location, message).with_severity(severity)
            }
        };
        found.push(finding);
    }
}
