//! EF023 and EF024: an HTTP filter at the end, behind the router, or at the very front.

use super::rule::Rule;
use crate::istio::envoy_filter::{ApplyTo, CONNECTION_MANAGER, ConfigPatch, MatchClass, Operation, ROUTER};
use crate::model::{Diagnostic, Edit, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF023", "EF024"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    for patch in filter.patches() {
        if patch.apply_to() != Some(ApplyTo::HttpFilter) || patch.is_for_waypoints() {
            continue;
        }
        let (code, message) = match (patch.operation(), patch.sub_filter_name()) {
            (Some(Operation::Add), _) => {
                ("EF023", "ADD puts an HTTP filter behind the router, and Envoy refuses the listener".to_owned())
            }
            (Some(Operation::InsertAfter), None) => (
                "EF023",
                "INSERT_AFTER without a sub-filter puts an HTTP filter behind the router, and Envoy refuses the listener"
                    .to_owned(),
            ),
            (Some(Operation::InsertAfter), Some(ROUTER)) => {
                ("EF023", "behind the router nothing may stand: Envoy refuses the listener".to_owned())
            }
            (Some(Operation::InsertBefore), None) => (
                "EF024",
                "INSERT_BEFORE without a sub-filter puts the filter in front of all others, before authentication; name \
                 the filter that it must precede, or write INSERT_FIRST"
                    .to_owned(),
            ),
            _ => continue,
        };
        let location = resource.at_path(&patch.path(&["patch", "operation"]));
        let mut finding = Diagnostic::new(code, location, message);
        if let Some(edits) = before_the_router(resource, patch) {
            finding = finding.with_fix("Insert before the router", edits);
        }
        found.push(finding);
    }
}

/// The edits after which the filter stands directly before the router; `None` when the match is of something else.
fn before_the_router(resource: &Resource<'_>, patch: ConfigPatch<'_>) -> Option<Vec<Edit>> {
    if patch.match_class().is_some_and(|class| class != MatchClass::Listener) {
        return None;
    }
    let mut edits = Vec::new();
    if patch.operation() != Some(Operation::InsertBefore) {
        edits.push(resource.set(&patch.path(&["patch", "operation"]), Operation::InsertBefore.word()));
    }
    if patch.sub_filter_name() != Some(ROUTER) {
        let filter = Value::from([
            ("name", CONNECTION_MANAGER.into()),
            ("subFilter", Value::from([("name", ROUTER.into())])),
        ]);
        edits.push(resource.set(&patch.path(&["match", "listener", "filterChain", "filter"]), filter));
    }
    Some(edits)
}
