//! EF025: a patch whose result depends on other patches, in an object that leaves its place among them open.
//!
//! istioctl analyze says it of each patch (IST0151, IST0155); the priority is the object's, so it is said once here.

use super::rule::Rule;
use crate::istio::envoy_filter::{ConfigPatch, Operation};
use crate::model::{Diagnostic, FieldPath, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF025"], check);

/// What a new EnvoyFilter gets: later than those of others that set none.
const PRIORITY: i64 = 10;

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter().filter(|filter| filter.priority() == 0) else { return };
    let is_relative = |patch: &ConfigPatch<'_>| {
        !patch.is_for_waypoints() && patch.operation().is_some_and(Operation::is_relative)
    };
    let Some(patch) = filter.patches().find(is_relative) else { return };
    let operation = patch.operation().map_or("", Operation::word);
    let is_by_version = |other: &ConfigPatch<'_>| {
        other
            .get(&["match", "proxy", "proxyVersion"])
            .and_then(Value::as_text)
            .is_some_and(|it| !it.is_empty())
    };
    let later_patch = filter.patches().filter(is_relative).find(|later| {
        let earlier = filter.patches().take(later.index).filter(is_by_version);
        named(*later).is_some() && earlier.map(named).any(|name| name == named(*later))
    });
    let message = match later_patch.and_then(named) {
        Some(name) => format!(
            "{operation} without a priority: the patches of {name} for versions of the proxy are applied in no certain \
             order with those of other EnvoyFilters; set one"
        ),
        None => format!(
            "{operation} without a priority: which filters it finds depends on when other EnvoyFilters were created; \
             set one"
        ),
    };
    let place = FieldPath::keys(&["spec", "priority"]);
    let edit = resource.set(&place, PRIORITY);
    let finding = Diagnostic::new("EF025", resource.at_path(&place), message);
    found.push(finding.with_fix(format!("Set priority {PRIORITY}"), vec![edit]));
}

fn named(patch: ConfigPatch<'_>) -> Option<&str> {
    patch.value().field("name").text()
}
