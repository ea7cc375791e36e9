//! What may exist: the kinds of components and of relationships, as data.
//!
//! Definitions are files under `assets/registry`, compiled in. They drive the palette, the form of the inspector, the
//! structural checks and the relationship policy. Order is the order of the files, and always the same.

mod builtin;
mod component_definition;
mod field_spec;
mod format;
mod load;
mod new_component;
mod relationship_definition;
mod relationship_index;
mod schema;
pub mod structural;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crate::model::{ComponentKind, Diagnostic, FieldPath, Location, Segment};

pub use component_definition::{ComponentDefinition, Model};
pub use field_spec::{
    Choice, Condition, Exclusive, FieldKind, FieldSpec, Input, Others, Properties, Resolution,
};
pub use format::TextFormat;
pub use load::DefinitionError;
pub use new_component::{
    COMPONENT_SCHEMA, COMPONENT_SCHEMAS, NewComponent, as_object, component_schema, new_component, styles,
};
pub use relationship_definition::{
    Candidate, Flow, FlowPair, MatchStrategy, Patch, PatchStrategy, RelationshipDefinition, Selector,
    SelectorPairs, SelectorSet, Side,
};

use load::Node;
use relationship_index::RelationshipIndex;
use schema::Shared;

/// A reference of a relationship definition that leads nowhere (DS009). The pair that it belongs to is inert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnresolvedRef {
    /// The file of the definition.
    pub file: String,
    /// Where the reference stands in that file, as a JSON Pointer.
    pub pointer: String,
    /// The kind whose schema has no such field.
    pub kind: String,
    /// The reference.
    pub reference: FieldPath,
}

/// A reference in a spelling of other programs, which is read as ours (DS008).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyRef {
    /// The file of the definition.
    pub file: String,
    /// Where the reference stands in that file, as a JSON Pointer.
    pub pointer: String,
    /// As it stands there.
    pub reference: FieldPath,
    /// As it is read.
    pub canonical: FieldPath,
}

/// All definitions that are in force.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    components: Vec<Arc<ComponentDefinition>>,
    by_kind: HashMap<String, Vec<usize>, foldhash::fast::FixedState>,
    relationships: RelationshipIndex,
    unresolved: Vec<UnresolvedRef>,
    legacy: Vec<LegacyRef>,
}

static BUILTIN: LazyLock<Arc<Registry>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the files are compiled in, and a test reads them all")]
    Arc::new(Registry::read_builtin().expect("the built-in definitions are well-formed"))
});

impl Registry {
    /// The definitions that come with the program. Read once, on the first call.
    pub fn builtin() -> Arc<Self> {
        Arc::clone(&BUILTIN)
    }

    fn read_builtin() -> Result<Self, DefinitionError> {
        let mut registry = Self::default();
        let (models, shared) = read_shared(builtin::SHARED)?;
        for (file, text) in builtin::COMPONENTS {
            let tree = load::tree(file, text)?;
            let definition = ComponentDefinition::read(&Node::root(file, &tree), &models, &shared)?;
            let places = registry.by_kind.entry(definition.kind.kind.to_string()).or_default();
            places.push(registry.components.len());
            registry.components.push(Arc::new(definition));
        }
        for (file, text) in builtin::RELATIONSHIPS {
            registry.add_relationship(file, text)?;
        }
        Ok(registry)
    }

    /// Adds a relationship definition, YAML or JSON, ours or Meshery's. It goes behind those that are there.
    ///
    /// Every reference is compared with the schema of its kind; see [`Self::unresolved`].
    pub fn add_relationship(&mut self, file: &str, text: &str) -> Result<(), DefinitionError> {
        let tree = load::tree(file, text)?;
        let definition = RelationshipDefinition::read(file, &Node::root(file, &tree))?;
        let definition = self.checked(definition);
        self.relationships.push(definition);
        Ok(())
    }

    /// Rewrites legacy references to ours and notes those that lead nowhere.
    fn checked(&mut self, mut definition: RelationshipDefinition) -> RelationshipDefinition {
        let file = definition.file.clone();
        let mut unresolved = Vec::new();
        let mut legacy = Vec::new();
        for (set, list, side, index, selector) in definition.selectors_mut() {
            let Some(kind) = selector.kind.clone() else { continue };
            let group = selector.group.as_deref();
            let Some(component) = self.named(&kind, group, selector.model.as_deref()) else { continue };
            let Some(patch) = selector.patch.as_mut() else { continue };
            for (key, refs) in
                [("mutatorRef", &mut patch.mutator_ref), ("mutatedRef", &mut patch.mutated_ref)]
            {
                for (place, reference) in refs.iter_mut().enumerate() {
                    let pointer = || format!("/selectors/{set}/{list}/{side}/{index}/patch/{key}/{place}");
                    let canonical = component.canonical(reference).into_owned();
                    if canonical != *reference {
                        legacy.push(LegacyRef {
                            file: file.clone(),
                            pointer: pointer(),
                            reference: reference.clone(),
                            canonical: canonical.clone(),
                        });
                        *reference = canonical;
                    }
                    if component.resolve(reference) == Resolution::Nowhere {
                        unresolved.push(UnresolvedRef {
                            file: file.clone(),
                            pointer: pointer(),
                            kind: kind.clone(),
                            reference: std::mem::take(reference),
                        });
                    }
                }
            }
        }
        self.unresolved.extend(unresolved);
        self.legacy.extend(legacy);
        definition
    }

    /// Every kind, in the order of the palette.
    pub fn components(&self) -> &[Arc<ComponentDefinition>] {
        &self.components
    }

    /// The kinds that the palette offers, in its order.
    pub fn palette(&self) -> impl Iterator<Item = &Arc<ComponentDefinition>> {
        self.components.iter().filter(|definition| definition.in_palette)
    }

    /// The definition of `kind`: group and kind count, the version does not.
    pub fn component(&self, kind: &ComponentKind) -> Option<&Arc<ComponentDefinition>> {
        let places = self.by_kind.get(&*kind.kind)?;
        places.iter().map(|&place| &self.components[place]).find(|found| found.kind.same_kind(kind))
    }

    /// The definition that a selector means: by kind, and by group and model where it names them.
    fn named(
        &self,
        kind: &str,
        group: Option<&str>,
        model: Option<&str>,
    ) -> Option<Arc<ComponentDefinition>> {
        let places = self.by_kind.get(kind)?;
        let fits = |definition: &&Arc<ComponentDefinition>| {
            group.is_none_or(|group| group == definition.kind.group)
                && model.is_none_or(|model| model == definition.model.name())
        };
        places.iter().map(|&place| &self.components[place]).find(fits).cloned()
    }

    /// The known field of a component of `kind` at a path from the component's root.
    pub fn field(&self, kind: &ComponentKind, path: &[Segment]) -> Option<&FieldSpec> {
        self.component(kind)?.field(path)
    }

    /// Every relationship definition, in order.
    pub fn relationships(&self) -> &[Arc<RelationshipDefinition>] {
        self.relationships.all()
    }

    /// The enabled definitions of a class (`hierarchical-parent-wallet`, in any case), in order. Looks at no other.
    pub fn relationships_of(
        &self,
        class: &str,
    ) -> impl Iterator<Item = &Arc<RelationshipDefinition>> + use<'_> {
        self.relationships.of_class(class)
    }

    /// The enabled definitions of which a selector allows `kind` on this side, by its name or as `*`, in order. Looks
    /// at no other; group, model and `deny` are the selectors' own matter.
    pub fn relationships_with(
        &self,
        side: Side,
        kind: &str,
    ) -> impl Iterator<Item = &Arc<RelationshipDefinition>> + use<'_> {
        self.relationships.with(side, kind)
    }

    /// The references of definitions that lead nowhere (DS009).
    pub fn unresolved(&self) -> &[UnresolvedRef] {
        &self.unresolved
    }

    /// What is to say about the definitions themselves: references that lead nowhere (DS009) or that are read as
    /// another spelling (DS008), with file and pointer in the message.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let dead = self.unresolved.iter().map(|dead| {
            let UnresolvedRef { file, pointer, kind, reference } = dead;
            let message = format!(
                "no field {reference} in {kind}, so that pair writes nothing (at {pointer} in {file})"
            );
            Diagnostic::new("DS009", Location::design(), message)
        });
        let legacy = self.legacy.iter().map(|legacy| {
            let LegacyRef { file, pointer, reference, canonical } = legacy;
            let message = format!("{reference} is read as {canonical} (at {pointer} in {file})");
            Diagnostic::new("DS008", Location::design(), message)
        });
        dead.chain(legacy).collect()
    }

    /// The references of definitions that are read as another spelling (DS008).
    pub fn legacy(&self) -> &[LegacyRef] {
        &self.legacy
    }
}

/// Models by name, and shared parts of schemas.
type SharedParts = (Vec<(String, Arc<Model>)>, Shared);

fn read_shared((file, text): builtin::File) -> Result<SharedParts, DefinitionError> {
    let tree = load::tree(file, text)?;
    let root = Node::root(file, &tree);
    let list = root.required("models")?;
    let mut models = Vec::new();
    for (name, model) in list.map()?.iter() {
        models.push((name.to_owned(), Arc::new(Model::read(&list.child(name, model))?)));
    }
    let parts = root.required("schemas")?;
    let mut shared = Shared::default();
    // A part may name those above it.
    for (name, part) in parts.map()?.iter() {
        let spec = schema::field_spec(&parts.child(name, part), &shared)?;
        shared.insert(name.to_owned(), spec);
    }
    Ok((models, shared))
}

#[cfg(test)]
mod tests;
