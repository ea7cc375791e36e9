//! AN003: a volume annotation on the pods of a gateway, into which no sidecar is injected.

use super::rule::Rule;
use crate::istio::ProxyKind;
use crate::model::{Diagnostic, FieldPath};
use crate::validate::sidecar_volumes::{MOUNTS, VOLUMES, annotation, pod_metadata};
use crate::validate::{Context, place_at};

pub(super) const RULE: Rule = Rule::of_design(&["AN003"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for resource in context.effective {
        let Some(metadata) = pod_metadata(&resource.kind) else { continue };
        for key in [VOLUMES, MOUNTS] {
            if annotation(&resource.kind, &resource.configuration, key).is_none() {
                continue;
            }
            let is_gateway = context
                .proxies
                .of_component(resource.plugin)
                .is_some_and(|proxy| proxy.kind != ProxyKind::Sidecar);
            if !is_gateway {
                continue;
            }
            let place = FieldPath::keys(metadata).child("annotations").child(key);
            let message = "these are the pods of a gateway: the annotation works for injected sidecars only; give the \
                           pod a volume and its proxy a mount";
            found.push(Diagnostic::new("AN003", place_at(resource, &place), message));
        }
    }
}
