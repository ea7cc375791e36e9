//! MOD003: a module that Envoy cannot load, for want of an allocator or of a function that no host has.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::modules::ModuleSubject;
use crate::wasm_module::host::{Resolution, resolve};

pub(super) const RULE: Rule = Rule::of_module(&["MOD003"], check);

/// The most imports that a message names.
const MOST_NAMED: usize = 3;

fn check(subject: &ModuleSubject<'_>, found: &mut Vec<Diagnostic>) {
    let Ok(module) = subject.fact else { return };
    let Some(abi) = module.abi().filter(|_| subject.is_its_place) else { return };
    let missing = module.imports.iter().filter(|import| resolve(import, abi) == Resolution::Nowhere);
    let missing: Vec<String> = missing.chain(&module.other_imports).map(ToString::to_string).collect();
    if !missing.is_empty() {
        let names = missing[..missing.len().min(MOST_NAMED)].join(", ");
        let more = missing.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!("Envoy cannot load the module: it has no {names}{more} (Proxy-Wasm {abi})");
        found.push(Diagnostic::new("MOD003", subject.place.clone(), message));
    }
    if !module.has_allocator() {
        let message = "Envoy cannot load the module: it exports neither proxy_on_memory_allocate nor malloc";
        found.push(Diagnostic::new("MOD003", subject.place.clone(), message));
    }
}
