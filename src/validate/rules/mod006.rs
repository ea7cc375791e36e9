//! MOD006: a module without a callback for the kind of filter that it is to be.
//!
//! The Rust and Go SDKs export all callbacks, so silence about their modules means nothing.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::modules::ModuleSubject;

pub(super) const RULE: Rule = Rule::of_module(&["MOD006"], check);

fn check(subject: &ModuleSubject<'_>, found: &mut Vec<Diagnostic>) {
    let (Ok(module), Some((resource, plugin))) = (subject.fact, subject.plugin) else { return };
    if !module.is_proxy_wasm() {
        return;
    }
    let message = match (plugin.is_network(), module.handles_http(), module.handles_connections()) {
        (false, false, true) => "the module has callbacks for connections only: set type to NETWORK",
        (true, true, false) => "the module has callbacks for HTTP only: leave type at HTTP",
        (_, false, false) => "the module has no callback for requests or connections: it does nothing",
        _ => return,
    };
    let field = if module.handles_http() || module.handles_connections() { "type" } else { "url" };
    let path = plugin.module_path(field);
    let mut finding = Diagnostic::new("MOD006", crate::validate::place_at(resource, &path), message);
    if field == "type" {
        let right = if plugin.is_network() { "HTTP" } else { "NETWORK" };
        let (component, path) = resource.source_of(&path);
        finding = finding
            .with_fix(format!("Set type to {right}"), vec![crate::model::Edit::set(component, path, right)]);
    }
    found.push(finding);
}
