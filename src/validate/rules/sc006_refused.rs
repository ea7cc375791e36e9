//! SC006 and SC007, with SC001 and SC002 for what no schema says: what an API server refuses although each field is sound.
//!
//! A version that does not exist, a selector that its own pods do not fit, ports and objects without the name that they
//! need there, and numbers that JSON cannot write.

use super::super::{at, at_path};
use crate::model::{ComponentKind, Diagnostic, FieldPath, Map, Segment, Value};
use crate::validate::Context;
use crate::wallet::Effective;

/// The kinds that are served in one version only.
static ONE_VERSION: [ComponentKind; 10] = [
    ComponentKind::WASM_PLUGIN,
    ComponentKind::ENVOY_FILTER,
    ComponentKind::DEPLOYMENT,
    ComponentKind::STATEFUL_SET,
    ComponentKind::DAEMON_SET,
    ComponentKind::NAMESPACE,
    ComponentKind::POD,
    ComponentKind::SERVICE,
    ComponentKind::SECRET,
    ComponentKind::CONFIG_MAP,
];

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (resource, violations) in context.effective.iter().zip(&context.violations) {
        found.extend(version(resource));
        found.extend(generated_name(resource));
        if resource.kind.is_workload() && !resource.kind.same_kind(&ComponentKind::POD) {
            selector(resource, found);
        }
        if resource.kind.same_kind(&ComponentKind::SERVICE) {
            port_names(resource, found);
        }
        let mut path = Vec::new();
        for (key, value) in resource.configuration.iter() {
            path.push(Segment::from(key));
            not_finite(value, &mut path, &mut |path| {
                let path = FieldPath::from(path.to_vec());
                // Where a number must stand the schema has said it.
                if violations.iter().all(|violation| violation.path != path) {
                    let message = "infinity and NaN cannot be written in JSON: kubectl refuses them";
                    found.push(Diagnostic::new("SC001", at_path(resource, &path), message));
                }
            });
            path.pop();
        }
    }
}

fn version(resource: &Effective) -> Option<Diagnostic> {
    let kind = &resource.kind;
    let served = ONE_VERSION.iter().find(|known| known.same_kind(kind))?;
    (served.version != kind.version).then(|| {
        let message =
            format!("{} has no version {}: write {}", kind.kind, kind.version, served.api_version());
        Diagnostic::new("SC006", at(resource, &["apiVersion"]), message)
    })
}

fn generated_name(resource: &Effective) -> Option<Diagnostic> {
    let metadata = resource.configuration.get("metadata")?;
    let is_named = metadata.at(&["name"]).is_some_and(|name| !name.is_blank());
    let is_generated = metadata.at(&["generateName"]).is_some_and(|name| !name.is_blank());
    (is_generated && !is_named).then(|| {
        let message = "kubectl apply needs a `name`: with `generateName` alone only kubectl create works";
        Diagnostic::new("SC002", at(resource, &["metadata", "generateName"]), message)
    })
}

/// A controller's selector has to fit the pods that it makes.
fn selector(resource: &Effective, found: &mut Vec<Diagnostic>) {
    let Some(spec) = resource.configuration.get("spec") else { return };
    let wanted = spec.at(&["selector", "matchLabels"]).and_then(Value::as_map);
    let labels = spec.at(&["template", "metadata", "labels"]).and_then(Value::as_map);
    for (key, value) in wanted.into_iter().flat_map(Map::iter) {
        if labels.and_then(|labels| labels.get(key)) != Some(value) {
            let path = FieldPath::keys(&["spec", "selector", "matchLabels"]).child(key);
            let message = format!("the labels of the pod template do not have this value of `{key}`");
            found.push(Diagnostic::new("SC007", at_path(resource, &path), message));
        }
    }
}

/// The ports of a service need names once there are two of them.
fn port_names(resource: &Effective, found: &mut Vec<Diagnostic>) {
    let spec = resource.configuration.get("spec");
    let ports = spec.and_then(|spec| spec.at(&["ports"])).and_then(Value::as_list).unwrap_or_default();
    for (place, port) in ports.iter().enumerate() {
        if ports.len() > 1 && port.as_map().is_some() && port.at(&["name"]).is_none_or(Value::is_blank) {
            let path = FieldPath::keys(&["spec", "ports"]).child(place).child("name");
            let message = format!("`ports[{place}]` needs a `name`: a service with several ports names each");
            found.push(Diagnostic::new("SC002", at_path(resource, &path), message));
        }
    }
}

fn not_finite(value: &Value, path: &mut Vec<Segment>, report: &mut impl FnMut(&[Segment])) {
    match value {
        Value::Number(number) if number.as_f64().is_some_and(|number| !number.is_finite()) => report(path),
        Value::List(items) => {
            for (place, item) in items.iter().enumerate() {
                path.push(Segment::from(place));
                not_finite(item, path, report);
                path.pop();
            }
        }
        Value::Map(map) => {
            for (key, value) in map.iter() {
                path.push(Segment::from(key));
                not_finite(value, path, report);
                path.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Text(_) | Value::Number(_) => {}
    }
}
