//! EF036: an environment variable that is set, and taken from the host too; or any, where no module could read it.

use std::collections::HashSet;

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["EF036"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = resource.envoy_filter() else { return };
    for wasm in filter.wasm() {
        let variables = wasm.vm().field("environment_variables");
        let set = variables.field("key_values");
        let has_any = set.entries().next().is_some() || !variables.field("host_env_keys").items().is_empty();
        if has_any && wasm.vm().field("runtime").text() == Some("envoy.wasm.runtime.null") {
            let message = "a plugin that is compiled into Envoy takes no environment variables: Envoy refuses the filter";
            let edit = resource.unset(variables.path());
            let finding = Diagnostic::new("EF036", resource.at_path(variables.path()), message);
            found.push(finding.with_fix("Remove environment_variables", vec![edit]));
            continue;
        }
        let mut names: HashSet<&str> = set.entries().map(|(name, _)| name).collect();
        let from_host = variables.field("host_env_keys");
        for (place, name) in from_host.items().iter().enumerate() {
            let Some(name) = name.as_text() else { continue };
            // `insert` is false for a name that is set, and for one that was in the list before.
            if names.insert(name) {
                continue;
            }
            let path = from_host.path().child(place);
            let message = if set.entries().any(|(key, _)| key == name) {
                format!(
                    "{name} stands in key_values and in host_env_keys: Envoy refuses the filter; keep one"
                )
            } else {
                format!("{name} stands in host_env_keys twice: Envoy refuses the filter; keep one")
            };
            let edit = resource.unset(&path);
            let finding = Diagnostic::new("EF036", resource.at_path(&path), message);
            found.push(finding.with_fix(format!("Remove {name} from host_env_keys"), vec![edit]));
        }
    }
}
