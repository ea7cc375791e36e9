//! SC001 to SC005 and WP093: the structural schema of the kinds that the registry knows.
//!
//! Constraints that have a rule of their own are left to it. An unknown field of a WasmPlugin is WP093: Kubernetes'
//! strict clients refuse it. Of other kinds the schema here does not claim to be complete: there it is a warning.

use super::rule::Rule;
use crate::model::{ComponentKind, Diagnostic, Edit, FieldPath, Location, Segment, Value};
use crate::registry::structural::{self, Violation, ViolationKind};
use crate::validate::Context;
use crate::validate::resource::Resource;
use crate::wallet::{Effective, priority};

pub(super) const RULE: Rule =
    Rule::of_resource(&["SC001", "SC002", "SC003", "SC004", "SC005", "WP093"], check)
        .and_of_design(check_filters);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    for mut violation in resource.violations().iter().cloned() {
        if let Some(message) = beyond_int32(resource.effective, &violation) {
            violation.message = message;
        }
        // A filter's config that cannot be read is DS004; in the filter text is allowed.
        let is_config = violation.path.starts_with_keys(&["spec", "pluginConfig"]);
        if is_config && resource.effective.filter.is_some() && violation.kind == ViolationKind::Type {
            continue;
        }
        let location = resource.at_path(&violation.path);
        let fix = spelled_right(resource, &violation);
        let Some(finding) = diagnostic(&resource.effective.kind, violation, location) else { continue };
        found.push(match fix {
            Some((label, edits)) => finding.with_fix(label, edits),
            None => finding,
        });
    }
}

/// An unknown field or value that is probably a misspelt one, spelled right.
fn spelled_right(resource: &Resource<'_>, violation: &Violation) -> Option<(String, Vec<Edit>)> {
    let meant = violation.suggestion.as_deref()?;
    if violation.kind == ViolationKind::Enum {
        return Some((format!("Write {meant}"), vec![resource.set(&violation.path, meant)]));
    }
    if violation.kind != ViolationKind::Unknown {
        return None;
    }
    let value = resource.value_at(&violation.path)?;
    let right = violation.path.parent()?.child(meant);
    let edits = vec![resource.unset(&violation.path), resource.set(&right, value.clone())];
    Some((format!("Rename to {meant}"), edits))
}

fn check_filters(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for filter in context.design.of_kind(&ComponentKind::WASM_FILTER) {
        let (Some(definition), Some(value)) =
            (context.registry.component(filter.kind()), filter.tree().at(&["configuration"]))
        else {
            continue;
        };
        for violation in structural::check(&definition.schema, value) {
            // A filter's own keys are Meshery's matter; only wrong values are ours.
            if matches!(violation.kind, ViolationKind::Unknown | ViolationKind::Required) {
                continue;
            }
            // Blank counts as absent (`policy.md`, Types).
            if value.get(&violation.path).is_some_and(Value::is_blank) {
                continue;
            }
            let path = FieldPath::keys(&["configuration"]).join(&violation.path);
            let location = Location::component(filter.id(), path);
            found.extend(diagnostic(filter.kind(), violation, location));
        }
    }
}

/// A chain leaves int32 by a number that stands nowhere in the file: the message says which one may stand there.
fn beyond_int32(resource: &Effective, violation: &Violation) -> Option<String> {
    let is_raised = resource.place + 1 < resource.chain_length;
    if !is_raised || violation.kind != ViolationKind::Bound || !violation.path.is_keys(&["spec", "priority"])
    {
        return None;
    }
    let filters = resource.chain_length;
    let above_base = priority::of_filter(Some(0), 0, filters).unwrap_or_default();
    let most = i64::from(i32::MAX) - above_base;
    let step = priority::STEP;
    Some(format!(
        "`priority` of a plugin with {filters} filters must be at most {most}: each filter but the last gets {step} more \
         than the next"
    ))
}

fn diagnostic(kind: &ComponentKind, violation: Violation, location: Location) -> Option<Diagnostic> {
    let is_plugin =
        kind.same_kind(&ComponentKind::WASM_PLUGIN) || kind.same_kind(&ComponentKind::TRAFFIC_EXTENSION);
    let below_spec = violation.path.first().and_then(Segment::as_key) == Some("spec");
    if violation.rule.is_some() {
        return None;
    }
    let code = match violation.kind {
        ViolationKind::Type => "SC001",
        ViolationKind::Required => "SC002",
        ViolationKind::Enum if is_plugin && below_spec => return None,
        ViolationKind::Enum => "SC004",
        ViolationKind::Unknown if is_plugin && below_spec => "WP093",
        ViolationKind::Unknown => "SC005",
        ViolationKind::Bound
        | ViolationKind::Length
        | ViolationKind::Count
        | ViolationKind::Format
        | ViolationKind::Duplicate
        | ViolationKind::Exclusive
        | ViolationKind::Condition
        | ViolationKind::Form => "SC003",
    };
    Some(Diagnostic::new(code, location, violation.message))
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes};

    #[test]
    fn types_bounds_and_unknown_fields() {
        check("SC001", "plugin p url=x priority=ten\n", &["p /configuration/spec/priority"]);
        check("SC003", "plugin p url=x priority=3000000000\n", &["p /configuration/spec/priority"]);
        check("WP093", "plugin p url=x failStratgy=FAIL_OPEN\n", &["p /configuration/spec/failStratgy"]);
        check("SC005", "envoyfilter e spam=1\n", &["e /configuration/spec/spam"]);
    }

    #[test]
    fn a_misspelt_field_can_be_renamed() {
        assert_eq!(fixes("WP093", "plugin p url=x failStratgy=FAIL_OPEN\n"), ["Rename to failStrategy"]);
        assert_eq!(fixes("WP093", "plugin p url=x spam=1\n"), [""; 0]);
    }

    #[test]
    fn a_sound_plugin_has_none() {
        for code in ["SC001", "SC002", "SC003", "SC004", "SC005", "WP093"] {
            check(code, "plugin p url=oci://reg.example.com/a phase=STATS priority=10 sel=app:a\n", &[]);
        }
    }

    #[test]
    fn a_blank_field_of_a_filter_counts_as_absent() {
        check("SC003", "plugin p\nfilter f in=p wasmFilter=x pluginName=\n", &[]);
    }

    #[test]
    fn a_config_that_is_no_mapping_is_not_reported_twice() {
        check("SC001", "plugin p\nfilter f in=p wasmFilter=x config=5,\n", &[]);
    }

    #[test]
    fn a_finding_of_a_chain_is_reported_once() {
        check(
            "SC001",
            "plugin p failStrategy=1\nfilter f in=p wasmFilter=x\nfilter g in=p wasmFilter=y\n",
            &["p /configuration/spec/failStrategy"],
        );
    }

    #[test]
    fn a_chain_whose_priorities_leave_int32_is_reported() {
        check(
            "SC003",
            "plugin p priority=2147483640\nfilter f in=p wasmFilter=x\nfilter g in=p wasmFilter=y\n",
            &["p /configuration/spec/priority"],
        );
    }
}
