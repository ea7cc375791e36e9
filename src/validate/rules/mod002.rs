//! MOD002: a module that does not say which version of Proxy-Wasm it speaks; Envoy refuses it.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::modules::ModuleSubject;
use crate::wasm_module::AbiVersion;

pub(super) const RULE: Rule = Rule::of_module(&["MOD002"], check);

fn check(subject: &ModuleSubject<'_>, found: &mut Vec<Diagnostic>) {
    let Ok(module) = subject.fact else { return };
    // What has nothing of Proxy-Wasm at all is MOD005.
    if !subject.is_its_place || module.abi().is_some() || !module.is_proxy_wasm() {
        return;
    }
    let unknown = module.functions.iter().find(|name| name.starts_with("proxy_abi_version_"));
    let what = match unknown {
        Some(marker) => format!("{marker} is a version that Envoy does not know"),
        None => "the module exports no proxy_abi_version_…".to_owned(),
    };
    let known = AbiVersion::ALL.map(|abi| abi.to_string()).join(", ");
    let message = format!("{what}: Envoy refuses it; build it with an SDK for Proxy-Wasm {known}");
    found.push(Diagnostic::new("MOD002", subject.place.clone(), message));
}
