//! WP080: a value of an enum that does not exist.

use super::rule::Rule;
use super::te004;
use crate::model::Diagnostic;
use crate::registry::structural::ViolationKind;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP080"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    if resource.plugin().is_none() {
        return;
    }
    for violation in resource.violations() {
        if violation.kind != ViolationKind::Enum || !violation.path.starts_with_keys(&["spec"]) {
            continue;
        }
        if violation.path.is_keys(&["spec", "phase"]) && te004::is_of_other_kind(resource) {
            continue;
        }
        let mut finding =
            Diagnostic::new("WP080", resource.at_path(&violation.path), violation.message.clone());
        if let Some(suggestion) = &violation.suggestion {
            let edit = resource.set(&violation.path, suggestion.as_str());
            finding = finding.with_fix(format!("Write {suggestion}"), vec![edit]);
        }
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::check;

    #[test]
    fn enum_values_are_spelled_exactly() {
        check(
            "WP080",
            "plugin p url=x phase=AUTHZZ\nplugin q url=x phase=AUTHZ\n",
            &["p /configuration/spec/phase"],
        );
        check("WP080", "plugin p url=x failStrategy=FAIL_SHUT\n", &["p /configuration/spec/failStrategy"]);
    }
}
