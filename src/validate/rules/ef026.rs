//! EF026: an operation that istiod does not do on this kind of object.

use super::rule::Rule;
use crate::istio::envoy_filter::{ApplyTo, Operation};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF026"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    for patch in filter.patches().filter(|patch| !patch.is_for_waypoints()) {
        let (Some(apply_to), Some(operation)) = (patch.apply_to(), patch.operation()) else { continue };
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
