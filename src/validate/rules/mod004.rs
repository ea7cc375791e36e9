//! MOD004: a module that needs WASI functions which the target's Envoy does not have yet.
//!
//! Envoy has all of WASI preview 1 since 1.33, which came with Istio 1.25. Modules of Go 1.24 and later need them.

use super::rule::Rule;
use crate::istio::Feature;
use crate::model::Diagnostic;
use crate::validate::modules::ModuleSubject;
use crate::wasm_module::host::{Resolution, resolve};

pub(super) const RULE: Rule = Rule::of_module(&["MOD004"], check);

fn check(subject: &ModuleSubject<'_>, found: &mut Vec<Diagnostic>) {
    let Ok(module) = subject.fact else { return };
    let Some(abi) = module.abi().filter(|_| subject.is_its_place) else { return };
    if subject.mesh.version.has(Feature::AllOfWasi) {
        return;
    }
    let later = module.imports.iter().find(|import| resolve(import, abi) == Resolution::SinceEnvoy133);
    if let Some(import) = later {
        let message = format!(
            "the module needs {import}, which Envoy has since 1.33 (Istio {}); the target is {}",
            Feature::AllOfWasi.since(),
            subject.mesh.version
        );
        found.push(Diagnostic::new("MOD004", subject.place.clone(), message));
    }
}
