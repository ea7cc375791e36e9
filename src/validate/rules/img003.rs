//! IMG003: an index without an image for linux/amd64, which is the one that Istio's agent takes on every machine.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::modules::ImageSubject;

pub(super) const RULE: Rule = Rule::of_image(&["IMG003"], check);

fn check(subject: &ImageSubject<'_>, found: &mut Vec<Diagnostic>) {
    let facts = subject.facts;
    if facts.index_digest.is_some() && facts.manifest.is_none() {
        let platforms =
            if facts.platforms.is_empty() { "none".to_owned() } else { facts.platforms.join(", ") };
        let message =
            format!("this index has no image for linux/amd64, which Istio asks for everywhere: {platforms}");
        found.push(Diagnostic::new("IMG003", subject.at("url"), message));
    }
}
