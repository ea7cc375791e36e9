//! WP061 for targets: a targetRef to an object that is not in the design, although others of its kind are.

use std::collections::{HashMap, HashSet};

use super::rule::Rule;
use crate::istio::{EnvoyFilter, Plugin};
use crate::model::Diagnostic;
use crate::model::view::{TargetRef, effective_namespace};
use crate::validate::{Context, place_at};

pub(super) const RULE: Rule = Rule::of_design(&["WP061"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let targets = Targets::of(context);
    for resource in context.effective {
        let object = &resource.configuration;
        let refs = Plugin::of(&resource.kind, object)
            .map(Plugin::target_refs)
            .or_else(|| EnvoyFilter::of(&resource.kind, object).map(EnvoyFilter::target_refs));
        for (path, target) in refs.unwrap_or_default() {
            let Some(message) = targets.missing(resource.namespace_or_default(), &target) else { continue };
            found.push(Diagnostic::new("WP061", place_at(resource, &path.child("name")), message));
        }
    }
}

/// What can be a target, of the design.
struct Targets<'a> {
    /// By group and kind.
    kinds: HashSet<(&'a str, &'a str)>,
    /// The namespaces of an object by group, kind and name.
    named: HashMap<(&'a str, &'a str, &'a str), Vec<&'a str>>,
}

impl<'a> Targets<'a> {
    fn of(context: &Context<'a>) -> Self {
        let mut targets = Self { kinds: HashSet::new(), named: HashMap::new() };
        for component in context.design.components() {
            let kind = component.kind();
            let (group, kind): (&str, &str) = (&kind.group, &kind.kind);
            if !["Gateway", "Service", "ServiceEntry"].contains(&kind) {
                continue;
            }
            targets.kinds.insert((group, kind));
            if let Some(name) = component.own_name() {
                targets.named.entry((group, kind, name)).or_default().push(effective_namespace(component));
            }
        }
        targets
    }

    fn missing(&self, namespace: &str, target: &TargetRef<'_>) -> Option<String> {
        let group = if target.group == "core" { "" } else { target.group };
        // Without one of its kind the design does not speak of such objects at all.
        if target.name.is_empty() || !self.kinds.contains(&(group, target.kind)) {
            return None;
        }
        let (kind, name) = (target.kind, target.name);
        let elsewhere = self.named.get(&(group, kind, name)).map(Vec::as_slice).unwrap_or_default();
        if elsewhere.contains(&namespace) {
            return None;
        }
        Some(match elsewhere.first() {
            Some(other) => format!("{kind} {name} is in namespace {other}: a target must be in {namespace}"),
            None => format!("no {kind} {name} is in the design, although others are: nothing is targeted"),
        })
    }
}
