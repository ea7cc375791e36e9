//! AN002: a volume annotation on an object that is no pod, where the injector does not look.

use super::rule::Rule;
use crate::model::{ComponentKind, Diagnostic, FieldPath, Value};
use crate::validate::resource::Resource;
use crate::validate::sidecar_volumes::{MOUNTS, VOLUMES, pod_metadata};

pub(super) const RULE: Rule = Rule::of_resource(&["AN002"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    if resource.is(&ComponentKind::POD) {
        return;
    }
    let kind = &resource.effective.kind;
    for key in [VOLUMES, MOUNTS] {
        let Some(value) = resource.get(&["metadata", "annotations", key]) else { continue };
        let place = FieldPath::keys(&["metadata", "annotations", key]);
        let template = pod_metadata(kind);
        let belongs = if template.is_some() { "on the pod template" } else { "on pods" };
        let message = format!("this annotation does nothing on a {}: it belongs {belongs}", kind.kind);
        let mut finding = Diagnostic::new("AN002", resource.at_path(&place), message);
        if let Some(template) = template {
            let keys = [template, &["annotations", key]].concat();
            let there = resource.get(&keys).and_then(Value::as_text);
            let target = FieldPath::keys(&keys);
            if there.is_none() {
                let edits = vec![resource.set(&target, value.clone()), resource.unset(&place)];
                finding = finding.with_fix("Move to the pod template", edits);
            } else if there == value.as_text() {
                finding = finding.with_fix("Remove it here", vec![resource.unset(&place)]);
            }
        }
        found.push(finding);
    }
}
