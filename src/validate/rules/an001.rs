//! AN001: volumes of a sidecar that the injector, or the API server behind it, refuses: then no pod starts.

use std::collections::HashSet;

use super::rule::Rule;
use crate::model::{Diagnostic, FieldPath, Severity, Value};
use crate::registry::Shape;
use crate::registry::structural::{self, Violation, ViolationKind};
use crate::validate::resource::Resource;
use crate::validate::sidecar_volumes::{
    Item, MOUNTS, VOLUMES, annotation, pod_metadata, pod_spec, read, respelled,
};

pub(super) const RULE: Rule = Rule::of_resource(&["AN001"], check);

/// Volumes that Istio's own template has.
const OF_ISTIO: [&str; 9] = [
    "workload-socket",
    "credential-socket",
    "workload-certs",
    "istio-envoy",
    "istio-data",
    "istio-podinfo",
    "istio-token",
    "istiod-ca-cert",
    "istio-ca-crl",
];

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let mut checker = Checker { resource, found };
    let volumes = checker.items(VOLUMES, Shape::Volume);
    let mounts = checker.items(MOUNTS, Shape::VolumeMount);
    // What cannot be read is said; which name it would have had nobody knows.
    if let (Some(volumes), Some(mounts)) = (volumes, mounts) {
        checker.pairs(&volumes, &mounts);
    }
}

struct Checker<'a, 'b> {
    resource: &'b Resource<'a>,
    found: &'b mut Vec<Diagnostic>,
}

impl<'a> Checker<'a, '_> {
    fn place(&self, key: &str) -> FieldPath {
        let metadata = pod_metadata(&self.resource.effective.kind).unwrap_or_default();
        FieldPath::keys(metadata).child("annotations").child(key)
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        annotation(&self.resource.effective.kind, self.resource.object(), key)
    }

    /// A finding, with the fix that writes `word.1` for `word.0`.
    fn report(&mut self, key: &str, message: String, severity: Severity, word: Option<(&str, &str)>) {
        let place = self.place(key);
        let mut finding =
            Diagnostic::new("AN001", self.resource.at_path(&place), message).with_severity(severity);
        let text = self.text(key).unwrap_or_default();
        if let Some((old, new)) = word
            && let Some(mended) = respelled(text, old, new)
        {
            finding = finding.with_fix(format!("Write {new}"), vec![self.resource.set(&place, mended)]);
        }
        self.found.push(finding);
    }

    /// The items of an annotation, each held against its schema; none without the annotation, `None` when it is
    /// unreadable.
    fn items(&mut self, key: &str, shape: Shape) -> Option<Vec<Item>> {
        let Some(text) = self.text(key) else { return Some(Vec::new()) };
        let items = match read(text) {
            Ok(items) => items,
            Err(reason) => {
                self.report(key, format!("{reason}; no pod is injected"), Severity::Error, None);
                return None;
            }
        };
        let mut seen = HashSet::new();
        for item in &items {
            for violation in structural::check(shape.spec(), &item.value) {
                self.violation(key, item, &violation);
            }
            let what = if key == VOLUMES { "volume" } else { "mount" };
            if !item.is_named {
                let message = format!(
                    "{} has no name: the injector calls the {what} {}, and the other annotation cannot know it",
                    item.path, item.name
                );
                self.report(key, message, Severity::Error, None);
            }
            let id =
                if key == VOLUMES { Some(item.name.as_str()) } else { item.value.text_at(&["mountPath"]) };
            if let Some(id) = id.filter(|id| !seen.insert(*id)) {
                let message =
                    format!("{} repeats the {what} {id}: the API server refuses the pod", item.path);
                self.report(key, message, Severity::Error, None);
            }
        }
        Some(items)
    }

    fn violation(&mut self, key: &str, item: &Item, violation: &Violation) {
        let place = item.path.join(&violation.path);
        let message = format!("in {place}: {}; no pod starts with it", violation.message);
        let written = match violation.kind {
            ViolationKind::Unknown => violation.path.last().and_then(crate::model::Segment::as_key),
            _ => item.value.get(&violation.path).and_then(Value::as_text),
        };
        let word = written.zip(violation.suggestion.as_deref());
        self.report(key, message, Severity::Error, word);
    }

    /// Every mount needs its volume; a volume without a mount does nothing.
    fn pairs(&mut self, volumes: &[Item], mounts: &[Item]) {
        let spec = pod_spec(&self.resource.effective.kind, self.resource.object());
        let list = |keys: &[&str]| {
            spec.and_then(|spec| spec.at(keys)).and_then(Value::as_list).unwrap_or_default().iter()
        };
        let of_pod = |name: &str| list(&["volumes"]).any(|volume| volume.text_at(&["name"]) == Some(name));
        let lonely_mounts: Vec<&Item> = mounts
            .iter()
            .filter(|mount| mount.is_named && volumes.iter().all(|volume| volume.name != mount.name))
            .filter(|mount| !OF_ISTIO.contains(&mount.name.as_str()) && !of_pod(&mount.name))
            .collect();
        let is_mounted = |name: &str| {
            let containers = list(&["containers"]).chain(list(&["initContainers"]));
            let mut used = containers.flat_map(|container| {
                container.at(&["volumeMounts"]).and_then(Value::as_list).unwrap_or_default()
            });
            used.any(|mount| mount.text_at(&["name"]) == Some(name))
        };
        let lonely_volumes: Vec<&Item> = volumes
            .iter()
            .filter(|volume| volume.is_named && mounts.iter().all(|mount| mount.name != volume.name))
            .filter(|volume| !is_mounted(&volume.name))
            .collect();
        if let ([mount], [volume]) = (&*lonely_mounts, &*lonely_volumes) {
            let message = format!(
                "{} mounts {}, but the volume is called {}: no pod starts with it",
                mount.path, mount.name, volume.name
            );
            let word = Some((mount.name.as_str(), volume.name.as_str()));
            self.report(MOUNTS, message, Severity::Error, word);
            return;
        }
        for mount in lonely_mounts {
            let message = format!(
                "{} mounts {}, and neither userVolume nor the pod has this volume: no pod starts with it",
                mount.path, mount.name
            );
            self.report(MOUNTS, message, Severity::Error, None);
        }
        for volume in lonely_volumes {
            let message = format!(
                "nothing mounts {}: name it in userVolumeMount, or the proxy does not see it",
                volume.name
            );
            self.report(VOLUMES, message, Severity::Warning, None);
        }
    }
}
