//! WP090: from 1.30 on there is a kind that supersedes WasmPlugin.

use super::rule::Rule;
use crate::istio::{Feature, PluginKind};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP090"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let is_old_kind = resource.plugin().is_some_and(|plugin| plugin.kind == PluginKind::WasmPlugin);
    if is_old_kind && resource.mesh.version.has(Feature::TrafficExtension) {
        let message = "can be written as a TrafficExtension, which supersedes WasmPlugin since Istio 1.30";
        found.push(Diagnostic::new("WP090", resource.at(&["kind"]), message));
    }
}

#[cfg(test)]
mod tests {
    use crate::istio::Version;
    use crate::validate::testing::check_for;

    #[test]
    fn an_older_istio_has_no_other_kind() {
        check_for(Version::new(1, 30), "WP090", "plugin p url=x\n", &["p /component/kind"]);
        check_for(Version::new(1, 29), "WP090", "plugin p url=x\n", &[]);
    }
}
