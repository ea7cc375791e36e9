//! WP054: a selector with a wildcard, an empty key, a value that is no label value, or too many labels.

use super::rule::Rule;
use crate::model::{ComponentKind, Diagnostic, FieldPath, Map, Value};
use crate::registry::structural::ViolationKind;
use crate::validate::resource::Resource;

/// The longest value of a label (Kubernetes).
const MAX_VALUE: usize = 63;

pub(super) const RULE: Rule = Rule::of_resource(&["WP054"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let keys: &[&str] = if resource.plugin().is_some() {
        &["spec", "selector", "matchLabels"]
    } else if resource.is(&ComponentKind::ENVOY_FILTER) {
        &["spec", "workloadSelector", "labels"]
    } else {
        return;
    };
    let labels = resource.get(keys).and_then(Value::as_map);
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
        let place = resource.at_path(&FieldPath::keys(keys).child(key));
        found.push(Diagnostic::new("WP054", place, reason));
    }
    let too_many = resource.violations_of("WP054").filter(|violation| violation.kind == ViolationKind::Count);
    found.extend(too_many.map(|violation| {
        Diagnostic::new("WP054", resource.at_path(&violation.path), violation.message.clone())
    }));
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
        let many: Vec<String> = (0..4097).map(|number| format!("k{number}:v")).collect();
        check(
            "WP054",
            &format!("plugin p url=x sel={}\n", many.join(",")),
            &["p /configuration/spec/selector/matchLabels"],
        );
        let longest = "v".repeat(63);
        check("WP054", &format!("plugin p url=x sel=app:{longest}\n"), &[]);
    }
}
