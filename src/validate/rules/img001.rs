//! IMG001: an image of a layout that Istio's agent cannot unpack.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::modules::ImageSubject;

pub(super) const RULE: Rule = Rule::of_image(&["IMG001"], check);

fn check(subject: &ImageSubject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(manifest) = &subject.facts.manifest else { return };
    if let Err(error) = manifest.layout() {
        let message =
            format!("Istio cannot unpack this image: {error}; push it as an OCI image with plugin.wasm");
        found.push(Diagnostic::new("IMG001", subject.at("url"), message));
    }
}
