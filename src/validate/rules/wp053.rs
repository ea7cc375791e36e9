//! WP053: the singular `targetRef`, which the API hides since there is `targetRefs`.

use super::rule::Rule;
use crate::istio::{Feature, PluginKind};
use crate::model::{Diagnostic, FieldPath, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP053"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin().filter(|plugin| plugin.kind == PluginKind::WasmPlugin) else {
        return;
    };
    let Some(target @ Value::Map(_)) = resource.get(&["spec", "targetRef"]) else { return };
    // Beside another way to attach it is one too many (WP050).
    let has_other =
        ["selector", "targetRefs"].iter().any(|key| plugin.spec().get(key).is_some_and(|it| !it.is_null()));
    if has_other || !resource.mesh.version.has(Feature::TargetRefs) {
        return;
    }
    let (one, many) = (FieldPath::keys(&["spec", "targetRef"]), FieldPath::keys(&["spec", "targetRefs"]));
    let message = "targetRef is hidden from the API: write it as the one item of targetRefs";
    let edits = vec![resource.unset(&one), resource.set(&many, vec![target.clone()])];
    let finding = Diagnostic::new("WP053", resource.at_path(&one), message);
    found.push(finding.with_fix("Move to targetRefs", edits));
}

#[cfg(test)]
mod tests {
    use crate::istio::Version;
    use crate::validate::testing::{check_for, fixes};

    #[test]
    fn an_older_istio_has_no_list() {
        let plugin = "plugin p url=x targetRef=Gateway/g\n";
        check_for(Version::new(1, 22), "WP053", plugin, &["p /configuration/spec/targetRef"]);
        check_for(Version::new(1, 21), "WP053", plugin, &[]);
    }

    #[test]
    fn it_can_be_moved() {
        assert_eq!(fixes("WP053", "plugin p url=x targetRef=Gateway/g\n"), ["Move to targetRefs"]);
    }
}
