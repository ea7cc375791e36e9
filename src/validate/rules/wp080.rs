//! WP080: a value of an enum that does not exist.

use super::super::at_path;
use crate::model::{Diagnostic, Edit, FieldPath, Segment, Value};
use crate::registry::structural::{self, ViolationKind};
use crate::validate::Context;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for resource in context.plugins() {
        let Some(definition) = context.registry.component(&resource.kind) else { continue };
        let value = Value::Map(resource.configuration.clone());
        for violation in structural::check_manifest(&definition.schema, &value) {
            let is_enum = violation.kind == ViolationKind::Enum;
            if !is_enum || violation.path.first().and_then(Segment::as_key) != Some("spec") {
                continue;
            }
            let mut finding = Diagnostic::new("WP080", at_path(resource, &violation.path), violation.message);
            if let Some(suggestion) = violation.suggestion {
                let (id, path): (_, FieldPath) = resource.source_of(&violation.path);
                let edit = Edit::set(id, path, suggestion.clone());
                finding = finding.with_fix(format!("Write {suggestion}"), vec![edit]);
            }
            found.push(finding);
        }
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
