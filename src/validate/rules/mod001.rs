//! MOD001: bytes that no engine takes for a module.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::modules::ModuleSubject;
use crate::wasm_module::ModuleError;

pub(super) const RULE: Rule = Rule::of_module(&["MOD001"], check);

fn check(subject: &ModuleSubject<'_>, found: &mut Vec<Diagnostic>) {
    let Err(error) = subject.fact else { return };
    // That a ConfigMap holds something else altogether is CM003, and a component MOD005.
    let is_other = match error {
        ModuleError::Empty | ModuleError::Magic(_) => subject.is_in_config_map,
        ModuleError::Component => true,
        ModuleError::Malformed { .. } => false,
    };
    if subject.is_its_place && !is_other {
        let message = format!("this is no Wasm module: {error}");
        found.push(Diagnostic::new("MOD001", subject.place.clone(), message));
    }
}
