//! Names of what is made here: the lowest free number (`product.md`, Names).

use indexmap::IndexSet;

use crate::model::{Component, ComponentKind, Design, Value};

type Hasher = foldhash::fast::FixedState;

/// The names of one kind that are taken, whatever the namespace. Those that stand in components the design knows; those
/// of components without one follow from their places.
#[derive(Clone, Debug)]
pub(super) struct TakenNames {
    kind: ComponentKind,
    by_place: IndexSet<String, Hasher>,
}

impl TakenNames {
    /// Those of the components of `kind`.
    pub(super) fn of_kind(design: &Design, kind: &ComponentKind) -> Self {
        let mut by_place = IndexSet::default();
        if design.has_unnamed(kind) {
            let unnamed = design.of_kind(kind).enumerate().filter(|(_, it)| it.own_name().is_none());
            by_place.extend(unnamed.map(|(place, _)| format!("{}-{}", kind.kebab_case(), place + 1)));
        }
        Self { kind: kind.clone(), by_place }
    }

    fn contains(&self, design: &Design, name: &str) -> bool {
        design.is_named(&self.kind, name) || self.by_place.contains(name)
    }

    /// The first free of `stem-1`, `stem-2`, …
    pub(super) fn numbered(&self, design: &Design, stem: &str) -> String {
        let first = format!("{stem}-1");
        if self.contains(design, &first) { self.next(design, stem) } else { first }
    }

    /// `name`, or, where it is taken, the first free of `name-2`, `name-3`, …
    pub(super) fn free(&self, design: &Design, name: &str) -> String {
        if self.contains(design, name) { self.next(design, name) } else { name.to_owned() }
    }

    fn next(&self, design: &Design, stem: &str) -> String {
        let mut number = design.lowest_free_number(&self.kind, stem);
        loop {
            let name = format!("{stem}-{number}");
            if !self.contains(design, &name) {
                return name;
            }
            number += 1;
        }
    }
}

/// Tells whether the component bears its name in `configuration.metadata.name` (or would): objects of Kubernetes do,
/// design objects do not.
pub(super) fn has_object_name(component: &Component) -> bool {
    let annotation = component.tree().at(&["metadata", "isAnnotation"]).and_then(Value::as_bool);
    !component.is(&ComponentKind::WASM_FILTER)
        && (annotation != Some(true) || component.metadata_name().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_free_number_is_taken() {
        let plugin = |id: &str, name: Option<&str>| {
            let kind = Value::from([
                ("kind", "WasmPlugin".into()),
                ("version", "extensions.istio.io/v1alpha1".into()),
            ]);
            let mut tree = crate::model::Map::from([("id", Value::from(id)), ("component", kind)]);
            if let Some(name) = name {
                tree.insert("displayName", name.into());
            }
            Value::Map(tree)
        };
        let free = |named: &[Option<&str>]| {
            let components =
                named.iter().enumerate().map(|(n, name)| plugin(&n.to_string(), *name)).collect();
            let design = Design::from_tree(Value::from([("components", Value::List(components))]));
            let taken = TakenNames::of_kind(&design, &ComponentKind::WASM_PLUGIN);
            (taken.numbered(&design, "wasm-plugin"), taken.free(&design, "edge"))
        };
        let expected = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(free(&[]), expected("wasm-plugin-1", "edge"));
        let names = ["wasm-plugin-1", "wasm-plugin-3", "edge"].map(Some);
        assert_eq!(free(&names), expected("wasm-plugin-2", "edge-2"));
        let names = ["wasm-plugin-2", "wasm-plugin-1", "edge", "edge-2"].map(Some);
        assert_eq!(free(&names), expected("wasm-plugin-3", "edge-3"));
        // The second one is called wasm-plugin-2.
        assert_eq!(free(&[Some("wasm-plugin-1"), None, Some("edge-2")]), expected("wasm-plugin-3", "edge"));
        assert_eq!(free(&[None]), expected("wasm-plugin-2", "edge"));
    }
}
