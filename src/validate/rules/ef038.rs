//! EF038: what the validation rules of the EnvoyFilter CRD refuse.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF038"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(resource.reported_as("EF038"));
}
