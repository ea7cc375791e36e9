//! WP061: a selector that matches no workload in the design.

use super::rule::Rule;
use crate::model::view::{LabelSelector, WasmPluginView};
use crate::model::{Diagnostic, FieldPath, Location};
use crate::validate::Context;

pub(super) const RULE: Rule = Rule::of_design(&["WP061"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for wallet in &context.wallets {
        let Some(selector) = WasmPluginView::cast(wallet.component).and_then(WasmPluginView::selector) else {
            continue;
        };
        if selector.is_empty() || !wallet.selected.is_empty() {
            continue;
        }
        let path = FieldPath::keys(&["configuration", "spec", "selector"]);
        let message = format!(
            "selector {selector} matches no workload in {}",
            place(wallet.namespace, selector, context)
        );
        found.push(Diagnostic::new("WP061", Location::component(wallet.component.id(), path), message));
    }
}

fn place(namespace: &str, selector: LabelSelector<'_>, context: &Context<'_>) -> String {
    let elsewhere = context.workloads.selected(crate::model::view::ROOT_NAMESPACE, selector);
    match elsewhere.first().and_then(|id| context.design.component(*id)) {
        Some(workload) => format!(
            "namespace {namespace} of the design; {} is in namespace {}",
            context.design.name_of(workload.id()),
            crate::model::view::effective_namespace(workload)
        ),
        None => "the design".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::check;

    #[test]
    fn a_selector_that_finds_nothing_is_reported() {
        let design = "workload w ns=shop labels=app:a\nplugin p url=x ns=shop sel=app:b\nplugin q url=x ns=shop sel=app:a\n";
        check("WP061", design, &["p /configuration/spec/selector"]);
    }

    #[test]
    fn the_namespace_counts_and_the_root_namespace_sees_all() {
        check(
            "WP061",
            "workload w ns=shop labels=app:a\nplugin p url=x ns=other sel=app:a\n",
            &["p /configuration/spec/selector"],
        );
        check("WP061", "workload w ns=shop labels=app:a\nplugin p url=x ns=istio-system sel=app:a\n", &[]);
    }
}
