//! The objects in a text of plain manifests: documents, lists flattened, and what is no object.

use std::borrow::Cow;

use crate::model::{ComponentKind, FieldPath, Map, Severity, Value};
use crate::yaml::{Document, Position};

/// Depth of lists in lists that is still flattened; `kubectl` writes one.
const MAX_LIST_DEPTH: usize = 8;

/// One object of a text.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    /// Index of its document.
    pub document: usize,
    /// Its path in the document.
    pub path: FieldPath,
    /// Where it stands.
    pub position: Position,
    /// The object.
    pub map: &'a Map,
    /// `apiVersion` and `kind`; an item of a typed list may leave them to its list.
    pub kind: ComponentKind,
}

impl Object<'_> {
    /// `metadata.name`, or `""`.
    pub(super) fn name(&self) -> &str {
        self.metadata("name")
    }

    /// `metadata.namespace`, or `""`.
    pub(super) fn namespace(&self) -> &str {
        self.metadata("namespace")
    }

    /// Tells whether the object has a name, of whatever type, or lets the server make one (`generateName`).
    pub(super) fn has_name(&self) -> bool {
        let metadata = self.map.get("metadata");
        ["name", "generateName"]
            .iter()
            .any(|key| metadata.and_then(|metadata| metadata.at(&[key])).is_some_and(|name| !name.is_blank()))
    }

    fn metadata(&self, key: &str) -> &str {
        self.map.get("metadata").and_then(|metadata| metadata.text_at(&[key])).unwrap_or_default()
    }
}

/// What was found: an object, or something that is none, with the reason.
#[derive(Clone, Debug)]
pub(super) enum Found<'a> {
    Object(Object<'a>),
    /// No object; where it stands: document, path in it, position.
    Other {
        document: usize,
        path: FieldPath,
        position: Position,
        severity: Severity,
        reason: String,
    },
}

/// Everything in `documents`, in order.
pub(super) fn objects(documents: &[Document]) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let mut walk = Walk { document, index, found: &mut found };
        walk.value(&document.value, FieldPath::root(), None, 0);
    }
    found
}

struct Walk<'a, 'f> {
    document: &'a Document,
    index: usize,
    found: &'f mut Vec<Found<'a>>,
}

impl<'a> Walk<'a, '_> {
    /// `inherited` is what a typed list says of its items.
    fn value(&mut self, value: &'a Value, path: FieldPath, inherited: Option<&ComponentKind>, depth: usize) {
        let position = self.document.source.position(&self.document.value, &path);
        match value {
            Value::Map(map) => self.map(map, path, position, inherited, depth),
            Value::List(items) if depth < MAX_LIST_DEPTH => {
                for (place, item) in items.iter().enumerate() {
                    self.value(item, path.child(place), None, depth + 1);
                }
            }
            Value::Null => {}
            other => self.other(path, position, format!("this is {}, no object", other.kind_name())),
        }
    }

    fn map(
        &mut self,
        map: &'a Map,
        path: FieldPath,
        position: Position,
        inherited: Option<&ComponentKind>,
        depth: usize,
    ) {
        let said = |key: &str| map.text(key).map(str::trim).filter(|text| !text.is_empty());
        let kind = match (said("kind"), said("apiVersion"), inherited) {
            (Some(kind), Some(api_version), _) => ComponentKind::parse(kind, api_version),
            (_, _, Some(inherited)) if said("kind").is_none() => inherited.clone(),
            (kind, api_version, _) => {
                return self.other(path, position, describe_other(map, kind, api_version));
            }
        };
        let items = map.get("items").and_then(Value::as_list);
        if let (Some(item_kind), Some(items)) = (kind.kind.strip_suffix("List"), items)
            && depth < MAX_LIST_DEPTH
        {
            // `kind: List` says nothing of its items, `kind: WasmPluginList` does.
            let item = (!item_kind.is_empty()).then(|| ComponentKind::parse(item_kind, &kind.api_version()));
            for (place, value) in items.iter().enumerate() {
                self.value(value, path.child("items").child(place), item.as_ref(), depth + 1);
            }
            return;
        }
        if let Some(reason) = build_file(&kind) {
            return self.found(path, position, Severity::Info, reason.into_owned());
        }
        self.found.push(Found::Object(Object { document: self.index, path, position, map, kind }));
    }

    fn other(&mut self, path: FieldPath, position: Position, reason: String) {
        self.found(path, position, Severity::Warning, reason);
    }

    fn found(&mut self, path: FieldPath, position: Position, severity: Severity, reason: String) {
        self.found.push(Found::Other { document: self.index, path, position, severity, reason });
    }
}

fn describe_other(map: &Map, kind: Option<&str>, api_version: Option<&str>) -> String {
    if map.text("schemaVersion").is_some_and(|schema| schema.contains("meshery.io/")) {
        return "a Meshery design or definition among manifests is not read; open it by itself".to_owned();
    }
    match (kind, api_version) {
        (Some(kind), None) => format!("this {kind} has no `apiVersion`"),
        (None, Some(_)) => "this object has no `kind`".to_owned(),
        _ => "this mapping has no `apiVersion` and no `kind`: it is no Kubernetes object".to_owned(),
    }
}

/// Files with `apiVersion` and `kind` that are read by a tool and never by a cluster.
fn build_file(kind: &ComponentKind) -> Option<Cow<'static, str>> {
    match &*kind.group {
        "kustomize.config.k8s.io" => {
            Some("this is a kustomize file, not an object; check what `kustomize build` makes of it".into())
        }
        "skaffold" | "kind.x-k8s.io" | "kubeadm.k8s.io" | "kubelet.config.k8s.io" => {
            Some(format!("this {} configures a tool; it is not an object in a cluster", kind.kind).into())
        }
        _ => None,
    }
}
