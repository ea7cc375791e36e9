//! What will go wrong: a design in, findings out.
//!
//! Rules of the design run over its components; all others run over the effective resources, which are what an export
//! would write, and report at the component and field that give the value. A rule reports values; it does not print,
//! log or fail.

mod rules;
mod wallets;

use indexmap::IndexSet;

use crate::model::view::WorkloadIndex;
use crate::model::{ComponentKind, Design, Diagnostic, FieldPath, Location, Subject};
use crate::registry::Registry;
use crate::registry::structural::{self, Violation};
use crate::wallet::Effective;

use wallets::Wallet;

/// What a rule looks at.
pub struct Input<'a> {
    /// An evaluated design.
    pub design: &'a Design,
    /// What may exist.
    pub registry: &'a Registry,
    /// What an export of `design` would write.
    pub effective: &'a [Effective],
}

/// The input, with what several rules need of it.
struct Context<'a> {
    design: &'a Design,
    registry: &'a Registry,
    effective: &'a [Effective],
    /// What is wrong with the structure of each effective resource; several rules have a part of it.
    violations: Vec<Vec<Violation>>,
    workloads: WorkloadIndex<'a>,
    wallets: Vec<Wallet<'a>>,
}

impl<'a> Context<'a> {
    /// The effective resources that are Istio's `WasmPlugin`s.
    fn plugins(&self) -> impl Iterator<Item = &'a Effective> {
        self.effective.iter().filter(|resource| resource.kind.same_kind(&ComponentKind::WASM_PLUGIN))
    }

    /// The effective resources in whose structure something is wrong, and what.
    fn unsound(&self) -> impl Iterator<Item = (&'a Effective, &[Violation])> {
        let resources = self.effective.iter().zip(&self.violations);
        resources.filter(|(_, found)| !found.is_empty()).map(|(resource, found)| (resource, &found[..]))
    }
}

fn violations(resource: &Effective, registry: &Registry) -> Vec<Violation> {
    let definition = registry.component(&resource.kind);
    definition
        .filter(|definition| definition.is_authoritative())
        .map(|definition| structural::check_manifest(&definition.schema, &resource.value()))
        .unwrap_or_default()
}

/// A finding at what gives the value at `keys` of a resource.
fn at(resource: &Effective, keys: &[&str]) -> Location {
    at_path(resource, &FieldPath::keys(keys))
}

/// A finding at what gives the value at `path` of a resource.
fn at_path(resource: &Effective, path: &FieldPath) -> Location {
    let (component, path) = resource.source_of(path);
    Location::component(component, path)
}

/// Runs every rule. The findings are in a stable order: document order of their subjects, then path, code and message;
/// what several resources of one chain share is reported once.
pub fn check(input: &Input<'_>) -> Vec<Diagnostic> {
    let workloads = WorkloadIndex::new(input.design);
    let wallets = wallets::wallets(input.design, &workloads);
    let context = Context {
        design: input.design,
        registry: input.registry,
        effective: input.effective,
        violations: input.effective.iter().map(|resource| violations(resource, input.registry)).collect(),
        workloads,
        wallets,
    };
    let mut found = Vec::new();
    for (_, rule) in rules::RULES {
        rule(&context, &mut found);
    }
    let mut seen = IndexSet::<_, foldhash::fast::FixedState>::default();
    let mut unique: Vec<Diagnostic> = Vec::with_capacity(found.len());
    for finding in found {
        if seen.insert((finding.code, finding.location.clone(), finding.message.clone())) {
            unique.push(finding);
        }
    }
    unique.sort_by_cached_key(|finding| {
        (place_of(input.design, finding.location.subject), finding.location.path.clone(), finding.code)
    });
    unique
}

/// Where a subject stands in the document: the design itself first, then components, then relationships.
fn place_of(design: &Design, subject: Subject) -> (u8, usize) {
    match subject {
        Subject::Design => (0, 0),
        Subject::Component(id) => (1, design.component_index(id).unwrap_or(usize::MAX)),
        Subject::Relationship(id) => (2, design.relationship_index(id).unwrap_or(usize::MAX)),
    }
}

#[cfg(test)]
mod testing;
