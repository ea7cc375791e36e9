//! EF020: a filter that is matched by a name that Envoy gave up.

use super::rule::Rule;
use crate::istio::envoy_filter::{FILTER_NAME, FilterLevel, SUB_FILTER_NAME};
use crate::istio::{Feature, deprecated_filters};
use crate::model::{Diagnostic, Severity, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF020"], check);

/// Where a filter is named, and of which kind it is.
const PLACES: [(&[&str], FilterLevel); 3] = [
    (&FILTER_NAME, FilterLevel::Network),
    (&SUB_FILTER_NAME, FilterLevel::Http),
    (&["match", "listener", "listenerFilter"], FilterLevel::Listener),
];

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    let version = resource.mesh.version;
    for patch in filter.patches().filter(|patch| !patch.is_for_waypoints()) {
        for (keys, level) in PLACES {
            let Some(name) = patch.get(keys).and_then(Value::as_text) else { continue };
            let Some(new) = deprecated_filters::replacement(name, level) else { continue };
            let path = patch.path(keys);
            let (message, severity) = if version.has(Feature::CanonicalFilterNamesOnly) {
                let since = Feature::CanonicalFilterNamesOnly.since();
                let message = format!(
                    "deprecated filter name {name} matches nothing since Istio {since}: the patch is accepted and does \
                     nothing; use {new}"
                );
                (message, Severity::Error)
            } else {
                (format!("deprecated filter name {name}: use {new}"), Severity::Warning)
            };
            let edit = resource.set(&path, new);
            let finding = Diagnostic::new("EF020", resource.at_path(&path), message);
            found.push(finding.with_severity(severity).with_fix(format!("Write {new}"), vec![edit]));
        }
    }
}
