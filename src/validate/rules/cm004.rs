//! CM004: a module's file that no mount of the proxy gives, and ConfigMaps that are not there.
//!
//! Looked at are the workloads of the design that a resource with a `file://` module attaches to.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::rule::Rule;
use crate::istio::{EnvoyFilter, Plugin, Policy};
use crate::model::view::effective_namespace;
use crate::model::{
    Component, ComponentId, ComponentKind, Diagnostic, Edit, FieldPath, Kept, Location, Map, Segment,
    Severity, Value,
};
use crate::validate::proxy_files::{ConfigMapVolume, Found, ProxyFiles};
use crate::validate::{Context, place_at};
use crate::wallet::{Effective, has_body};

pub(super) const RULE: Rule = Rule::of_design(&["CM004"], check);

/// Of one resource's workloads not more than these are looked at.
const MOST_WORKLOADS: usize = 64;

/// Where Istio's image has files of its own.
const OF_THE_IMAGE: &str = "/etc/istio/";

/// ConfigMaps that every namespace of a cluster gets.
const OF_THE_CLUSTER: [&str; 3] = ["kube-root-ca.crt", "istio-ca-root-cert", "istio-ca-crl"];

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut looker = Looker::new(context);
    looker.volumes(found);
    for resource in context.effective {
        let files = files(resource);
        if files.is_empty() {
            continue;
        }
        let Some(policy) = policy(resource) else { continue };
        let workloads = looker.workloads(&policy);
        for (path, file) in files {
            let Some(problem) = looker.problem_of(workloads, &file) else { continue };
            let finding = Diagnostic::new("CM004", place_at(resource, &path), problem.message.as_str());
            let mut finding = finding.with_severity(problem.severity);
            if let Some(instead) = &problem.instead {
                let (component, path) = resource.source_of(&path);
                let is_name = path.last().and_then(Segment::as_key) == Some("filename");
                let value = if is_name { instead.clone() } else { format!("file://{instead}") };
                finding = finding.with_fix(format!("Write {value}"), vec![Edit::set(component, path, value)]);
            }
            found.push(finding);
        }
    }
}

fn policy(resource: &Effective) -> Option<Policy<'_>> {
    let namespace = resource.namespace_or_default();
    if let Some(plugin) = Plugin::of(&resource.kind, &resource.configuration) {
        return Some(Policy::of_plugin(plugin, namespace));
    }
    let is_filter = resource.kind.same_kind(&ComponentKind::ENVOY_FILTER);
    is_filter.then(|| Policy::of_envoy_filter(&resource.configuration, namespace))
}

/// The files of modules that it names, each with its path from the object's root.
fn files(resource: &Effective) -> Vec<(FieldPath, String)> {
    if let Some(plugin) = Plugin::of(&resource.kind, &resource.configuration) {
        let file =
            plugin.url().and_then(|url| url.strip_prefix("file://")).filter(|file| file.starts_with('/'));
        return file.map(|file| (plugin.module_path("url"), file.to_owned())).into_iter().collect();
    }
    let Some(filter) = EnvoyFilter::of(&resource.kind, &resource.configuration) else { return Vec::new() };
    let named = filter.wasm().filter_map(|wasm| {
        let file = wasm.filename();
        let text = file.text().filter(|text| text.starts_with('/'))?;
        Some((file.path().clone(), text.to_owned()))
    });
    named.collect()
}

struct Problem {
    message: String,
    severity: Severity,
    /// The file that was probably meant.
    instead: Option<String>,
}

struct Looker<'a, 'b> {
    context: &'b Context<'a>,
    /// ConfigMaps by namespace and name.
    config_maps: HashMap<(&'a str, &'a str), &'a Component>,
    /// How many a namespace has.
    counts: HashMap<&'a str, usize>,
    /// The workloads of policies, and which policy has which: many resources say the same.
    workloads: Vec<Vec<ComponentId>>,
    attached: HashMap<String, usize>,
    /// What is wrong with a file at workloads.
    told: HashMap<(usize, String), Option<Problem>>,
}

impl<'a, 'b> Looker<'a, 'b> {
    fn new(context: &'b Context<'a>) -> Self {
        let mut config_maps = HashMap::new();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for component in context.design.components().filter(|it| it.is(&ComponentKind::CONFIG_MAP)) {
            let namespace = effective_namespace(component);
            *counts.entry(namespace).or_default() += 1;
            if let Some(name) = component.own_name() {
                config_maps.insert((namespace, name), component);
            }
        }
        Self {
            context,
            config_maps,
            counts,
            workloads: Vec::new(),
            attached: HashMap::new(),
            told: HashMap::new(),
        }
    }

    /// The number of the workloads that a policy attaches to.
    fn workloads(&mut self, policy: &Policy<'_>) -> usize {
        let mut key = format!("{}/", policy.namespace);
        for (label, value) in policy.selector.into_iter().flat_map(|selector| selector.labels().iter()) {
            _ = write!(key, "{label:?}={value:?},");
        }
        for target in &policy.target_refs {
            _ = write!(key, "{:?}", (target.group, target.kind, target.name));
        }
        let (context, workloads) = (self.context, &mut self.workloads);
        *self.attached.entry(key).or_insert_with(|| {
            let places = context.proxies.attached(policy, context.mesh).into_iter().take(MOST_WORKLOADS);
            let proxies = places.filter_map(|place| context.proxies.get(place));
            workloads.push(proxies.map(|proxy| proxy.component).collect());
            workloads.len() - 1
        })
    }

    /// The worst that is wrong with `file` in the proxies of these workloads.
    fn problem_of(&mut self, workloads: usize, file: &str) -> Option<&Problem> {
        let key = (workloads, file.to_owned());
        if !self.told.contains_key(&key) {
            let all = self.workloads.get(workloads).map(Vec::as_slice).unwrap_or_default();
            let problems: Vec<(ComponentId, Problem)> =
                all.iter().filter_map(|workload| Some((*workload, self.problem(*workload, file)?))).collect();
            let others = problems.len().saturating_sub(1);
            let worst = problems.into_iter().min_by_key(|(_, problem)| problem.severity);
            let worst = worst.map(|(workload, mut problem)| {
                let name = self.context.design.name_of(workload);
                let more = if others > 0 { format!(" and {others} more") } else { String::new() };
                _ = write!(problem.message, " (workload {name}{more})");
                problem
            });
            self.told.insert(key.clone(), worst);
        }
        self.told.get(&key)?.as_ref()
    }

    /// What is wrong with `file` in the proxy of `workload`.
    fn problem(&self, workload: ComponentId, file: &str) -> Option<Problem> {
        let workload = self.context.design.component(workload)?;
        let namespace = effective_namespace(workload);
        let files = files_of(workload);
        let files = files.as_ref()?;
        let (volume, path) = match files.look_up(file) {
            Found::Other => return None,
            Found::NoMount if file.starts_with(OF_THE_IMAGE) => return None,
            Found::NoMount => return Some(self.no_mount(files, namespace, file)),
            Found::ConfigMap(volume, path) => (volume, path),
        };
        let config_map = self.config_maps.get(&(namespace, volume.name.as_str()))?;
        let Some(key) = volume.key_of(&path) else {
            return Some(Problem {
                message: format!(
                    "the volume of ConfigMap {} has no file {path}: its items give none",
                    volume.name
                ),
                severity: Severity::Error,
                instead: self.instead(files, namespace),
            });
        };
        // What is a reference only may have any key.
        if !has_body(config_map) || keys(config_map).any(|it| it == key) {
            return None;
        }
        let known: Vec<&str> = keys(config_map).take(4).collect();
        Some(Problem {
            message: format!(
                "Envoy cannot open {file}: ConfigMap {} has no key {key}, but {}",
                volume.name,
                known.join(", ")
            ),
            severity: Severity::Error,
            instead: self.instead(files, namespace),
        })
    }

    fn no_mount(&self, files: &ProxyFiles, namespace: &str, file: &str) -> Problem {
        if !files.has_mounts() {
            let message = format!(
                "nothing mounts {file} in the proxy: annotate the pods with userVolume and userVolumeMount, unless the \
                 proxy's image has it"
            );
            return Problem { message, severity: Severity::Warning, instead: None };
        }
        let folders: Vec<&str> = files.folders().map(|(folder, _)| folder).take(4).collect();
        Problem {
            message: format!("Envoy cannot open {file}: mounted is {}", folders.join(", ")),
            severity: Severity::Error,
            instead: self.instead(files, namespace),
        }
    }

    /// The one module that is mounted.
    fn instead(&self, files: &ProxyFiles, namespace: &str) -> Option<String> {
        let mut modules = Vec::new();
        for (folder, volume) in files.folders() {
            let Some(volume) = volume else { continue };
            let Some(config_map) = self.config_maps.get(&(namespace, volume.name.as_str())) else { continue };
            for key in keys(config_map).filter(|key| key.to_ascii_lowercase().ends_with(".wasm")) {
                modules.extend(volume.file_of(key).map(|file| format!("{folder}/{file}")));
            }
        }
        match modules.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }

    /// The volumes of proxies whose ConfigMap, or a key of it, is not there.
    fn volumes(&self, found: &mut Vec<Diagnostic>) {
        let design = self.context.design;
        for workload in design.components().filter(|it| it.kind().is_workload() && has_body(it)) {
            let files = files_of(workload);
            for (volume, source) in files.iter().flat_map(ProxyFiles::config_maps) {
                let location = Location::component(workload.id(), volume.place.clone());
                found.extend(self.missing(effective_namespace(workload), source).map(
                    |(message, severity)| Diagnostic::new("CM004", location, message).with_severity(severity),
                ));
            }
        }
    }

    fn missing(&self, namespace: &str, source: &ConfigMapVolume) -> Option<(String, Severity)> {
        let name = source.name.as_str();
        if source.is_optional || OF_THE_CLUSTER.contains(&name) {
            return None;
        }
        let Some(config_map) = self.config_maps.get(&(namespace, name)) else {
            let message = format!(
                "ConfigMap {name} is not here: if namespace {namespace} does not have it, no pod starts"
            );
            let has_others = self.counts.get(namespace).is_some_and(|count| *count > 0);
            return Some((message, if has_others { Severity::Warning } else { Severity::Info }));
        };
        if !has_body(config_map) {
            return None;
        }
        let mut items = source.items.iter().flatten();
        let (key, _) = items.find(|(key, _)| keys(config_map).all(|it| it != key))?;
        Some((format!("ConfigMap {name} has no key {key}: no pod starts"), Severity::Error))
    }
}

/// Read once, and kept with the workload until that changes.
fn files_of(workload: &Component) -> Kept<'_, Option<ProxyFiles>> {
    workload.memo(|| ProxyFiles::of(workload))
}

fn keys(config_map: &Component) -> impl Iterator<Item = &str> {
    let of = |field| config_map.configured(&[field]).and_then(Value::as_map);
    ["data", "binaryData"].into_iter().filter_map(of).flat_map(Map::keys)
}
