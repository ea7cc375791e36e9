//! WP080: a value of an enum that does not exist.

use super::super::at_path;
use crate::model::{ComponentKind, Diagnostic, Edit, FieldPath, Segment};
use crate::registry::structural::ViolationKind;
use crate::validate::Context;
use crate::wallet::Effective;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let is_plugin = |resource: &Effective| resource.kind.same_kind(&ComponentKind::WASM_PLUGIN);
    for (resource, violations) in context.unsound().filter(|(resource, _)| is_plugin(resource)) {
        for violation in violations {
            let is_enum = violation.kind == ViolationKind::Enum;
            if !is_enum || violation.path.first().and_then(Segment::as_key) != Some("spec") {
                continue;
            }
            let mut finding =
                Diagnostic::new("WP080", at_path(resource, &violation.path), violation.message.clone());
            if let Some(suggestion) = &violation.suggestion {
                let (id, path): (_, FieldPath) = resource.source_of(&violation.path);
                let edit = Edit::set(id, path, suggestion.as_str());
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
