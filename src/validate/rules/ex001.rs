//! EX001: an object without a namespace goes to wherever kubectl points at that moment.

use super::super::at;
use crate::model::Diagnostic;
use crate::validate::Context;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for resource in context.effective {
        let is_namespaced = context.registry.component(&resource.kind).is_some_and(|it| it.namespaced);
        if is_namespaced && resource.namespace.is_none() {
            let location = at(resource, &["metadata", "namespace"]);
            found.push(Diagnostic::new(
                "EX001",
                location,
                "no namespace: applied to kubectl's current namespace",
            ));
        }
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
