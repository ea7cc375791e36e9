//! EX001: an object without a namespace goes to wherever kubectl points at that moment.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EX001"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let effective = resource.effective;
    let is_namespaced = resource.registry.component(&effective.kind).is_some_and(|it| it.namespaced);
    if is_namespaced && effective.namespace.is_none() {
        let message = "no namespace: applied to kubectl's current namespace";
        found.push(Diagnostic::new("EX001", resource.at(&["metadata", "namespace"]), message));
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::check;

    #[test]
    fn an_object_without_a_namespace_is_named_once() {
        let design = "plugin a url=x\nplugin b url=x ns=shop\nnamespace shop\n";
        check("EX001", design, &["a /configuration/metadata/namespace"]);
        check(
            "EX001",
            "plugin a\nfilter f in=a wasmFilter=x\nfilter g in=a wasmFilter=y\n",
            &["a /configuration/metadata/namespace"],
        );
    }
}
