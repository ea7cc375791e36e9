//! WP041 and WP042: the value of an environment variable that comes from elsewhere, or is too long.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::registry::structural::ViolationKind;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP041", "WP042"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    for violation in resource.violations_of("WP041") {
        let (code, message) = match violation.kind {
            ViolationKind::Condition => {
                // A source that does not exist is WP080.
                let source = violation.path.parent().map(|entry| entry.child("valueFrom"));
                let source = source.and_then(|path| resource.value_at(&path)).and_then(|it| it.as_text());
                if source != Some("HOST") {
                    continue;
                }
                let message =
                    "the variable comes from the proxy's own environment: leave the value out, or say INLINE";
                ("WP041", message.to_owned())
            }
            _ => ("WP042", violation.message.clone()),
        };
        found.push(Diagnostic::new(code, resource.at_path(&violation.path), message));
    }
}
