//! EF039: a patch for waypoints, which the API takes and no istiod applies.

use super::rule::Rule;
use crate::istio::Feature;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF039"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    // An older version does not even take it: WP085.
    let version = resource.mesh.version;
    if !version.has(Feature::WaypointContext) {
        return;
    }
    for patch in filter.patches().filter(|patch| patch.is_for_waypoints()) {
        let message = "context WAYPOINT is accepted and not applied by any istiod yet: use a WasmPlugin or \
                       TrafficExtension with a targetRef";
        let location = resource.at_path(&patch.path(&["match", "context"]));
        found.push(Diagnostic::new("EF039", location, message));
    }
}
