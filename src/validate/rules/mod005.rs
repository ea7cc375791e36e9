//! MOD005: WebAssembly that is no Proxy-Wasm plugin: a component, or a module for another host.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::modules::ModuleSubject;
use crate::wasm_module::ModuleError;

pub(super) const RULE: Rule = Rule::of_module(&["MOD005"], check);

fn check(subject: &ModuleSubject<'_>, found: &mut Vec<Diagnostic>) {
    let message = match subject.fact {
        Err(ModuleError::Component) => {
            "this is a WebAssembly component: Envoy runs core modules of Proxy-Wasm only".to_owned()
        }
        Ok(module) if !module.is_proxy_wasm() => {
            let made = module.producers.iter().find(|producer| producer.role == "language");
            let made = made.map_or(String::new(), |language| format!(" ({})", language.name));
            format!("this module{made} has nothing of Proxy-Wasm: it was built for another host")
        }
        _ => return,
    };
    if subject.is_its_place {
        found.push(Diagnostic::new("MOD005", subject.place.clone(), message));
    }
}
