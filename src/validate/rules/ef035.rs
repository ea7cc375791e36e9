//! EF035: one `vm_id` for different code.

use std::collections::HashMap;

use super::rule::Rule;
use crate::istio::envoy_filter::WasmEntry;
use crate::model::{Diagnostic, Value};
use crate::validate::envoy_reach::{Patching, patching};
use crate::validate::{Context, place_at};

pub(super) const RULE: Rule = Rule::of_design(&["EF035"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let all = patching(context);
    // The first with each code, by id and namespace: what is compared stays small however many share one.
    let mut first: HashMap<(&str, &str), Vec<(&Patching<'_>, &Value)>> = HashMap::new();
    // What is in the root namespace may meet all others, so it is known first.
    let is_root = |it: &&Patching<'_>| context.mesh.is_root(it.resource.namespace_or_default());
    for it in all.iter().filter(is_root).chain(all.iter().filter(|it| !is_root(it))) {
        for wasm in it.filter.wasm().filter(WasmEntry::is_whole) {
            let vm_id = wasm.vm().field("vm_id");
            let (Some(id), Some(code)) = (vm_id.text(), wasm.code().value()) else { continue };
            let namespace = it.resource.namespace_or_default();
            let mut spaces = vec![namespace];
            if namespace != context.mesh.root_namespace {
                spaces.push(&context.mesh.root_namespace);
            }
            let others = spaces.iter().filter_map(|space| first.get(&(id, *space))).flatten();
            let other = others.clone().find(|(_, known)| !known.equivalent(code));
            if let Some((other, _)) = other {
                let message = format!(
                    "vm_id {id} stands in {} with other code: they run in VMs of their own, but share data and queues; \
                     give each module an id of its own, or none",
                    other.named_for(it)
                );
                found.push(Diagnostic::new("EF035", place_at(it.resource, vm_id.path()), message));
            }
            let known = first.entry((id, namespace)).or_default();
            if known.is_empty() {
                known.push((it, code));
            }
        }
    }
}
