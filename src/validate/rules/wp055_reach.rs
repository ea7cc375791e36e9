//! WP055, WP056 and WP057: objects that reach further than their author may have meant.

use super::rule::Rule;
use crate::model::{ComponentKind, Diagnostic, Map, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP055", "WP056", "WP057"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let is_plugin = resource.plugin().is_some();
    let (selector, labels) = match is_plugin {
        true => ("selector", "matchLabels"),
        false if resource.is(&ComponentKind::ENVOY_FILTER) => ("workloadSelector", "labels"),
        false => return,
    };
    let namespace = resource.effective.namespace_or_default();
    let is_root = resource.mesh.is_root(namespace);
    // An export leaves an empty selector out; somebody wrote it all the same.
    let field =
        |key| resource.component().and_then(|it| it.configured(&["spec", key])).filter(|it| !it.is_null());
    let everywhere =
        if is_root { "the whole mesh".to_owned() } else { format!("all of namespace {namespace}") };
    let at = resource.at(&["spec", selector]);
    match field(selector) {
        Some(Value::Map(set)) => {
            let is_empty = set.get(labels).and_then(Value::as_map).is_none_or(Map::is_empty);
            // What is no mapping is a wrong type.
            let is_sound = set.get(labels).is_none_or(|it| it.is_null() || it.as_map().is_some());
            if is_empty && is_sound {
                let message = format!("the selector has no labels: it applies to {everywhere}");
                found.push(Diagnostic::new("WP055", at, message));
            } else if is_root && is_sound && is_plugin {
                let message =
                    format!("{namespace} is the root namespace: the selector finds pods in all namespaces");
                found.push(Diagnostic::new("WP057", at, message));
            }
        }
        None if is_root && is_plugin => {
            let has_target = ["targetRefs", "targetRef"].into_iter().any(|key| field(key).is_some());
            if !has_target {
                let message = "without a selector, an object of the root namespace applies to the whole mesh";
                found.push(Diagnostic::new("WP056", resource.at(&["spec"]), message));
            }
        }
        _ => {}
    }
}
