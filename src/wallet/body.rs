//! Which components are objects of an export, and which only stand for something (`product.md`, Export rules).
//!
//! An object has a body when it could be applied. What has none is a reference: it is drawn, selected and checked
//! against, and never written.

use crate::model::{Component, ComponentKind, Map, Value};

/// The API group of Meshery's own design objects; never a Kubernetes group.
const MESHERY_GROUP: &str = "core.meshery.io";

/// Why a component is not exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoBody {
    /// A filter, a drawing, a text box: an object of the design only.
    DesignObject,
    /// It only says that something is there: "Reference only" is on, by the user or because a name is all that is
    /// known, or Meshery's status says "ignored".
    Reference,
    /// It could not be applied: what it lacks, in words.
    Lacks(&'static str),
}

/// Tells whether `component` is written as an object of its own, and if not, why.
///
/// Plugins always are: one without a module is an error (DS001), never left out in silence.
pub fn check_body(component: &Component) -> Result<(), NoBody> {
    let kind = component.kind();
    if kind.group == MESHERY_GROUP || is_annotation(component) || kind.kind.is_empty() {
        return Err(NoBody::DesignObject);
    }
    if component.reference_only() || component.tree().text_at(&["status"]) == Some("ignored") {
        return Err(NoBody::Reference);
    }
    if kind.same_kind(&ComponentKind::WASM_PLUGIN) {
        return Ok(());
    }
    let lacks = if kind.is_workload() && !kind.same_kind(&ComponentKind::POD) {
        lacks_of_workload(component)
    } else if kind.same_kind(&ComponentKind::POD) {
        lacks_unless(has_items(component, &["spec", "containers"]), "a container")
    } else if kind.same_kind(&ComponentKind::SERVICE) {
        let external = component.configured(&["spec", "externalName"]).is_some_and(|name| !name.is_blank());
        lacks_unless(external || has_items(component, &["spec", "ports"]), "a port or an external name")
    } else if kind.same_kind(&ComponentKind::GATEWAY) {
        lacks_unless(has_items(component, &["spec", "listeners"]), "a listener")
    } else if kind.same_kind(&ComponentKind::CONFIG_MAP) {
        lacks_unless(has_entries(component, &["data"]) || has_entries(component, &["binaryData"]), "data")
    } else if kind.same_kind(&ComponentKind::SECRET) {
        lacks_unless(has_entries(component, &["data"]) || has_entries(component, &["stringData"]), "data")
    } else if kind.same_kind(&ComponentKind::ENVOY_FILTER) {
        lacks_unless(has_items(component, &["spec", "configPatches"]), "a config patch")
    } else {
        None
    };
    lacks.map_or(Ok(()), |lacks| Err(NoBody::Lacks(lacks)))
}

/// Tells whether `component` is written as an object of its own.
pub fn has_body(component: &Component) -> bool {
    check_body(component).is_ok()
}

fn is_annotation(component: &Component) -> bool {
    component.tree().at(&["metadata", "isAnnotation"]).and_then(Value::as_bool).unwrap_or(false)
}

fn lacks_of_workload(component: &Component) -> Option<&'static str> {
    let selects = ["matchLabels", "matchExpressions"].iter().any(|key| {
        let selector = component.configured(&["spec", "selector", key]);
        selector.is_some_and(|it| it.as_map().is_some_and(|map| !map.is_empty()) || it.as_list().is_some())
    });
    let containers = component.configured(&["spec", "template", "spec", "containers"]);
    let has_image = containers
        .and_then(Value::as_list)
        .is_some_and(|items| items.iter().any(|it| it.at(&["image"]).is_some_and(|image| !image.is_blank())));
    lacks_unless(selects && has_image, "a selector and a container with an image")
}

fn lacks_unless(has: bool, lacks: &'static str) -> Option<&'static str> {
    (!has).then_some(lacks)
}

fn has_items(component: &Component, keys: &[&str]) -> bool {
    component.configured(keys).and_then(Value::as_list).is_some_and(|items| !items.is_empty())
}

fn has_entries(component: &Component, keys: &[&str]) -> bool {
    component.configured(keys).and_then(Value::as_map).is_some_and(|map: &Map| !map.is_empty())
}
