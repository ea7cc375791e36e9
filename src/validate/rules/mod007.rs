//! MOD007: a module that calls other services, whose clusters the proxy must know.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::modules::ModuleSubject;

pub(super) const RULE: Rule = Rule::of_module(&["MOD007"], check);

const CALLS: [&str; 3] = ["proxy_grpc_call", "proxy_grpc_stream", "proxy_http_call"];

fn check(subject: &ModuleSubject<'_>, found: &mut Vec<Diagnostic>) {
    let Ok(module) = subject.fact else { return };
    // Where it runs, if it runs somewhere: there the cluster matters.
    if !subject.is_its_place {
        return;
    }
    let calls = module.imports.iter().find(|import| CALLS.contains(&&*import.name));
    if let Some(import) = calls {
        let message = format!(
            "the module can call services ({}): each cluster, outbound|<port>||<host>, must be visible to the proxy",
            import.name
        );
        found.push(Diagnostic::new("MOD007", subject.place.clone(), message));
    }
}
