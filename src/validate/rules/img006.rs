//! IMG006: a module that Istio's agent cuts off.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::modules::{ImageSubject, ModuleSubject};

pub(super) const RULE: Rule = Rule::of_module(&["IMG006"], check_module).and_of_image(check_image);

/// The default of `ISTIO_WASM_MAX_BINARY_SIZE_BYTES`.
const MAX_BYTES: u64 = 268_435_456;

fn check_module(subject: &ModuleSubject<'_>, found: &mut Vec<Diagnostic>) {
    let Ok(module) = subject.fact else { return };
    if module.size as u64 > MAX_BYTES && subject.is_its_place {
        found.push(Diagnostic::new("IMG006", subject.place.clone(), message(module.size as u64)));
    }
}

fn check_image(subject: &ImageSubject<'_>, found: &mut Vec<Diagnostic>) {
    let module = subject.facts.module.as_ref().and_then(|it| it.as_ref().ok()).map(|it| it.size as u64);
    let layer = || subject.facts.manifest.as_ref()?.layers.last().map(|layer| layer.size);
    // Packed, a module is hardly larger than unpacked.
    if let Some(size) = module.or_else(layer).filter(|size| *size > MAX_BYTES) {
        found.push(Diagnostic::new("IMG006", subject.at("url"), message(size)));
    }
}

fn message(size: u64) -> String {
    let mebibytes = size / (1 << 20);
    format!(
        "the module has {mebibytes} MiB: Istio's agent cuts it off at 256 MiB (ISTIO_WASM_MAX_BINARY_SIZE_BYTES)"
    )
}
