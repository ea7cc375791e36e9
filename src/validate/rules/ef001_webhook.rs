//! EF001 to EF013: what Istio's webhook refuses in a config patch before it looks at the value.
//!
//! As in the webhook the first thing wrong is the only one that is said of a patch, and a patch for waypoints is not
//! looked at. It warns of two things, under the codes of the errors next to them (EF006, EF009).

use super::rule::Rule;
use crate::istio::envoy_filter::{
    ApplyTo, CONNECTION_MANAGER, ConfigPatch, FILTER_NAME, MatchClass, Operation, SUB_FILTER_NAME,
};
use crate::istio::{deprecated_filters, envoy_filter::FilterLevel, go_regexp};
use crate::model::{Diagnostic, FieldPath, Severity, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(
    &[
        "EF001", "EF002", "EF003", "EF004", "EF005", "EF006", "EF007", "EF008", "EF009", "EF010", "EF011",
        "EF012", "EF013",
    ],
    check,
);

/// The longest expression that istiod uses.
const LONGEST_VERSION: usize = 1024;

/// `match.listener.filterChain.filter`, from the patch on.
const FILTER: [&str; 4] = ["match", "listener", "filterChain", "filter"];

struct Refusal {
    code: &'static str,
    path: FieldPath,
    message: String,
}

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    for patch in filter.patches().filter(|patch| !patch.is_for_waypoints()) {
        warnings(resource, patch, found);
        let Some(refusal) = refusal(patch) else { continue };
        let mut finding = Diagnostic::new(refusal.code, resource.at_path(&refusal.path), refusal.message);
        if refusal.code == "EF001" {
            finding = finding.with_fix("Remove it", vec![resource.unset(&refusal.path)]);
        }
        found.push(finding);
    }
}

fn warnings(resource: &Resource<'_>, patch: ConfigPatch<'_>, found: &mut Vec<Diagnostic>) {
    let mut warn = |code, path: &[&str], message: String| {
        let location = resource.at_path(&patch.path(path));
        found.push(Diagnostic::new(code, location, message).with_severity(Severity::Warning));
    };
    let version = patch.get(&VERSION).and_then(Value::as_text).unwrap_or_default();
    if version.len() > LONGEST_VERSION {
        let message = format!(
            "proxyVersion has {} bytes: istiod ignores an expression of more than {LONGEST_VERSION}, and the patch \
             applies to proxies of all versions",
            version.len()
        );
        warn("EF006", &VERSION, message);
    }
    if let Some(apply_to @ (ApplyTo::Listener | ApplyTo::FilterChain)) = patch.apply_to()
        && patch.get(&FILTER).is_some()
    {
        warn("EF009", &FILTER, format!("a filter match has no effect on a {}: remove it", apply_to.word()));
    }
}

const VERSION: [&str; 3] = ["match", "proxy", "proxyVersion"];

/// The first thing that the webhook refuses.
fn refusal(patch: ConfigPatch<'_>) -> Option<Refusal> {
    let refuse = |code, path: &[&str], message: &str| {
        Some(Refusal { code, path: patch.path(path), message: message.to_owned() })
    };
    if patch.is_null() {
        return refuse("EF001", &[], "null config patch: write a patch here, or take the item away");
    }
    // What is no word of the API is the schema's matter.
    let is_unset =
        |path: &[&str]| patch.get(path).is_none_or(|value| matches!(value.as_text(), Some("" | "INVALID")));
    if is_unset(&["applyTo"]) {
        let message = "missing applyTo: say what is patched, such as HTTP_FILTER";
        return refuse("EF002", &["applyTo"], message);
    }
    if patch.get(&["patch"]).is_none() {
        return refuse(
            "EF003",
            &["patch"],
            "missing patch: say what is changed, with an operation and a value",
        );
    }
    if is_unset(&["patch", "operation"]) {
        let message = "missing patch operation: say how the value is put in, such as INSERT_BEFORE";
        return refuse("EF004", &["patch", "operation"], message);
    }
    if patch.operation() != Some(Operation::Remove) && !patch.value().is_set() {
        let message =
            "missing patch value for a non-remove operation: write the part of Envoy's configuration";
        return refuse("EF005", &["patch", "value"], message);
    }
    if let Some(expression) = patch.get(&VERSION).and_then(Value::as_text)
        && let Err(reason) = go_regexp::check(expression)
    {
        let message = format!("invalid regular expression for the proxy's version: {reason}");
        return refuse("EF006", &VERSION, &message);
    }
    match_fits(patch)
}

fn match_fits(patch: ConfigPatch<'_>) -> Option<Refusal> {
    let (apply_to, class) = (patch.apply_to()?, patch.match_class()?);
    let expected = apply_to.class()?;
    // That a waypoint is matched elsewhere the CRD has refused already (EF038).
    if class == MatchClass::Waypoint {
        return None;
    }
    if class != expected {
        let code = match expected {
            MatchClass::Listener => "EF007",
            MatchClass::Route => "EF012",
            MatchClass::Cluster | MatchClass::Waypoint => "EF013",
        };
        let message = format!(
            "{} cannot have a match of `{}`: match with `{}`",
            apply_to.word(),
            class.key(),
            expected.key()
        );
        return Some(Refusal { code, path: patch.path(&["match", class.key()]), message });
    }
    if class != MatchClass::Listener || patch.get(&FILTER).is_none() {
        return None;
    }
    let refuse =
        |code, path: &[&str], message: String| Some(Refusal { code, path: patch.path(path), message });
    let Some(name) = patch.filter_name() else {
        let message =
            format!("the filter match has no name to match on: write one, such as {CONNECTION_MANAGER}");
        return refuse("EF008", &FILTER_NAME, message);
    };
    let (_, sub_filter) = SUB_FILTER_NAME.split_last()?;
    patch.get(sub_filter)?;
    if apply_to != ApplyTo::HttpFilter {
        let message = format!(
            "a sub-filter match can be used with applyTo HTTP_FILTER only, not with {}",
            apply_to.word()
        );
        return refuse("EF009", sub_filter, message);
    }
    let is_manager = name == CONNECTION_MANAGER
        || deprecated_filters::replacement(name, FilterLevel::Network) == Some(CONNECTION_MANAGER);
    if !is_manager {
        let message =
            format!("a sub-filter match requires a filter match with {CONNECTION_MANAGER}, not {name}");
        return refuse("EF010", &FILTER_NAME, message);
    }
    if patch.sub_filter_name().is_none() {
        let message =
            "the sub-filter match has no name to match on: write one, such as envoy.filters.http.router";
        return refuse("EF011", &SUB_FILTER_NAME, message.to_owned());
    }
    None
}
