//! WP030: a root id that is empty or too long for the API.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP030"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(resource.reported_as("WP030"));
}
