//! IMG002: an image whose last layer has no `plugin.wasm`.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::modules::ImageSubject;
use crate::wasm_module::Layout;

pub(super) const RULE: Rule = Rule::of_image(&["IMG002"], check);

fn check(subject: &ImageSubject<'_>, found: &mut Vec<Diagnostic>) {
    let layout = subject.facts.manifest.as_ref().and_then(|manifest| manifest.layout().ok());
    // An artifact has no archive to look into.
    let is_packed = matches!(layout, Some(Layout::Docker | Layout::Oci));
    if is_packed && subject.facts.has_plugin_file == Some(false) {
        let message = "the last layer of this image has no plugin.wasm: Istio finds no module in it";
        found.push(Diagnostic::new("IMG002", subject.at("url"), message));
    }
}
