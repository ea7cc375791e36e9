//! WP089: `pluginConfig: {}` does not reach the module as an empty object.

use super::rule::Rule;
use crate::istio::PluginKind;
use crate::model::{Diagnostic, Value};
use crate::validate::resource::Resource;
use crate::wallet::module_group::{ModuleGroup, read_mapping};

pub(super) const RULE: Rule = Rule::of_resource(&["WP089"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    // An export leaves it out, so it is looked for in the component.
    let config = match (resource.filter(), plugin.kind) {
        (Some(filter), _) => ModuleGroup::of(filter).and_then(|group| group.config),
        (None, PluginKind::WasmPlugin) => {
            resource.component().and_then(|component| component.configured(&["spec", "pluginConfig"]))
        }
        (None, PluginKind::TrafficExtension) => plugin.module_field("pluginConfig"),
    };
    let is_empty = |config: &Value| matches!(read_mapping(config), Ok(Some(map)) if map.is_empty());
    if config.is_some_and(is_empty) {
        let message = "the module gets no configuration at all, not an empty object: leave it out";
        found.push(Diagnostic::new("WP089", resource.at_path(&plugin.module_path("pluginConfig")), message));
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::check;

    #[test]
    fn an_empty_object_of_a_filter() {
        check("WP089", "plugin p\nfilter f in=p wasmFilter=x config={}\n", &["f /configuration/config"]);
        check("WP089", "plugin p\nfilter f in=p wasmFilter=x config={a:1}\n", &[]);
        check("WP089", "plugin p\nfilter f in=p wasmFilter=x config=\n", &[]);
    }
}
