//! WP054: a selector with a wildcard, an empty key, or a value that is no label value.

use super::super::at_path;
use crate::model::{ComponentKind, Diagnostic, FieldPath, Map, Value};
use crate::validate::Context;
use crate::wallet::Effective;

/// The longest value of a label (Kubernetes).
const MAX_VALUE: usize = 63;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for resource in context.effective {
        if resource.kind.same_kind(&ComponentKind::WASM_PLUGIN) {
            check_labels(resource, &["spec", "selector", "matchLabels"], found);
        } else if resource.kind.same_kind(&ComponentKind::ENVOY_FILTER) {
            check_labels(resource, &["spec", "workloadSelector", "labels"], found);
        }
    }
}

fn check_labels(resource: &Effective, keys: &[&str], found: &mut Vec<Diagnostic>) {
    let labels =
        resource.configuration.get(keys[0]).and_then(|spec| spec.at(&keys[1..])).and_then(Value::as_map);
    for (key, value) in labels.into_iter().flat_map(Map::iter) {
        let Some(text) = value.as_text() else { continue };
        let reason = if key.is_empty() {
            "a label's key must not be empty"
        } else if key.contains('*') || text.contains('*') {
            "a selector has no wildcards: name the value"
        } else if text.chars().count() > MAX_VALUE {
            "a label's value has at most 63 characters"
        } else {
            continue;
        };
        found.push(Diagnostic::new("WP054", at_path(resource, &FieldPath::keys(keys).child(key)), reason));
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::check;

    #[test]
    fn wildcards_and_long_values_are_refused() {
        check(
            "WP054",
            "plugin p url=x sel=app:back-*\nplugin q url=x sel=app:a\n",
            &["p /configuration/spec/selector/matchLabels/app"],
        );
        let long = "v".repeat(64);
        check(
            "WP054",
            &format!("plugin p url=x sel=app:{long}\n"),
            &["p /configuration/spec/selector/matchLabels/app"],
        );
        let longest = "v".repeat(63);
        check("WP054", &format!("plugin p url=x sel=app:{longest}\n"), &[]);
    }
}
