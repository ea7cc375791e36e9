//! SC008 and SC009: rules in CEL of definitions that a user gave, where they do not hold and where they could not be
//! evaluated.
//!
//! The rules of our own definitions do not run here: code checks the same, as a test of `validate/cel` holds, and words it
//! better.

use super::rule::Rule;
use crate::model::{Diagnostic, Location};
use crate::validate::cel::{self, Finding};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["SC008", "SC009"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let kind = &resource.effective.kind;
    let schema = resource.registry.checked_schema(kind).filter(|schema| schema.has_validations);
    let Some(schema) = schema else { return };
    let value = resource.effective.value();
    let Some(manifest) = value.as_map() else { return };
    for finding in cel::check(schema, manifest) {
        found.push(match finding {
            Finding::Broken { path, message } => Diagnostic::new("SC008", resource.at_path(&path), message),
            Finding::Unknown { rule, reason } => {
                let file = resource.registry.crd(kind).map(|crd| crd.file.as_str()).unwrap_or_default();
                let message = format!("a rule of {kind} in {file} could not be evaluated, {reason}: {rule}");
                // Said once, however many objects there are.
                Diagnostic::new("SC009", Location::design(), message)
            }
        });
    }
}
