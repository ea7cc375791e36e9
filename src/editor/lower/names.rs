//! Names of what is made here: the lowest free number (`product.md`, Names).

use indexmap::{IndexMap, IndexSet};

use crate::model::{Component, ComponentKind, Design, Value};

type Hasher = foldhash::fast::FixedState;

/// The names of one kind that are taken.
#[derive(Debug, Default)]
pub(super) struct TakenNames {
    names: IndexSet<String, Hasher>,
    /// Below this number every `stem-number` is taken; names are only ever added.
    next: IndexMap<String, usize, Hasher>,
}

impl TakenNames {
    /// Those of the components of `kind`, in whatever namespace.
    pub(super) fn of_kind(design: &Design, kind: &ComponentKind) -> Self {
        let mut names = IndexSet::default();
        for (place, component) in design.of_kind(kind).enumerate() {
            let display_name = Some(component.display_name()).filter(|name| !name.is_empty());
            names.extend(display_name.into_iter().chain(component.metadata_name()).map(str::to_owned));
            if component.own_name().is_none() {
                names.insert(format!("{}-{}", kind.kebab_case(), place + 1));
            }
        }
        Self { names, next: IndexMap::default() }
    }

    /// Takes the first free of `stem-1`, `stem-2`, … and returns it.
    pub(super) fn take_numbered(&mut self, stem: &str) -> String {
        self.take_from(stem, 1)
    }

    /// Takes `name`, or, where it is taken, the first free of `name-2`, `name-3`, … and returns it.
    pub(super) fn take(&mut self, name: &str) -> String {
        if self.names.insert(name.to_owned()) { name.to_owned() } else { self.take_from(name, 2) }
    }

    fn take_from(&mut self, stem: &str, first: usize) -> String {
        let mut number = self.next.get(stem).copied().unwrap_or(0).max(first);
        loop {
            let name = format!("{stem}-{number}");
            number += 1;
            if self.names.insert(name.clone()) {
                self.next.insert(stem.to_owned(), number);
                return name;
            }
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
        let mut taken = TakenNames::default();
        assert_eq!(taken.take_numbered("wasm-plugin"), "wasm-plugin-1");
        assert_eq!(taken.take("wasm-plugin-3"), "wasm-plugin-3");
        assert_eq!(taken.take_numbered("wasm-plugin"), "wasm-plugin-2");
        assert_eq!(taken.take_numbered("wasm-plugin"), "wasm-plugin-4");
        assert_eq!(taken.take("edge"), "edge");
        assert_eq!(taken.take("edge"), "edge-2");
        assert_eq!(taken.take("edge"), "edge-3");
    }
}
