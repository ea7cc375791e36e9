//! What may exist: the kinds of components and of relationships, as data.
//!
//! Definitions are files under `assets/registry`, compiled in. They drive the palette, the form of the inspector, the
//! structural checks and the relationship policy. Order is the order of the files, and always the same.

mod assertions;
mod builtin;
mod component_definition;
mod crd;
mod definition_checks;
mod definition_report;
mod definitions;
mod field_spec;
mod foreign_component;
mod format;
mod json_schema;
mod load;
mod new_component;
mod openapi;
mod relationship_definition;
mod relationship_index;
mod schema;
mod shapes;
pub mod structural;
mod validation;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crate::model::{ComponentKind, FieldPath, Segment};

pub use assertions::{Assertions, Pattern};
pub use component_definition::{ComponentDefinition, ConfigurationSchema, Model};
pub use crd::{Crd, CrdVersion};
pub use definition_report::{
    DefinitionEntry, DefinitionRemark, DefinitionReport, DefinitionState, DefinitionSubject,
};
pub use definitions::DefinitionFile;
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
pub use shapes::Shape;
pub use validation::Validation;

use load::Node;
use relationship_index::RelationshipIndex;
use schema::Shared;

/// All definitions that are in force.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    components: Vec<Arc<ComponentDefinition>>,
    by_kind: HashMap<String, Vec<usize>, foldhash::fast::FixedState>,
    relationships: RelationshipIndex,
    crds: Vec<Arc<Crd>>,
    report: DefinitionReport,
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
            registry.add_component(definition);
        }
        for (file, text) in builtin::RELATIONSHIPS {
            registry.add_relationship(file, text)?;
        }
        Ok(registry)
    }

    /// Adds a relationship definition, YAML or JSON, ours or Meshery's, behind those that are there, whatever its version;
    /// one that is not in force by its own word (an annotation, or its status) is left out. Files of others come in by [`Self::with_definitions`], which says what is wrong with them.
    pub fn add_relationship(&mut self, file: &str, text: &str) -> Result<(), DefinitionError> {
        let tree = load::tree(file, text)?;
        let node = Node::root(file, &tree);
        let definition = RelationshipDefinition::read(file, &node)?;
        if relationship_definition::why_out(&node)?.is_none() {
            let (definition, _) = self.checked(definition, &FieldPath::root());
            self.relationships.push(definition);
        }
        Ok(())
    }

    fn add_component(&mut self, definition: ComponentDefinition) {
        let places = self.by_kind.entry(definition.kind.kind.to_string()).or_default();
        places.push(self.components.len());
        self.components.push(Arc::new(definition));
    }

    /// Adds a definition of a cluster: it is what objects of its kind and versions are held against from now on.
    fn add_crd(&mut self, mut crd: Crd) {
        match self.component(&crd.kind) {
            Some(known) if known.is_authoritative() => crd.adopt(&Arc::clone(known).schema),
            Some(_) => {}
            None => {
                if let Some(definition) = crd.component_definition() {
                    self.add_component(definition);
                }
            }
        }
        self.crds.push(Arc::new(crd));
    }

    /// What became of the definitions that were read beside those of the program.
    pub fn report(&self) -> &DefinitionReport {
        &self.report
    }

    /// Counts files of folders that were not even looked into.
    pub fn count_skipped(&mut self, files: usize) {
        self.report.skipped += files;
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

    /// The definition of `kind` that a user gave as the cluster has it, in whatever versions.
    pub fn crd(&self, kind: &ComponentKind) -> Option<&Crd> {
        self.crds.iter().find(|crd| crd.kind.same_kind(kind)).map(|crd| &**crd)
    }

    /// The schema that an object of `kind` has to fit: that of the cluster, if a user gave it, else that of the program.
    /// `None`: nothing is known that would be a reason to refuse a value.
    pub fn checked_schema(&self, kind: &ComponentKind) -> Option<&FieldSpec> {
        let given = self.crd(kind).and_then(|crd| crd.version(&kind.version));
        given.map(|version| &*version.schema).or_else(|| {
            let definition = self.component(kind).filter(|definition| definition.is_authoritative())?;
            Some(&*definition.schema)
        })
    }

    /// The definitions that a selector means: by kind, and by group and model where it names them.
    pub fn named(
        &self,
        kind: &str,
        group: Option<&str>,
        model: Option<&str>,
    ) -> Vec<Arc<ComponentDefinition>> {
        let places = self.by_kind.get(kind).map_or(&[][..], Vec::as_slice);
        let fits = |definition: &&Arc<ComponentDefinition>| {
            group.is_none_or(|group| group == definition.kind.group)
                && model.is_none_or(|model| model == definition.model.name())
        };
        places.iter().map(|&place| &self.components[place]).filter(fits).cloned().collect()
    }

    /// The known field of a component of `kind` at a path from the component's root.
    pub fn field(&self, kind: &ComponentKind, path: &[Segment]) -> Option<&FieldSpec> {
        self.component(kind)?.field(path)
    }

    /// Every relationship definition, in order.
    pub fn relationships(&self) -> &[Arc<RelationshipDefinition>] {
        self.relationships.all()
    }

    /// The definitions of a class (`hierarchical-parent-wallet`, in any case), in order. Looks at no other.
    pub fn relationships_of(
        &self,
        class: &str,
    ) -> impl Iterator<Item = &Arc<RelationshipDefinition>> + use<'_> {
        self.relationships.of_class(class)
    }

    /// The definitions of which a selector allows `kind` on this side, by its name or as `*`, in order. Looks
    /// at no other; group, model and `deny` are the selectors' own matter.
    pub fn relationships_with(
        &self,
        side: Side,
        kind: &str,
    ) -> impl Iterator<Item = &Arc<RelationshipDefinition>> + use<'_> {
        self.relationships.with(side, kind)
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
    let shared = schema::parts(&root.required("schemas")?)?;
    Ok((models, shared))
}

#[cfg(test)]
mod tests;
