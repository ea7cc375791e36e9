//! WP040: an environment variable without a valid name, twice, or one too many.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP040"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(resource.reported_as("WP040"));
}
