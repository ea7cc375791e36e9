//! WP050: selector, targetRef and targetRefs exclude each other.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

const EXCLUSIVE: [&str; 3] = ["selector", "targetRef", "targetRefs"];

pub(super) const RULE: Rule = Rule::of_resource(&["WP050"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let spec = plugin.spec();
    let set: Vec<&str> =
        EXCLUSIVE.into_iter().filter(|key| spec.get(key).is_some_and(|value| !value.is_null())).collect();
    if let [first, second, ..] = set[..] {
        let message = format!("{} exclude each other: keep one", set.join(" and "));
        // At the later one in the file: that one is more likely to be meant to go.
        let later = if spec.place_of(first) > spec.place_of(second) { first } else { second };
        found.push(Diagnostic::new("WP050", resource.at(&["spec", later]), message));
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::check;

    #[test]
    fn two_ways_to_attach_are_one_too_many() {
        check(
            "WP050",
            "plugin p url=x sel=app:a ref=Gateway/g\nplugin q url=x sel=app:a\n",
            &["p /configuration/spec/targetRefs"],
        );
    }
}
