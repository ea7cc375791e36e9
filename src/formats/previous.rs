//! What an export leaves behind in the cluster: objects that an earlier export wrote and this one does not.

use std::fmt;

use indexmap::IndexSet;

use crate::model::ComponentKind;
use crate::wallet::Effective;
use crate::wallet::names::DEFAULT_NAMESPACE;
use crate::yaml;

use super::ReadError;
use super::manifest::{Found, objects};

/// Which object in a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectRef {
    /// Group, version and kind.
    pub kind: ComponentKind,
    /// The namespace, where one is set.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

impl ObjectRef {
    pub(super) fn of(resource: &Effective) -> Self {
        Self {
            kind: resource.kind.clone(),
            namespace: resource.namespace.clone(),
            name: resource.name.clone(),
        }
    }

    /// `WasmPlugin/shop/basic-auth`, the way the command line names an object; without a namespace
    /// `WasmPlugin/basic-auth`.
    pub fn slashed(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{}/{namespace}/{}", self.kind.kind, self.name),
            None => format!("{}/{}", self.kind.kind, self.name),
        }
    }

    /// Tells whether both are the same object in a cluster.
    pub fn is_same(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }

    /// What makes it the same object: the version does not count, and no namespace counts as `default`.
    fn identity(&self) -> (&str, &str, &str, &str) {
        let namespace = self.namespace.as_deref().unwrap_or(DEFAULT_NAMESPACE);
        (&self.kind.group, &self.kind.kind, namespace, &self.name)
    }
}

/// `WasmPlugin shop/basic-auth`, without a namespace `WasmPlugin basic-auth`.
impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind.kind)?;
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.name)
    }
}

/// The objects in the text of an earlier export.
pub fn objects_in(bytes: &[u8]) -> Result<Vec<ObjectRef>, ReadError> {
    let parsed = yaml::parse_bytes(bytes)?;
    let found = objects(&parsed.documents).into_iter().filter_map(|found| match found {
        Found::Object(object) => Some(ObjectRef {
            namespace: Some(object.namespace()).filter(|name| !name.is_empty()).map(str::to_owned),
            name: object.name().to_owned(),
            kind: object.kind,
        }),
        Found::Other { .. } => None,
    });
    Ok(found.collect())
}

/// The objects of `previous` that are not among `concerned`: they stay in the cluster, beside what replaces them.
pub fn no_longer_exported<'a>(previous: &'a [ObjectRef], concerned: &[ObjectRef]) -> Vec<&'a ObjectRef> {
    let kept: IndexSet<_, foldhash::fast::FixedState> = concerned.iter().map(ObjectRef::identity).collect();
    previous.iter().filter(|object| !kept.contains(&object.identity())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refs(text: &str) -> Vec<ObjectRef> {
        objects_in(text.as_bytes()).unwrap()
    }

    #[test]
    fn what_is_gone_is_named() {
        let before = refs(
            "apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {name: edge, namespace: shop}\n---\n\
             apiVersion: v1\nkind: ConfigMap\nmetadata: {name: data, namespace: default}\n",
        );
        let now = refs(
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: extensions.istio.io/v1alpha1, kind: WasmPlugin, \
             metadata: {name: edge-a, namespace: shop}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: data}}\n",
        );
        let gone: Vec<String> = no_longer_exported(&before, &now).iter().map(ToString::to_string).collect();
        assert_eq!(gone, ["WasmPlugin shop/edge"]);
    }

    #[test]
    fn another_group_is_another_object() {
        let istio = refs("{apiVersion: extensions.istio.io/v1alpha1, kind: WasmPlugin, metadata: {name: a}}");
        let higress =
            refs("{apiVersion: extensions.higress.io/v1alpha1, kind: WasmPlugin, metadata: {name: a}}");
        assert_eq!(no_longer_exported(&istio, &higress).len(), 1);
        assert_eq!(no_longer_exported(&istio, &istio).len(), 0);
    }
}
