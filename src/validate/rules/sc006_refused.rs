//! SC006 and SC007, with SC001 and SC002 for what no schema says: what an API server refuses although each field is sound.
//!
//! A version that does not exist, a misspelt kind or group of Istio's extensions, a selector that its own pods do not fit, ports and objects without the name that they
//! need there, and numbers that JSON cannot write.

use super::rule::Rule;
use crate::model::{ComponentKind, Diagnostic, FieldPath, Map, Segment, Severity, Value};
use crate::registry::structural::nearest;
use crate::validate::resource::Resource;

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

/// The kinds whose misspelling would leave an object unread and unchecked.
static EXTENSIONS: [ComponentKind; 3] =
    [ComponentKind::WASM_PLUGIN, ComponentKind::TRAFFIC_EXTENSION, ComponentKind::ENVOY_FILTER];

/// The other kinds of a group of [`EXTENSIONS`], which are no misspellings.
const NEIGHBOURS: [&str; 8] = [
    "DestinationRule",
    "Gateway",
    "ProxyConfig",
    "ServiceEntry",
    "Sidecar",
    "VirtualService",
    "WorkloadEntry",
    "WorkloadGroup",
];

pub(super) const RULE: Rule = Rule::of_resource(&["SC001", "SC002", "SC006", "SC007"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(version(resource));
    found.extend(misspelt(resource));
    found.extend(generated_name(resource));
    let kind = &resource.effective.kind;
    if kind.is_workload() && !resource.is(&ComponentKind::POD) {
        selector(resource, found);
    }
    if resource.is(&ComponentKind::SERVICE) {
        port_names(resource, found);
    }
    let violations = resource.violations();
    let mut path = Vec::new();
    for (key, value) in resource.object().iter() {
        path.push(Segment::from(key));
        not_finite(value, &mut path, &mut |path| {
            let path = FieldPath::from(path.to_vec());
            // Where a number must stand the schema has said it.
            if violations.iter().all(|violation| violation.path != path) {
                let message = "infinity and NaN cannot be written in JSON: kubectl refuses them";
                found.push(Diagnostic::new("SC001", resource.at_path(&path), message));
            }
        });
        path.pop();
    }
}

fn version(resource: &Resource<'_>) -> Option<Diagnostic> {
    let kind = &resource.effective.kind;
    if let Some(crd) = resource.registry.crd(kind) {
        return (!crd.served().any(|served| served == kind.version)).then(|| {
            let served: Vec<String> =
                crd.served().map(|version| format!("{}/{version}", kind.group)).collect();
            let message =
                format!("{} has no version {}: write {}", kind.kind, kind.version, served.join(" or "));
            Diagnostic::new("SC006", resource.at(&["apiVersion"]), message)
        });
    }
    let served = ONE_VERSION.iter().find(|known| known.same_kind(kind))?;
    (served.version != kind.version).then(|| {
        let message =
            format!("{} has no version {}: write {}", kind.kind, kind.version, served.api_version());
        Diagnostic::new("SC006", resource.at(&["apiVersion"]), message)
    })
}

/// A kind that is nearly one of Istio's extensions. It may be somebody else's, so this warns.
fn misspelt(resource: &Resource<'_>) -> Option<Diagnostic> {
    let kind = &resource.effective.kind;
    // The WasmPlugin of Higress is WP092's.
    if kind.group == "extensions.higress.io" || EXTENSIONS.iter().any(|known| known.same_kind(kind)) {
        return None;
    }
    let is_other_group = |known: &&ComponentKind| {
        kind.kind.eq_ignore_ascii_case(&known.kind)
            && (kind.group.ends_with(".istio.io")
                || nearest(&kind.group, std::iter::once(&*known.group)).is_some())
    };
    let is_other_kind = |known: &&ComponentKind| {
        kind.group == known.group
            && !NEIGHBOURS.contains(&&*kind.kind)
            && nearest(&kind.kind, std::iter::once(&*known.kind)).is_some()
    };
    let meant = EXTENSIONS.iter().find(is_other_group).or_else(|| EXTENSIONS.iter().find(is_other_kind))?;
    let key = if kind.group == meant.group { "kind" } else { "apiVersion" };
    let message = format!(
        "group {} has no kind {}, so Istio does not read this: did you mean {} of {}?",
        kind.group,
        kind.kind,
        meant.kind,
        meant.api_version()
    );
    Some(Diagnostic::new("SC006", resource.at(&[key]), message).with_severity(Severity::Warning))
}

fn generated_name(resource: &Resource<'_>) -> Option<Diagnostic> {
    let metadata = resource.object().get("metadata")?;
    let is_named = metadata.at(&["name"]).is_some_and(|name| !name.is_blank());
    let is_generated = metadata.at(&["generateName"]).is_some_and(|name| !name.is_blank());
    (is_generated && !is_named).then(|| {
        let message = "kubectl apply needs a `name`: with `generateName` alone only kubectl create works";
        Diagnostic::new("SC002", resource.at(&["metadata", "generateName"]), message)
    })
}

/// A controller's selector has to fit the pods that it makes.
fn selector(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(spec) = resource.object().get("spec") else { return };
    let wanted = spec.at(&["selector", "matchLabels"]).and_then(Value::as_map);
    let labels = spec.at(&["template", "metadata", "labels"]).and_then(Value::as_map);
    for (key, value) in wanted.into_iter().flat_map(Map::iter) {
        if labels.and_then(|labels| labels.get(key)) != Some(value) {
            let path = FieldPath::keys(&["spec", "selector", "matchLabels"]).child(key);
            let message = format!("the labels of the pod template do not have this value of `{key}`");
            found.push(Diagnostic::new("SC007", resource.at_path(&path), message));
        }
    }
}

/// The ports of a service need names once there are two of them.
fn port_names(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let spec = resource.object().get("spec");
    let ports = spec.and_then(|spec| spec.at(&["ports"])).and_then(Value::as_list).unwrap_or_default();
    for (place, port) in ports.iter().enumerate() {
        if ports.len() > 1 && port.as_map().is_some() && port.at(&["name"]).is_none_or(Value::is_blank) {
            let path = FieldPath::keys(&["spec", "ports"]).child(place).child("name");
            let message = format!("`ports[{place}]` needs a `name`: a service with several ports names each");
            found.push(Diagnostic::new("SC002", resource.at_path(&path), message));
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
