//! EF026: an operation that istiod does not do on this kind of object, or not without a match.

use super::rule::Rule;
use crate::istio::envoy_filter::{ApplyTo, Operation};
use crate::model::{Diagnostic, Severity};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF026"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    for patch in filter.patches().filter(|patch| !patch.is_for_waypoints()) {
        let (Some(apply_to), Some(operation)) = (patch.apply_to(), patch.operation()) else { continue };
        let takes_one_away = matches!(operation, Operation::Replace | Operation::Remove);
        if apply_to == ApplyTo::HttpFilter && takes_one_away && patch.sub_filter_name().is_none() {
            let message = format!(
                "{} of an HTTP filter does nothing without a sub-filter match: name the filter",
                operation.word()
            );
            let location = resource.at_path(&patch.path(&["patch", "operation"]));
            found.push(Diagnostic::new("EF026", location, message).with_severity(Severity::Warning));
            continue;
        }
        let use_instead = match (operation, apply_to) {
            (
                Operation::Replace,
                // Virtual hosts are replaced, whatever the text of IST0152 says.
                ApplyTo::HttpFilter | ApplyTo::NetworkFilter | ApplyTo::ListenerFilter | ApplyTo::VirtualHost,
            ) => continue,
            (Operation::Replace, _) => "only filters and virtual hosts can be replaced",
            (Operation::Add | Operation::Remove, ApplyTo::RouteConfiguration) => {
                "a route configuration can only be merged into"
            }
            (Operation::Add, ApplyTo::HttpRoute) => {
                "use INSERT_FIRST, INSERT_BEFORE or INSERT_AFTER for a route"
            }
            (Operation::Remove, ApplyTo::HttpRoute) => {
                "merge a match that nothing fits into the route instead"
            }
            _ => continue,
        };
        let message = format!("{} does nothing on {}: {use_instead}", operation.word(), apply_to.word());
        let location = resource.at_path(&patch.path(&["patch", "operation"]));
        found.push(Diagnostic::new("EF026", location, message));
    }
}
