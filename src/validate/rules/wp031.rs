//! WP031: a root id that the module in the image does not register.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::modules::ImageSubject;

pub(super) const RULE: Rule = Rule::of_image(&["WP031"], check);

fn check(subject: &ImageSubject<'_>, found: &mut Vec<Diagnostic>) {
    let ids = &subject.facts.root_ids;
    let Some(name) = subject.plugin.module_text("pluginName").filter(|_| !ids.is_empty()) else { return };
    if !ids.iter().any(|id| id == name) {
        let message = format!("the module does not register the root id {name}: it has {}", ids.join(", "));
        found.push(Diagnostic::new("WP031", subject.at("pluginName"), message));
    }
}
