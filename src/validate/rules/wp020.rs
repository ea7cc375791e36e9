//! WP020: the name of a pull secret that no secret can have.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP020"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(resource.reported_as("WP020"));
}
